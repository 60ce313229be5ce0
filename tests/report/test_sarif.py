"""SARIF: sarif-om's names against the schema, GitHub's limits, and Microsoft's own validator."""

from __future__ import annotations

import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import attr
import msgspec
import pytest
import sarif_om

from astralint.report import render, sarif
from astralint.report.line_hash import LineHashes
from astralint.report.sarif_writer import plain
from astralint.rules.finding import CheckResult

from .sample import LONG_LINE, PRODUCTION, RESULT, RULES, USER, WAY, context
from .sarif_schema import SCHEMA, problems


def run(result: CheckResult = RESULT, **options: object) -> dict[str, Any]:
    (only,) = json.loads(render(result, "sarif", context(**options)))["runs"]
    return dict(only)


CLASSES = [kind for _, kind in inspect.getmembers(sarif_om, inspect.isclass)]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_attribute_is_written_under_the_schemas_name(kind: type) -> None:
    definition = SCHEMA[kind.__name__[0].lower() + kind.__name__[1:]]
    written = set()
    for field in attr.fields(kind):
        value = kind(**{other.name: None for other in attr.fields(kind)} | {field.name: ["x"]})  # type: ignore[arg-type]
        written |= plain(value).keys()
    assert written == definition["properties"].keys()


def test_a_misspelt_attribute_is_an_error() -> None:
    message = sarif_om.Message(text="x")
    message.txet = "y"
    with pytest.raises(AttributeError, match="Message has no attribute 'txet'"):
        plain(message)


def test_warnings_keep_their_level() -> None:
    levels = {item["ruleId"]: item["level"] for item in run()["results"]}
    assert levels == {"AL101": "error", "AL201": "warning", "AL901": "note"}
    configured = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in run()["tool"]["driver"]["rules"]}
    assert configured["AL201"] == "warning"


def test_one_run_with_every_enabled_rule_even_without_results() -> None:
    empty = run(CheckResult((), rules=RULES))
    assert empty["results"] == []
    assert empty["automationDetails"] == {"id": "astralint/"}
    assert empty["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in empty["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]
    security = empty["tool"]["driver"]["rules"][0]
    assert security["properties"]["security-severity"] == "8.0"
    assert security["properties"]["tags"] == ["security", "iam"]


def test_evidence_is_linked_and_brackets_are_text() -> None:
    (item,) = run(CheckResult((USER,)))["results"]
    assert item["message"]["text"] == (
        "IAM user `deploy` is created in the `production` account. See [owned by \\[somebody\\] else](1)"
        " (workspace `production`); [the keys it could use](2) (workspace `identity`)."
    )
    assert [location["id"] for location in item["relatedLocations"]] == [1, 2]


def test_a_way_is_a_code_flow_and_its_region_one_line() -> None:
    (item,) = run(CheckResult((WAY,)), prefix="infra")["results"]
    steps = item["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == [
        "`people` starts",
        "`release` trusts everybody",
    ]
    place = item["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "infra/workspaces/production/main.tf", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 13, "startColumn": 1, "endLine": 13, "endColumn": 41}
    assert item["partialFingerprints"]["primaryLocationLineHash"] == LineHashes(PRODUCTION).of(13)


def test_paths_are_encoded() -> None:
    uris = {item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for item in run()["results"]}
    assert "modules/hostile%20name/main.tf" in uris


def test_suppressed_findings_are_left_out_until_asked_for() -> None:
    assert not any("suppressions" in item for item in run()["results"])
    (suppressed,) = [item for item in run(show_suppressed=True)["results"] if "suppressions" in item]
    (suppression,) = suppressed["suppressions"]
    assert suppression["status"] == "accepted"
    assert suppression["kind"] == "inSource"
    assert suppression["justification"] == "it leaves in spring"


def test_diagnostics_and_what_is_undecided_are_notifications() -> None:
    (invocation,) = run()["invocations"]
    assert invocation["executionSuccessful"] is False
    notes = [(note["descriptor"]["id"], note["level"]) for note in invocation["toolExecutionNotifications"]]
    assert notes == [
        ("syntax-error", "error"),
        ("unknown-account", "warning"),
        ("undecided", "note"),
        ("silent-rule", "note"),
        ("coverage", "note"),
    ]
    shown = run(show_undecided=True)["invocations"][0]["toolExecutionNotifications"]
    assert sum(note["descriptor"]["id"] == "undecided" for note in shown) == 3


def test_the_least_severe_are_left_out_of_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAXIMUM_RESULTS", 3)
    cut = run(CheckResult((LONG_LINE, WAY, USER, LONG_LINE, USER)))
    assert [item["level"] for item in cut["results"]] == ["warning", "error", "error"]
    notes = {n["descriptor"]["id"]: n["message"]["text"] for n in cut["invocations"][0]["toolExecutionNotifications"]}
    assert notes["results-left-out"].startswith("2 results left out")


def test_too_large_a_log_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAXIMUM_GZIPPED", 6_000)
    many = tuple(msgspec.structs.replace(USER, subject=f"s{number * 7919 % 10007}") for number in range(400))
    output = render(CheckResult(many), "sarif", context())
    assert sarif._gzipped(output.encode()) <= 6_000
    assert 10 < len(json.loads(output)["runs"][0]["results"]) < 400


def test_places_beyond_the_limit_are_counted() -> None:
    many = msgspec.structs.replace(USER, evidence=USER.evidence * 600, path=USER.evidence * 600)
    (item,) = run(CheckResult((many,)))["results"]
    assert len(item["relatedLocations"]) == 100
    assert "1,100 further places" in item["message"]["text"]
    assert len(item["codeFlows"][0]["threadFlows"][0]["locations"]) == 1000


def test_the_sample_fits_the_schema() -> None:
    assert problems(json.loads(render(RESULT, "sarif", context(show_suppressed=True, show_undecided=True)))) == []


def multitool() -> Path:
    """Return Microsoft's validator, installed into a cache of its own; skips where that can't be."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "astralint-sarif-multitool"
    tool = cache / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    npm = shutil.which("npm")
    reason = ""
    if not sys.platform.startswith("linux"):
        reason = "the validator is installed for Linux only"
    elif not tool.exists() and npm is None:
        reason = "npm is not installed"
    elif not tool.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = [str(npm), "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", str(cache)]
        try:
            subprocess.run(
                [*command, "@microsoft/sarif-multitool-linux@5"], check=True, capture_output=True, timeout=300
            )
        except (subprocess.SubprocessError, OSError) as error:
            reason = f"npm could not install the validator: {error}"
    if reason:
        if os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    tool.chmod(0o755)
    return tool


@pytest.mark.oracle
def test_the_validator_finds_no_error_and_no_warning(tmp_path: Path) -> None:
    tool = multitool()
    documented = tuple(
        msgspec.structs.replace(
            rule, help_uri=f"https://example.com/{rule.id}", documentation=f"{rule.summary}\n\n## Why\nSo."
        )
        for rule in RULES
    )
    for name, result, options in (
        ("all", msgspec.structs.replace(RESULT, rules=documented), {"show_suppressed": True, "show_undecided": True}),
        ("default", RESULT, {"prefix": "infra"}),
        ("empty", CheckResult((), rules=RULES), {}),
    ):
        path, report = tmp_path / f"{name}.sarif", tmp_path / f"{name}-report.sarif"
        path.write_text(render(result, "sarif", context(**options)), encoding="utf-8")
        command = [str(tool), "validate", str(path), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
        done = subprocess.run(
            [*command, "--output", str(report), "--log", "ForceOverwrite"],
            capture_output=True,
            text=True,
            timeout=120,
            env=os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
            check=False,
        )
        assert report.exists(), done.stdout + done.stderr
        said = json.loads(report.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
        # SARIF2005 asks for the address of the project's page.
        found = [(item["ruleId"], item.get("message")) for item in said if item["ruleId"] != "SARIF2005"]
        assert found == []

    schema = json.loads((tool.parent / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    for definition, recorded in SCHEMA.items():
        real = schema if definition == "sarifLog" else schema["definitions"][definition]
        assert recorded["properties"].keys() == real.get("properties", {}).keys()
        assert recorded["required"] == sorted(real.get("required", []))


@pytest.mark.oracle
def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    tool = multitool()
    log = json.loads(render(RESULT, "sarif", context()))
    del log["runs"][0]["tool"]["driver"]["rules"][0]["help"]
    path, report = tmp_path / "log.sarif", tmp_path / "report.sarif"
    path.write_text(json.dumps(log), encoding="utf-8")
    command = [str(tool), "validate", str(path), "--rule-kind", "Sarif;Ghas", "--output", str(report)]
    subprocess.run([*command, "--log", "ForceOverwrite"], capture_output=True, timeout=120, check=False)
    said = json.loads(report.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
    assert any(item["ruleId"] == "GH2012" for item in said)
