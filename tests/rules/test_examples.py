"""The examples are what they say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from astralint.api import ScanOptions, scan
from astralint.rules.finding import single
from astralint.rules.harness import run_fixture

EXAMPLES = Path(__file__).parents[2] / "examples"
CORPORA = os.environ.get("ASTRALINT_CORPORA", "")


def test_contracts() -> None:
    came = run_fixture(EXAMPLES / "contracts")
    assert came.ok, str(came)
    assert came.result is not None
    assert {finding.rule for finding in came.result.findings if finding.contract} >= {
        "AC01",
        "AC02",
        "AC06",
        "AC07",
        "AC08",
    }


LAYOUT = """
account "orgname-org-root" {
  kind = "management"
  workspace "org-root" { path = "orgname-org-root/admin-global" }
}
account "orgname-id" {
  kind = "identity"
  workspace "id" { path = "orgname-id/admin-global" }
}
account "orgname-infra" {
  kind = "infrastructure"
  workspace "infra" { path = "orgname-infra/admin-global" }
}
account "orgname-prod" {
  kind = "production"
  workspace "prod" { path = "orgname-prod/admin-global" }
  workspace "prod-webapp" { path = "orgname-prod/app-my-webapp-prod" }
}
account "orgname-sandbox" {
  kind = "sandbox"
  workspace "sandbox" { path = "orgname-sandbox/admin-global" }
  workspace "sandbox-webapp" { path = "orgname-sandbox/app-my-webapp-global" }
}
contract "placement" "people are users of the id account" {
  resources = ["aws_iam_user"]
  accounts  = ["identity"]
}
contract "placement" "images are kept in infra" {
  resources = ["aws_ecr_repository"]
  accounts  = ["orgname-infra"]
}
contract "placement" "nothing is shared from the management account" {
  resources = ["aws_iam_policy"]
  not_in    = ["management"]
}
contract "forbidden-trust" "nobody of the sandbox comes into production" {
  from = ["sandbox"]
  to   = ["production"]
}
"""


@pytest.mark.corpus
def test_contracts_find_the_known_violations_of_a_real_layout(tmp_path: Path) -> None:
    """Users in the management account, a repository in each of two workload accounts; whom modules hide is undecided."""
    corpus = Path(CORPORA or "/nowhere") / "trussworks__terraform-layout-example"
    if not corpus.is_dir():
        pytest.skip("ASTRALINT_CORPORA names no directory with trussworks__terraform-layout-example")
    for file in corpus.rglob("*.tf"):
        target = tmp_path / file.relative_to(corpus)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    (tmp_path / "astralint.hcl").write_text(LAYOUT)
    result = scan([tmp_path], ScanOptions(boundary=tmp_path, jobs=1, select=("AC",))).result
    assert not [diagnostic for diagnostic in result.diagnostics if diagnostic.usage]
    assert sorted((finding.account, finding.subject) for finding in single(result.findings)) == [
        ("orgname-org-root", "aws_iam_policy.limited_billing_access"),
        ("orgname-org-root", 'aws_iam_user.admins["alice.org-root"]'),
        ("orgname-org-root", 'aws_iam_user.admins["bob.org-root"]'),
        ("orgname-prod", "module.app_my_webapp_prod_ecr.aws_ecr_repository.main"),
        ("orgname-sandbox", "module.app_my_webapp_sandbox_ecr.aws_ecr_repository.main"),
    ]
    assert [subject.rule for subject in result.undecided] == ["AC02"]
