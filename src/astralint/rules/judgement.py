"""From a platform to a check's result: rules run, exceptions and suppressions keep findings back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from astralint.config.settings import Settings
from astralint.platform.build import Build
from astralint.rules.baseline import Baseline, apply
from astralint.rules.causes import with_cause
from astralint.rules.contracts.problems import problems as contract_problems
from astralint.rules.coverage import coverage
from astralint.rules.declaration import Rule
from astralint.rules.exceptions import apply_exceptions
from astralint.rules.finding import CheckResult, RuleDescription
from astralint.rules.fingerprint import Line
from astralint.rules.grouping import grouped
from astralint.rules.housekeeping import HOUSEKEEPING, housekeeping, in_force
from astralint.rules.runner import run_rules
from astralint.rules.selection import Selected
from astralint.rules.suppressions import apply_suppressions
from astralint.source.diagnostic import Diagnostic
from astralint.terraform.configuration.body import SourceFile


def judge(
    build: Build,
    settings: Settings,
    selected: Sequence[Selected],
    known: Iterable[Rule],
    source: Callable[[str], SourceFile | None],
    today: date,
    *,
    ignore: Sequence[str] = (),
    diagnostics: Iterable[Diagnostic] = (),
    strict_errors: bool = False,
    baseline: Baseline | None = None,
    line: Line | None = None,
    some_not_loaded: bool = False,
) -> CheckResult:
    """Run the selected rules over a built platform and return all that there is to say.

    `known` are all rules, for suppressions may name those that do not run. `today` is
    the day by which what expires is judged. `diagnostics` are those found before. With a
    `baseline`, `line` returns the masked line of a place. With `some_not_loaded`, names of
    rules that are not known may be those of rules that were not loaded.
    """
    run = run_rules(selected, build.platform, today, strict_errors=strict_errors)
    ids = [rule.rule.id for rule in selected]
    names = [rule.rule.name for rule in selected]
    kept_house = housekeeping(settings, ignore)
    every_rule = [*(describe(Selected(rule, rule.severity)) for rule in known), *HOUSEKEEPING]
    configuration = [settings.path] if settings.path else []
    excepted = apply_exceptions(run.findings, run.undecided, settings, today, run=[*ids, *names])
    applied = apply_suppressions(
        excepted.findings,
        [*build.files, *configuration],
        source,
        every_rule,
        today,
        run=ids,
        undecided=run.undecided,
        some_not_loaded=some_not_loaded,
    )
    described = [*(describe(rule) for rule in selected), *kept_house.values()]
    said = [*diagnostics, *build.said, *contract_problems(build.platform), *run.diagnostics]
    standing = tuple(in_force(applied.findings, kept_house))
    suppressed = [*excepted.suppressed, *applied.suppressed]
    if baseline is not None and line is not None:
        # What was written down was masked too.
        left, stale = apply(build.secrets.data(standing), baseline, line, run=[*ids, *kept_house])
        standing = left.findings
        suppressed += left.suppressed
        said += stale
    covered, undecided = coverage(build, len(selected), run.undecided)
    return CheckResult(
        grouped((with_cause(finding, build.platform) for finding in standing), build.platform),
        tuple(sorted(suppressed, key=lambda s: s.finding.sort_key)),
        undecided,
        run.silent,
        tuple(sorted(said, key=lambda d: d.sort_key)),
        tuple(sorted(described, key=lambda r: r.id)),
        covered,
    )


def describe(selected: Selected) -> RuleDescription:
    """Return a rule's documentation with the severity in force."""
    rule = selected.rule
    return RuleDescription(
        rule.id,
        rule.name,
        selected.severity,
        rule.summary,
        rule.documentation,
        rule.tags,
        None,
        rule.security_severity,
        rule.pack,
    )
