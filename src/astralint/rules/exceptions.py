"""Exceptions of the configuration: what a rule does not judge, and why.

    rule "iam-user-outside-identity" {
      except "break glass, see the runbook" {
        subjects = ["aws_iam_user.break_glass"]
        accounts = ["production"]
        until    = "2027-06-30"
      }
    }

Each of `subjects`, `accounts` and `workspaces` that is given has to fit, with `*` and
`?`. A subject is a finding's own (an address; of a way or a trust, either end of it
will do), or its account or workspace. An exception that keeps nothing back, or that
has expired, is a finding itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from astralint.aws.wildcard import match
from astralint.config.settings import RuleException, Settings
from astralint.rules.finding import Finding, RuleDescription, SuppressedFinding, UndecidedSubject
from astralint.rules.suppressions import Applied
from astralint.source.evidence import Evidence

UNUSED = RuleDescription(
    "AL954",
    "exception-unused",
    "error",
    "An exception of the configuration keeps a finding back",
    "An exception of the configuration keeps a finding back.\n\n## Why\n\nAn exception that nothing needs any more "
    "would hide the next violation that it fits without anybody having decided so.\n",
    ("suppressions",),
)
EXPIRED = RuleDescription(
    "AL955",
    "exception-expired",
    "error",
    "An exception with a date counts until that day",
    "An exception with a date counts until that day.\n\n## Why\n\nWhoever wrote `until` promised to mend it by then; "
    "from the next day on the finding is back.\n",
    ("suppressions",),
)
RULES = (UNUSED, EXPIRED)

Key = tuple[str, str]
"""A rule's id or name and "", or a contract's type and title."""


def apply_exceptions(
    findings: Sequence[Finding],
    undecided: Sequence[UndecidedSubject],
    settings: Settings,
    today: date,
    *,
    run: Iterable[str],
) -> Applied:
    """Keep findings back that an exception of their rule fits, and judge the exceptions themselves.

    `run` are the ids and names of the rules that ran: of a rule that did not, nothing proves
    that an exception is unused; nor does anything where the rule could not decide
    about a subject that the exception fits.
    """
    by_rule: dict[Key, list[RuleException]] = {}
    for rule in settings.rules:
        by_rule.setdefault((rule.name, ""), []).extend(rule.exceptions)
    for contract in settings.contracts:
        if contract.severity != "off":
            by_rule.setdefault((contract.type, contract.title), []).extend(contract.exceptions)
    needed: set[int] = set()
    standing: list[Finding] = []
    kept: list[SuppressedFinding] = []
    for finding in findings:
        fitting = [
            exception
            for exception in _of(finding, by_rule)
            if _fits(exception, finding.subject, finding.account, finding.workspace)
        ]
        needed.update(map(id, fitting))
        valid = next((exception for exception in fitting if not _is_expired(exception, today)), None)
        if valid is None:
            standing.append(finding)
        else:
            kept.append(SuppressedFinding(finding, "configuration", valid.reason, valid.span))
    for subject in undecided:
        for exception in _of(subject, by_rule):
            if _fits(exception, subject.subject, None, subject.workspace):
                needed.add(id(exception))
    ran = set(run)
    for (name, title), exceptions in by_rule.items():
        standing.extend(_judged(title or name, exceptions, needed, today, has_run=name in ran))
    return Applied(tuple(sorted(standing, key=lambda f: f.sort_key)), tuple(kept))


def _of(said: Finding | UndecidedSubject, by_rule: dict[Key, list[RuleException]]) -> list[RuleException]:
    """Return the exceptions of what says it: of its rule, by id or name, and of its contract."""
    keys = [(said.rule, ""), (said.name, "")] + ([(said.name, said.contract)] if said.contract else [])
    return [exception for key in keys for exception in by_rule.get(key, ())]


def _judged(
    name: str, exceptions: Iterable[RuleException], needed: set[int], today: date, *, has_run: bool
) -> Iterator[Finding]:
    for exception in exceptions:
        if _is_expired(exception, today):
            yield _finding(EXPIRED, f"this exception from `{name}` expired on {exception.until}", name, exception)
        elif has_run and id(exception) not in needed:
            yield _finding(UNUSED, f"this exception from `{name}` keeps nothing back", name, exception)


def _is_expired(exception: RuleException, today: date) -> bool:
    return bool(exception.until) and date.fromisoformat(exception.until) < today


def _fits(exception: RuleException, subject: str, account: str | None, workspace: str) -> bool:
    """Say whether an exception is for a subject; an account of None may be any."""
    ends = [part.strip() for way in subject.split(" -> ") for part in way.split(": ", 1)]
    names = [subject, *ends, account or "", workspace]
    return (
        (not exception.subjects or any(_is(pattern, name) for pattern in exception.subjects for name in names if name))
        and (not exception.accounts or account is None or any(_is(pattern, account) for pattern in exception.accounts))
        and (not exception.workspaces or any(_is(pattern, workspace) for pattern in exception.workspaces))
    )


def _is(pattern: str, name: str) -> bool:
    # Not fnmatch: the brackets of `aws_iam_user.these["a"]` are no character class.
    return match(pattern, name) is True


def _finding(rule: RuleDescription, message: str, name: str, exception: RuleException) -> Finding:
    return Finding(rule.id, rule.name, rule.severity, message, Evidence(exception.span, ""), subject=name)
