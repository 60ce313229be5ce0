"""Drives the table over the tokens of a text; nothing here recurses, whatever the text holds."""

from __future__ import annotations

from functools import cache
from typing import Any

from astralint.hcl.builder import Builder
from astralint.hcl.depth import DEPTH_MESSAGE, MAXIMUM_DEPTH, too_deep
from astralint.hcl.expectation import unexpected
from astralint.hcl.grammar import load_table
from astralint.hcl.lexer import BARE, BODY, NESTED, Lexer
from astralint.hcl.problem import NotParsedError, Parsed, ParsedExpression, SyntaxProblem
from astralint.hcl.vocabulary import Vocabulary

# No construct puts more than six symbols on the stack for each level of nesting.
MAXIMUM_STACK = 6 * MAXIMUM_DEPTH


@cache
def native_parser() -> NativeParser:
    """Return the parser that all texts of this process share: its table is read once."""
    return NativeParser()


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
        deep = too_deep(result) if builder.may_be_deep else None
        if deep is not None:
            return Parsed(None, (deep,))
        return Parsed(tree, tuple(builder.problems))

    def expression(self, text: str) -> ParsedExpression:
        """Parse a text that is one expression, as if it stood in parentheses."""
        return self._alone(text, NESTED, "lone_expression")

    def template(self, text: str) -> ParsedExpression:
        """Parse a whole text as a template, without quotes."""
        return self._alone(text, BARE, "lone_template")

    def _alone(self, text: str, mode: int, start: str) -> ParsedExpression:
        builder, result, problem = self._run(text, mode, start)
        if problem is None and builder.may_be_deep:
            problem = too_deep(result)
        if problem is not None:
            return ParsedExpression(None, (problem,))
        return ParsedExpression(result, ())

    def _run(self, text: str, mode: int, start: str) -> tuple[Builder, Any, SyntaxProblem | None]:
        lexer = Lexer(self.vocabulary, text, mode)
        builder = Builder(lexer.tokens)
        try:
            return builder, self._parse(lexer, builder, start), None
        except NotParsedError as failure:
            return builder, None, failure.problem

    def _parse(self, lexer: Lexer, builder: Builder, start: str) -> Any:
        callbacks = [None if name == "_same" else getattr(builder, name) for name in self.methods]
        actions, gotos, sizes, origins = self.actions, self.gotos, self.sizes, self.origins
        lexer.more()
        tokens = lexer.tokens
        kinds = tokens.kinds
        available = len(kinds)
        state = self.table.starts[start]
        states = [state]
        values: list[Any] = []
        index = deepest = 0
        kind = kinds[0]
        final = self.table.finals[start]
        while state != final:
            action = actions[state].get(kind)
            if action is None:
                raise unexpected(self.table, tokens, index, states, values)
            if action >= 0:
                state = action
                states.append(state)
                values.append(index)
                index += 1
                if index == available:
                    lexer.more()
                    available = len(kinds)
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
            depth = len(states)
            if depth > deepest:
                deepest = depth
                if deepest > MAXIMUM_STACK:
                    raise NotParsedError(DEPTH_MESSAGE, tokens.starts[index], tokens.ends[index])
            state = gotos[states[-1]][origins[rule]]
            states.append(state)
        builder.deepest_stack = deepest
        return values[-1]
