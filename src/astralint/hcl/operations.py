"""Operators and traversals: flat chains, from which nodes are nested here."""

from __future__ import annotations

from typing import Any

from astralint.hcl.problem import NotParsedError
from astralint.hcl.reduction import Reduction, Values
from astralint.hcl.syntax import Binary, Conditional, Expression, GetAttr, Index, Number, Splat, SplatItem, Unary

PRECEDENCE = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}

ATTRIBUTE, LEGACY, SPLAT, INDEX, FULL_SPLAT = range(5)


class Operations(Reduction):
    """Makes the nodes of operations."""

    def conditional(self, v: Values) -> Conditional:
        condition, _, then, _, otherwise = v
        return Conditional(condition.start, otherwise.end, condition, then, otherwise)

    def chain_first(self, v: Values) -> list[Any]:
        return v

    def chain_next(self, v: Values) -> list[Any]:
        chain: list[Any] = v[0]
        chain += v[1:]
        return chain

    def operation(self, v: Values) -> Expression:
        """Climb a flat chain of operands and operators."""
        chain = v[0]
        if len(chain) > self.longest_chain:
            self._long_chain(chain)
        text, starts, ends = self.text, self.starts, self.ends
        operands: list[Any] = [chain[0]]
        operators: list[str] = []

        def join() -> None:
            right = operands.pop()
            left = operands.pop()
            operands.append(Binary(left.start, right.end, operators.pop(), left, right))

        for index in range(1, len(chain), 2):
            token = chain[index]
            operator = text[starts[token] : ends[token]]
            level = PRECEDENCE[operator]
            while operators and PRECEDENCE[operators[-1]] >= level:
                join()
            operators.append(operator)
            operands.append(chain[index + 1])
        while operators:
            join()
        result: Expression = operands[0]
        return result

    def unary(self, v: Values) -> Unary:
        operator, operand = v
        start = self.starts[operator]
        return Unary(start, operand.end, self.text[start], operand)


class Traversals(Reduction):
    """Makes the nodes of steps: attributes, indexes and splats."""

    def steps_first_attribute(self, v: Values) -> list[Any]:
        return [v[0], (ATTRIBUTE, v[2], None)]

    def steps_first_legacy(self, v: Values) -> list[Any]:
        return [v[0], (LEGACY, v[2], None)]

    def steps_first_splat(self, v: Values) -> list[Any]:
        return [v[0], (SPLAT, v[2], v[1])]

    def steps_first_index(self, v: Values) -> list[Any]:
        return [v[0], (INDEX, v[3], v[2])]

    def steps_first_full_splat(self, v: Values) -> list[Any]:
        return [v[0], (FULL_SPLAT, v[3], v[1])]

    def steps_attribute(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((ATTRIBUTE, v[2], None))
        return steps

    def steps_legacy(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((LEGACY, v[2], None))
        return steps

    def steps_splat(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((SPLAT, v[2], v[1]))
        return steps

    def steps_index(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((INDEX, v[3], v[2]))
        return steps

    def steps_full_splat(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((FULL_SPLAT, v[3], v[1]))
        return steps

    def traversal(self, v: Values) -> Expression:
        """Apply steps one after the other; a splat takes those that belong to each of its elements."""
        steps = v[0]
        if len(steps) > self.longest_chain:
            self._long_chain(steps)
        text, starts, ends = self.text, self.starts, self.ends
        node: Any = steps[0]
        # The splats that are still open, outermost first: their target, and whether they are full.
        open_splats: list[tuple[Any, bool]] = []
        for index in range(1, len(steps)):
            kind, token, extra = steps[index]
            end = ends[token]
            if kind == ATTRIBUTE:
                node = GetAttr(node.start, end, node, text[starts[token] : end])
                continue
            if kind == LEGACY:
                node = Index(node.start, end, node, self._legacy_index(token), legacy=True)
                continue
            if open_splats and not open_splats[-1][1]:
                if kind == SPLAT:
                    raise NotParsedError(
                        "a splat `.*` may not stand within another `.*`",
                        starts[token],
                        end,
                        "use `[*]`, which takes any steps after it",
                    )
                target, full = open_splats.pop()
                node = Splat(target.start, node.end, target, node, full)
            if kind == INDEX:
                node = Index(node.start, end, node, extra)
            else:
                open_splats.append((node, kind == FULL_SPLAT))
                node = SplatItem(starts[extra], end)
        while open_splats:
            target, full = open_splats.pop()
            node = Splat(target.start, node.end, target, node, full)
        result: Expression = node
        return result

    def _legacy_index(self, token: int) -> Number:
        start, end = self.starts[token], self.ends[token]
        text = self.text[start:end]
        if "." in text:
            first, _, second = text.partition(".")
            raise NotParsedError(
                "two legacy indexes may not follow one another", start, end, f"write `[{first}][{second}]` instead"
            )
        return Number(start, end, text)
