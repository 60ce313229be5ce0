"""Contracts: names that stand for nothing are errors, exceptions are used or said, what is hidden is undecided."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from astralint.api import ScanOptions, scan
from astralint.config.schema import CONTRACTS
from astralint.rules.finding import CheckResult

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rules"

ACCOUNTS = """
account "live" {
  kind = "production"
  id   = "210000000011"
  workspace "live" { path = "live" }
}
account "lab" {
  kind = "lab"
  id   = "210000000012"
  workspace "lab" { path = "lab" }
}
account "root" {
  kind = "management"
  id   = "210000000013"
  workspace "root" { path = "root" }
}
"""
ORGANIZATION = """
provider "aws" { region = "eu-west-1" }
resource "aws_organizations_organization" "this" {}
resource "aws_organizations_organizational_unit" "workloads" {
  name      = "workloads"
  parent_id = aws_organizations_organization.this.roots[0].id
}
resource "aws_organizations_organizational_unit" "prod" {
  name      = "prod"
  parent_id = aws_organizations_organizational_unit.workloads.id
}
resource "aws_organizations_account" "live" {
  name      = "live"
  email     = "live@example.com"
  parent_id = aws_organizations_organizational_unit.prod.id
  tags      = { team = "shop" }
}
resource "aws_organizations_account" "lab" {
  name      = "lab"
  email     = "lab@example.com"
  parent_id = aws_organizations_organizational_unit.workloads.id
}
"""
QUEUE = 'provider "aws" { region = "eu-west-1" }\nresource "aws_sqs_queue" "jobs" { name = "jobs" }\n'


def check(directory: Path, contract: str, **files: str) -> CheckResult:
    texts = {"live": QUEUE, "lab": QUEUE, "root": ORGANIZATION, **files}
    for name, text in texts.items():
        (directory / name).mkdir(exist_ok=True)
        (directory / name / "main.tf").write_text(text)
    (directory / "astralint.hcl").write_text(ACCOUNTS + contract)
    return scan([directory], ScanOptions(boundary=directory, jobs=1, select=("AC",))).result


def placement(*names: str) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return f'contract "placement" "queues" {{\n  resources = ["aws_sqs_queue"]\n  accounts  = [{listed}]\n}}\n'


@pytest.mark.parametrize(
    ("name", "outside"),
    [
        ("live", {"lab"}),
        ("kind:lab", {"live"}),
        ("production", {"lab"}),
        ("workloads", set()),
        ("unit:prod", {"lab"}),
        ("unit:workloads/prod", {"lab"}),
        ("tag:team=shop", {"lab"}),
        ("tag:team", {"lab"}),
        ("l*", set()),
        ("account:lab", {"live"}),
        ("email", {"live", "lab"}),
    ],
)
def test_what_names_stand_for(tmp_path: Path, name: str, outside: set[str]) -> None:
    result = check(tmp_path, placement(name))
    assert not [diagnostic for diagnostic in result.diagnostics if diagnostic.usage]
    assert {finding.account for finding in result.findings} == outside


@pytest.mark.parametrize(
    ("contract", "message", "help_"),
    [
        (placement("stagin", "lib"), "no account, kind or unit is called `lib`", "did you mean `lab`?"),
        (
            placement("kind:producton"),
            "no account, kind or unit is called `kind:producton`",
            "did you mean `kind:production`?",
        ),
        (
            placement("unit:workload"),
            "no account, kind or unit is called `unit:workload`",
            "did you mean `unit:workloads`?",
        ),
        (placement("tag:team=web"), "no account has the tag `team=web`", None),
        (placement(), "`accounts` is empty", None),
        (
            'contract "placement" "x" {\n  resources = ["aws_sqs_queu"]\n  accounts = ["lab"]\n}\n',
            "no resource type is called `aws_sqs_queu`",
            "did you mean `aws_sqs_queue`?",
        ),
        (
            'contract "placement" "x" {\n  resources = ["aws_sqs_queue"]\n}\n',
            "contract `x` says nothing: give it `accounts`, `kinds`, `not_in`, `regions`",
            None,
        ),
        (
            'contract "placement" "x" {\n  resources = ["aws_sqs_queue"]\n  accounts = ["lab"]\n  where = { nam = "a" }\n}\n',
            "none of these types has an attribute `nam`",
            "did you mean `name`?",
        ),
        (
            'contract "placement" "x" {\n  resources = ["aws_sqs_queue"]\n  kinds = ["lba"]\n}\n',
            "no account is of the kind `lba`",
            "did you mean `lab`?",
        ),
        (
            'contract "independence" "x" {\n  members = ["live", "lab"]\n  by = ["trsut"]\n}\n',
            "`trsut` is nothing that leads from account to account",
            "did you mean `trust`?",
        ),
        (
            'contract "naming" "x" {\n  resources = ["aws_sqs_queue"]\n  pattern = "a("\n}\n',
            "`pattern` is no regular expression: missing ): a(",
            None,
        ),
        (
            'contract "no-access" "x" {\n  resources = ["aws_sqs_queue"]\n  actions = ["sqs:*"]\n}\n',
            "`sqs:*` is no single action of AWS",
            "write it as `s3:DeleteBucket`, without `*`",
        ),
        (
            'contract "no-access" "x" {\n  resources = ["aws_sqs_queue"]\n  actions = ["sqs:SendMessage"]\n  only = ["live/nobody"]\n}\n',
            "nobody is called `live/nobody`",
            None,
        ),
    ],
)
def test_mistakes_are_errors(tmp_path: Path, contract: str, message: str, help_: str | None) -> None:
    result = check(tmp_path, contract)
    said = {d.message: d for d in result.diagnostics if d.usage}
    assert message in said, said
    assert said[message].span is not None
    if help_ is not None:
        assert said[message].help == help_
    assert not result.findings


def test_the_other_contracts_are_judged_all_the_same(tmp_path: Path) -> None:
    result = check(tmp_path, placement("live") + placement("lib").replace("queues", "misspelt"))
    assert [finding.account for finding in result.findings] == ["lab"]
    assert [d.message for d in result.diagnostics if d.usage] == ["no account, kind or unit is called `lib`"]


def test_severity_reason_and_exceptions(tmp_path: Path) -> None:
    contract = placement("live").replace(
        "}\n",
        '  severity = "note"\n  reason = "they cost"\n'
        '  except "for now" {\n    accounts = ["lab"]\n  }\n'
        '  except "for nothing" {\n    subjects = ["aws_sqs_queue.other"]\n  }\n}\n',
    )
    result = check(tmp_path, contract)
    assert [(s.finding.severity, s.finding.help, s.reason) for s in result.suppressed] == [
        ("note", "they cost", "for now")
    ]
    assert [(f.rule, f.severity, f.message) for f in result.findings] == [
        ("AL954", "error", "this exception from `queues` keeps nothing back")
    ]


def test_a_contract_that_is_off_says_nothing(tmp_path: Path) -> None:
    result = check(tmp_path, placement("live").replace("}\n", '  severity = "off"\n}\n'))
    assert not result.findings


def test_an_unknown_kind_or_unit_is_no_violation(tmp_path: Path) -> None:
    nameless = ACCOUNTS.replace('  kind = "lab"\n', "")
    for name in ("production", "unit:prod"):
        result = check(tmp_path, placement(name))
        (tmp_path / "astralint.hcl").write_text(nameless + placement(name))
        (tmp_path / "root" / "main.tf").write_text(ORGANIZATION.replace("organizational_unit.workloads.id", "unknown"))
        result = scan([tmp_path], ScanOptions(boundary=tmp_path, jobs=1, select=("AC",))).result
        assert not result.findings
        assert "AC01" in {subject.rule for subject in result.undecided}


HIDING = 'module "hidden" {\n  source  = "example/hidden/aws"\n  version = "1.0.0"\n}\n'


@pytest.mark.parametrize("type_", sorted(CONTRACTS))
def test_what_a_module_hides_is_no_violation(tmp_path: Path, type_: str) -> None:
    """Every workspace of the good fixture gets a module that can't be read: nothing is violated by that."""
    good = FIXTURES / type_ / "good"
    for file in good.rglob("*"):
        if file.is_file():
            target = tmp_path / file.relative_to(good)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.read_text() + (HIDING if file.name == "main.tf" else ""))
    result = scan([tmp_path], ScanOptions(boundary=tmp_path, jobs=1, select=("AC",))).result
    assert not result.findings
    if type_ in ("forbidden-trust", "layers", "independence", "protected"):
        assert any(subject.name == type_ for subject in result.undecided)


def test_a_required_resource_may_be_in_what_is_hidden(tmp_path: Path) -> None:
    contract = 'contract "required" "x" {\n  accounts = ["live"]\n  resources = ["aws_budgets_budget"]\n}\n'
    assert [f.rule for f in check(tmp_path, contract).findings] == ["AC06"]
    hidden = check(tmp_path, contract, live=QUEUE + HIDING)
    assert not hidden.findings
    assert [u.rule for u in hidden.undecided] == ["AC06"]


CASES = sorted(path.parent for path in FIXTURES.glob("*/bad/astralint.hcl") if path.parts[-3] in CONTRACTS)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_name_is_an_error_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A misspelt account, type or attribute in a contract never passes in silence."""
    import re

    case = data.draw(st.sampled_from(CASES))
    text = (case / "astralint.hcl").read_text()
    at = text.index("contract ")
    names = list(
        re.finditer(
            r'(?:from|to|accounts|members|only_from|resources|layers|not_in|only)\s*=\s*\[+"([^"*]{3,})"', text[at:]
        )
    )
    found = data.draw(st.sampled_from(names))
    start, end = at + found.start(1), at + found.end(1)
    position = data.draw(st.integers(start, end - 1))
    mutated = text[:position] + "qq" + text[position + 1 :]
    directory = tmp_path_factory.mktemp("mutated")
    for file in case.rglob("*"):
        if file.is_file():
            target = directory / file.relative_to(case)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.read_text())
    before = scan([directory], ScanOptions(boundary=directory, jobs=1, select=("AC",))).result
    (directory / "astralint.hcl").write_text(mutated)
    after = scan([directory], ScanOptions(boundary=directory, jobs=1, select=("AC",))).result
    wrong = [d for d in after.diagnostics if d.usage]
    assert wrong or [f.message for f in after.findings] == [f.message for f in before.findings]
