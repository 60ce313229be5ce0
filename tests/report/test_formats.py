"""Every format, over any result: valid, deterministic, bounded, and free of what controls a terminal or a page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given, settings

from astralint.report import FORMATS, render
from astralint.report.markdown import MAXIMUM_LENGTH
from astralint.rules.finding import CheckResult, Finding

from .sample import LONG_LINE, RESULT, USER, context
from .sarif_schema import problems
from .strategies import results

_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
EMPTY = CheckResult(())


def strings(value: Any) -> list[str]:
    """Return all texts in a JSON value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [*value, *(text for item in value.values() for text in strings(item))]
    return [text for item in value for text in strings(item)] if isinstance(value, list) else []


def check_json(output: str, result: CheckResult) -> None:
    document = json.loads(output)
    assert not any(_FORBIDDEN.search(text) for text in strings(document))
    assert len(document["findings"]) == len(result.findings)
    prints = [item["fingerprint"] for item in document["findings"]]
    assert len(set(prints)) == len(prints)


def check_sarif(output: str, result: CheckResult) -> None:
    document = json.loads(output)
    assert problems(document) == []
    assert not any(_FORBIDDEN.search(text) for text in strings(document))
    (run,) = document["runs"]
    assert len(run["results"]) == len(result.findings)
    rules = run["tool"]["driver"]["rules"]
    for item in run["results"]:
        region = item["locations"][0]["physicalLocation"]["region"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert (region["endLine"], region["endColumn"]) > (region["startLine"], region["startColumn"])
        assert rules[item["ruleIndex"]]["id"] == item["ruleId"]
        linked = set(re.findall(r"(?<!\\)\]\((\d+)\)", item["message"]["text"]))
        assert {str(location["id"]) for location in item.get("relatedLocations", [])} == linked
    for rule in rules:
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert len(rule["properties"]["tags"]) <= 10
        assert {"name", "shortDescription", "help", "defaultConfiguration"} <= rule.keys() | {"name"}


def check_github(output: str, result: CheckResult) -> None:
    *commands, last = output.removesuffix("\n").split("\n")
    assert len(commands) == len(result.findings) + len(result.diagnostics)
    for command in commands:
        matched = re.fullmatch(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\n]*,?)+)::.*", command)
        assert matched
    assert last.startswith("Analysed")


def check_gitlab(output: str, result: CheckResult) -> None:
    entries = json.loads(output)
    assert len(entries) == len(result.findings) + len(result.diagnostics)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    assert not any(_FORBIDDEN.search(text) for text in strings(entries))
    assert all(entry["location"]["path"] and entry["location"]["lines"]["begin"] >= 1 for entry in entries)


def check_junit(output: str, result: CheckResult) -> None:
    root = ET.fromstring(output.encode())
    assert int(root.get("failures", "")) == len(root.findall(".//failure")) == len(result.findings)
    assert int(root.get("tests", "")) == len(root.findall(".//testcase"))
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))


def check_markdown(output: str, _: CheckResult) -> None:
    assert len(output) <= MAXIMUM_LENGTH
    for row in output.split("\n"):
        bare = re.sub(r"</?code>|&#\d+;", "", row)
        if row.startswith("|"):
            assert row.count("|") in (4, 6)
            bare = bare.replace("|", "")
        assert bare.startswith("### ") or not re.search(r"[<>\[\]`*_@#|\\$]|www\.|://", bare), row


def check_text(output: str, _: CheckResult) -> None:
    *_, last = (row for row in output.split("\n") if row and not row.startswith("  = help: "))
    assert last.endswith(".")


CHECKS = {
    "text": check_text,
    "concise": check_text,
    "full": check_text,
    "json": check_json,
    "sarif": check_sarif,
    "github": check_github,
    "gitlab": check_gitlab,
    "junit": check_junit,
    "markdown": check_markdown,
}


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=40, deadline=None)
@given(result=results)
def test_any_result(name: str, result: CheckResult) -> None:
    output = render(result, name, context(prefix="some/where"))
    assert output.endswith("\n")
    assert not _FORBIDDEN.search(output)
    assert output.encode()
    assert output == render(result, name, context(prefix="some/where"))
    CHECKS[name](output, result)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_to_say(name: str) -> None:
    CHECKS[name](render(EMPTY, name, context()), EMPTY)


@pytest.mark.parametrize("name", FORMATS)
def test_credentials_are_masked(name: str) -> None:
    secrets = ("AKIAQWERTYUIOPASDFGH", "hunter22", "wJalrXUtnFEMIK7MDENGbPxRfiCYZZZZZZZKEY12")
    text = f'the key {secrets[0]} with password = "{secrets[1]}" and {secrets[2]}'
    place = msgspec.structs.replace(USER.primary, text=text)
    finding = msgspec.structs.replace(USER, message=text, primary=place, path=(place,), help=text, subject=text)
    diagnostic = msgspec.structs.replace(RESULT.diagnostics[0], message=text, help=text)
    undecided = msgspec.structs.replace(RESULT.undecided[0], reason=text, subject=text)
    result = CheckResult((finding,), undecided=(undecided,), diagnostics=(diagnostic,))
    output = render(result, name, context(show_undecided=True, show_suppressed=True))
    assert not any(secret in output for secret in secrets)
    assert "*" in output or "&#42;" in output


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown format 'yaml'"):
        render(EMPTY, "yaml", context())


def test_the_prefix_leads_to_the_repository() -> None:
    result = CheckResult((LONG_LINE,))
    assert json.loads(render(result, "json", context(prefix="infra")))["findings"][0]["location"]["file"] == (
        "infra/modules/long/main.tf"
    )
    assert "../modules/long/main.tf:1:5006" in render(result, "text", context(working_directory_prefix=".."))


def test_markdown_counts_what_does_not_fit() -> None:
    finding = msgspec.structs.replace(USER, message="m" * 500)
    many = CheckResult(tuple(msgspec.structs.replace(finding, subject=f"s{n}") for n in range(400)))
    output = render(many, "markdown", context())
    assert len(output) <= MAXIMUM_LENGTH
    shown = output.count("❌ error")
    assert 50 < shown < 400
    assert f"… and {400 - shown} more" in output


def moved(finding: Finding) -> Finding:
    span = finding.primary.span
    lower = msgspec.structs.replace(span, line=span.line + 1, end_line=span.end_line + 1)
    return msgspec.structs.replace(finding, primary=msgspec.structs.replace(finding.primary, span=lower))


def test_fingerprints_survive_moved_lines_but_not_another_subject() -> None:
    def fingerprint(finding: Finding, sources: dict[str, str] | None = None) -> str:
        there = context()
        if sources is not None:
            there = msgspec.structs.replace(there, sources=type(there.sources)(sources))  # type: ignore[call-arg]
        return str(json.loads(render(CheckResult((finding,)), "json", there))["findings"][0]["fingerprint"])

    text = context().sources.text(USER.primary.span.file) or ""
    lower = {USER.primary.span.file: "\n" + text.replace('"aws_iam_user" ', '"aws_iam_user"   ')}
    assert fingerprint(USER) == fingerprint(moved(USER), lower)
    assert fingerprint(USER) != fingerprint(msgspec.structs.replace(USER, subject="aws_iam_user.other"))
    assert fingerprint(USER) != fingerprint(msgspec.structs.replace(USER, workspace="staging"))


def test_every_member_of_the_json_report_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "json-format.md").read_text(encoding="utf-8")
    document = json.loads(render(RESULT, "json", context()))

    def names(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {name for item in value.values() for name in names(item)}
        return {name for item in value for name in names(item)} if isinstance(value, list) else set()

    assert {name for name in names(document) if f"`{name}`" not in page and f'"{name}"' not in page} == set()
