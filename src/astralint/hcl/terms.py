"""Terms: what an expression is made of, up to calls, collections and their `for` expressions."""

from __future__ import annotations

import re
from typing import Any

from astralint.hcl.problem import NotParsedError
from astralint.hcl.reduction import Reduction, Values
from astralint.hcl.syntax import (
    Call,
    Expression,
    ForObject,
    ForTuple,
    Literal,
    Number,
    ObjectExpression,
    ObjectItem,
    Parentheses,
    TupleExpression,
    Variable,
)

NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class Terms(Reduction):
    """Makes the nodes of names, literals, parentheses and calls."""

    def variable(self, v: Values) -> Variable | Literal:
        start, end = self.starts[v[0]], self.ends[v[0]]
        name = self.text[start:end]
        if name in LITERALS:
            return Literal(start, end, LITERALS[name])
        return Variable(start, end, name)

    def string(self, v: Values) -> Literal:
        start, end = self.starts[v[0]], self.ends[v[0]]
        return Literal(start, end, self.text[start + 1 : end - 1])

    def number(self, v: Values) -> Number:
        start, end = self.starts[v[0]], self.ends[v[0]]
        text = self.text[start:end]
        if not text.isdigit() and not NUMBER.fullmatch(text):
            shown = text if len(text) < 40 else text[:40] + "…"
            raise NotParsedError(f"`{shown}` is not a number", start, end)
        return Number(start, end, text)

    def parentheses(self, v: Values) -> Parentheses:
        return Parentheses(self.starts[v[0]], self.ends[v[2]], v[1])

    def _call(self, name: str, start: int, name_end: int, v: Values, *, expanded: bool = False) -> Call:
        arguments = tuple(v[2]) if len(v) > 3 else ()
        return Call(start, self.ends[v[-1]], name, arguments, expanded, name_end)

    def call(self, v: Values) -> Call:
        start, end = self.starts[v[0]], self.ends[v[0]]
        return self._call(self.text[start:end], start, end, v)

    call_empty = call

    def call_expanded(self, v: Values) -> Call:
        start, end = self.starts[v[0]], self.ends[v[0]]
        return self._call(self.text[start:end], start, end, v, expanded=True)

    def namespaced_first(self, v: Values) -> tuple[str, int, int]:
        first, _, second = v
        name = f"{self._text(first)}::{self._text(second)}"
        return name, self.starts[first], self.ends[second]

    def namespaced_next(self, v: Values) -> tuple[str, int, int]:
        (name, start, _), _, part = v
        return f"{name}::{self._text(part)}", start, self.ends[part]

    def namespaced_call(self, v: Values) -> Call:
        name, start, name_end = v[0]
        return self._call(name, start, name_end, v)

    namespaced_call_empty = namespaced_call

    def namespaced_call_expanded(self, v: Values) -> Call:
        name, start, name_end = v[0]
        return self._call(name, start, name_end, v, expanded=True)


class Collections(Reduction):
    """Makes the nodes of tuples, objects and `for` expressions."""

    def tuple_empty(self, v: Values) -> TupleExpression:
        return TupleExpression(self.starts[v[0]], self.ends[v[1]], ())

    def tuple_expression(self, v: Values) -> TupleExpression:
        return TupleExpression(self.starts[v[0]], self.ends[v[-1]], tuple(v[1]))

    def entries_newline(self, v: Values) -> list[Any]:
        entries: list[Any] = v[0]
        return entries

    def entries_entry(self, v: Values) -> list[Any]:
        entries: list[Any] = v[0]
        entries.append(v[1])
        return entries

    def entry(self, v: Values) -> ObjectItem:
        key, _, value = v
        if key.__class__ is Variable:
            key = Literal(key.start, key.end, key.name)
        elif key.__class__ is Literal and not isinstance(key.value, str):
            key = Literal(key.start, key.end, self.text[key.start : key.end])
        return ObjectItem(key.start, value.end, key, value)

    def object_expression(self, v: Values) -> ObjectExpression:
        entries = v[1]
        if len(v) == 4:
            entries.append(v[2])
        return ObjectExpression(self.starts[v[0]], self.ends[v[-1]], tuple(entries))

    def for_value(self, v: Values) -> tuple[str | None, str, Expression]:
        return None, self._text(v[1]), v[3]

    def for_key_value(self, v: Values) -> tuple[str | None, str, Expression]:
        return self._text(v[1]), self._text(v[3]), v[5]

    def for_tuple(self, v: Values) -> ForTuple:
        key, value, collection = v[1]
        condition = v[4] if len(v) == 6 else None
        return ForTuple(self.starts[v[0]], self.ends[v[-1]], key, value, collection, v[2], condition)

    def _for_object(self, v: Values, condition: int, *, grouping: bool) -> ForObject:
        key, value, collection = v[1]
        return ForObject(
            self.starts[v[0]],
            self.ends[v[-1]],
            key,
            value,
            collection,
            v[2],
            v[4],
            grouping,
            v[condition] if len(v) > condition else None,
        )

    def for_object(self, v: Values) -> ForObject:
        return self._for_object(v, 6, grouping=False)

    def for_object_grouping(self, v: Values) -> ForObject:
        return self._for_object(v, 7, grouping=True)
