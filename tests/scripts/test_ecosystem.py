"""What the comparison of two revisions says of small reports that were written by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from scripts.revisions.changes import Change, Described, compare_lists, differing, from_to
from scripts.revisions.markdown import Compared, report
from scripts.revisions.reports import COMPARISONS, compare_outcomes, without_version
from scripts.revisions.runs import COMMANDS, Outcome, run
from scripts.revisions.sides import NotBuiltError, Side, settle
from scripts.revisions.trees import Tree, trees
from scripts.revisions.values import NOT_KNOWN, compare_leaves, leaves

from scripts import ecosystem
from tests.compare.repository import commit, repository


def outcome(data: Any = None, problem: str = "", status: int = 0, text: bytes | None = None) -> Outcome:
    return Outcome(text if text is not None else json.dumps(data).encode(), status, problem, 2.0, 3.0, 50 * 2**20)


def finding(rule: str = "AL101", file: str = "a.tf", fingerprint: str = "f1", **more: Any) -> dict[str, Any]:
    location = {"file": file, "line": 3, "column": 1, "end_line": 3, "end_column": 9}
    return {
        "rule": rule, "name": "some-rule", "severity": "error", "message": "this is wrong", "subject": "aws_x.y",
        "fingerprint": fingerprint, "workspace": "w", "location": location, **more,
    }  # fmt: skip


def check_report(*findings: dict[str, Any], version: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "tool": {"name": "astralint", "version": version}, "findings": list(findings), "diagnostics": [],
        "undecided": [], "silent": [], "suppressed": [], "coverage": {"files": 1}, **more,
    }  # fmt: skip


def edge(kind: str, source: str, target: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "key": kind, "source": source, "target": target, **more}


def graph(*edges: dict[str, Any]) -> dict[str, Any]:
    return {"graph": {"level": "role", "version": "1"}, "edges": list(edges), "nodes": [{"id": "a", "kind": "account"}]}


def show(values: Any, unknown: list[str], address: str = "aws_x.y") -> dict[str, Any]:
    resource = {"address": address, "type": "aws_x", "account": "a", "values": values, "unknown": unknown}
    return {"workspaces": [{"name": "w", "path": "w", "resources": [resource], "outputs": {}}]}


def changes(name: str, old: Any, new: Any) -> list[tuple[str, str, str]]:
    return [(change.of, change.kind, change.group) for change in COMPARISONS[name](old, new)]


# --- verdicts -----------------------------------------------------------------------------------------


def test_the_same_bytes_are_no_difference() -> None:
    assert compare_outcomes("check json", outcome(check_report()), outcome(check_report())) == ("same bytes", [])


def test_another_version_is_the_same_data() -> None:
    old, new = outcome(check_report(version="1")), outcome(check_report(version="2"))
    assert compare_outcomes("check json", old, new) == ("same data", [])
    sarif = {"runs": [{"tool": {"driver": {"name": "x", "version": "1", "semanticVersion": "1"}}}]}
    assert without_version(sarif) == {"runs": [{"tool": {"driver": {"name": "x"}}}]}
    assert without_version(graph())["graph"] == {"level": "role"}


def test_another_order_is_a_difference() -> None:
    one, two = finding(fingerprint="1"), finding(fingerprint="2", file="b.tf")
    verdict, found = compare_outcomes("check json", outcome(check_report(one, two)), outcome(check_report(two, one)))
    assert verdict == "differs"
    assert next((change.of, change.text.split(":")[0]) for change in found) == (
        "anything else", "findings[0].fingerprint",
    )  # fmt: skip


def test_another_status_is_a_difference() -> None:
    verdict, [found] = compare_outcomes("show", outcome(show({}, [])), outcome(show({}, []), status=3))
    assert (verdict, found.text) == ("differs", "status 0 → 3")


@pytest.mark.parametrize("sides", ["old", "new", "both"])
def test_a_command_without_a_report_is_reported(sides: str) -> None:
    good, bad = outcome(check_report()), outcome(problem="crashed: KeyError: 'x'", text=b"")
    old, new = (bad if sides != "new" else good), (bad if sides != "old" else good)
    verdict, found = compare_outcomes("check json", old, new)
    assert verdict == "no report"
    assert [change.of for change in found] == ([] if sides == "both" else ["commands"])


def test_a_report_of_another_form_is_compared_as_json() -> None:
    old = outcome(check_report(finding()))
    new = outcome({**check_report(), "findings": {"AL101": []}})
    verdict, found = compare_outcomes("check json", old, new)
    assert verdict == "differs"
    assert {change.of for change in found} == {"anything else"}
    assert compare_outcomes("check json", old, outcome(text=b"{broken"))[0] == "no report"


# --- lists --------------------------------------------------------------------------------------------


def test_findings_that_appear_and_vanish_are_counted_by_rule() -> None:
    old = check_report(finding("AL101", fingerprint="1"))
    new = check_report(finding("AL202", fingerprint="2", file="b.tf"))
    assert changes("check json", old, new) == [
        ("findings", "vanished", "AL101 some-rule"),
        ("findings", "appeared", "AL202 some-rule"),
    ]
    assert [change.text for change in COMPARISONS["check json"](check_report(), new)] == ["b.tf:3 this is wrong"]


def test_a_finding_of_the_same_fingerprint_has_changed() -> None:
    old, new = finding(severity="error"), finding(severity="warning")
    [found] = COMPARISONS["check json"](check_report(old), check_report(new))
    assert (found.kind, found.text) == ("changed", 'a.tf:3 this is wrong: severity "error" → "warning"')


def test_a_rule_that_is_renamed_changes_its_findings() -> None:
    old, new = finding("AL101", fingerprint="1"), finding("AL900", fingerprint="2")
    [found] = COMPARISONS["check json"](check_report(old), check_report(new))
    assert (found.kind, found.group) == ("changed", "AL900 some-rule")
    assert "(was AL101 some-rule)" in found.text


def test_equal_findings_are_counted_as_often_as_they_are_there() -> None:
    found = changes("check json", check_report(finding(), finding()), check_report(finding()))
    assert found == [("findings", "vanished", "AL101 some-rule")]


def test_entries_are_paired_by_their_best_key_and_only_once() -> None:
    def describe(entry: dict[str, Any]) -> Described:
        return Described("g", (entry["id"], entry["place"]), f"{entry['id']} {entry['place']}")

    old = [{"id": 1, "place": "p", "v": 1}, {"id": 2, "place": "p", "v": 1}]
    new = [{"id": 3, "place": "p", "v": 1}, {"id": 2, "place": "p", "v": 2}, {"id": 4, "place": "p", "v": 1}]
    found = [(change.kind, change.text) for change in compare_lists("x", old, new, describe)]
    assert found == [("changed", "2 p: v 1 → 2"), ("changed", "3 p: id 1 → 3"), ("appeared", "4 p")]


def test_what_else_a_check_says() -> None:
    place = finding()["location"]
    undecided = {"rule": "AL1", "name": "r", "subject": "s", "workspace": "w", "reason": "why", "location": None}
    diagnostic = {"code": "syntax-error", "message": "m", "location": place}
    new = check_report(
        undecided=[undecided],
        diagnostics=[diagnostic],
        silent=[{"rule": "AL2", "name": "r", "reason": "no account"}],
        suppressed=[{"by": "comment", "finding": finding()}],
        coverage={"files": 2},
    )
    assert sorted(changes("check json", check_report(), new)) == [
        ("coverage", "changed", "check json"),
        ("diagnostics", "appeared", "syntax-error"),
        ("silent", "appeared", "AL2 r"),
        ("suppressed", "appeared", "AL101 some-rule"),
        ("undecided", "appeared", "AL1 r"),
    ]


def test_edges_are_counted_by_kind() -> None:
    old = graph(edge("trusts", "a", "b"), edge("can-assume", "a", "b", verdict="allowed"))
    new = graph(edge("can-assume", "a", "b", verdict="denied"), edge("grants", "b", "c"))
    assert changes("graph role", old, new) == [
        ("edges (role)", "changed", "can-assume"),
        ("edges (role)", "vanished", "trusts"),
        ("edges (role)", "appeared", "grants"),
    ]


def test_a_rule_more_changes_no_result_of_sarif() -> None:
    def sarif(rules: list[str], index: int, level: str = "error") -> dict[str, Any]:
        physical = {"artifactLocation": {"uri": "a.tf"}, "region": {"startLine": 3}}
        result = {
            "ruleId": "AL2", "ruleIndex": index, "level": level, "message": {"text": "m"},
            "locations": [{"physicalLocation": physical}], "partialFingerprints": {"astralint/v1": "f"},
        }  # fmt: skip
        driver = {"name": "astralint", "rules": [{"id": rule, "name": rule} for rule in rules]}
        return {"runs": [{"tool": {"driver": driver}, "results": [result]}]}

    found = changes("check sarif", sarif(["AL2"], 0), sarif(["AL1", "AL2"], 1))
    assert found == [("SARIF rules", "appeared", "AL1")]
    found = changes("check sarif", sarif(["AL2"], 0), sarif(["AL2"], 0, "warning"))
    assert found == [("SARIF results", "changed", "AL2")]


# --- values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": "x"}, {"a": "x"}, []),
        ({"a": NOT_KNOWN}, {"a": "x"}, [("became known", "a", 'is "x"')]),
        ({"a": "x"}, {"a": NOT_KNOWN}, [("became unknown", "a", 'was "x"')]),
        ({"a": 1}, {"a": True}, [("changed", "a", "1 → true")]),
        ({"a": 1}, {"b": 1}, [("vanished", "a", ""), ("appeared", "b", "")]),
        ({"a": NOT_KNOWN}, {"a.x": 1, "a.y": 2}, [("became known", "a", "in parts")]),
        ({"a.x": 1, "a.y": 2}, {"a": NOT_KNOWN}, [("became unknown", "a", "as a whole")]),
        ({"a": NOT_KNOWN}, {"ab": 1}, [("vanished", "a", ""), ("appeared", "ab", "")]),
        ({"a": "x" * 200 + "1"}, {"a": "x" * 200 + "2"}, [("changed", "a", "…" + "x" * 30 + '1" → …' + "x" * 30 + '2"')]),
    ],
)  # fmt: skip
def test_values(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert list(compare_leaves(old, new)) == expected


def test_the_leaves_of_a_value() -> None:
    found = leaves({"a": {"b": [1, None]}, "e": {}, "u": None}, ["u", "a.b.1"])
    assert found == {"a.b.0": 1, "a.b.1": NOT_KNOWN, "e": {}, "u": NOT_KNOWN}


def test_instances_and_their_values() -> None:
    old, new = show({"arn": None, "name": "x"}, ["arn"]), show({"arn": "arn:1", "name": "x"}, [])
    assert changes("show", old, new) == [("values", "became known", "aws_x")]
    assert changes("show", old, show({}, [], "aws_x.z")) == [
        ("instances", "vanished", "aws_x"),
        ("instances", "appeared", "aws_x"),
    ]
    new["workspaces"][0]["outputs"] = {"o": {"unknown": True, "reason": "r"}}
    new["workspaces"][0]["resources"][0]["account"] = "b"
    other = json.loads(json.dumps(new))
    other["workspaces"][0]["outputs"] = {"o": {"value": 1, "type": "number"}}
    other["workspaces"][0]["resources"][0]["account"] = "c"
    assert changes("show", new, other) == [("instances", "changed", "aws_x"), ("outputs", "became known", "")]
    assert changes("show", old, {"workspaces": []}) == [("workspaces", "vanished", "")]


def test_documents_differ_at_places() -> None:
    assert differing({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == ["a[1].b: 2 → 3"]
    assert differing({"a": [1]}, {"a": [1, 2]}) == ["a: [1] → [1,2]"]
    assert len(differing(dict.fromkeys("abcdefgh", 1), {})) == 5
    assert from_to("same", "same") == '"same" → "same"'


# --- the report ---------------------------------------------------------------------------------------


def test_the_report(tmp_path: Path) -> None:
    tree = Tree("platforms/x", "fixtures", tmp_path)
    pair = (outcome({}), Outcome(b"{}", 0, "", 3.0, 3.0, 100 * 2**20))
    found = Change("findings", "appeared", "AL101 some-rule", "a.tf:3 wrong | here")
    edges = [Change("edges (role)", "vanished", "trusts", f"a → {number}") for number in range(40)]
    broken = (outcome(problem="took more than 3 s"),) * 2
    compared = Compared(
        tree, {"check json": "differs", "show": "no report"}, {"check json": pair, "show": broken}, [found, *edges]
    )
    text = report(("`1`", "`2`"), [compared], ["big"], 360)
    assert "From `1` to `2`." in text
    assert "1 tree, 2 outputs: 1 different, 1 without a report on a side or both." in text
    assert "Not looked at within 360 s: big." in text
    assert "- show: took more than 3 s (1 tree)" in text
    assert "| platforms/x | differs |  |  |  |  | no report |" in text
    assert "| AL101 some-rule | 1 |" in text
    assert "- appeared: AL101 some-rule in platforms/x: a.tf:3 wrong | here" in text
    assert "| trusts | 40 |" in text
    assert "- and 10 more" in text
    assert "| fixtures | 2.00 | 3.00 | 1.50 | 50 | 100 | 2.00 |" in text
    assert text.index("## Findings") < text.index("## Edges (role)") < text.index("## Time and memory")


def test_what_several_trees_have_is_listed_once(tmp_path: Path) -> None:
    found = Change("findings", "vanished", "", "the same")
    compared = [Compared(Tree(name, name, tmp_path), changes=[found]) for name in "abcde"]
    text = report(("`1`", "`2`"), compared, [], 1)
    assert "| all | 5 |" in text
    assert [line for line in text.splitlines() if line.startswith("- ")] == [
        "- vanished in a, b, c and 2 more: the same"
    ]


# --- running ------------------------------------------------------------------------------------------


def script(directory: Path, body: str) -> Side:
    """A side whose command is a small program."""
    program = directory / "astralint"
    program.write_text(f"#!{sys.executable}\nimport sys, os, time\n{body}\n")
    program.chmod(0o755)
    return Side(directory.name, directory, (str(program),))


def test_a_command_is_run_and_measured(tmp_path: Path) -> None:
    found = run(script(tmp_path, "print('{}')\nsys.exit(3)"), ("check",), tmp_path, tmp_path / "s", 30)
    assert (found.problem, found.status, found.text) == ("", 3, b"{}\n")
    assert found.cpu > 0
    assert found.memory > 2**20


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("raise KeyError('x')", "crashed: KeyError: 'x'"),
        ("print('no such option', file=sys.stderr)\nsys.exit(2)", "gave no report, status 2: no such option"),
        ("os.abort()", "gave no report, status -6: nothing on standard error"),
        ("time.sleep(60)", "took more than 1 s"),
    ],
)
def test_a_command_that_fails_is_no_failure_of_ours(body: str, problem: str, tmp_path: Path) -> None:
    found = run(script(tmp_path, body), (), tmp_path, tmp_path / "s", 1)
    assert found.problem == problem


def test_the_peak_is_that_of_the_command(tmp_path: Path) -> None:
    here = b"x" * (300 * 2**20)
    found = run(script(tmp_path, "print('{}')"), (), tmp_path, tmp_path / "s", 30)
    assert found.memory < len(here) / 4


def test_a_side_is_a_revision_or_a_directory(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    (root / "pyproject.toml").write_text("")
    commit(root)
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    with pytest.raises(NotBuiltError, match="has no `astralint` beside it"):
        settle("HEAD", root, tmp_path / "one", python, None)
    (python.parent / "astralint").touch()
    side = settle("HEAD", root, tmp_path / "two", python, None)
    assert (side.tree / "pyproject.toml").is_file()
    assert side.label.startswith("`")
    assert settle(str(root), root, tmp_path / "three", python, None).tree == root
    with pytest.raises(NotBuiltError):
        settle("no-such-revision", root, tmp_path / "four", python, None)
    with pytest.raises(NotBuiltError):
        settle("--upload-pack=x", root, tmp_path / "five", python, None)


def test_the_trees(tmp_path: Path) -> None:
    for name in ("f/platforms/p", "f/rules/r/good", "f/rules/r/bad", "c/o__big", "c/o__small"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "c/o__big/main.tf").write_text("# long")
    found = [(tree.name, tree.of) for tree in trees(tmp_path / "f", tmp_path / "c")]
    assert found == [
        ("platforms/p", "fixtures"), ("rules/r/bad", "fixtures"), ("rules/r/good", "fixtures"),
        ("o/small", "o/small"), ("o/big", "o/big"),
    ]  # fmt: skip
    assert trees(tmp_path / "nothing", None) == []


def test_what_there_is_no_time_for_is_left_out(tmp_path: Path) -> None:
    sides = (script(tmp_path, "print('{}')"),) * 2
    assert ecosystem.compare(sides, Tree("t", "t", tmp_path), tmp_path / "s", deadline=0) is None
    assert set(COMMANDS) == set(COMPARISONS)


def test_a_side_that_cannot_be_built_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert ecosystem.main(["no-such-revision", "HEAD"]) == 2
    assert ecosystem.main(["HEAD", "HEAD", "--corpora", "/no/such/directory"]) == 2
    assert "is no directory" in capsys.readouterr().err
