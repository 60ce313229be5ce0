"""What is not known in statements, and whether it is the same in two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import msgspec

from astralint.aws.policy import Element, Policy, PrincipalElement, Statement
from astralint.aws.text import Text, is_partial, parts
from astralint.source.partial import Hole, PartialText


class Numbers:
    """Which statements of the two policies are the same, whatever is not known in them."""

    def __init__(self, old: Policy, new: Policy, same: Callable[[Statement, Statement], bool]) -> None:
        before: dict[Any, list[tuple[int, Statement]]] = {}
        first = []
        for number, statement in enumerate(old.statements):
            before.setdefault((content(statement), has_request_variables(statement, old)), []).append(
                (number, statement)
            )
            first.append((number, f"old/{number}"))
        second = []
        self.shared: set[int] = set()
        for position, statement in enumerate(new.statements):
            number = len(old.statements) + position
            for own, other in before.get((content(statement), has_request_variables(statement, new)), ()):
                if not is_nameless(statement) or same(other, statement):
                    number = own
                    self.shared.add(own)
                    break
            second.append((number, f"old/{number}" if number < len(old.statements) else f"new/{number}"))
        self.sides = (first, second)
        """Of each policy's statements the number, and what its nameless holes are called by."""


def content(value: Any) -> Any:
    """Return what a statement says, without where it stands."""
    if isinstance(value, Statement | Element | PrincipalElement) or hasattr(value, "__struct_fields__"):
        names = [name for name in value.__struct_fields__ if name not in ("path", "sid")]
        return (type(value).__name__, *(content(getattr(value, name)) for name in names))
    if isinstance(value, tuple):
        return tuple(content(item) for item in value)
    return value


def has_request_variables(statement: Statement, policy: Policy) -> bool:
    """Say whether a statement may speak of what the request holds."""
    return policy.variables and "${" in repr(statement)


def _texts(statement: Statement) -> Iterator[Text]:
    for element in (statement.action, statement.resource, statement.principal):
        if element is not None:
            yield from (entry.text for entry in element.entries)
    for condition in statement.conditions:
        yield condition.key
        yield from (entry.text for entry in condition.values)


def _unknown(statement: Statement) -> Iterable[str]:
    elements = (statement.action, statement.resource, statement.principal)
    inner = (element.unknown for element in elements if element is not None)
    return chain(statement.unknown, *inner, *(condition.unknown for condition in statement.conditions))


def _holes(statement: Statement) -> Iterator[Hole]:
    return (part for text in _texts(statement) for part in parts(text) if isinstance(part, Hole))


def is_nameless(statement: Statement) -> bool:
    """Say whether something in a statement may be another thing at another time."""
    return (
        statement.effect is None
        or any(True for _ in _unknown(statement))
        or any(hole.symbol is None for hole in _holes(statement))
    )


def reasons_of(statement: Statement) -> Iterator[str]:
    """Yield why something of a statement is not known."""
    yield from _unknown(statement)
    yield from (hole.reason for hole in _holes(statement))
    if statement.effect is None and not statement.unknown:
        yield "whether a statement allows or denies is not known"
    for text in _texts(statement):
        if "${" in str(text):
            yield f"what `{text}` stands for is known only when the request is made"


def is_vague(policy: Policy) -> bool:
    """Say whether what a policy surely allows and what it may allow can be different."""
    return any(_is_vague_statement(statement, policy) for statement in policy.statements)


def _is_vague_statement(statement: Statement, policy: Policy) -> bool:
    # What AWS does not say of operators and principals counts as well, so all conditions do.
    return (
        bool(statement.conditions)
        or statement.effect is None
        or any(True for _ in _unknown(statement))
        or any(is_partial(text) for text in _texts(statement))
        or has_request_variables(statement, policy)
        or statement.principal is not None
    )


def named(statement: Statement, owner: str) -> Statement:
    """Return a statement of which each principal that is not wholly known is the same as itself."""
    element = statement.principal
    if element is None or not any(is_partial(entry.text) for entry in element.entries):
        return statement
    entries = tuple(
        msgspec.structs.replace(entry, text=_named(entry.text, f"{owner}/principal/{number}"))
        for number, entry in enumerate(element.entries)
    )
    return msgspec.structs.replace(statement, principal=msgspec.structs.replace(element, entries=entries))


def _named(text: Text, owner: str) -> Text:
    return PartialText(
        tuple(
            Hole(part.reason, part.symbol or f"generated:{owner}#{number}") if isinstance(part, Hole) else part
            for number, part in enumerate(parts(text))
        )
    )
