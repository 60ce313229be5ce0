"""Texts for hypothesis: valid HCL, and soups of its tokens, which mostly are not."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b-c", "_d", "for", "in", "if", "null", "true", "été", "x1"])
VARIABLES = st.sampled_from(["a", "b-c", "_d", "in", "null", "true", "été", "x1"])
NUMBERS = st.sampled_from(["0", "1", "2.5", "1e5", "007", "1E-3"])
TEXTS = st.sampled_from(
    ["", "x", " y ", "$", "%% ", "é", "\\n", '\\"', "\\u00e9", "$${", "%%{z}", "$$", "{", "}", "#", "//"]
)
GAPS = st.sampled_from(["", " ", "  ", "\t", " /* c */ "])
LINES = st.sampled_from(["", " ", "\n", " # c\n", "\n\n  ", " /* c\n */ "])


def _quoted(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    part = st.one_of(
        TEXTS,
        st.tuples(st.sampled_from(["${", "${~"]), GAPS, inner, GAPS, st.sampled_from([" }", " ~}"])).map("".join),
        st.tuples(inner, TEXTS, TEXTS).map(lambda p: f"%{{ if {p[0]} }}{p[1]}%{{ else ~}}{p[2]}%{{ endif }}"),
        st.tuples(inner, inner).map(lambda p: f"%{{ for k, v in {p[0]} }}${{{p[1]} }}%{{~ endfor }}"),
    )
    # Two pieces that end and begin with `$` would mean something else together.
    return st.lists(part, max_size=3).map(lambda parts: '"' + "-".join(parts) + '"')


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"])
    spaced = st.tuples(LINES, inner, LINES).map("".join)
    entry = st.tuples(st.one_of(VARIABLES, inner.map(lambda e: f"({e})")), st.sampled_from([" = ", " : "]), inner)
    step = st.one_of(
        NAMES.map(lambda name: f".{name}"),
        st.sampled_from([".0", ".*", "[*]"]),
        inner.map(lambda index: f"[{index}]"),
    )
    single = st.tuples(VARIABLES, step).map("".join)
    return st.one_of(
        st.tuples(inner, operators, inner).map(" ".join),
        st.tuples(st.sampled_from(["-", "!", "- ", "!!"]), VARIABLES).map("".join),
        st.tuples(inner, inner, inner).map(lambda p: f"{p[0]} ? {p[1]} : {p[2]}"),
        spaced.map(lambda e: f"({e})"),
        st.lists(spaced, max_size=3).map(lambda items: "[" + ",".join(items) + "]"),
        st.lists(entry.map("".join), max_size=3).map(lambda items: "{" + ", ".join(items) + "}"),
        st.lists(entry.map("".join), max_size=3).map(lambda items: "{\n" + "\n".join(items) + "\n}"),
        st.lists(spaced, max_size=2).map(lambda items: "f(" + ",".join(items) + ")"),
        inner.map(lambda e: f"p::f({e}...)"),
        st.tuples(inner, inner, inner).map(lambda p: f"[for x in {p[0]} : {p[1]} if {p[2]}]"),
        st.tuples(inner, inner, inner).map(lambda p: f"{{\nfor k, x in\n{p[0]} : {p[1]} => {p[2]}...\n}}"),
        single,
        st.tuples(single, NAMES).map(".".join).filter(lambda text: ".*." not in text),
        _quoted(inner),
    )


EXPRESSIONS = st.recursive(st.one_of(VARIABLES, NUMBERS, TEXTS.map(lambda text: f'"{text}"')), _compound, max_leaves=8)
ATTRIBUTES = st.tuples(NAMES, GAPS, st.just("="), GAPS, EXPRESSIONS).map("".join)


def _block(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    labels = st.lists(st.sampled_from(["x", '"y"', '"z\\n$${"', '""']), max_size=2).map(
        lambda found: " ".join(["", *found])
    )
    bodies = st.lists(items, max_size=3).map(lambda found: "{\n" + "".join(f"{item}\n" for item in found) + "}")
    return st.tuples(NAMES, labels, GAPS, bodies).map("".join)


ITEMS = st.recursive(ATTRIBUTES, _block, max_leaves=4)
FILES = st.lists(ITEMS, max_size=4).map(lambda items: "".join(f"{item}\n" for item in items))

# fmt: off
TOKENS = [
    "a", "b", "for", "in", "if", "null", ".", ".", ".*", "[*]", "0", "1.5", "1e3", "(", ")", "[",
    "]", "{", "}", ",", ":", "::", "=", "==", "!=", "<=", "=>", "&&", "||", "!", "+", "-",
    "*", "/", "%", "?", "...", "\n", "\n", "\n", '"', '"', "${", "%{", "~}", "}", "$${", "\\n",
    "<<E\n", "<<-E\n", "\nE\n", "\nE\n", "# c\n", "/*", "*/", " ", " ", " = ", "if ", " else ", " endif ", "for x in y ", " endfor ", "x ",
    "\r\n", "\u00a0", "é", "'", ";", "&",
]
# fmt: on
SOUPS = st.lists(st.sampled_from(TOKENS), max_size=14).map("".join)
NEAR_FILES = st.one_of(
    SOUPS,
    SOUPS.map(lambda soup: f"a = {soup}\n"),
    SOUPS.map(lambda soup: f'a = "{soup}"\n'),
    SOUPS.map(lambda soup: f"a = <<-E\n{soup}\nE\n"),
    SOUPS.map(lambda soup: f"b {{\n{soup}\n}}\n"),
    st.tuples(FILES, st.integers(0, 400), st.sampled_from(TOKENS)).map(
        lambda p: p[0][: min(p[1], len(p[0]))] + p[2] + p[0][min(p[1], len(p[0])) :]
    ),
    st.tuples(FILES, st.integers(0, 400)).map(
        lambda p: p[0][: min(p[1], len(p[0]))] + p[0][min(p[1], len(p[0])) + 1 :]
    ),
)
