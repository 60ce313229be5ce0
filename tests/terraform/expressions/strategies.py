"""Expressions as text: mostly of types that fit together, now and then of some that do not."""

from __future__ import annotations

from hypothesis import strategies as st

LEAVES = {
    "number": ["0", "1", "2", "3", "-1", "10", "2.5", "0.1", "1e3", "7.25", "100000000000000000000", "local.ten"],
    "string": ['"a"', '"b"', '""', '"1"', '"é"', '"x y"', '"<&>"', '"a\\tb"', '"$${"', "local.text", '"c-d"'],
    "bool": ["true", "false", '"true"', "1 < 2"],
    "list": ["[]", '["a", "b"]', "[1, 2]", "local.list", "local.set", '["a", 1]', "[[1], [2]]", "local.object.list"],
    "map": [
        "{}",
        "{ a = 1 }",
        '{ a = "x", b = "y" }',
        "local.map",
        "local.object",
        "{ a = { b = 1 } }",
        "local.object.tags",
    ],
    "any": ["null", "tostring(null)", "tolist(null)", "[null]", "{ a = null }"],
}
SECRETS = {
    "number": ["sensitive(1)", "local.partly.a"],
    "string": ["local.secret"],
    "bool": ["sensitive(true)"],
    "list": ["local.partly.c", "local.secrets.list", "sensitive([1, 2])"],
    "map": ["local.partly", "local.secrets"],
    "any": ["sensitive(null)"],
}
UNKNOWNS = {
    "number": ["local.un"],
    "string": ["local.us"],
    "bool": ["local.ub"],
    "list": ["local.ul", "local.ue", "local.ut", '["a", local.us]'],
    "map": ["local.um", "local.uo", "{ a = local.us }"],
    "any": ["local.ud"],
}
FORMS = {
    "number": [
        *(f"({{number}} {operator} {{number}})" for operator in "+-*/%"),
        "(-{number})",
        "length({list})",
        "length({map})",
        "tonumber({string})",
        "max({list}...)",
    ],
    "string": [
        '"p${{{string}}}s"',
        '"${{{any}}}"',
        '"${{{number}}}-${{{bool}}}"',
        '"%{{ if {bool} }}x%{{ else }}${{{string}}}%{{ endif }}"',
        '"%{{ for k, v in {list} }}${{k}}=${{v}};%{{ endfor }}"',
        '"%{{ for v in {map} }}${{v}},%{{ endfor }}"',
        "upper({string})",
        "tostring({number})",
        "tostring({bool})",
        "jsonencode({any})",
    ],
    "bool": [
        *(f"({{number}} {operator} {{number}})" for operator in ("<", "<=", ">", ">=")),
        *(
            f"({{{kind}}} {operator} {{{kind}}})"
            for kind in ("any", "list", "map", "string")
            for operator in ("==", "!=")
        ),
        "({bool} && {bool})",
        "({bool} || {bool})",
        "(!{bool})",
        "can({any})",
        "can({list}[{number}])",
    ],
    "list": [
        "[{any}]",
        "[{string}, {any}]",
        "[{list}, {list}]",
        "[for x in {list} : x]",
        "[for i, x in {list} : {{ i = i, x = x }}]",
        "[for k, x in {map} : k]",
        "[for x in {list} : x if x != {any}]",
        "[for x in {list} : {any} if {bool}]",
        "{list}[*]",
        "{any}[*]",
        "[{map}, {map}][*].a",
        "[{map}, {map}].*.a",
        "tolist({list})",
        "toset({list})",
        "keys({map})",
    ],
    "map": [
        "{{ a = {any} }}",
        "{{ a = {any}, b = {any} }}",
        "{{ ({string}) = {any} }}",
        "{{ for k, x in {map} : k => x }}",
        "{{ for x in {list} : x => {any} }}",
        "{{ for i, x in {list} : x => i... }}",
        "{{ for k, x in {map} : k => x if {bool} }}",
        "tomap({map})",
    ],
    "any": [
        "({bool} ? {any} : {any})",
        "({bool} ? {list} : {list})",
        "({bool} ? {map} : {map})",
        "({bool} ? {string} : {number})",
        "({bool} ? {any} : null)",
        "({any})",
        "{list}[{number}]",
        "{list}[0]",
        "{map}[{string}]",
        "{map}.a",
        "try({any}, {any})",
        "try({map}.b, {any})",
        "try({list}[{number}], {any})",
    ],
}
KINDS = ["number", "string", "bool", "list", "map"]


@st.composite
def texts(draw: st.DrawFn, extra: dict[str, list[str]], depth: int = 3, kind: str = "any") -> str:
    """An expression of a kind, with `extra` among its leaves."""
    if kind == "any" and draw(st.integers(0, 2)):
        kind = draw(st.sampled_from(KINDS))
    if draw(st.integers(0, 14)) == 0:
        kind = draw(st.sampled_from([*KINDS, "any"]))
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        leaves = LEAVES[kind]
        if kind in extra and draw(st.booleans()):
            leaves = extra[kind]
        return draw(st.sampled_from(leaves))
    form = draw(st.sampled_from(FORMS[kind]))
    parts: list[str] = []
    rest = form
    while True:
        found = [(rest.find(f"{{{name}}}"), name) for name in [*KINDS, "any"] if f"{{{name}}}" in rest]
        if not found:
            break
        position, name = min(found)
        parts += [rest[:position], draw(texts(extra, depth - 1, name))]
        rest = rest[position + len(name) + 2 :]
    parts.append(rest)
    literal = [
        part.replace("{{", "{").replace("}}", "}") if index % 2 == 0 else part for index, part in enumerate(parts)
    ]
    return "".join(literal)


expressions = texts({})
sensitive_expressions = texts(SECRETS)
unknown_expressions = texts(UNKNOWNS)
