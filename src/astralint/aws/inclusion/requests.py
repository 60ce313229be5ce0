"""A request that was found, as people read it: rather one that AWS knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

import msgspec

from astralint.aws.actions import Action, catalogue
from astralint.aws.inclusion.languages import Clause, LimitReachedError, Word, accepted, shown
from astralint.aws.inclusion.patterns import literal, resource_pattern
from astralint.aws.inclusion.search import Found, Search
from astralint.aws.policy import JsonPath
from astralint.aws.wildcard import Wild

MAXIMUM_ACTIONS, MAXIMUM_TRIES, MAXIMUM_PATTERNS = 400, 10, 40
_LOUD = ("iam:*", "s3:*", "*")


class Request(msgspec.Struct, frozen=True):
    """A request: who asks (None: whoever has the policy), for what, on what (None: the role itself), with which keys.

    Of `keys` those count that conditions speak of; one without values is absent. `alone`: the caller has no policy of
    their own that allows it. `exists`: the catalogue has an action that is about such a resource. `path` is that of the
    statement that decides: one of the new policy, or a denial of the old one.
    """

    action: str
    resource: str | None = None
    principal: str | None = None
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    alone: bool = False
    exists: bool = True
    path: JsonPath = ()

    def __str__(self) -> str:
        pieces = [f"`{self.action}`"]
        if self.resource is not None:
            pieces.append(f"on `{self.resource}`")
        if self.principal is not None:
            pieces.append(f"by `{self.principal}`" + (" without a policy of its own" if self.alone else ""))
        for number, (name, values) in enumerate(self.keys):
            told = " and ".join(f'"{value}"' for value in values)
            also = "and " if number else ""
            pieces.append(f"{also}with `{name}` = {told}" if values else f"{also}without `{name}`")
        return " ".join(pieces)


def described(found: Iterable[tuple[Search, Found]], spelling: Mapping[str, str]) -> Request | None:
    """Return the first of some requests that AWS knows, or else the first; None where there is none.

    `spelling` has the names of condition keys as they are written, by those in lower case.
    """
    first: Request | None = None
    for search, one in found:
        known = _known(search, one)
        if known is not None:
            return _spelt(known, spelling)
        if first is None:
            first = _spelt(_request(one, shown(one.action), one.resource, exists=False), spelling)
    return first


def _spelt(request: Request, spelling: Mapping[str, str]) -> Request:
    return msgspec.structs.replace(request, keys=tuple((spelling.get(key, key), told) for key, told in request.keys))


def _request(found: Found, action: str, resource: Word | None, *, exists: bool) -> Request:
    caller = found.caller
    keys = tuple((name, state.values) for name, state in found.keys)
    text = shown(resource) if resource is not None else None
    alone = caller is not None and caller.alone
    return Request(action, text, str(caller) if caller is not None else None, keys, alone, exists, found.path)


def _known(search: Search, found: Found) -> Request | None:
    """Return a request like one that was found, with an action and a resource that go together."""
    for action in _actions(found.of_action):
        if found.resource is None:
            return _request(found, str(action), None, exists=True)
        # The simplest type that fits: an object rather than one behind an access point.
        for pattern in sorted((one.pattern for one in action.types), key=_complexity) or ["*"]:
            fitting = resource_pattern(pattern, "field", False, "") if pattern != "*" else literal("*")
            kind = Clause((fitting,), wanted=True, sure=False)
            try:
                word = search.word("resource", (*found.of_resource, kind))
            except LimitReachedError:
                return None
            if word is not None:
                return _request(found, str(action), word, exists=True)
    return None


def _complexity(pattern: str) -> tuple[int, int]:
    return pattern.count("*"), len(pattern)


def _actions(clauses: tuple[Clause, ...]) -> list[Action]:
    """Return some actions of the catalogue that all clauses are content with, those with most consequence first."""
    wanted = next((clause for clause in clauses if clause.wanted), None)
    patterns = [_text(pattern.tokens) for pattern in wanted.patterns] if wanted is not None else ["*"]
    known = catalogue()
    found: dict[str, Action] = {}
    for pattern in patterns[:MAXIMUM_PATTERNS]:
        for narrower in _LOUD if pattern == "*" else (pattern,):
            some = {str(action).lower(): action for action in islice(known.matching(narrower), MAXIMUM_ACTIONS)}
            found.update((text, some[text]) for text in accepted(clauses, some))
    return sorted(found.values(), key=lambda action: (_simplest(action), -known.levels.index(action.level)))[
        :MAXIMUM_TRIES
    ]


def _simplest(action: Action) -> tuple[int, int]:
    return min((_complexity(one.pattern) for one in action.types), default=(0, 0))


def _text(tokens: Word) -> str:
    return "".join(
        token.value if isinstance(token, Wild) else token if isinstance(token, str) else "*" for token in tokens
    )
