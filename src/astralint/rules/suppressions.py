"""Suppression comments: `# astralint: ignore[iam-user-outside-identity] -- reason, until 2027-01-31`.

A comment counts for findings whose primary place is on its line, or on the next
line that holds code where it stands alone. The reason is obligatory, the date is
not. A comment without a reason, with an unknown rule, that nothing needs, or that
has expired is a finding itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches

import msgspec

from astralint.hcl import syntax
from astralint.rules.finding import Finding, RuleDescription, SuppressedFinding, UndecidedSubject
from astralint.source.evidence import Evidence
from astralint.source.span import Span
from astralint.terraform.configuration.body import SourceFile

MARKER = re.compile(r"astralint:\s*(?P<verb>[A-Za-z-]+)(?P<open>\s*\[)?")
VERB = "ignore"
LIKE_IT = ("disable", "suppress", "skip", "allow", "noqa", "off", "ignored", "ignores")
"""What others call it, and how it is misspelt: none of these silences anything, and each is said."""

DATED = re.compile(r"(?P<word>[A-Za-z]+) (?P<date>\d{4}-\d{2}-\d{2})$")
FORM = re.compile(r"astralint: ?ignore ?\[(?P<rules>[^\]]*)\] ?(?:-- ?(?P<reason>.*))?")
UNTIL = re.compile(r"(?:, ?|(?<= )|^)until (?P<date>[^ ]+)$")
MAXIMUM_LENGTH = 1000
"""Longer comments are cut: a suppression is a sentence, and what is matched has to end."""

RULES = (
    RuleDescription(
        "AL951",
        "suppression-invalid",
        "error",
        "A suppression names existing rules and gives a reason",
        "A suppression names existing rules and gives a reason.\n\n"
        "## Why\n\nA suppression without a reason can't be judged by the next reader, and one that names no rule "
        "silences nothing.\n\n## Good\n\n```hcl\n"
        "# astralint: ignore[iam-user-outside-identity] -- the vendor supports keys only, until 2027-01-31\n```\n",
        ("suppressions",),
    ),
    RuleDescription(
        "AL952",
        "suppression-unused",
        "warning",
        "A suppression keeps a finding back",
        "A suppression keeps a finding back.\n\n## Why\n\nA suppression that nothing needs any more would hide "
        "the next violation on its line without anybody having decided so.\n",
        ("suppressions",),
    ),
    RuleDescription(
        "AL953",
        "suppression-expired",
        "error",
        "A suppression with a date counts until that day",
        "A suppression with a date counts until that day.\n\n## Why\n\nWhoever wrote `until` promised to mend it "
        "by then; from the next day on the finding is back.\n",
        ("suppressions",),
    ),
)


WITH_COMMENTS = tuple(f"{ending}{json}" for ending in (".tf", ".tofu", ".hcl", ".tfvars") for json in ("", ".json"))
"""The endings of the files whose comments may suppress findings."""


class Suppression(msgspec.Struct, frozen=True):
    """A suppression comment, read. `lines` are those that it counts for."""

    span: Span
    lines: tuple[int, ...]
    rules: tuple[str, ...]
    reason: str
    until: date | None
    problem: str = ""


def read_suppressions(source: SourceFile) -> list[Suppression]:
    """Return the suppressions of a file, the malformed ones with their problem."""
    found: list[Suppression] = []
    code: list[int] | None = None
    for comment in source.file.comments:
        marker = MARKER.search(comment.text)
        if marker is None or not _is_meant(marker["verb"].lower(), is_list=bool(marker["open"])):
            continue
        span = source.span(comment.start, comment.end)
        lines = [span.line]
        if comment.own_line:
            code = sorted(_starts(source.file.body)) if code is None else code
            following = bisect_left(code, comment.end)
            for start in code[following : following + 1]:
                lines.extend(range(source.lines.position(start)[0], _last_line(source, start) + 1))
        found.append(_read(comment.text[marker.start() :], span, tuple(lines)))
    return found


def _last_line(source: SourceFile, start: int) -> int:
    """Return the last line that a comment above some code counts for: a heredoc's, which can hold no comment itself."""
    line = source.lines.position(start)[0]
    pending: list[object] = [source.file.body]
    while pending:
        node = pending.pop()
        if not isinstance(node, syntax.Node):
            continue
        if isinstance(node, syntax.Attribute | syntax.ObjectItem) and node.start == start:
            value = node.expression if isinstance(node, syntax.Attribute) else node.value
            is_text = isinstance(value, syntax.Literal | syntax.Template)
            return max(line, source.lines.position(value.end)[0]) if is_text else line
        if isinstance(node, syntax.Body) or node.start <= start < node.end:
            for name in node.__struct_fields__:
                inner = getattr(node, name)
                pending.extend(inner if isinstance(inner, tuple) else (inner,))
    return line


def _is_meant(verb: str, *, is_list: bool) -> bool:
    """Say whether a comment is meant to silence something: by its verb, or because it lists rules."""
    return is_list or verb == VERB or verb in LIKE_IT or bool(get_close_matches(verb, (VERB,), 1, 0.8))


def _starts(body: syntax.Body) -> Iterator[int]:
    """Yield where everything that is written in a body begins."""
    pending: list[object] = [*body.attributes, *body.blocks]
    while pending:
        node = pending.pop()
        if isinstance(node, syntax.Node):
            if not isinstance(node, syntax.Body):
                yield node.start
            pending.extend(getattr(node, name) for name in node.__struct_fields__)
        elif isinstance(node, tuple):
            pending.extend(node)


def _read(comment: str, span: Span, lines: tuple[int, ...]) -> Suppression:
    text = " ".join(comment[:MAXIMUM_LENGTH].removesuffix("*/").split())
    match = FORM.fullmatch(text)
    verb = MARKER.match(text)
    if verb is not None and verb["verb"] != VERB:
        problem = f"`{verb['verb']}` silences nothing: did you mean `{VERB}`?"
        return Suppression(span, lines, (), "", None, problem)
    if match is None:
        problem = "a suppression has the form `astralint: ignore[RULE] -- REASON`"
        return Suppression(span, lines, (), "", None, problem)
    names = tuple(dict.fromkeys(name.strip() for name in match["rules"].split(",") if name.strip()))
    reason = (match["reason"] or "").strip()
    until: date | None = None
    problem = ""
    dated = UNTIL.search(reason)
    if dated is not None:
        reason = reason[: dated.start()].strip()
        try:
            until = date.fromisoformat(dated["date"])
        except ValueError:
            problem = f"`{dated['date']}` is not a date of the form YYYY-MM-DD"
    elif (end := DATED.search(reason)) is not None and get_close_matches(end["word"].lower(), ("until",), 1, 0.7):
        problem = f"`{end['word']}` sets no end: did you mean `until`?"
    if not names:
        problem = "this suppression names no rule"
    elif not reason:
        problem = "this suppression gives no reason"
    return Suppression(span, lines, names, reason, until, problem)


class Applied(msgspec.Struct, frozen=True, eq=False):
    """The findings that stand, those that are kept back, and findings about suppressions."""

    findings: tuple[Finding, ...]
    suppressed: tuple[SuppressedFinding, ...]


def apply_suppressions(
    findings: Sequence[Finding],
    files: Iterable[str],
    source: Callable[[str], SourceFile | None],
    known: Iterable[RuleDescription],
    today: date,
    *,
    run: Iterable[str],
    undecided: Iterable[UndecidedSubject] = (),
    some_not_loaded: bool = False,
) -> Applied:
    """Keep findings back whose primary place has a suppression, and judge the suppressions themselves.

    `run` are the ids of the rules that ran: of a rule that did not, nothing proves
    that a suppression is unused; nor does anything where the rule could not decide
    about a subject in the suppression's file. With `some_not_loaded`, a rule that is not
    known may be one of those.
    """
    names = {rule.id: rule.name for rule in known}
    ran = set(run)
    by_place: dict[tuple[str, int], list[Suppression]] = {}
    everything: list[Suppression] = []
    for file in sorted(set(files)):
        if not file.endswith(WITH_COMMENTS):
            # What functions read is data, and may be of any size.
            continue
        parsed = source(file)
        if parsed is None or not parsed.file.comments:
            continue
        for suppression in read_suppressions(parsed):
            everything.append(suppression)
            for line in suppression.lines:
                by_place.setdefault((file, line), []).append(suppression)
    used: set[tuple[Suppression, str]] = set()
    standing: list[Finding] = []
    kept: list[SuppressedFinding] = []
    for finding in findings:
        span = finding.primary.span
        match = next(
            (
                (suppression, name)
                for suppression in by_place.get((span.file, span.line), ())
                for name in suppression.rules
                if not suppression.problem and name.lower() in (finding.rule.lower(), finding.name.lower())
            ),
            None,
        )
        if match is None:
            standing.append(finding)
            continue
        used.add(match)
        if match[0].until is not None and match[0].until < today:
            standing.append(finding)
        else:
            kept.append(SuppressedFinding(finding, "comment", match[0].reason, match[0].span))
    open_ = {(subject.rule, file) for subject in undecided for file in _files(subject)}
    for suppression in everything:
        judged = ran - {rule for rule, file in open_ if file in ("", suppression.span.file)}
        standing.extend(_judge(suppression, names, judged, used, today, some_not_loaded=some_not_loaded))
    return Applied(tuple(sorted(standing, key=lambda f: f.sort_key)), tuple(kept))


def _files(subject: UndecidedSubject) -> tuple[str, ...]:
    """Return the files of an undecided subject: its own, "" where it may be about any, and that of what is not known."""
    return (subject.file, subject.span.file) if subject.span is not None else (subject.file,)


def _judge(
    suppression: Suppression,
    names: dict[str, str],
    ran: set[str],
    used: set[tuple[Suppression, str]],
    today: date,
    *,
    some_not_loaded: bool,
) -> list[Finding]:
    if suppression.problem:
        return [_finding(0, suppression.problem, suppression)]
    found: list[Finding] = []
    for name in suppression.rules:
        lowered = name.lower()
        id_ = next((rule for rule, called in names.items() if lowered in (rule.lower(), called.lower())), None)
        if id_ is None and some_not_loaded:
            continue
        if id_ is None:
            close = get_close_matches(name, [*names, *names.values()], 1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            found.append(_finding(0, f"no rule is called `{name}`{hint}", suppression))
        elif suppression.until is not None and suppression.until < today:
            found.append(_finding(2, f"this suppression of `{name}` expired on {suppression.until}", suppression))
        elif (suppression, name) not in used and id_ in ran:
            found.append(_finding(1, f"this suppression of `{name}` keeps nothing back", suppression))
    return found


def _finding(which: int, message: str, suppression: Suppression) -> Finding:
    rule = RULES[which]
    return Finding(
        rule.id, rule.name, rule.severity, message, Evidence(suppression.span, ""), subject=",".join(suppression.rules)
    )
