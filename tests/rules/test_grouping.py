"""What one line makes in several instances is one finding, and each of them counts for itself where it has to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from astralint.api import Report, scan
from astralint.report import ReportContext, render
from astralint.rules.finding import single
from astralint.rules.fingerprint import fingerprints, lines_of

CONFIGURATION = """
account "identity" {
  kind     = "identity"
  id       = "210000000002"
  external = true
}
account "production" {
  kind = "production"
  id   = "210000000007"
  workspace "production" { path = "production" }
}
"""
EXCEPTION = """
rule "AL101" {
  except "they are known" {
    subjects = ["module.second.*"]
  }
}
"""
ROOT = """
provider "aws" { region = "eu-west-1" }
module "first" {
  source = "../modules/user"
  names  = ["ada", "grace"]
}
module "second" {
  source = "../modules/user"
  names  = ["edsger"]
}
"""
MODULE = """
variable "names" { type = set(string) }
resource "aws_iam_user" "this" {
  for_each = var.names
  name     = each.key
}
"""


class Texts:
    """The sources of a report."""

    def __init__(self, report: Report) -> None:
        self.text = report.source_text


@pytest.fixture
def report(tmp_path: Path) -> Report:
    for name, text in (
        ("astralint.hcl", CONFIGURATION),
        ("production/main.tf", ROOT),
        ("modules/user/main.tf", MODULE),
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return scan([tmp_path])


def test_one_line_is_one_finding_with_its_instances(report: Report) -> None:
    (finding,) = report.result.findings
    assert (finding.rule, finding.primary.span.file) == ("AL101", "modules/user/main.tf")
    assert [one.subject for one in finding.each] == [
        'module.first.aws_iam_user.this["ada"]',
        'module.first.aws_iam_user.this["grace"]',
        'module.second.aws_iam_user.this["edsger"]',
    ]
    assert [(i.place.span.file, i.place.span.line) for i in finding.instances] == [
        ("production/main.tf", 3),
        ("production/main.tf", 3),
        ("production/main.tf", 7),
    ]


def test_the_fingerprint_of_a_line_does_not_hang_on_how_many_there_are(report: Report) -> None:
    (finding,) = report.result.findings
    line = lines_of(report.source_text)
    fewer = [f for f in single(report.result.findings) if "second" not in f.subject]
    assert len(set(fingerprints(single(report.result.findings), line))) == 3
    assert len(fewer) == 2
    assert len(fingerprints([finding], line)) == 1


def test_reports_name_the_instances(report: Report) -> None:
    context = ReportContext(Texts(report))
    assert "in 3 instances" in render(report.result, "text", context)
    (result,) = json.loads(render(report.result, "sarif", context))["runs"][0]["results"]
    places = [at["physicalLocation"] for at in result["relatedLocations"]]
    assert [at["region"]["startLine"] for at in places] == [5, 3, 3, 7]
    assert "3 instances of this line" in result["message"]["text"]
    (found,) = json.loads(render(report.result, "json", context))["findings"]
    assert [one["subject"] for one in found["instances"]] == [one.subject for one in single(report.result.findings)]


def test_an_exception_keeps_single_instances_back(tmp_path: Path, report: Report) -> None:
    configuration = tmp_path / "astralint.hcl"
    configuration.write_text(CONFIGURATION + EXCEPTION)
    again = scan([tmp_path]).result
    (finding,) = again.findings
    assert len(finding.instances) == 2
    assert [item.finding.subject for item in again.suppressed] == ['module.second.aws_iam_user.this["edsger"]']
