"""Which rules run, with which severity and options, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from astralint.config.check import unknown_rules, with_spelt_names
from astralint.config.schema import CONTRACTS
from astralint.config.settings import RuleSettings, Settings
from astralint.config.suggest import did_you_mean
from astralint.rules.declaration import Rule
from astralint.rules.finding import RuleDescription
from astralint.rules.housekeeping import HOUSEKEEPING
from astralint.source.diagnostic import Diagnostic, Severity
from astralint.source.span import Span


class Selected(msgspec.Struct, frozen=True, eq=False):
    """A rule with the severity and options in force."""

    rule: Rule
    severity: Severity
    options: Any = None


class Choice(msgspec.Struct, frozen=True, eq=False):
    """Whether a rule runs, and why; `span` is where the configuration says so."""

    rule: Rule
    runs: bool
    severity: Severity
    why: str
    span: Span | None = None


def select_rules(
    rules: Iterable[Rule],
    settings: Settings,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    *,
    some_not_loaded: bool = False,
) -> tuple[list[Selected], list[Diagnostic]]:
    """Return the rules in force with their severity and options.

    `select` and `ignore` hold ids, names, or beginnings of ids (`AL1`), in any case. A
    pattern that fits no rule is a diagnostic (a usage error), as is a `rule` block for
    none, unless there are rules that were not loaded. A type of contracts is in force where
    the configuration has one of it.
    """
    every = list(rules)
    known: list[Rule | RuleDescription] = [*every, *HOUSEKEEPING]
    diagnostics = list(_unknown_patterns(known, (*select, *ignore), some_not_loaded=some_not_loaded))
    wrong = unknown_rules(settings, [(rule.id, rule.name) for rule in known])
    diagnostics += [d for d in wrong if not (some_not_loaded and d.code == "unknown-rule")]
    configured = {setting.name.lower(): setting for setting in settings.rules}
    chosen: list[Selected] = []
    for choice in choices(every, settings, select, ignore):
        if not choice.runs:
            continue
        rule = choice.rule
        setting = _setting(rule, configured)
        options, problems = _options(rule, setting)
        diagnostics += problems
        chosen.append(Selected(rule, choice.severity, options))
    return chosen, diagnostics


def settings_for(settings: Settings, rules: Iterable[Rule]) -> Settings:
    """Return the settings with rules called as they are spelt, whatever case the configuration writes them in."""
    every: list[Rule | RuleDescription] = [*rules, *HOUSEKEEPING]
    return with_spelt_names(settings, [(rule.id, rule.name) for rule in every])


def choices(
    rules: Iterable[Rule], settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Iterator[Choice]:
    """Yield of each rule whether it runs, and why."""
    agreed = {contract.type for contract in settings.contracts}
    configured = {setting.name.lower(): setting for setting in settings.rules}
    for rule in rules:
        setting = _setting(rule, configured)
        own = setting.severity if setting is not None else ""
        span = setting.span if setting is not None and own else None
        is_named = _named(rule, select)
        in_force: Severity = rule.severity if own in ("", "off") else own  # type: ignore[assignment]
        if rule.name in CONTRACTS and rule.name not in agreed:
            yield Choice(rule, False, in_force, "the configuration has no contract of this type")
        elif fits(rule, ignore):
            yield Choice(rule, False, in_force, "`--ignore` leaves it out")
        elif select and not fits(rule, select):
            yield Choice(rule, False, in_force, "`--select` names others")
        elif own == "off" and not is_named:
            yield Choice(rule, False, in_force, "the configuration switches it off", span)
        elif own == "off":
            yield Choice(rule, True, in_force, "`--select` names it, though the configuration switches it off", span)
        elif rule.profiles and setting is None and not is_named and settings.profile not in rule.profiles:
            names = " or ".join(f"`{name}`" for name in rule.profiles)
            yield Choice(rule, False, in_force, f"it belongs to the profile {names}, and no `rule` block names it")
        elif own:
            yield Choice(rule, True, in_force, f"the configuration gives it the severity {own}", span)
        else:
            yield Choice(rule, True, in_force, "it runs unless it is switched off")


def _setting(rule: Rule, configured: dict[str, RuleSettings]) -> RuleSettings | None:
    return configured.get(rule.id.lower()) or configured.get(rule.name.lower())


def fits(rule: Rule | RuleDescription, patterns: Sequence[str]) -> bool:
    """Say whether a rule's name, or the beginning of its id in any case, is one of the patterns."""
    return any(pattern == rule.name or rule.id.lower().startswith(pattern.lower()) for pattern in patterns)


def _named(rule: Rule, patterns: Sequence[str]) -> bool:
    return any(pattern == rule.name or pattern.lower() == rule.id.lower() for pattern in patterns)


def _unknown_patterns(
    rules: Sequence[Rule | RuleDescription], patterns: Sequence[str], *, some_not_loaded: bool
) -> Iterator[Diagnostic]:
    for pattern in patterns:
        if not any(fits(rule, (pattern,)) for rule in rules):
            found = did_you_mean(pattern, [name for rule in rules for name in (rule.id, rule.name)])
            help_ = found if found is not None and found.startswith("did") else "`astralint rules` lists all of them"
            if some_not_loaded:
                help_ = "the rules in `rule_paths` are not run here: `--allow-rule-code` runs them"
            yield Diagnostic("unknown-rule", "error", f"no rule is called `{pattern}`", help=help_, usage=True)


def _options(rule: Rule, setting: RuleSettings | None) -> tuple[Any, list[Diagnostic]]:
    given = setting.options if setting is not None else {}
    known = [field.name for field in msgspec.structs.fields(rule.options)] if rule.options is not None else []
    problems = [_unknown_option(rule, name, known, setting) for name in given if name not in known]
    if rule.options is None:
        return None, problems
    try:
        return msgspec.convert({name: given[name] for name in given if name in known}, rule.options), problems
    except msgspec.ValidationError as error:
        message = f"the options of rule `{rule.name}` are not valid: {error}"
        span = setting.span if setting is not None else None
        return rule.options(), [*problems, Diagnostic("invalid-option", "error", message, span, usage=True)]


def _unknown_option(rule: Rule, name: str, known: Sequence[str], setting: RuleSettings | None) -> Diagnostic:
    has = "has no options" if not known else f"has no option `{name}`"
    help_ = did_you_mean(name, [*known, "severity", "except", "path"])
    span = (setting.option_spans.get(name) or setting.span) if setting is not None else None
    return Diagnostic("invalid-option", "error", f"rule `{rule.name}` {has}", span, help=help_, usage=True)
