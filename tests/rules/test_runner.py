"""Rules are loaded, selected and run; what goes wrong with one is said, and the others go on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from astralint.api import Report, ScanOptions, UsageError, open_session, scan
from astralint.rules.loader import load_rules
from astralint.rules.selection import select_rules

CONFIGURATION = """
rule_paths = ["own"]
account "identity" {
  kind = "identity"
  id   = "210000000002"
}
account "production" {
  kind = "production"
  id   = "210000000007"
  workspace "production" { path = "production" }
}
"""
CODE = """
provider "aws" {
  region = "us-east-1"
}
variable "count" {
  type = number
}
resource "aws_sns_topic" "b" {
  name = "b"
}
resource "aws_sns_topic" "a" {
  name = "a"
}
resource "aws_sns_topic" "maybe" {
  count = var.count
  name  = "maybe"
}
"""
HEAD = """
import msgspec
from astralint.rules.api import rule
class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    least: int = 0
"""
RULE = '''
@rule("{id}", "{name}", severity="warning", each="aws_sns_topic"{more})
def check{id}(topic, platform{options}):
    """Topics are judged."""
    {body}
    yield topic.finding("it is there")
'''


def source(id_: str = "OWN001", name: str = "own", body: str = "pass", *, options: bool = False, more: str = "") -> str:
    more += ", options=Options" if options else ""
    return RULE.format(id=id_, name=name, body=body, more=more, options=", options" if options else "")


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Report]:
    def run(*rules: str, configuration: str = "", **options: object) -> Report:
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / "rules.py").write_text(HEAD + "".join(rules))
        (tmp_path / "production").mkdir(exist_ok=True)
        (tmp_path / "production" / "main.tf").write_text(CODE)
        (tmp_path / "astralint.hcl").write_text(CONFIGURATION + configuration)
        given = {"boundary": tmp_path, "jobs": 1, "allow_rule_code": True, "select": ("OWN",), **options}
        return scan(tmp_path, ScanOptions(**given))  # type: ignore[arg-type]

    return run


def test_order_and_what_is_undecided(check: Callable[..., Report]) -> None:
    result = check(source("OWN002", "second"), source()).result
    assert [(f.rule, f.subject) for f in result.findings] == [
        ("OWN001", "aws_sns_topic.b"),
        ("OWN002", "aws_sns_topic.b"),
        ("OWN001", "aws_sns_topic.a"),
        ("OWN002", "aws_sns_topic.a"),
    ]
    assert [(u.rule, u.workspace) for u in result.undecided] == [("OWN001", "production"), ("OWN002", "production")]
    assert "`count` has no value" in result.undecided[0].reason
    assert check(source("OWN002", "second"), source()).result.findings == result.findings


def test_a_rule_that_raises_is_told_and_the_others_go_on(check: Callable[..., Report]) -> None:
    broken = source("OWN002", "broken", body="1 / (topic.name == 'a')")
    result = check(source(), broken).result
    assert sorted(f.rule for f in result.findings) == ["OWN001", "OWN001", "OWN002"]
    said = [d for d in result.diagnostics if d.code == "rule-failed"]
    assert said
    assert all(d.broken and d.span is not None for d in said)
    assert "rule `OWN002 broken` failed on `aws_sns_topic.b`: ZeroDivisionError" in said[0].message
    with pytest.raises(ZeroDivisionError):
        check(broken, rule_errors=True)


def test_a_rule_without_its_kind_of_account_is_silent(check: Callable[..., Report]) -> None:
    result = check(source(more=', needs=("email", "identity")')).result
    assert [(s.rule, s.reason) for s in result.silent] == [("OWN001", "the platform has no `email` account")]
    assert not result.findings


def test_severity_and_options(check: Callable[..., Report]) -> None:
    body = "if options.least > 1: return"
    own = source(body=body, options=True)
    assert len(check(own).result.findings) == 2
    assert not check(own, configuration='rule "own" {\n  least = 2\n}\n').result.findings
    findings = check(own, configuration='rule "OWN001" {\n  severity = "error"\n}\n').result.findings
    assert {f.severity for f in findings} == {"error"}
    off = 'rule "OWN001" {\n  severity = "off"\n}\n'
    assert not check(own, configuration=off).result.findings
    assert len(check(own, configuration=off, select=("OWN001",)).result.findings) == 2


@pytest.mark.parametrize(
    ("configuration", "options", "says"),
    [
        ('rule "own" {\n  least = "many"\n}\n', {}, "the options of rule `own` are not valid"),
        ('rule "own" {\n  most = 1\n}\n', {}, "`most`"),
        ('rule "oen" {\n  least = 1\n}\n', {}, "no rule is called `oen`"),
        ('rule "AL101" {\n  least = 1\n}\n', {"select": ("AL101",)}, "has no options"),
        ("", {"select": ("AL999",)}, "no rule is called `AL999`"),
        ("", {"ignore": ("nothing",)}, "no rule is called `nothing`"),
    ],
)
def test_what_is_wrong_with_the_call(
    check: Callable[..., Report], configuration: str, options: dict[str, object], says: str
) -> None:
    with pytest.raises(UsageError) as caught:
        check(source(options=True), configuration=configuration, **options)
    assert says in str(caught.value)


def test_rules_that_can_not_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import nothing_of_this_name")
    loaded = load_rules([tmp_path])
    assert [d.code for d in loaded.diagnostics] == ["rule-pack-broken"]
    assert loaded.find("AL101") is loaded.find("iam-user-outside-identity") is not None
    (tmp_path / "broken.py").write_text(HEAD + source("AL101", "mine") + source("OWN001", "env-zone-name"))
    assert [d.code for d in load_rules([tmp_path]).diagnostics] == ["rule-duplicate"] * 2


def test_selecting() -> None:
    from astralint.config.settings import Settings

    rules = load_rules().rules

    def ids(select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> set[str]:
        chosen, said = select_rules(rules, Settings(), select, ignore)
        assert not said
        return {selected.rule.id for selected in chosen}

    # A type of contracts is in force where the configuration has a contract of it.
    assert ids() == {rule.id for rule in rules if not rule.id.startswith("AC") and not rule.profiles}
    assert ids(("AL101", "env-zone-name")) == {"AL101", "AL304"}
    assert ids(("AL3",)) == {rule.id for rule in rules if rule.id.startswith("AL3") and not rule.profiles}
    assert ids(("AL3",), ("AL303", "AL95")) == ids(("AL3",)) - {"AL303"}


def test_a_rule_of_a_profile_runs_where_that_or_the_configuration_names_it(check: Callable[..., Report]) -> None:
    own = source(more=', profiles="landing-zone"')
    assert not check(own).result.findings
    assert check(own, profile="landing-zone").result.findings
    assert check(own, select=("OWN001",)).result.findings
    assert check(own, configuration='rule "own" {\n  severity = "note"\n}\n').result.findings


def test_descriptions_include_those_without_a_check(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("")
    described = open_session([tmp_path], ScanOptions(boundary=tmp_path)).descriptions()
    assert {"AL951", "AL952", "AL953", "AL954", "AL955", "AL101"} <= {rule.id for rule in described}
    assert all(rule.summary and rule.documentation for rule in described)
