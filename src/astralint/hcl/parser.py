"""Drives the table over the tokens of a text; nothing here recurses, whatever the text holds."""

from __future__ import annotations

from typing import Any

from astralint.hcl.builder import Builder
from astralint.hcl.depth import MAXIMUM_DEPTH, deeper_than, too_deep
from astralint.hcl.expectation import problem_at
from astralint.hcl.grammar import load_table
from astralint.hcl.lexer import BARE, BODY, NESTED, Lexer, Tokens, Vocabulary
from astralint.hcl.problem import Parsed, ParsedExpression, SyntaxFailure, SyntaxProblem

MAXIMUM_STACK = 6 * MAXIMUM_DEPTH
LONG_CHAIN = 2 * MAXIMUM_DEPTH


class NativeParser:
    """Parses files, expressions and templates of the native syntax."""

    def __init__(self) -> None:
        table = load_table()
        self.table = table
        self.vocabulary = Vocabulary(table)
        self.actions = table.actions
        self.gotos = table.gotos
        self.sizes = [size for _, size, _ in table.rules]
        self.origins = [origin for origin, _, _ in table.rules]
        self.methods = [name for _, _, name in table.rules]

    def file(self, text: str) -> Parsed:
        """Parse a whole file."""
        builder, result, problem = self._run(text, BODY, "file")
        if problem is not None:
            return Parsed(None, (problem,))
        tree = builder.finish_file(result)
        if deeper_than(tree, MAXIMUM_DEPTH):
            return Parsed(None, (too_deep(tree),))
        return Parsed(tree, tuple(builder.problems))

    def expression(self, text: str) -> ParsedExpression:
        """Parse a text that is one expression, as if it stood in parentheses."""
        return self._alone(text, NESTED, "lone_expression")

    def template(self, text: str) -> ParsedExpression:
        """Parse a whole text as a template, without quotes."""
        return self._alone(text, BARE, "lone_template")

    def _alone(self, text: str, mode: int, start: str) -> ParsedExpression:
        _, result, problem = self._run(text, mode, start)
        if problem is None and deeper_than(result, MAXIMUM_DEPTH):
            problem = too_deep(result)
        if problem is not None:
            return ParsedExpression(None, (problem,))
        return ParsedExpression(result, ())

    def _run(self, text: str, mode: int, start: str) -> tuple[Builder, Any, SyntaxProblem | None]:
        tokens = Lexer(self.vocabulary, text, mode).run()
        builder = Builder(tokens)
        try:
            return builder, self._parse(tokens, builder, start), None
        except SyntaxFailure as failure:
            return builder, None, failure.problem

    def _parse(self, tokens: Tokens, builder: Builder, start: str) -> Any:
        callbacks = [None if name == "_same" else getattr(builder, name) for name in self.methods]
        actions, gotos, sizes, origins = self.actions, self.gotos, self.sizes, self.origins
        kinds = tokens.kinds
        state = self.table.starts[start]
        states = [state]
        values: list[Any] = []
        index = 0
        kind = kinds[0]
        final = self.table.finals[start]
        while state != final:
            action = actions[state].get(kind)
            if action is None:
                raise SyntaxFailure(*problem_at(self.vocabulary, tokens, index, states, self.table))
            if action >= 0:
                state = action
                states.append(state)
                values.append(index)
                index += 1
                kind = kinds[index]
                continue
            rule = ~action
            callback = callbacks[rule]
            if callback is None:
                states.pop()
                state = gotos[states[-1]][origins[rule]]
                states.append(state)
                continue
            size = sizes[rule]
            if size:
                children = values[-size:]
                del values[-size:]
                del states[-size:]
                values.append(callback(children))
            else:
                values.append(callback(()))
            state = gotos[states[-1]][origins[rule]]
            states.append(state)
            if len(states) > MAXIMUM_STACK:
                raise SyntaxFailure(
                    f"the code is nested more than {MAXIMUM_DEPTH} levels deep", tokens.starts[index], tokens.ends[index]
                )
        return values[-1]
