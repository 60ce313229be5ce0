"""Running rules: every subject once, what is undecided noted, nothing swallowed."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from astralint.estate.model import Account, Resource, Violation, Workspace
from astralint.estate.views import Undecided
from astralint.platform.platform import Platform
from astralint.rules.declaration import Rule
from astralint.rules.finding import Finding, SilentRule, UndecidedSubject
from astralint.rules.guesses import without_certainty
from astralint.rules.selection import Selected
from astralint.rules.severities import PathSeverities
from astralint.source.diagnostic import Diagnostic
from astralint.source.evidence import Evidence
from astralint.source.span import Span


class RuleRun(msgspec.Struct, frozen=True, eq=False):
    """What the rules said, in stable order."""

    findings: tuple[Finding, ...]
    undecided: tuple[UndecidedSubject, ...]
    silent: tuple[SilentRule, ...]
    diagnostics: tuple[Diagnostic, ...]


def run_rules(
    selected: Sequence[Selected], platform: Platform, today: date | None = None, *, strict_errors: bool = False
) -> RuleRun:
    """Run rules over a platform, on the day `today` for rules about what expires.

    A rule that raises anything but Undecided is broken: that is a diagnostic, and
    the other subjects and rules go on. With `strict_errors` it is raised.
    """
    platform.today = today
    runner = _Runner(platform, strict_errors=strict_errors)
    for rule in selected:
        runner.run(rule)
    return RuleRun(
        tuple(sorted(runner.findings, key=lambda f: f.sort_key)),
        tuple(sorted(runner.undecided, key=lambda u: (u.rule, u.workspace, u.subject, u.reason))),
        tuple(sorted(runner.silent)),
        tuple(runner.diagnostics),
    )


class _Runner:
    def __init__(self, platform: Platform, *, strict_errors: bool) -> None:
        self.platform = platform
        self.strict_errors = strict_errors
        self.findings: dict[Finding, None] = {}
        self.undecided: dict[UndecidedSubject, None] = {}
        self.severities = PathSeverities(platform.settings)
        self.silent: list[SilentRule] = []
        self.diagnostics: list[Diagnostic] = []

    def run(self, selected: Selected) -> None:
        rule = selected.rule
        missing = [kind for kind in rule.needs if not self.platform.of_kind(kind)]
        if rule.home and self.platform.settings.missing_kinds != "each" and not self.platform.of_kind(rule.home):
            missing.append(rule.home)
        if missing:
            kinds = " and no ".join(f"`{kind}`" for kind in missing)
            self.silent.append(SilentRule(rule.id, rule.name, f"the platform has no {kinds} account"))
            return
        try:
            for subject in self._subjects(rule):
                self._judge(selected, subject)
        except Undecided as undecided:
            self.undecided.setdefault(_undecided(rule, self.platform, undecided))
        except Exception as error:
            self._failed(rule, self.platform, error)

    def _subjects(self, rule: Rule) -> Iterable[Any]:
        if callable(rule.each):
            return rule.each(self.platform)
        if rule.each == ("workspace",):
            return self.platform.workspaces.values()
        if rule.each == ("account",):
            return self.platform.accounts.values()
        if rule.each == ("platform",):
            return (self.platform,)
        data = [type_.removeprefix("data.") for type_ in rule.each if type_.startswith("data.")]
        managed = [type_ for type_ in rule.each if not type_.startswith("data.")]
        return [*self.platform.resources(*managed), *self.platform.data_sources(*data)]

    def _judge(self, selected: Selected, subject: Any) -> None:
        rule = selected.rule
        arguments = {"options": selected.options} if rule.options is not None else {}
        try:
            for violation in rule.check(subject, self.platform, **arguments) or ():
                self.findings.setdefault(without_certainty(self._finding(selected, violation), rule, self.platform))
        except Undecided as undecided:
            self.undecided.setdefault(_undecided(rule, subject, undecided))
        except Exception as error:
            self._failed(rule, subject, error)

    def _finding(self, selected: Selected, violation: Violation) -> Finding:
        finding = _finding(selected, violation)
        there = self.severities.of(finding.rule, finding.name, finding.contract, finding.primary.span.file)
        return finding if there is None else msgspec.structs.replace(finding, severity=there)

    def _failed(self, rule: Rule, subject: Any, error: Exception) -> None:
        """Note that a rule is broken, with the line of its file; raise it where errors are to be raised."""
        if self.strict_errors:
            raise error
        name, _, span = _place(subject)
        message = f"rule `{rule.id} {rule.name}` failed on `{name}`: {type(error).__name__}: {error}"
        help_ = f"this is a bug of the rule, in {_line_of(rule, error)}; please report it"
        self.diagnostics.append(Diagnostic("rule-failed", "error", message, span, help=help_, broken=True))


def _line_of(rule: Rule, error: Exception) -> str:
    """Return the last line of a rule's own file that an error went through."""
    own = inspect.unwrap(rule.check).__code__.co_filename
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
    return f"`{Path(own).name}` line {frames[-1].lineno}" if frames else f"`{Path(own).name}`"


def _finding(selected: Selected, violation: Violation) -> Finding:
    severity = selected.severity
    # A contract's own severity wins over that of its type.
    if violation.severity is not None and (violation.contract or selected.severity == selected.rule.severity):
        severity = violation.severity
    return Finding(
        selected.rule.id,
        selected.rule.name,
        severity,
        violation.message,
        violation.primary,
        violation.evidence,
        violation.path,
        violation.subject,
        violation.workspace,
        violation.account,
        violation.help,
        violation.contract,
        apart=violation.apart,
    )


def _place(subject: Any) -> tuple[str, str, Span | None]:
    if isinstance(subject, Resource):
        return subject.address, subject.workspace.name, subject.header
    if isinstance(subject, Workspace):
        return subject.name, subject.name, subject.anchor
    if isinstance(subject, Account):
        return subject.name, "", subject.span
    if isinstance(subject, Platform):
        return "platform", "", None
    for name in ("resource", "role", "workspace"):
        inner = getattr(subject, name, None)
        if inner is not None:
            return _place_within(subject, getattr(inner, "resource", inner))
    return (str(subject), "", None)


def _place_within(subject: Any, inner: Any) -> tuple[str, str, Span | None]:
    """Return the place of a rule's own kind of subject: that of its `evidence`, of the workspace that it is in."""
    address, workspace, span = _place(inner)
    evidence = getattr(subject, "evidence", None)
    if isinstance(evidence, tuple):
        evidence = evidence[0] if evidence else None
    is_named = any("__str__" in vars(kind) for kind in type(subject).__mro__[:-1])
    name = str(subject) if is_named else address
    return name, workspace, evidence.span if isinstance(evidence, Evidence) else span


def _undecided(rule: Rule, subject: Any, undecided: Undecided) -> UndecidedSubject:
    name, workspace, span = _place(subject)
    reason = undecided.reason
    contract = getattr(subject, "contract", "")
    file = span.file if span is not None else ""
    return UndecidedSubject(
        rule.id, rule.name, name, workspace, reason.message, reason.span or span, contract, reason.code, file=file
    )
