"""The configuration in JSON: blocks as objects by their labels, as in Terraform's JSON syntax."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astralint.config.settings import Settings
from astralint.source.span import Lines

from .memory import loaded, settings_of

NAME = "astralint.hcl.json"

EVERYTHING: dict[str, Any] = {
    "//": "a comment",
    "locals": {"region": "eu-west-1"},
    "platform": {"organization": "astradot", "regions": ["${local.region}"], "//": "another"},
    "account": {
        "production": {
            "id": "210000000007",
            "kind": "production",
            "workspace": {"p": {"path": "workspaces/production", "variables": {"a": 1}}},
        },
        "staging": [{"external": True}],
    },
    "workspace": [{"s": {"path": "workspaces/staging"}}],
    "rule": {"AL101": {"severity": "off", "limit": 3, "except": [{"reason": "old", "subjects": ["a"]}]}},
    "contract": {"independence": {"apart": {"members": ["a", "b"]}}},
    "profile": {"strict": {"rule": {"AL101": {"severity": "error"}}}},
    "exclude": ["attic"],
}


def test_json_says_the_same_as_the_native_syntax() -> None:
    found = settings_of(json.dumps(EVERYTHING), name=NAME)
    assert isinstance(found, Settings)
    assert (found.platform.organization, found.platform.regions) == ("astradot", ("eu-west-1",))
    assert [(a.name, a.id, a.kind, a.external) for a in found.accounts] == [
        ("production", "210000000007", "production", False),
        ("staging", "", "", True),
    ]
    assert [(w.name, w.path, w.account) for w in found.workspaces] == [
        ("p", "workspaces/production", "production"),
        ("s", "workspaces/staging", ""),
    ]
    assert [(r.name, r.severity, r.options) for r in found.rules] == [("AL101", "off", {"limit": 3})]
    assert [exception.reason for exception in found.rules[0].exceptions] == ["old"]
    assert [(c.type, c.title, c.arguments["members"].value) for c in found.contracts] == [
        ("independence", "apart", ["a", "b"])
    ]
    assert [rule.severity for rule in found.profiles["strict"]] == ["error"]
    assert found.excluded == ("attic",)


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ('{«"acount"»: {}}', "unknown argument `acount`"),
        ('{"account": «3»}', "`account` must be an object by name"),
        ('{"account": [«"a"»]}', "`account` must be an object or a list of objects"),
        ('{"account": {"a": «1»}}', "`account` must be an object"),
        ('{"account": {"a": {"id": «210000000007»}}}', "`id` must be a string of 12 digits, but it is a number"),
        ('{"account": {«"${local.a}"»: {}}}', "a name must be plain text here: no template is evaluated"),
        ('{"platform": {"regions": "«${local.x}»"}}', "there is no local value `x`"),
        ('{"workspace": {«"p"»: {}}}', "workspace `p` has no `path`"),
        ('{"rule": {"a": {"severity": «"of"»}}}', "`of` is no severity"),
    ],
)
def test_problems_in_json_have_their_place(marked: str, message: str) -> None:
    before, _, rest = marked.partition("«")
    inside, _, after = rest.partition("»")
    _, (diagnostic,) = loaded(before + inside + after, name=NAME)
    assert (diagnostic.message, diagnostic.usage) == (message, True)
    span = Lines.of(marked).span(NAME, len(before), len(before + inside))
    found = diagnostic.span
    assert found is not None
    if "${local.x}" in marked:
        assert (found.file, found.line) == (span.file, span.line)
        assert span.column <= found.column
        assert found.end_column <= span.end_column
    else:
        assert found == span


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '{"account": ' + "[" * 2000, "{}", '{"a": 1, "a": 2}'])
def test_no_json_raises(text: str) -> None:
    found, diagnostics = loaded(text, name=NAME)
    assert found.accounts == ()
    assert all(diagnostic.usage for diagnostic in diagnostics)
