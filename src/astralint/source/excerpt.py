"""Excerpts of source files with the marked places underlined, for terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from astralint.source.visible import columns, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from astralint.source.span import Span

_MINIMUM_WIDTH = 30
_TAB = "    "
_CUT = "…"


class Mark(msgspec.Struct, frozen=True):
    """A place to underline, and what is said about it."""

    span: Span
    label: str
    primary: bool = False


class Row(msgspec.Struct, frozen=True):
    """One row of an excerpt.

    A `line` has its number and the line's text, a `mark` has where its underline
    begins, how long it is, and the label; a `gap` stands for lines left out.
    """

    kind: Literal["line", "mark", "gap"]
    text: str = ""
    number: int = 0
    indent: int = 0
    length: int = 0
    primary: bool = False


class _Segment(msgspec.Struct, frozen=True, order=True):
    """The part of a mark that lies on one line; `start` and `end` are offsets in it."""

    line: int
    start: int
    end: int
    order: int
    label: str
    primary: bool


def excerpt(lines: Sequence[str], marks: Sequence[Mark], width: int) -> list[Row]:
    """Return the rows that show the marked places of one file.

    `lines` are the file's, already masked. `width` is how many columns a line may
    take; longer ones are cut around what is marked. Marks beyond the end of the
    file are left out. A mark of several lines shows its first and its last one.
    """
    width = max(width, _MINIMUM_WIDTH)
    segments = sorted(
        segment for order, mark in enumerate(marks) for segment in _segments(lines, mark, order) if mark.span.line > 0
    )
    rows: list[Row] = []
    previous = 0
    position = 0
    while position < len(segments):
        number = segments[position].line
        end = position
        while end < len(segments) and segments[end].line == number:
            end += 1
        if previous and number == previous + 2:
            rows.append(Row("line", _cut_line(lines[previous], width), previous + 1))
        elif previous and number > previous + 2:
            rows.append(Row("gap"))
        rows.extend(_line_rows(lines[number - 1], segments[position:end], width))
        previous, position = number, end
    return rows


def _segments(lines: Sequence[str], mark: Mark, order: int) -> Iterator[_Segment]:
    span = mark.span
    if span.line > len(lines):
        return
    last, end_column = span.end_line, span.end_column
    if last > len(lines):
        last, end_column = len(lines), len(lines[-1]) + 1
    elif last > span.line and end_column <= 1:
        last, end_column = last - 1, len(lines[last - 2]) + 1
    if last <= span.line:
        end = end_column - 1 if last == span.line else span.column
        yield _Segment(span.line, *_clamped(lines, span.line, span.column - 1, end), order, mark.label, mark.primary)
        return
    first_end = len(lines[span.line - 1].rstrip())
    yield _Segment(span.line, *_clamped(lines, span.line, span.column - 1, first_end), order, "", mark.primary)
    text = lines[last - 1]
    indent = min(len(text) - len(text.lstrip()), max(end_column - 2, 0))
    yield _Segment(last, *_clamped(lines, last, indent, end_column - 1), order, mark.label, mark.primary)


def _clamped(lines: Sequence[str], line: int, start: int, end: int) -> tuple[int, int]:
    length = len(lines[line - 1])
    start = min(max(start, 0), length)
    return start, min(max(end, start), length)


def _line_rows(line: str, segments: Sequence[_Segment], width: int) -> Iterator[Row]:
    if _fits(line, width):
        yield Row("line", _shown(line), segments[0].line)
        for segment in segments:
            yield _mark_row(line, segment, 0, len(line), 0)
        return
    for segment in segments:
        left, right = _window(line, segment.start, segment.end, width)
        cut_left = _CUT if left else ""
        yield Row("line", cut_left + _shown(line[left:right]) + (_CUT if right < len(line) else ""), segment.line)
        yield _mark_row(line, segment, left, right, len(cut_left))


def _mark_row(line: str, segment: _Segment, left: int, right: int, indent: int) -> Row:
    before = columns(_shown(line[left : segment.start]))
    through = columns(_shown(line[left : min(segment.end, right)]))
    return Row("mark", segment.label, segment.line, indent + before, max(through - before, 1), segment.primary)


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _fits(line: str, width: int) -> bool:
    return len(line) <= width * 4 and columns(_shown(line)) <= width


def _cut_line(line: str, width: int) -> str:
    if _fits(line, width):
        return _shown(line)
    return _shown(line[: _reach(line, 0, 1, width - 1)]) + _CUT


def _window(line: str, start: int, end: int, width: int) -> tuple[int, int]:
    """Return the part of a long line to show: the marked text, and what fits around it."""
    budget = width - 2
    marked = _reach(line, start, 1, budget, end)
    spare = budget - columns(_shown(line[start:marked]))
    left = _reach(line, start, -1, spare // 3)
    spare -= columns(_shown(line[left:start]))
    right = _reach(line, marked, 1, spare)
    spare -= columns(_shown(line[marked:right]))
    return _reach(line, left, -1, spare), right


def _reach(line: str, position: int, step: Literal[1, -1], width: int, limit: int | None = None) -> int:
    """Return how far one gets from a position within so many columns."""
    stop = (len(line) if step > 0 else 0) if limit is None else limit
    tries = width * 4
    while position != stop and tries:
        character = line[position] if step > 0 else line[position - 1]
        width -= columns(_shown(character))
        if width < 0:
            break
        position += step
        tries -= 1
    return position
