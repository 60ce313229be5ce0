"""What all types of contracts share: the contracts of a platform, their arguments and their subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from astralint.config.settings import ContractArgument, ContractSettings
from astralint.estate.model import Resource, Violation, Workspace
from astralint.platform.platform import Platform
from astralint.rules.contracts.names import Members, Names
from astralint.rules.contracts.problems import is_sound
from astralint.source.diagnostic import Severity
from astralint.source.evidence import Evidence

Judgement = Callable[[], Iterator[Violation]]


class Contract:
    """One contract of the configuration, over a platform."""

    def __init__(self, settings: ContractSettings, names: Names) -> None:
        self.settings = settings
        self.names = names

    @property
    def title(self) -> str:
        """The contract's title as messages show it."""
        return f"“{self.settings.title}”"

    @property
    def reason(self) -> str | None:
        """Why the contract is there, if it says so."""
        found: str | None = self.value("reason")
        return found

    def value(self, name: str, default: Any = None) -> Any:
        """Return an argument as plain Python."""
        argument = self.settings.arguments.get(name)
        return default if argument is None else argument.value

    def argument(self, name: str) -> ContractArgument | None:
        """Return an argument with its places."""
        return self.settings.arguments.get(name)

    def members(self, *names: str) -> Members:
        """Return the accounts that the names in these arguments stand for."""
        return self.names.members(word for name in names for word in self.value(name, ()))

    def subject(
        self,
        name: str,
        judge: Judgement,
        *,
        resource: Resource | None = None,
        workspace: Workspace | None = None,
        evidence: Evidence | None = None,
    ) -> Subject:
        """Return something that the contract judges."""
        return Subject(self, name, judge, resource, workspace, evidence)


class Subject(msgspec.Struct, frozen=True, eq=False):
    """Something that a contract judges; `judge` yields what is wrong with it, or raises Undecided."""

    of: Contract
    name: str
    judge: Judgement
    resource: Resource | None
    workspace: Workspace | None
    evidence: Evidence | None

    def __str__(self) -> str:
        return self.name

    @property
    def contract(self) -> str:
        """The title of the contract that it belongs to."""
        return self.of.settings.title


def contracts_of(platform: Platform, type_: str) -> Iterator[Contract]:
    """Yield the contracts of a type that are in force, those apart whose arguments are wrong."""
    names = Names(platform)
    for settings in platform.settings.contracts:
        if settings.type == type_ and settings.severity != "off" and is_sound(settings, names):
            yield Contract(settings, names)


def judged(subject: Subject) -> Iterator[Violation]:
    """Yield the violations of a subject as its contract's."""
    settings = subject.of.settings
    own: Severity | None = settings.severity or None  # type: ignore[assignment]
    for violation in subject.judge():
        yield msgspec.structs.replace(
            violation,
            contract=settings.title,
            severity=own or violation.severity,
            help=subject.of.reason or violation.help,
        )
