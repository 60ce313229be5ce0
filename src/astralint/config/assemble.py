"""Entries to settings: every argument converted, every name unique, every reference resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from astralint.config.entries import Argument, Entry, entries_of
from astralint.config.paths import Paths
from astralint.config.problems import Problems
from astralint.config.rules import RuleReader
from astralint.config.schema import ACCOUNT, LONE_WORKSPACE, WORKSPACE
from astralint.config.settings import (
    AccountSettings,
    InventorySettings,
    PlatformSettings,
    Settings,
    StateSettings,
    WorkspaceSettings,
)
from astralint.config.suggest import did_you_mean
from astralint.config.values import Converter, InvalidError
from astralint.source.diagnostic import Label
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.language.language import DIALECTS, Language, language_of, newest, parse_language
from astralint.terraform.workspace import GivenVariable

T = TypeVar("T")


class Assembler:
    """Makes the settings of one configuration."""

    def __init__(self, converter: Converter, paths: Paths, problems: Problems) -> None:
        self._convert = converter
        self._paths = paths
        self._problems = problems
        self._rules = RuleReader(converter, paths, problems)
        self._accounts: dict[str, tuple[AccountSettings, Span]] = {}
        self._workspaces: dict[str, tuple[WorkspaceSettings, Span]] = {}
        self._ids: dict[str, tuple[str, Span]] = {}

    def settings(self, root: Entry, path: TreePath, *, trusted: bool, rule_code_allowed: bool) -> Settings:
        """Return the settings that a file's root entry gives; what is wrong is left out."""
        for entry in (*root.of("account"), *self._data(root, "accounts", ACCOUNT, "account")):
            self._account(entry)
        for entry in (*root.of("workspace"), *self._data(root, "workspaces", LONE_WORKSPACE, "workspace")):
            self._workspace(entry, None)
        platforms = root.of("platform")
        return Settings(
            path=path,
            platform=self._platform(platforms[0]) if platforms else PlatformSettings(),
            accounts=tuple(account for account, _ in self._accounts.values()),
            workspaces=tuple(workspace for workspace, _ in self._workspaces.values()),
            rules=self._rules.rules(root.of("rule")),
            module_sources=self._module_sources(root.of("module_source")),
            vendor_accounts=self._vendors(root.of("vendor")),
            rule_paths=self._rule_paths(root, trusted=trusted, allowed=rule_code_allowed),
            excluded=self._get(root, "exclude", self._paths.existing, ()),
            contracts=self._rules.contracts(root.of("contract")),
            profiles=self._rules.profiles(root.of("profile")),
            language=self._language(root),
            states=tuple(self._states(root.of("state"))),
            inventory=self._inventory(root.of("inventory")),
        )

    def _data(self, entry: Entry, name: str, schema: Any, type_: str) -> list[Entry]:
        argument = entry.arguments.get(name)
        if argument is None:
            return []
        try:
            self._convert.mapping(argument)
        except InvalidError:
            return []
        return entries_of(argument, schema, type_, self._problems)

    def _get(self, entry: Entry, name: str, convert: Callable[[Argument], T], default: T) -> T:
        argument = entry.arguments.get(name)
        if argument is None:
            return default
        try:
            return convert(argument)
        except InvalidError:
            return default

    # --- the platform ------------------------------------------------------------------------------

    def _platform(self, entry: Entry) -> PlatformSettings:
        convert = self._convert
        profile = entry.arguments.get("profile")
        return PlatformSettings(
            span=entry.span,
            organization=self._get(entry, "organization", convert.string, ""),
            organization_id=self._get(entry, "organization_id", convert.organization_id, ""),
            root_domain=self._get(entry, "root_domain", convert.domain, ""),
            root_domains=self._get(entry, "root_domains", convert.domains, ()),
            regions=self._get(entry, "regions", convert.regions, ()),
            partition=self._get(entry, "partition", convert.partition, "aws"),
            layers=self._get(entry, "layers", convert.boolean, default=False),
            environment=self._get(entry, "environment", convert.texts, {}),
            profile=self._get(entry, "profile", convert.string, ""),
            profile_span=profile.span() if profile is not None else None,
        )

    # --- accounts and workspaces ---------------------------------------------------------------------

    def _account(self, entry: Entry) -> None:
        known = self._accounts.get(entry.name)
        if known is not None:
            self._duplicate("account", f"account `{entry.name}` is declared twice", entry.name_span, known[1])
            return
        convert = self._convert
        number = self._get(entry, "id", convert.account_id, "")
        if number:
            self._unique_id(number, entry)
        own = [
            workspace
            for inner in (*entry.of("workspace"), *self._data(entry, "workspaces", WORKSPACE, "workspace"))
            if (workspace := self._workspace(inner, entry.name)) is not None
        ]
        account = AccountSettings(
            name=entry.name,
            kind=self._get(entry, "kind", convert.string, ""),
            span=entry.span,
            id=number,
            domain=self._get(entry, "domain", convert.domain, ""),
            external=self._get(entry, "external", convert.boolean, default=False),
            profiles=self._get(entry, "profiles", convert.strings, ()),
            regions=self._get(entry, "regions", convert.regions, ()),
            workspaces=tuple(own),
            managed_by=self._get(entry, "managed_by", convert.string, ""),
            kind_span=entry.arguments["kind"].span() if "kind" in entry.arguments else None,
        )
        if account.external and own:
            message = f"account `{entry.name}` is external, so it can have no workspace"
            help_ = "an external account belongs to the organization, but no workspace here manages it"
            self._problems.error("external-with-workspace", message, entry.arguments["external"].span(), help_)
        self._accounts[entry.name] = (account, entry.name_span)

    def _unique_id(self, number: str, entry: Entry) -> None:
        span = entry.arguments["id"].span()
        first = self._ids.setdefault(number, (entry.name, span))
        if first[0] != entry.name:
            message = f"accounts `{first[0]}` and `{entry.name}` have the same id `{number}`"
            self._duplicate("account-id", message, span, first[1])

    def _duplicate(self, what: str, message: str, span: Span, first: Span) -> None:
        self._problems.error(f"duplicate-{what}", message, span, labels=(Label(first, "the first one is here"),))

    def _workspace(self, entry: Entry, account: str | None) -> WorkspaceSettings | None:
        known = self._workspaces.get(entry.name)
        if known is not None:
            message = f"workspace `{entry.name}` is declared twice"
            self._duplicate("workspace", message, entry.name_span, known[1])
            return None
        if "path" not in entry.arguments:
            self._problems.error("missing-argument", f"workspace `{entry.name}` has no `path`", entry.span)
            return None
        path = self._get(entry, "path", self._paths.module, None)
        convert = self._convert
        workspace = WorkspaceSettings(
            name=entry.name,
            path=path if path is not None else ".",
            span=entry.span,
            account=account if account is not None else self._get(entry, "account", self._account_name, ""),
            workspace=self._get(entry, "workspace", convert.string, None),
            var_files=self._get(entry, "var_files", lambda a: self._paths.files(a, path), ()),
            backend_files=self._get(entry, "backend_files", lambda a: self._paths.files(a, path), ()),
            variables=self._get(entry, "variables", self._variables, {}),
            region=self._get(entry, "region", convert.region, ""),
            language=self._get(entry, "language", self._language_name, None),
            environment=self._get(entry, "environment", convert.texts, {}),
        )
        self._workspaces[entry.name] = (workspace, entry.name_span)
        return workspace

    def _language(self, root: Entry) -> Language | None:
        """Return the language that a `terraform` or `opentofu` block names."""
        given = [(dialect, entry) for dialect in DIALECTS for entry in root.of(dialect)]
        if len(given) > 1:
            message = (
                "all root modules are either Terraform's or OpenTofu's; a workspace may have a `language` of its own"
            )
            self._duplicate("language", message, given[1][1].span, given[0][1].span)
        if not given:
            return None
        dialect, entry = given[0]
        argument = entry.arguments.get("version")
        if argument is None:
            return newest(dialect)
        found = language_of(dialect, self._get(entry, "version", self._convert.string, ""))
        if found is None:
            help_ = "a version is a number as in `1.9` or `1.9.4`"
            self._problems.error("invalid-version", "this is no version", argument.span(), help_)
        return found

    def _language_name(self, argument: Argument) -> Language:
        text = self._convert.string(argument)
        found = parse_language(text)
        if found is None:
            help_ = "a language is a dialect and a version, as in `terraform@1.14` or `opentofu@1.9.4`"
            raise self._convert.fail("invalid-language", f"there is no language `{text}`", argument.span(), help_)
        return found

    def _account_name(self, argument: Argument) -> str:
        name = self._convert.string(argument)
        if name not in self._accounts:
            help_ = did_you_mean(name, self._accounts, "the accounts are ")
            raise self._convert.fail("unknown-account", f"there is no account `{name}`", argument.span(), help_)
        return name

    def _variables(self, argument: Argument) -> dict[str, GivenVariable]:
        found: dict[str, GivenVariable] = {}
        for name, value in self._convert.mapping(argument).items():
            self._convert.wholly_known(argument, value, name)
            found[name] = GivenVariable(value, argument.span(name))
        return found

    # --- the rest --------------------------------------------------------------------------------------

    def _module_sources(self, entries: Iterable[Entry]) -> dict[str, TreePath]:
        found: dict[str, tuple[TreePath, Span]] = {}
        for entry in entries:
            if entry.name in found:
                message = f"module source `{entry.name}` is declared twice"
                self._duplicate("module-source", message, entry.name_span, found[entry.name][1])
            elif "directory" not in entry.arguments:
                message = f"module source `{entry.name}` has no `directory`"
                self._problems.error("missing-argument", message, entry.span)
            else:
                found[entry.name] = (self._get(entry, "directory", self._paths.package, "."), entry.name_span)
        return {name: path for name, (path, _) in found.items()}

    def _states(self, entries: Iterable[Entry]) -> Iterable[StateSettings]:
        for entry in entries:
            if "path" not in entry.arguments:
                self._problems.error("missing-argument", "a `state` block needs a `path`", entry.span)
                continue
            path = self._get(entry, "path", self._paths.one, None)
            if path is not None:
                yield StateSettings(path, entry.span, entry.name)

    def _inventory(self, entries: Sequence[Entry]) -> InventorySettings | None:
        if not entries:
            return None
        entry = entries[0]
        if not entry.arguments:
            self._problems.error("missing-argument", "an `inventory` block needs a `path`, or a `role`", entry.span)
            return None
        names = ("role", "external_id", "aggregator", "explorer")
        texts = {name: self._get(entry, name, self._convert.string, "") for name in names}
        path = self._get(entry, "path", self._paths.one, "")
        events = self._get(entry, "events", self._paths.one, "")
        return InventorySettings(
            path, entry.span, events, regions=self._get(entry, "regions", self._convert.regions, ()), **texts
        )

    def _vendors(self, entries: Iterable[Entry]) -> dict[str, str]:
        found: dict[str, tuple[str, Span]] = {}
        for entry in entries:
            if "accounts" not in entry.arguments:
                self._problems.error("missing-argument", f"vendor `{entry.name}` has no `accounts`", entry.span)
            none: list[tuple[str, Span]] = []
            for number, span in self._get(entry, "accounts", self._convert.account_ids, none):
                if number in self._ids:
                    own, first = self._ids[number]
                    message = f"`{number}` is the platform's own account `{own}`, so it can't be a vendor's"
                    self._duplicate("account-id", message, span, first)
                elif number in found and found[number][0] != entry.name:
                    message = f"`{number}` belongs to vendor `{found[number][0]}` already"
                    self._duplicate("account-id", message, span, found[number][1])
                else:
                    found.setdefault(number, (entry.name, span))
        return {number: name for number, (name, _) in found.items()}

    def _rule_paths(self, root: Entry, *, trusted: bool, allowed: bool) -> tuple[TreePath, ...]:
        argument = root.arguments.get("rule_paths")
        if argument is not None and not trusted and not allowed:
            message = "the rules in `rule_paths` are not run, because this configuration was found in the scanned tree"
            help_ = "pass `--allow-rule-code`, or name the configuration with `--config`, if you trust its code"
            self._problems.warning("rule-code-not-run", message, argument.span(), help_)
        read = self._paths.anywhere if trusted else self._paths.existing
        return self._get(root, "rule_paths", read, ())
