"""Policy documents, compared with what the real provider rendered, and with unknown pieces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.aws.plain import Plain, Unknown
from astralint.aws.policy_document import StatementOrigin, render
from astralint.source.partial import Hole, PartialText

GOLDEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden" / "policy_documents.json").read_text(encoding="utf-8")
)
PRODUCTION = Hole("the account has no number in the code", "account:production")
ANY = Hole("known after apply")


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: json.dumps(case["config"])[:80])
def test_it_renders_what_the_provider_renders(case: dict[str, Any]) -> None:
    rendered = render(case["config"])
    if "error" in case:
        assert rendered.error
        assert isinstance(rendered.json, Unknown)
    else:
        assert rendered.error is None
        assert rendered.json == case["json"]
        assert rendered.minified_json == case["minified_json"]
        assert rendered.id == case["id"]


def test_golden_data_are_enough() -> None:
    assert sum("json" in case for case in GOLDEN) >= 120
    assert sum("error" in case for case in GOLDEN) >= 20


def _trust(*identifiers: Plain) -> dict[str, Plain]:
    principals: list[Plain] = [{"type": "AWS", "identifiers": list(identifiers)}]
    return {"statement": [{"actions": ["sts:AssumeRole"], "principals": principals}]}


def test_holes_lie_inside_strings_and_keep_their_symbols() -> None:
    rendered = render(_trust(PartialText.of("arn:aws:iam::", PRODUCTION, ":root")))
    text = rendered.minified_json
    assert isinstance(text, PartialText)
    assert text.parts[1] == PRODUCTION
    first, _, last = text.parts
    assert isinstance(first, str)
    assert first.endswith('"Principal":{"AWS":"arn:aws:iam::')
    assert isinstance(last, str)
    assert last.startswith(':root"}')
    assert isinstance(rendered.id, Unknown)


def test_an_unknown_element_becomes_a_string_of_one_hole() -> None:
    text = render(_trust("111111111111", Unknown("not known yet"))).minified_json
    assert isinstance(text, PartialText)
    (hole,) = [part for part in text.parts if isinstance(part, Hole)]
    assert hole.reason == "not known yet"
    assert json.loads(str(text))["Statement"][0]["Principal"]["AWS"] in (
        ["111111111111", "{?}"],
        ["{?}", "111111111111"],
    )


def test_equal_symbols_are_one_element_and_others_are_not() -> None:
    same = PartialText.of("arn:aws:iam::", PRODUCTION, ":root")
    assert str(render(_trust(same, same)).minified_json).count("{production}") == 1
    unknown = PartialText.of("arn:aws:iam::", ANY, ":root")
    assert str(render(_trust(unknown, unknown)).minified_json).count("{?}") == 2


def test_unknown_structure_is_unknown_with_a_reason() -> None:
    for config in (
        {"statement": Unknown("no value")},
        {"statement": [{"principals": Unknown("no value")}]},
        {"statement": [{"condition": [Unknown("no value")]}]},
        {"source_policy_documents": Unknown("no value")},
    ):
        rendered = render(config)  # type: ignore[arg-type]
        assert isinstance(rendered.json, Unknown)
        assert "no value" in rendered.json.reason
        assert rendered.error is None
    rendered = render({"source_policy_documents": [Unknown("no value")]})
    assert isinstance(rendered.json, Unknown)
    assert "the document is not known" in rendered.json.reason


def test_unknown_lists_and_statements_are_holes_outside_of_strings() -> None:
    rendered = render({"statement": [{"actions": Unknown("no value")}, Unknown("not yet"), {"actions": ["a"]}]})
    assert str(rendered.minified_json) == (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":{?}},{?},{"Effect":"Allow","Action":"a"}]}'
    )
    assert isinstance(rendered.minified_json, PartialText)
    assert [part.reason for part in rendered.minified_json.parts if isinstance(part, Hole)] == ["no value", "not yet"]
    again = render({"override_policy_documents": [rendered.minified_json]})
    assert isinstance(again.json, Unknown)
    lists = render({"statement": [{"actions": Unknown("no value")}]})
    assert isinstance(lists.json, PartialText)
    assert render({"override_policy_documents": [lists.json]}).json == lists.json
    principals: Plain = [{"type": "AWS", "identifiers": Unknown("no value")}]
    trust = render({"statement": [{"actions": ["sts:AssumeRole"], "principals": principals}]})
    assert '"Principal":{"AWS":{?}}' in str(trust.minified_json)


def test_unknown_parts_of_merged_documents() -> None:
    for text in (
        PartialText.of('{"Statement":', ANY, "}"),
        PartialText.of('{"Statement":[{"Principal":', ANY, "}]}"),
        PartialText.of('{"Statement":[{"Condition":', ANY, "}]}"),
        PartialText.of('{"Statement":[{"Condition":{"Bool":', ANY, "}}]}"),
        PartialText.of('{"Statement":[{', ANY, ':"x"}]}'),
        PartialText.of('{"Statement":[', ANY),
    ):
        rendered = render({"source_policy_documents": [text]})
        assert isinstance(rendered.json, Unknown)
        assert rendered.error is None


def test_holes_survive_a_merge() -> None:
    inner = render({"statement": [{"sid": "A", "resources": [PartialText.of("arn:aws:s3:::", ANY, "/<*")]}]})
    assert isinstance(inner.json, PartialText)
    outer = render({"source_policy_documents": [inner.json], "statement": [{"sid": "B"}]})
    assert isinstance(outer.minified_json, PartialText)
    assert str(outer.minified_json) == (
        '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Resource":"arn:aws:s3:::{?}/\\u003c*"},'
        '{"Sid":"B","Effect":"Allow"}]}'
    )


def test_an_unknown_sid_may_replace_anything() -> None:
    own: Plain = [{"sid": PartialText.of("S", ANY)}]
    assert isinstance(render({"statement": own}).json, PartialText)
    merged = render({"statement": own, "override_policy_documents": ['{"Statement":[{"Sid":"S1"}]}']})
    assert isinstance(merged.json, Unknown)
    assert merged.error is None


def test_statements_say_where_they_come_from() -> None:
    rendered = render(
        {
            "source_policy_documents": ['{"Statement":[{"Sid":"A"},{"Sid":"B"}]}'],
            "statement": [{"sid": "C"}, {"sid": "B"}],
            "override_policy_documents": ["", '{"Statement":[{"Sid":"C"},{}]}'],
        }
    )
    assert rendered.statements == (
        StatementOrigin("source", 0),
        StatementOrigin("own", 1),
        StatementOrigin("override", 0, 1),
        StatementOrigin("override", 1, 1),
    )


def test_hostile_documents() -> None:
    deep = "[" * 100_000
    assert render({"source_policy_documents": [deep]}).error
    assert render({"source_policy_documents": ['{"Statement":[{"Action":NaN}]}']}).error
    marker = "\ufdd0" + "0" + "\ufdd0"
    assert render({"policy_id": marker}).minified_json == f'{{"Version":"2012-10-17","Id":"{marker}"}}'
    escaped = render({"source_policy_documents": ['{"Id":"\\ufdd00\\uFDD0"}']})
    assert escaped.minified_json == f'{{"Version":"2012-10-17","Id":"{marker}"}}'


_text = st.text(max_size=8) | st.sampled_from(["*", "&{aws:username}", "<>&", "\u2028"])


@settings(max_examples=60, deadline=None)
@given(actions=st.lists(_text, max_size=4), values=st.lists(_text, max_size=4))
def test_holes_change_nothing_else(actions: list[str], values: list[str]) -> None:
    """A document with a hole is the document with any text, but for the order of sets."""

    def document(value: Plain) -> dict[str, Plain]:
        listed: list[Plain] = [*values, value]
        condition: Plain = [{"test": "StringEquals", "variable": "x", "values": listed}]
        return {"statement": [{"actions": [*actions], "condition": condition}]}

    known, holed = render(document("FILLED")).json, render(document(PartialText.of(ANY))).json
    assert isinstance(holed, PartialText)
    assert "".join("FILLED" if isinstance(part, Hole) else part for part in holed.parts) == known
