"""How a rule is written: a function over one subject and the platform.

    @rule("AL101", "iam-user-outside-identity", severity="error", each="aws_iam_user")
    def check(user: Resource, platform: Platform) -> Iterator[Violation]:
        \"\"\"IAM users exist only in the identity account. …\"\"\"
        if user.kind != "identity":
            yield user.finding(f"…")

The docstring is the documentation: its first line is the summary. Reading what is
unknown raises `Undecided`; the runner notes it for that subject and goes on.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from astralint.estate.model import Account, Resource, Violation, Workspace
from astralint.estate.views import Undecided
from astralint.platform.platform import Platform
from astralint.source.diagnostic import Severity
from astralint.source.evidence import Evidence

Check = Callable[..., Iterator[Violation]]
Subject = Resource | Workspace | Account | Platform | Any
Subjects = Callable[[Platform], Iterable[Any]]
C = TypeVar("C", bound=Check)


class Rule(msgspec.Struct, frozen=True, eq=False):
    """A rule as the registry holds it.

    `needs` are the kinds of accounts without which it has nothing to judge by.
    `each` are resource types (a `*` at the end stands for all that begin so),
    `workspace`, `account`, `platform`, or a function that yields the subjects.
    `options` is the type of its options, None where it has none.
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
    pack: str = ""

    @property
    def documentation(self) -> str:
        """The whole docstring, in Markdown."""
        return inspect.cleandoc(self.check.__doc__ or "")

    @property
    def summary(self) -> str:
        """The docstring's first line."""
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
) -> Callable[[C], C]:
    """Declare a function as a rule.

    The function takes the subject and the platform, and, where `options` is given,
    an instance of that type (a msgspec Struct with defaults) as `options`.
    """

    def declare(check: C) -> C:
        subjects = each if callable(each) else ((each,) if isinstance(each, str) else tuple(each))
        kinds = (needs,) if isinstance(needs, str) else tuple(needs)
        declared = Rule(id, name, severity, check, subjects, kinds, tags, security_severity, options)
        setattr(check, REGISTERED, declared)
        return check

    return declare


__all__ = [
    "Account",
    "Evidence",
    "Platform",
    "Resource",
    "Rule",
    "Undecided",
    "Violation",
    "Workspace",
    "rule",
]
