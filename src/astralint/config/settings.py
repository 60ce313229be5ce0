"""What `astralint.hcl` says, typed."""

from __future__ import annotations

from typing import Any

import msgspec

from astralint.config.profiles import NONE, PROFILES, MissingKinds
from astralint.source.diagnostic import Severity
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.language.language import Language
from astralint.terraform.workspace import GivenVariable


class WorkspaceSettings(msgspec.Struct, frozen=True, eq=False):
    """A `workspace "name" { … }` block: one evaluation of a root module.

    Paths are relative to the boundary's root (in the file they are relative to it).
    """

    name: str
    path: TreePath
    span: Span
    account: str = ""
    workspace: str | None = None
    var_files: tuple[TreePath, ...] = ()
    backend_files: tuple[TreePath, ...] = ()
    variables: dict[str, GivenVariable] = {}
    region: str = ""
    language: Language | None = None
    environment: dict[str, str] = {}
    """Environment variables that its layout reads (`get_env`)."""


class AccountSettings(msgspec.Struct, frozen=True, eq=False):
    """An `account "name" { … }` block."""

    name: str
    kind: str
    span: Span
    id: str = ""
    domain: str = ""
    external: bool = False
    profiles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    workspaces: tuple[WorkspaceSettings, ...] = ()
    managed_by: str = ""
    kind_span: Span | None = None


class PlatformSettings(msgspec.Struct, frozen=True, eq=False):
    """The `platform { … }` block."""

    span: Span | None = None
    organization: str = ""
    organization_id: str = ""
    root_domain: str = ""
    root_domains: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    partition: str = "aws"
    layers: bool = False
    profile: str = ""
    """The profile that holds where the call names none."""
    profile_span: Span | None = None
    environment: dict[str, str] = {}


class RuleException(msgspec.Struct, frozen=True, eq=False):
    """One `except { … }` of a rule: subjects that it does not judge, and why.

    Each of `subjects`, `accounts` and `workspaces` narrows the exception where it is
    given; at least one of them is. `until` is a date (YYYY-MM-DD) or "".
    """

    subjects: tuple[str, ...]
    reason: str
    span: Span
    until: str = ""
    accounts: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()


class PathSeverity(msgspec.Struct, frozen=True, eq=False):
    """A `path "…" { severity = "…" }` block of a rule: how severe its findings in these files and directories are."""

    paths: tuple[TreePath, ...]
    severity: Severity
    span: Span


class RuleSettings(msgspec.Struct, frozen=True, eq=False):
    """A `rule "name" { … }` block; `severity` is "off" for a rule that is switched off.

    `span` is the block's header, `name_span` its label, `option_spans` where each
    option's value stands.
    """

    name: str
    span: Span
    severity: Severity | str = ""
    options: dict[str, Any] = {}
    exceptions: tuple[RuleException, ...] = ()
    name_span: Span | None = None
    option_spans: dict[str, Span] = {}
    paths: tuple[PathSeverity, ...] = ()


class ContractArgument(msgspec.Struct, frozen=True, eq=False):
    """An argument of a contract as plain Python, and where its value stands; `words` are the texts of a list, each with its place."""

    value: Any
    span: Span
    words: tuple[tuple[str, Span], ...] = ()


class ContractSettings(msgspec.Struct, frozen=True, eq=False):
    """A `contract "type" "title" { … }` block; the rules layer gives its arguments their meaning."""

    type: str
    title: str
    span: Span
    arguments: dict[str, ContractArgument] = {}
    severity: str = ""
    exceptions: tuple[RuleException, ...] = ()
    paths: tuple[PathSeverity, ...] = ()


class StateSettings(msgspec.Struct, frozen=True, eq=False):
    """A `state "workspace" { … }` block: where a state lies; `workspace` is "" where its file tells whose it is."""

    path: TreePath
    span: Span
    workspace: str = ""


class InventorySettings(msgspec.Struct, frozen=True, eq=False):
    """The `inventory { … }` block: where an inventory lies that is judged along, "" for none, and how it is collected.

    `events` is a file of CloudTrail's events, "" for none;
    `role` is the name of the role that is assumed in each account, `aggregator` is `ACCOUNT/REGION/NAME`, `explorer` the
    ARN of a view of Resource Explorer.
    """

    path: TreePath
    span: Span
    events: TreePath = ""
    role: str = ""
    external_id: str = ""
    aggregator: str = ""
    explorer: str = ""
    regions: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, eq=False):
    """The whole configuration; `path` is None where there is no file."""

    path: TreePath | None = None
    platform: PlatformSettings = PlatformSettings()
    accounts: tuple[AccountSettings, ...] = ()
    workspaces: tuple[WorkspaceSettings, ...] = ()
    """All workspaces: those inside of account blocks, and those outside."""
    rules: tuple[RuleSettings, ...] = ()
    module_sources: dict[str, TreePath] = {}
    vendor_accounts: dict[str, str] = {}
    rule_paths: tuple[TreePath, ...] = ()
    excluded: tuple[TreePath, ...] = ()
    contracts: tuple[ContractSettings, ...] = ()
    language: Language | None = None
    """What all root modules are evaluated as, whatever they say themselves."""
    profiles: dict[str, tuple[RuleSettings, ...]] = {}
    """What each `profile "name" { … }` sets of rules; see `astralint.config.check.with_profile`."""
    profile: str = ""
    """The profile in force; "" for none."""
    states: tuple[StateSettings, ...] = ()
    inventory: InventorySettings | None = None

    @property
    def missing_kinds(self) -> MissingKinds:
        """What is reported of resources that belong into an account of a kind that is not there."""
        return PROFILES.get(self.profile, NONE).missing_kinds
