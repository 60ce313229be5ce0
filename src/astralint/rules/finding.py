"""What rules say, and what a whole check amounts to."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from astralint.layouts.protocol import LayoutCoverage
from astralint.source.diagnostic import Diagnostic, Severity
from astralint.source.evidence import Evidence
from astralint.source.span import Span


class Finding(msgspec.Struct, frozen=True):
    """One violation, with every line of code that makes it true.

    `message` is one sentence without a full stop; names in it stand in backticks.
    `primary` is where it is fixed (and where a suppression counts). `evidence`
    are the further places, in any workspace. `path` are the steps of a way
    through the graph, in order, for rules about ways. `subject` is the address
    (or the account's name) that it is about; with rule and workspace it
    identifies the finding when lines move. `contract` is the title of the contract
    that it violates, if it is one.

    What comes from one line of code in several instances is one finding: it is the
    first of its `instances`, which are empty where it stands alone. One that is `apart`
    always does: its place is only the next best for something that is in no code.
    """

    rule: str
    name: str
    severity: Severity
    message: str
    primary: Evidence
    evidence: tuple[Evidence, ...] = ()
    path: tuple[Evidence, ...] = ()
    subject: str = ""
    workspace: str = ""
    account: str = ""
    help: str | None = None
    contract: str = ""
    instances: tuple[Instance, ...] = ()
    apart: bool = False

    @property
    def sort_key(self) -> tuple[object, ...]:
        span = self.primary.span
        return (span.file, span.line, span.column, self.rule, self.workspace, self.subject, self.message)

    @property
    def each(self) -> tuple[Finding, ...]:
        """The findings of its instances; itself where it stands alone."""
        return tuple(instance.finding for instance in self.instances) or (self,)


class Instance(msgspec.Struct, frozen=True):
    """One instance of a finding's line: the finding that it would be alone, and the place that makes the instance.

    `place` is the root's module call, for a line of a module; else the line itself.
    """

    finding: Finding
    place: Evidence


def single(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with those of several instances taken apart, in stable order."""
    return tuple(sorted((one for finding in findings for one in finding.each), key=lambda f: f.sort_key))


class UndecidedSubject(msgspec.Struct, frozen=True, order=True):
    """A subject that a rule could not judge, because of something unknown.

    `span` is what is not known, else the subject's own place; `file` is the subject's own, empty for
    the whole platform. `code` groups reasons, `remedy` says what would make it known, where anything would.
    """

    rule: str
    name: str
    subject: str
    workspace: str
    reason: str
    span: Span | None = None
    contract: str = ""
    code: str = ""
    remedy: str = ""
    file: str = ""


class SilentRule(msgspec.Struct, frozen=True, order=True):
    """A rule that had nothing to judge, and why: "the platform has no `dns` account"."""

    rule: str
    name: str
    reason: str


class SuppressedFinding(msgspec.Struct, frozen=True):
    """A finding that a comment, the configuration or the baseline keeps back."""

    finding: Finding
    by: str
    """`comment`, `configuration` or `baseline`."""
    reason: str
    span: Span | None = None


class RuleDescription(msgspec.Struct, frozen=True):
    """A rule's documentation, for reports and `astralint explain`.

    `summary` is the docstring's first line, `documentation` the whole of it in
    Markdown. `severity` is the one in force. `pack` is the distribution it is from.
    """

    id: str
    name: str
    severity: Severity
    summary: str
    documentation: str
    tags: tuple[str, ...] = ()
    help_uri: str | None = None
    security_severity: str | None = None
    pack: str = ""


class BlindPlace(msgspec.Struct, frozen=True, order=True):
    """A place that could not be seen through; `kind` is `module`, `remote-state` or `account`."""

    kind: str
    workspace: str
    name: str
    span: Span | None = None


class Coverage(msgspec.Struct, frozen=True):
    """What was analysed and what was not: the figures of the summary.

    `accounts` are (name, kind, number or "", count of workspaces). `modules_missing` are
    (source address, count of calls). `unknown_reasons` are (code, count of
    attributes). `unmapped_workspaces` are those without a known account. `languages` are
    (name, count of workspaces). `layouts` say how far each way of laying out code was understood.
    `remedies` are (what a line of configuration would make known, count of unknowns), the
    most telling first. `workspaces_at` are (name, directory, account or "") of all workspaces.
    """

    files: int = 0
    workspaces: int = 0
    workspaces_broken: tuple[str, ...] = ()
    unmapped_workspaces: tuple[str, ...] = ()
    accounts: tuple[tuple[str, str, str, int], ...] = ()
    resources: int = 0
    data_sources: int = 0
    module_calls: int = 0
    modules_read: int = 0
    modules_missing: tuple[tuple[str, int], ...] = ()
    remote_state_reads: int = 0
    remote_state_resolved: int = 0
    unknown_reasons: tuple[tuple[str, int], ...] = ()
    rules_run: int = 0
    languages: tuple[tuple[str, int], ...] = ()
    layouts: tuple[LayoutCoverage, ...] = ()
    remedies: tuple[tuple[str, int], ...] = ()
    workspaces_at: tuple[tuple[str, str, str], ...] = ()
    blind_places: tuple[BlindPlace, ...] = ()


class CheckResult(msgspec.Struct, frozen=True):
    """All that a check has to say, in stable order."""

    findings: tuple[Finding, ...]
    suppressed: tuple[SuppressedFinding, ...] = ()
    undecided: tuple[UndecidedSubject, ...] = ()
    silent: tuple[SilentRule, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    rules: tuple[RuleDescription, ...] = ()
    coverage: Coverage = Coverage()


__all__ = [
    "BlindPlace",
    "CheckResult",
    "Coverage",
    "Evidence",
    "Finding",
    "Instance",
    "RuleDescription",
    "SilentRule",
    "SuppressedFinding",
    "UndecidedSubject",
    "single",
]
