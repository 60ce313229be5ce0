"""What a rule is, and how a function is declared as one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from astralint.estate.model import Account, Resource, Violation, Workspace
from astralint.platform.platform import Platform
from astralint.source.diagnostic import Severity

Check = Callable[..., Iterator[Violation]]
Subject = Resource | Workspace | Account | Platform | Any
Subjects = Callable[[Platform], Iterable[Any]]
C = TypeVar("C", bound=Check)


class Rule(msgspec.Struct, frozen=True, eq=False):
    """A rule as the registry holds it.

    `needs` are the kinds of accounts without which it has nothing to judge by. `home`
    is the kind of account into which its subjects belong; where the platform has none, the
    profile says whether they are reported each. `by_kind` says that a finding rests on
    what kinds the accounts are of: on a guess, it is a warning at most. A rule with `profiles` belongs
    to these: without one of them it runs only where the configuration or the call names it.
    `each` are resource types (a `*` at the end stands for all that begin so),
    `workspace`, `account`, `platform`, or a function that yields the subjects.
    `options` is the type of its options, None where it has none. `documentation` is
    Markdown; its first line is the summary.
    """

    id: str
    name: str
    severity: Severity
    check: Check
    each: tuple[str, ...] | Subjects
    needs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    security_severity: str | None = None
    options: type[Any] | None = None
    documentation: str = ""
    pack: str = ""
    home: str = ""
    by_kind: bool = False
    profiles: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The documentation's first line."""
        return self.documentation.partition("\n")[0].rstrip(".")


REGISTERED = "__astralint_rule__"


def rule(
    id: str,
    name: str,
    *,
    severity: Severity,
    each: str | tuple[str, ...] | Subjects,
    needs: str | tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    security_severity: str | None = None,
    options: type[Any] | None = None,
    documentation: str | None = None,
    home: str = "",
    by_kind: bool = False,
    profiles: str | tuple[str, ...] = (),
) -> Callable[[C], C]:
    """Declare a function as a rule.

    The function takes the subject and the platform, and, where `options` is given,
    an instance of that type (a msgspec Struct with defaults) as `options`. Its
    docstring is the rule's documentation, unless `documentation` gives another text.

    The function is found where it stands in a module, by itself or in a tuple.
    """

    def declare(check: C) -> C:
        subjects = each if callable(each) else ((each,) if isinstance(each, str) else tuple(each))
        kinds = (needs,) if isinstance(needs, str) else tuple(needs)
        text = inspect.cleandoc((check.__doc__ if documentation is None else documentation) or "")
        declared = Rule(
            id,
            name,
            severity,
            check,
            subjects,
            kinds,
            tags,
            security_severity,
            options,
            text,
            home=home,
            by_kind=by_kind or bool(home or kinds),
            profiles=(profiles,) if isinstance(profiles, str) else tuple(profiles),
        )
        setattr(check, REGISTERED, declared)
        return check

    return declare
