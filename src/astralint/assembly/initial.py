"""The `astralint.hcl` that `astralint init` writes: what was inferred, and what is left to fill in."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping

from astralint.assembly.imported import imported_numbers
from astralint.assembly.proposal import proposed_profile
from astralint.estate.estate import Estate
from astralint.estate.kinds import KINDS
from astralint.estate.model import Account, Workspace
from astralint.source.tree import TreePath, relative

NUMBER = re.compile(r"[0-9]{12}")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """Return a text as an HCL string, which is also a block's label."""
    escaped = "".join(_ESCAPES.get(character) or _printable(character) for character in text)
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def initial_configuration(estate: Estate, directory: TreePath = ".") -> str:
    """Return the text of a configuration with all that is known of a platform, for a file in `directory`.

    Read again, it gives the same accounts and workspaces.
    """
    writer = _Writer(estate, directory)
    blocks = [writer.introduction(), writer.platform()]
    blocks.extend(writer.account(account) for account in estate.accounts.values() if _writable(account.name))
    blocks.extend(writer.unassigned())
    if not estate.accounts:
        blocks.append(writer.example())
    return "\n".join("\n".join(lines) + "\n" for lines in blocks)


def _writable(text: str) -> bool:
    """Say whether a name can stand in a file: names that are no Unicode can't, empty ones are none."""
    return bool(text.strip()) and not any("\ud800" <= character <= "\udfff" for character in text)


def _comment(text: str) -> str:
    return "# " + "".join(character if character.isprintable() else "?" for character in text)


def _arguments(arguments: Mapping[str, str]) -> list[str]:
    """Return arguments with their signs below each other, as `terraform fmt` sets them."""
    width = max(map(len, arguments), default=0)
    return [f"{name.ljust(width)} = {value}" for name, value in arguments.items()]


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(quoted, texts)) + "]"


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" if line else "" for line in lines]


class _Writer:
    def __init__(self, estate: Estate, directory: TreePath) -> None:
        self._estate = estate
        self._settings = estate.settings
        self._directory = directory
        self._numbers: set[str] = set()
        self._imported = imported_numbers(estate)

    def introduction(self) -> list[str]:
        kinds = f"{', '.join(KINDS[:-1])} and {KINDS[-1]}"
        text = (
            "What astralint knows of this platform. What could not be inferred is commented out: fill it in, "
            f"and correct what is wrong. Kinds of accounts are {kinds}; others are free. "
            "Paths are relative to this file."
        )
        return textwrap.wrap(text, 96, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)

    # --- the platform ------------------------------------------------------------------------------

    def platform(self) -> list[str]:
        known = self._settings.platform
        hints: list[str] = []
        arguments: dict[str, str] = {}
        organizations = [known.organization] if known.organization else self._organizations()
        if len(organizations) == 1:
            arguments["organization"] = quoted(organizations[0])
        elif organizations:
            hints.append(_comment(f"organization = {quoted(organizations[0])}  # or {_or(organizations[1:])}"))
        else:
            hints.append('# organization = "…"  # the organization in HCP Terraform: no `cloud` block names one')
        texts = {"organization_id": known.organization_id, "root_domain": known.root_domain}
        examples = {"organization_id": "o-…", "root_domain": "…"}
        for name, text in texts.items():
            if text:
                arguments[name] = quoted(text)
            else:
                hints.append(f'# {name} = "{examples[name]}"  # not in the code')
        if known.root_domains:
            arguments["root_domains"] = _list(known.root_domains)
        regions = known.regions or self._regions()
        if regions:
            arguments["regions"] = _list(regions)
        else:
            hints.append('# regions = ["…"]  # no provider configuration names one')
        if known.partition != "aws":
            arguments["partition"] = quoted(known.partition)
        if known.layers:
            arguments["layers"] = "true"
        elif any(len(self._estate.workspaces_of(account)) > 1 for account in self._estate.accounts.values()):
            hints.append("# layers = true  # if it is meant that an account has several workspaces")
        arguments.update({"profile": quoted(known.profile)} if known.profile else {})
        return ["platform {", *_indented([*hints, *self._profile(), *_arguments(arguments)]), "}"]

    def _profile(self) -> Iterable[str]:
        if not self._settings.platform.profile and self._estate.workspaces:
            profile, why = proposed_profile(self._estate)
            yield _comment(f"profile = {quoted(profile)}  # proposed: {why}")

    def _organizations(self) -> list[str]:
        """Return the organizations that `cloud` blocks name, the most frequent first."""
        counts: dict[str, int] = {}
        for workspace in self._estate.workspaces.values():
            state = workspace.result.state
            value = state.config.get("organization") if state.backend in ("cloud", "remote") else None
            if value is not None and isinstance(value.raw, str) and _writable(value.raw):
                counts[value.raw] = counts.get(value.raw, 0) + 1
        return sorted(counts, key=lambda name: (-counts[name], name))

    def _regions(self) -> list[str]:
        from astralint.aws.partitions import partition_of

        found = {
            provider.region.raw
            for workspace in self._estate.workspaces.values()
            for provider in workspace.result.providers
            if provider.type == "aws" and isinstance(provider.region.raw, str)
        }
        return sorted(region for region in found if partition_of(region) is not None)

    # --- accounts and workspaces ---------------------------------------------------------------------

    def account(self, account: Account) -> list[str]:
        workspaces = [w for w in self._estate.workspaces_of(account) if _can_be_written(w)]
        hints: list[str] = []
        arguments: dict[str, str] = {}
        if account.evidence and account.evidence != "the configuration":
            hints.append(_comment(f"Inferred from {account.evidence}."))
        if _writable(account.kind):
            arguments["kind"] = quoted(account.kind)
        else:
            hints.append('# kind = "…"  # could not be inferred')
        number = account.number or self._imported.get(account.name, "")
        if NUMBER.fullmatch(number) and number not in self._numbers:
            self._numbers.add(number)
            arguments["id"] = quoted(number)
        else:
            hints.append('# id = "…"  # not in the code')
        if account.domain:
            arguments["domain"] = quoted(account.domain)
        if account.external and not workspaces:
            arguments["external"] = "true"
            hints.append("# External: it belongs to the organization, but no workspace here is for it.")
        if account.managed_by:
            arguments["managed_by"] = quoted(account.managed_by)
        for settings in self._settings.accounts:
            if settings.name == account.name:
                arguments.update({"profiles": _list(settings.profiles)} if settings.profiles else {})
                arguments.update({"regions": _list(settings.regions)} if settings.regions else {})
        inner = [*hints, *_arguments(arguments)]
        for workspace in workspaces:
            inner.extend(["", *self._workspace(workspace, [])] if inner else self._workspace(workspace, []))
        return [f"account {quoted(account.name)} {{", *_indented(inner), "}"]

    def unassigned(self) -> Iterable[list[str]]:
        for workspace in self._estate.workspaces.values():
            if not _can_be_written(workspace):
                yield [_comment(f"The workspace in {workspace.directory!a} has a name that is no text.")]
            elif workspace.account_or_none is None or not _writable(workspace.account_or_none.name):
                yield self._workspace(workspace, ['# account = "…"  # could not be inferred'])

    def _workspace(self, workspace: Workspace, hints: list[str]) -> list[str]:
        spec = workspace.spec
        arguments = {"path": quoted(relative(spec.directory, self._directory))}
        if spec.terraform_workspace not in (None, "default"):
            arguments["workspace"] = quoted(spec.terraform_workspace or "")
        if spec.variable_files:
            arguments["var_files"] = _list(relative(path, self._directory) for path in spec.variable_files)
        if spec.backend_files:
            arguments["backend_files"] = _list(relative(path, self._directory) for path in spec.backend_files)
        if spec.region:
            arguments["region"] = quoted(spec.region)
        return [f"workspace {quoted(spec.name)} {{", *_indented([*hints, *_arguments(arguments)]), "}"]

    def example(self) -> list[str]:
        return [
            "# No account could be inferred. Each has a block:",
            "#",
            '# account "production" {',
            '#   kind = "production"',
            '#   id   = "000000000000"',
            "#",
            '#   workspace "production" {',
            '#     path = "workspaces/production"',
            "#   }",
            "# }",
        ]


def _can_be_written(workspace: Workspace) -> bool:
    spec = workspace.spec
    return all(map(_writable, (spec.name, spec.directory, *spec.variable_files, *spec.backend_files)))


def _or(names: list[str]) -> str:
    return " or ".join(f"`{name}`" for name in names[:3])
