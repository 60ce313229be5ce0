"""Accounts, workspaces, resources: the platform as rules see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import msgspec

from astralint.aws.facts import has_region
from astralint.estate.kinds import ENVIRONMENTS
from astralint.estate.places import place
from astralint.estate.views import Attributes, Undecided, text, undecided, view
from astralint.hcl.syntax import Block
from astralint.source.diagnostic import Severity
from astralint.source.evidence import Evidence
from astralint.source.partial import Text
from astralint.source.span import Span
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.requests import RemoteStateRequest
from astralint.terraform.results import ResourceInstance, WorkspaceResult
from astralint.terraform.values.value import Reason, Unknown, Value
from astralint.terraform.workspace import WorkspaceSpec

CONFIGURED = "the configuration"
"""The evidence of an account that somebody wrote down."""


class Account(msgspec.Struct, frozen=True, eq=False):
    """An account. `kind` is "" where nothing tells it, `number` where it is not in the code.

    `evidence` says in a clause how it is known; `span` is its block in the
    configuration. An external account belongs to the organization, but to no workspace.
    """

    name: str
    kind: str = ""
    number: str = ""
    domain: str = ""
    external: bool = False
    evidence: str = ""
    span: Span | None = None
    managed_by: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def is_environment(self) -> bool:
        return self.kind in ENVIRONMENTS

    @property
    def is_guessed(self) -> bool:
        """Whether its kind was told from names only: nobody wrote it down."""
        return self.evidence != CONFIGURED

    @property
    def symbol(self) -> str:
        """What stands for its number in texts where that is not known."""
        return f"account:{self.name}"


class Violation(msgspec.Struct, frozen=True):
    """What a rule yields; the runner makes a finding of it. See `astralint.rules.finding.Finding`.

    `apart`: it stands at a place only because it has none of its own, so it is not one finding with others there.
    """

    message: str
    primary: Evidence
    evidence: tuple[Evidence, ...] = ()
    path: tuple[Evidence, ...] = ()
    subject: str = ""
    workspace: str = ""
    account: str = ""
    help: str | None = None
    severity: Severity | None = None
    contract: str = ""
    apart: bool = False


class Surroundings(Protocol):
    """What workspaces and resources need of all that is around them; an `Estate` is that."""

    def source(self, file: str) -> SourceFile | None:
        """Return a parsed file by its path; None where it could not be read."""
        ...

    def account_of(self, value: Value | Text | None) -> Account | None:
        """Return the account that a number or a symbol stands for; None where it stands for none of ours."""
        ...

    def producer(self, request: RemoteStateRequest) -> str:
        """Return the workspace that answered a read of remote state, "" where none did."""
        ...


class Workspace:
    """A workspace: its evaluated root module, and the account that it is for."""

    __slots__ = ("_estate", "account_or_none", "data_sources", "is_certain", "resources", "result", "spec")

    def __init__(
        self,
        estate: Surroundings,
        spec: WorkspaceSpec,
        result: WorkspaceResult,
        account: Account | None,
        *,
        certain: bool,
    ) -> None:
        self._estate = estate
        self.is_certain = certain
        """True where its account is more than a guess from names."""
        self.spec = spec
        self.result = result
        self.account_or_none = account
        everything = [Resource(estate, self, instance) for instance in result.resources]
        self.resources: tuple[Resource, ...] = tuple(r for r in everything if r.mode == "managed")
        self.data_sources: tuple[Resource, ...] = tuple(r for r in everything if r.mode == "data")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def directory(self) -> str:
        return self.spec.directory

    @property
    def account(self) -> Account:
        """The account that the workspace is for; raises Undecided where it is not known."""
        if self.account_or_none is None:
            raise Undecided(Reason("account-not-known", f"the account of workspace `{self.name}` is not known"))
        return self.account_or_none

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The names of the workspaces whose outputs it reads."""
        found = {self._estate.producer(read.request) for read in self.result.remote_state_reads}
        return tuple(sorted(name for name in found if name))

    @property
    def is_complete(self) -> bool:
        """True where all of it could be seen: absence of a resource is certain then."""
        return not self.result.blind_spots

    @property
    def anchor(self) -> Span:
        """The place that stands for the workspace: its default AWS provider, its backend, else its first line."""
        for provider in self.result.providers:
            if provider.type == "aws" and provider.span is not None and provider.address.startswith("provider"):
                return provider.span
        if self.result.state.span is not None:
            return self.result.state.span
        file = next((f for f in self.result.files if f.endswith((".tf", ".tofu"))), self.directory)
        return Span(file, 1, 1, 1, 2)

    def provider_span(self, provider: ProviderContext, *path: str | int) -> Span:
        """Return the smallest place of a provider configuration that sets an argument."""
        source = self._estate.source(provider.span.file) if provider.span is not None else None
        if provider.span is None or source is None:
            return self.anchor
        return place(source, provider.block, path)

    def violation(self, message: str, span: Span, label: str = "", **more: Any) -> Violation:
        """Make a violation at a place of this workspace."""
        account = self.account_or_none
        return Violation(
            message,
            Evidence(span, label, self.name),
            subject=more.pop("subject", self.name),
            workspace=self.name,
            account=account.name if account else "",
            **more,
        )


def existence(resource: Resource) -> str:
    """Return the condition that a resource of which that is not known exists, with the reason."""
    return f"`{resource.address}` exists ({resource.instance.uncertain[0].message})"


class Resource:
    """A resource instance or data source; attributes are read with `resource["name"]`."""

    __slots__ = ("_estate", "instance", "workspace")

    def __init__(self, estate: Surroundings, workspace: Workspace, instance: ResourceInstance) -> None:
        self._estate = estate
        self.workspace = workspace
        self.instance = instance

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        return self.instance.address

    @property
    def type(self) -> str:
        return self.instance.type

    @property
    def mode(self) -> str:
        return self.instance.mode

    @property
    def name(self) -> str:
        """The resource's own name in the code (not an attribute)."""
        return self.instance.name

    @property
    def exists(self) -> bool:
        """True; raises Undecided where `count` or `for_each` leave open whether it is there."""
        if self.instance.uncertain:
            raise Undecided(self.instance.uncertain[0])
        return True

    # --- where it lives ------------------------------------------------------------------

    @property
    def account_or_none(self) -> Account | None:
        provider = self.instance.provider
        return self._estate.account_of(provider.account) if provider is not None else None

    @property
    def account(self) -> Account:
        """The account of its effective provider configuration; raises Undecided where it is not known."""
        account = self.account_or_none
        if account is None:
            provider = self.instance.provider
            raw = provider.account.raw if provider is not None else None
            if isinstance(raw, Unknown):
                raise undecided(raw)
            raise Undecided(Reason("account-not-known", f"the account of `{self.address}` is not known"))
        return account

    @property
    def kind(self) -> str:
        """The kind of its account; raises Undecided where account or kind are not known."""
        account = self.account
        if not account.kind:
            raise Undecided(Reason("account-kind-not-known", f"the kind of the account `{account}` is not known"))
        return account.kind

    @property
    def region(self) -> str:
        """The region; raises Undecided where it is not known."""
        region = view(self.region_value)
        if not isinstance(region, str):
            raise Undecided(Reason("region-not-known", f"the region of `{self.address}` is not known"))
        return region

    @property
    def region_value(self) -> Value:
        """The region, where it lies in one: its own argument's (version 6 of the provider), else the provider's."""
        own = self.value("region") if has_region(self.type, self.mode) else None
        provider = self.instance.provider
        if own is not None and own.raw is not None and ("region" in self.arguments or not isinstance(own.raw, Unknown)):
            return own
        if provider is None:
            raise Undecided(Reason("region-not-known", f"`{self.address}` has no provider configuration"))
        return provider.region

    # --- attributes --------------------------------------------------------------------------

    @property
    def attributes(self) -> Attributes:
        """All attributes; raises Undecided where the resource as a whole could not be evaluated."""
        if isinstance(self.instance.values.raw, Unknown):
            raise undecided(self.instance.values.raw)
        return Attributes(self.instance.values)

    def __getitem__(self, name: str) -> Any:
        """Return an attribute as plain Python; raises Undecided where it is unknown, None where it is not set."""
        value = self.value(name)
        return None if value is None else view(value)

    def value(self, name: str) -> Value | None:
        """Return an attribute's value, whatever it is; None where the resource has no such attribute."""
        raw = self.instance.values.raw
        value: Value | None = raw.get(name) if isinstance(raw, dict) else self.instance.values
        return value

    def text(self, name: str) -> Text | None:
        """Return a string attribute as far as it is known, holes included; None where it is null."""
        return text(self.value(name))

    def texts(self, name: str) -> Iterator[str]:
        """Yield all that is known of the texts in an attribute, whatever is nested in it."""
        value = self.value(name)
        pending = [value] if value is not None else []
        while pending:
            current = pending.pop()
            if isinstance(current.raw, dict):
                pending.extend(current.raw.values())
            elif isinstance(current.raw, tuple):
                pending.extend(current.raw)
            else:
                told = text(current)
                yield from (
                    (told,) if isinstance(told, str) else (p for p in told.parts if isinstance(p, str)) if told else ()
                )

    def blocks(self, name: str) -> tuple[Attributes, ...]:
        """Return nested blocks; raises Undecided where their number is not known."""
        return self.attributes.blocks(name)

    # --- places ------------------------------------------------------------------------------

    @property
    def block(self) -> Block | None:
        """The block in the syntax tree; None where its file can't be read any more."""
        source = self._estate.source(self.instance.span.file)
        blocks = source.file.body.blocks if source is not None else ()
        return next((block for block in blocks if block.start == self.instance.block), None)

    @property
    def arguments(self) -> frozenset[str]:
        """The names of the arguments and nested blocks that its block sets itself."""
        block = self.block
        if block is None:
            return frozenset()
        dynamic = (b.labels[0] for b in block.body.blocks if b.type == "dynamic" and b.labels)
        return frozenset((*(a.name for a in block.body.attributes), *(b.type for b in block.body.blocks), *dynamic))

    @property
    def header(self) -> Span:
        return self.instance.span

    def span(self, *path: str | int) -> Span:
        """Return the smallest place in the code that sets an attribute (`"statement", 0, "principals"`).

        What the code does not set itself is placed where the block begins.
        """
        source = self._estate.source(self.instance.span.file)
        return place(source, self.instance.block, path) if source is not None else self.instance.span

    def evidence(self, label: str, *path: str | int) -> Evidence:
        """Return a place of this resource with what it shows."""
        return Evidence(self.span(*path) if path else self.header, label, self.workspace.name)

    def finding(
        self,
        message: str,
        *,
        at: Iterable[str | int] = (),
        label: str = "",
        evidence: Iterable[Evidence] = (),
        path: Iterable[Evidence] = (),
        help: str | None = None,
        severity: Severity | None = None,
    ) -> Violation:
        """Make a violation whose primary place is this resource, or the attribute `at`.

        Raises Undecided where it is not certain that the resource exists.
        """
        if self.instance.uncertain:
            raise Undecided(self.instance.uncertain[0])
        account = self.account_or_none
        return Violation(
            message,
            self.evidence(label, *at),
            tuple(evidence),
            tuple(path),
            self.address,
            self.workspace.name,
            account.name if account else "",
            help,
            severity,
        )
