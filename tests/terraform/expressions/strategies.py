"""Expressions as text: mostly of types that fit together, now and then of some that do not."""

from __future__ import annotations

from hypothesis import strategies as st

LEAVES = {
    "number": [
        *("0", "1", "2", "3", "-1", "10", "2.5", "0.1", "1e3", "7.25", "-0.5", "1e-7", "0.30000000000000004"),
        *("100000000000000000000", "123456789.123456789", "local.ten", "local.object.size", "tonumber(null)"),
    ],
    "string": [
        *('"a"', '"b"', '""', '"1"', '"é"', '"e\\u0301"', '"x y"', '"<&>"', '"a\\tb"', '"$${"', '"%%{"', '"c-d"'),
        *('"true"', '"2.50"', '"A,b,,c"', '" a "', '"日本"', '"👩‍👩‍👧"', '"a\\nb\\n"', "local.text", "tostring(null)"),
        *("path.module", "terraform.workspace"),
    ],
    "bool": ["true", "false", '"true"', "1 < 2", "tobool(null)"],
    "list": [
        *("[]", '["a", "b"]', "[1, 2]", "local.list", "local.set", '["a", 1]', "[[1], [2]]", "local.object.list"),
        *("[true, null]", '["b", "", "a", "b"]', "[{ a = 1 }, { a = 2 }]", "local.nested", "tolist([])", "toset([])"),
        *("toset([3, 1, 2])", "[{ a = 1 }, { b = 2 }]", "tolist(null)", "[[], [[]]]", 'toset(["é", "z", "Z"])'),
    ],
    "map": [
        *("{}", "{ a = 1 }", '{ a = "x", b = "y" }', "local.map", "local.object", "{ a = { b = 1 } }", "tomap({})"),
        *("local.object.tags", '{ a = ["x"], b = ["y", "x"] }', "{ b = true, a = null }", '{ "é" = 1, 1 = 2 }'),
    ],
    "any": ["null", "tostring(null)", "tolist(null)", "[null]", "{ a = null }", "local.object.none", "local.nothing"],
}
SECRETS = {
    "number": ["sensitive(1)", "local.partly.a"],
    "string": ["local.secret", 'sensitive("a")'],
    "bool": ["sensitive(true)", "sensitive(false)"],
    "list": ["local.partly.c", "local.secrets.list", "sensitive([1, 2])", 'toset([sensitive("a"), "b"])'],
    "map": ["local.partly", "local.secrets", 'tomap({ a = sensitive("x") })'],
    "any": ["sensitive(null)", "sensitive(tostring(null))"],
}
UNKNOWNS = {
    "number": ["local.un", "length(local.ul)", "sensitive(local.un)", "(local.ub ? 1 : 3)"],
    "string": ["local.us", '"a-${local.us}"', '"${local.us}-b"', "sensitive(local.us)", '(local.ub ? "a" : "b")'],
    "bool": ["local.ub", "sensitive(local.ub)"],
    "list": ["local.ul", "local.ue", "local.ut", '["a", local.us]', 'toset(["a", local.us])'],
    "map": ["local.um", "local.uo", "{ a = local.us }", "tomap({ a = local.us })"],
    "any": ["local.ud", "sensitive(local.ud)"],
}
FORMS = {
    "number": [
        *(f"({{number}} {operator} {{number}})" for operator in "+-*/%"),
        *("(-{number})", "length({list})", "length({map})", "length({string})", "tonumber({string})", "max({list}...)"),
        *("abs({number})", "ceil({number})", "floor({number})", "min({number}, {number})", "sum({list})"),
        *("parseint({string}, 16)", "signum({number})", "index({list}, {any})", "({bool} ? {number} : {number})"),
        *("pow({number}, 2)", "try(tonumber({any}), {number})", "one({list})", "element([1, 2, 3], {number})"),
    ],
    "string": [
        *('"p${{{string}}}s"', '"${{{any}}}"', '"${{{number}}}-${{{bool}}}"', '"${{~ {string} ~}} x"'),
        '"%{{ if {bool} }}x%{{ else }}${{{string}}}%{{ endif }}"',
        '"%{{ if {bool} ~}} x %{{~ endif }} y"',
        '"%{{ for k, v in {list} }}${{k}}=${{v}};%{{ endfor }}"',
        '"%{{ for v in {map} }}${{v}},%{{ endfor }}"',
        '" %{{~ for v in {list} ~}} ${{v}} %{{~ endfor ~}} "',
        *("upper({string})", "lower({string})", "title({string})", "strrev({string})", "tostring({number})"),
        *(
            "tostring({bool})",
            "jsonencode({any})",
            "yamlencode({any})",
            "join({string}, {list})",
            "trimspace({string})",
        ),
        *(
            "replace({string}, {string}, {string})",
            'replace({string}, "/[ab](c*)/", "<$1>")',
            "trim({string}, {string})",
        ),
        *("trimprefix({string}, {string})", "trimsuffix({string}, {string})", "chomp({string})", "indent(2, {string})"),
        *("substr({string}, {number}, {number})", "coalesce({string}, {string})", "lookup({map}, {string}, {string})"),
        *(
            'format("%s|%v", {any}, {any})',
            'format("%d-%s", {number}, {string})',
            'format("%5.2f|%e", {number}, {number})',
        ),
        *('format("%q %#v", {string}, {any})', 'format("%05d|%-4s|%+d|%x", {number}, {string}, {number}, {number})'),
        *('format("%t %g", {bool}, {number})', 'format("%[2]s %[1]s", {string}, {string})', "format({string}, {any})"),
        *("md5({string})", "base64encode({string})", "base64decode(base64encode({string}))", "urlencode({string})"),
        *('regex("[a-z]+", {string})', "({bool} ? {string} : {string})", "sha256({string})", "nonsensitive({string})"),
    ],
    "bool": [
        *(f"({{number}} {operator} {{number}})" for operator in ("<", "<=", ">", ">=")),
        *(
            f"({{{kind}}} {operator} {{{kind}}})"
            for kind in ("any", "list", "map", "string", "number")
            for operator in ("==", "!=")
        ),
        *("({any} == null)", "(null != {any})", "({list} == {map})", "({string} == {number})"),
        *("({bool} && {bool})", "({bool} || {bool})", "(!{bool})", "can({any})", "can({list}[{number}])"),
        *("contains({list}, {any})", "contains({list}, {string})", "startswith({string}, {string})"),
        *(
            "endswith({string}, {string})",
            "strcontains({string}, {string})",
            "alltrue({list})",
            "anytrue([{bool}, {bool}])",
        ),
        *("issensitive({any})", "tobool({any})", "can(tonumber({any}))", "can(regex({string}, {string}))"),
        *("can({any}.a)", "tobool({string})", "({bool} ? {bool} : {bool})", "contains(keys({map}), {string})"),
    ],
    "list": [
        *("[{any}]", "[{string}, {any}]", "[{list}, {list}]", "[{number}, {string}]", "[{map}, {map}]"),
        *("[for x in {list} : x]", "[for i, x in {list} : {{ i = i, x = x }}]", "[for k, x in {map} : k]"),
        *("[for x in {list} : x if x != {any}]", "[for x in {list} : {any} if {bool}]", "[for k, v in {map} : v]"),
        *("[for x in {list} : [for y in {list} : [x, y]]]", "[for x in {list} : try(x.a, x[0], {any})]"),
        *("{list}[*]", "{any}[*]", "{map}[*]", "{list}.*.a", "{any}.*", "null[*].a"),
        *("[{map}, {map}][*].a", "[{map}, {map}].*.a", "toset([{map}, {map}])", "tolist([{any}, {any}])"),
        *(
            "tolist({list})",
            "toset({list})",
            "keys({map})",
            "values({map})",
            "concat({list}, {list})",
            "concat({list}...)",
        ),
        *("flatten({list})", "flatten([{list}, [{list}]])", "distinct({list})", "sort({list})", "reverse({list})"),
        *("slice({list}, {number}, {number})", "compact({list})", "chunklist({list}, {number})", "range({number})"),
        *("setunion({list}, {list})", "setintersection({list}, {list})", "setsubtract({list}, {list})"),
        *(
            "setproduct({list}, {list})",
            "coalescelist({list}, {list})",
            'split(",", {string})',
            "split({string}, {string})",
        ),
        *('formatlist("%s-%v", {list}, {any})', 'regexall("[a-z]", {string})', "matchkeys({list}, {list}, {list})"),
        *("({bool} ? {list} : {list})", "try({list}, {list})", "range({number}, {number})", "csvdecode({string})"),
        *("tolist(toset({list}))", "yamldecode(yamlencode({list}))", "jsondecode(jsonencode({list}))"),
    ],
    "map": [
        *("{{ a = {any} }}", "{{ a = {any}, b = {any} }}", "{{ ({string}) = {any} }}", "{{ a = {list}, b = {list} }}"),
        *(
            "{{ for k, x in {map} : k => x }}",
            "{{ for x in {list} : x => {any} }}",
            "{{ for i, x in {list} : x => i... }}",
        ),
        *("{{ for k, x in {map} : k => x if {bool} }}", "{{ for x in {list} : {string} => x... }}", "tomap({map})"),
        *(
            "merge({map}, {map})",
            "merge({list}...)",
            "zipmap({list}, {list})",
            "transpose({map})",
            "merge({map}, null)",
        ),
        *('regex("(?P<a>[a-z])(?P<b>[0-9])?", {string})', "({bool} ? {map} : {map})", "try({map}, {map})"),
        *("tomap({{ a = {any}, b = {any} }})", "jsondecode(jsonencode({map}))"),
    ],
    "any": [
        *("({bool} ? {any} : {any})", "({bool} ? {list} : {list})", "({bool} ? {map} : {map})"),
        *("({bool} ? {string} : {number})", "({bool} ? {any} : null)", "({bool} ? {list} : null)", "({any})"),
        *("{list}[{number}]", "{list}[0]", "{list}.0", "{map}[{string}]", "{map}.a", '{map}["a"]', "{list}[1].a"),
        *("try({any}, {any})", "try({map}.b, {any})", "try({list}[{number}], {any})", "try({any}.a, {any}[0], {any})"),
        *("element({list}, {number})", "lookup({map}, {string}, {any})", "one({list})", "coalesce({any}, {any})"),
        *(
            "coalesce({list}...)",
            "jsondecode({string})",
            "yamldecode({string})",
            "sensitive({any})",
            "nonsensitive({any})",
        ),
        *("lookup({map}, {string})", "regex({string}, {string})", "core::coalesce({any}, {any})", "{map}.a.b"),
    ],
}
KINDS = ["number", "string", "bool", "list", "map"]

# What has lines of its own, around everything else.
HEREDOCS = [
    "<<EOT\na ${{{string}}}\n  b ${{{any}}}\nEOT\n",
    "<<-EOT\n    a ${{{string}}}\n      b\n\n    ${{{number}}} c\n    EOT\n",
    "<<-EOT\n  %{{ for v in {list} ~}}\n  - ${{v}}\n  %{{ endfor ~}}\n  end\n  EOT\n",
    "<<-EOT\n  %{{ if {bool} }}\n    yes ${{{any}}}\n  %{{ else ~}}\n  no\n  %{{ endif }}\n  EOT\n",
    "<<EOT\n%{{~ if {bool} ~}}\n  ${{~ {string} ~}}\n%{{~ endif ~}}\nEOT\n",
]


@st.composite
def texts(
    draw: st.DrawFn, extra: dict[str, list[str]], depth: int = 3, kind: str = "any", outermost: bool = True
) -> str:
    """Draw an expression; `extra` are leaves that come as often as the ordinary ones."""
    if kind == "any":
        kind = draw(st.sampled_from(KINDS))
    if draw(st.integers(0, 14)) == 0:
        kind = draw(st.sampled_from([*KINDS, "any"]))
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        leaves = LEAVES[kind]
        if kind in extra and draw(st.booleans()):
            leaves = extra[kind]
        return draw(st.sampled_from(leaves))
    forms = HEREDOCS if outermost and draw(st.integers(0, 30)) == 0 else FORMS[kind]
    rest = draw(st.sampled_from(forms))
    parts: list[str] = []
    while True:
        found = [(rest.find(f"{{{name}}}"), name) for name in [*KINDS, "any"] if f"{{{name}}}" in rest]
        if not found:
            break
        position, name = min(found)
        inner = draw(texts(extra, depth - 1, name, outermost=False))
        if depth > 1 and draw(st.integers(0, 2)) == 0:
            # Without it, most of the deeper expressions would only fail.
            inner = f"try({inner}, {draw(st.sampled_from(LEAVES[name]))})"
        parts += [_literal(rest[:position]), inner]
        rest = rest[position + len(name) + 2 :]
    return "".join([*parts, _literal(rest)])


def _literal(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")


expressions = texts({})
sensitive_expressions = texts(SECRETS)
unknown_expressions = texts(UNKNOWNS)
