"""Excerpts underline what is marked, whatever the line holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.source.excerpt import Mark, Row, excerpt
from astralint.source.span import Span
from astralint.source.visible import columns, one_line, visible, visible_lines


def shown(rows: list[Row]) -> list[str]:
    """Return rows as a terminal shows them."""
    result = []
    for row in rows:
        if row.kind == "gap":
            result.append("...")
        elif row.kind == "line":
            result.append(f"{row.number}|{row.text}")
        else:
            sign = "^" if row.primary else "-"
            result.append(" |" + " " * row.indent + sign * row.length + (f" {row.text}" if row.text else ""))
    return result


def mark(line: int, column: int, end_line: int, end_column: int, label: str = "x", *, primary: bool = True) -> Mark:
    return Mark(Span("f", line, column, end_line, end_column), label, primary)


def test_one_line() -> None:
    assert shown(excerpt(["a = bc"], [mark(1, 5, 1, 7)], 80)) == ["1|a = bc", " |    ^^ x"]


def test_several_marks_on_lines_near_and_far() -> None:
    lines = [f"line{n}" for n in range(1, 13)]
    marks = [mark(2, 1, 2, 5, "first"), mark(2, 5, 2, 6, "second", primary=False), mark(4, 1, 4, 2), mark(12, 1, 12, 2)]
    assert shown(excerpt(lines, marks, 80)) == [
        "2|line2",
        " |^^^^ first",
        " |    - second",
        "3|line3",
        "4|line4",
        " |^ x",
        "...",
        "12|line12",
        " |^ x",
    ]


def test_a_span_of_several_lines_shows_its_first_and_its_last() -> None:
    lines = ['resource "a" "b" {  ', "  one", "  two", "  }", ""]
    assert shown(excerpt(lines, [mark(1, 1, 4, 4)], 80)) == [
        '1|resource "a" "b" {  ',
        " |^^^^^^^^^^^^^^^^^^",
        "...",
        "4|  }",
        " |  ^ x",
    ]
    # An end at the beginning of a line is the end of the line before it.
    assert shown(excerpt(lines, [mark(2, 3, 3, 1)], 80)) == ["2|  one", " |  ^^^ x"]


@pytest.mark.parametrize(
    ("line", "column", "end", "text", "indent", "length"),
    [
        ("\tx = 1", 2, 3, "    x = 1", 4, 1),
        ("日本 = x", 6, 7, "日本 = x", 7, 1),
        ("日本 = x", 1, 3, "日本 = x", 0, 4),
        ("e\u0301 = x", 6, 7, "e\u0301 = x", 4, 1),
        ("👍🏽 x", 4, 5, "👍🏽 x", 3, 1),
        ("\x1b[1m x", 6, 7, "␛[1m x", 5, 1),
        ("\u202ea x", 4, 5, "\\u202ea x", 8, 1),
        ("👩\u200d👩 x", 5, 6, "👩\\u200d👩 x", 11, 1),
        ("end", 4, 5, "end", 3, 1),
    ],
)
def test_the_underline_stands_below(line: str, column: int, end: int, text: str, indent: int, length: int) -> None:
    rows = excerpt([line], [mark(1, column, 1, end)], 80)
    assert (rows[0].text, rows[1].indent, rows[1].length) == (text, indent, length)


@pytest.mark.parametrize("at", [1, 50, 4990, 9990])
def test_long_lines_are_cut_around_the_mark(at: int) -> None:
    line = "a" * (at - 1) + "NEEDLE" + "b" * (10_000 - at - 5)
    row, underline = excerpt([line], [mark(1, at, 1, at + 6)], 60)
    assert columns(row.text) <= 60
    assert row.text[underline.indent : underline.indent + underline.length] == "NEEDLE"


def test_marks_outside_of_the_file_are_left_out() -> None:
    assert excerpt(["a"], [mark(3, 1, 3, 2)], 80) == []
    assert excerpt(["a"], [mark(0, 1, 0, 2)], 80) == []
    assert shown(excerpt(["abc"], [mark(1, 2, 9, 9)], 80)) == ["1|abc", " | ^^ x"]
    assert shown(excerpt(["abc"], [mark(1, 9, 1, 12)], 80)) == ["1|abc", " |   ^ x"]


LINES = st.lists(st.text(st.sampled_from('ab \t="日é👍\x1b\u202e\u0301{}'), max_size=120), min_size=1, max_size=8)
NUMBER = st.integers(0, 12)


@settings(max_examples=150, deadline=None)
@given(
    LINES, st.lists(st.tuples(NUMBER, st.integers(0, 130), NUMBER, st.integers(0, 130)), max_size=5), st.integers(0, 90)
)
def test_any_marks_stay_within_the_width(lines: list[str], spans: list[tuple[int, int, int, int]], width: int) -> None:
    rows = excerpt(lines, [mark(*span) for span in spans], width)
    for row in rows:
        assert row.text == visible(row.text)
        if row.kind == "line":
            assert columns(row.text) <= max(width, 30)
        elif row.kind == "mark":
            assert row.length >= 1
            assert row.indent + row.length <= max(width, 30) + 1
    numbers = [row.number for row in rows if row.kind == "line"]
    assert numbers == sorted(numbers)


@given(st.text() | st.text(st.sampled_from("a\n\t\r\x00\x1b\x7f\x9b\u200b\u2028\u202e\ufeff\ufffe\U000e0001")))
def test_visible_texts_hold_nothing_that_controls(text: str) -> None:
    for safe in (visible(text), one_line(text), visible_lines(text).replace("\n", "")):
        assert all(c.isprintable() or c in "\u00a0\u3000" or c.isspace() for c in safe)
        assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u2029\u202e\ufeff" for c in safe)
        assert safe.encode().decode() == safe


def test_visible_spells_things_out() -> None:
    assert (
        visible("\x1b[0m\x7f\x9b\u202e\ud800\U000e0001\u00a0")
        == "␛[0m␡\\u009b\\u202e\N{REPLACEMENT CHARACTER}\\U000e0001\u00a0"
    )
    assert visible_lines("a\r\n\tb\rc") == "a\n    b\nc"
    assert one_line(" a \n\t b ") == "a b"
