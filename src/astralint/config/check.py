"""What can be judged of settings only by those who know the rules; and profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from astralint.config.profiles import PROFILES
from astralint.config.settings import RuleSettings, Settings
from astralint.config.suggest import did_you_mean
from astralint.source.diagnostic import Diagnostic, Label
from astralint.source.span import Span

MAXIMUM_KIND = 100


def unknown_rules(settings: Settings, known: Iterable[tuple[str, str]]) -> list[Diagnostic]:
    """Return a usage error for each `rule` block that names no rule, or one that has been configured by its other name.

    `known` are the (id, name) of all rules.
    """
    pairs = list(known)
    names = {name.lower(): id_ for id_, name in pairs} | {id_.lower(): id_ for id_, _ in pairs}
    found: list[Diagnostic] = []
    spelt: dict[str, tuple[str, Span]] = {}
    for rule in _every(settings):
        span = rule.name_span or rule.span
        id_ = names.get(rule.name.lower())
        if id_ is None:
            help_ = did_you_mean(rule.name, [text for pair in pairs for text in pair])
            close = help_ if help_ is not None and help_.startswith("did") else "`astralint rules` lists all of them"
            found.append(
                Diagnostic("unknown-rule", "error", f"no rule is called `{rule.name}`", span, help=close, usage=True)
            )
            continue
        name, first = spelt.setdefault(id_, (rule.name, span))
        if name != rule.name:
            message = f"`{rule.name}` and `{name}` are the same rule"
            label = Label(first, "it has this name here")
            help_ = "call it by one name throughout the configuration"
            found.append(Diagnostic("duplicate-rule", "error", message, span, (label,), help_, usage=True))
    return found


def with_spelt_names(settings: Settings, known: Iterable[tuple[str, str]]) -> Settings:
    """Return the settings with rules called as they are spelt: the configuration may write names in any case.

    `known` are the (id, name) of all rules.
    """
    spelt = {text.lower(): text for pair in known for text in pair}

    def renamed(rules: Iterable[RuleSettings]) -> tuple[RuleSettings, ...]:
        return tuple(msgspec.structs.replace(rule, name=spelt.get(rule.name.lower(), rule.name)) for rule in rules)

    profiles = {name: renamed(rules) for name, rules in settings.profiles.items()}
    return msgspec.structs.replace(settings, rules=renamed(settings.rules), profiles=profiles)


def _every(settings: Settings) -> Iterator[RuleSettings]:
    yield from settings.rules
    for rules in settings.profiles.values():
        yield from rules


def unusual_kinds(settings: Settings, known: Iterable[str], meaning: Callable[[str], str | None]) -> list[Diagnostic]:
    """Return a warning for each account whose kind looks like another way to write one of the architecture's.

    Kinds are free, so `prod` is one of its own, and no rule for production applies.
    `known` are the architecture's kinds; `meaning` gives the one that a name stands for.
    """
    from difflib import get_close_matches

    kinds = tuple(known)
    found: list[Diagnostic] = []
    for account in settings.accounts:
        if not account.kind or account.kind in kinds or len(account.kind) > MAXIMUM_KIND:
            continue
        meant = meaning(account.kind)
        if meant not in kinds:
            meant = next(iter(get_close_matches(account.kind.lower(), kinds, 1, 0.8)), None)
        if meant is not None:
            message = f"`{account.kind}` is a kind of its own: no rule for `{meant}` accounts holds for it"
            help_ = f"if it is meant, write `{meant}`"
            found.append(Diagnostic("unusual-kind", "warning", message, account.kind_span or account.span, help=help_))
    return found


def with_profile(settings: Settings, asked: str | None) -> Settings | Diagnostic:
    """Return the settings with a profile's settings of rules laid over them; a usage error where there is none.

    `asked` is the profile that the call names; without it, that of the `platform` block holds. A profile is one of the configuration's, or one that is built in; a configuration may add to one of these.

    A profile's severity and options win over those of the rule's own block; its
    exceptions are added.
    """
    name = settings.platform.profile if asked is None else asked
    if not name and asked is None:
        return settings
    profile = settings.profiles.get(name)
    if profile is None and name in PROFILES:
        return msgspec.structs.replace(settings, profile=name)
    if profile is None:
        span = Span(settings.path, 1, 1, 1, 1) if settings.path is not None else None
        span = settings.platform.profile_span if asked is None else span
        message = f"the configuration has no profile `{name}`"
        help_ = did_you_mean(name, (*settings.profiles, *PROFILES), "the profiles are ")
        return Diagnostic("unknown-profile", "error", message, span, help=help_, usage=True)
    rules = {rule.name: rule for rule in settings.rules}
    for rule in profile:
        base = rules.get(rule.name)
        rules[rule.name] = rule if base is None else _over(base, rule)
    return msgspec.structs.replace(settings, rules=tuple(rules.values()), profile=name)


def _over(base: RuleSettings, rule: RuleSettings) -> RuleSettings:
    return msgspec.structs.replace(
        rule,
        severity=rule.severity or base.severity,
        options={**base.options, **rule.options},
        option_spans={**base.option_spans, **rule.option_spans},
        exceptions=(*base.exceptions, *rule.exceptions),
        paths=(*rule.paths, *base.paths),
    )
