"""A summary in Markdown, for a comment on a pull request: bounded, and nothing in it is markup by accident."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from astralint.report.files import Files
from astralint.report.summary import analysed
from astralint.report.words import counted, sentence, shortened, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from astralint.report.context import ReportContext
    from astralint.rules.finding import CheckResult, Finding
    from astralint.source.diagnostic import Diagnostic
    from astralint.source.span import Span

MAXIMUM_LENGTH = 60_000
_MAXIMUM_CELL = 600
_SIGNS = {"error": "❌ error", "warning": "⚠️ warning", "note": "ℹ️ note"}
# Whatever begins markup, a link, a mention or a formula; as entities they are text.
_MARKUP = re.compile(r"[&<>\"'`*_{}\[\]()#+!|~@:\\$^=]|(?i:(?<=www)\.)|^[-.\d]")
_CODE = re.compile(r"`([^`]+)`")


def render(result: CheckResult, context: ReportContext) -> str:
    """Return the summary, of 60,000 characters at most; what doesn't fit is counted."""
    files = Files(context)
    head = [f"### astralint: {totals(result.findings)}", ""]
    tail = ["", *_tail(result)]
    budget = MAXIMUM_LENGTH - sum(len(row) + 1 for row in (*head, *tail)) - 400
    rows: list[str] = []
    for section, title in (
        (
            [_diagnostic(d, files) for d in result.diagnostics],
            ["| | Problem with the input | Where |", "|---|---|---|"],
        ),
        (
            [_finding(f, files) for f in result.findings],
            ["| | Rule | Finding | Where | Workspace |", "|---|---|---|---|---|"],
        ),
    ):
        if section:
            table = [*title, *_fitting(section, budget)]
            budget -= sum(len(row) + 1 for row in table)
            rows.extend([*table, ""])
    return "\n".join([*head, *rows, *tail]).replace("\n\n\n", "\n\n").rstrip("\n") + "\n"


def _fitting(rows: Iterable[str], budget: int) -> Iterator[str]:
    """Return the rows that fit, and how many don't."""
    left_out = 0
    for row in rows:
        budget -= len(row) + 1
        if left_out or budget < 0:
            left_out += 1
        else:
            yield row
    if left_out:
        yield ""
        yield f"… and {left_out:,} more"


def _finding(finding: Finding, files: Files) -> str:
    message = _prose(finding.message)
    if finding.evidence:
        message += f" ({counted(len(finding.evidence), 'further place')})"
    rule = f"{_plain(finding.rule)} {_plain(finding.name)}"
    return _row(_SIGNS[finding.severity], rule, message, _where(finding.primary.span, files), _code(finding.workspace))


def _diagnostic(diagnostic: Diagnostic, files: Files) -> str:
    where = _where(diagnostic.span, files) if diagnostic.span else ""
    return _row(_SIGNS[diagnostic.severity], _prose(diagnostic.message), where)


def _tail(result: CheckResult) -> Iterator[str]:
    if result.undecided:
        verdicts = counted(len(result.undecided), "verdict is", "verdicts are")
        yield f"{verdicts} undecided, because something is unknown:"
        reasons = Counter(item.reason for item in result.undecided).most_common(10)
        yield from (f"- {number:,} × {_prose(reason)}" for reason, number in reasons)
        yield ""
    if result.silent:
        yield f"{counted(len(result.silent), 'rule is', 'rules are')} silent."
        yield ""
    if result.suppressed:
        yield f"{counted(len(result.suppressed), 'finding is', 'findings are')} suppressed."
        yield ""
    yield analysed(result.coverage)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _where(span: Span, files: Files) -> str:
    return f"<code>{_escaped(shortened(files.path(span.file), _MAXIMUM_CELL))}&#58;{span.line}</code>"


def _code(text: str) -> str:
    return f"<code>{_escaped(shortened(sentence(text), _MAXIMUM_CELL))}</code>" if text else ""


def _plain(text: str) -> str:
    return _escaped(shortened(sentence(text), _MAXIMUM_CELL))


def _prose(text: str) -> str:
    """Return a message, what stands in backticks as code."""
    pieces = _CODE.split(shortened(sentence(text), _MAXIMUM_CELL))
    return "".join(
        f"<code>{_escaped(piece)}</code>" if index % 2 else _escaped(piece) for index, piece in enumerate(pieces)
    )


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda match: f"&#{ord(match.group())};", text)
