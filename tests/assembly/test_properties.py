"""What holds for workspaces that read each other: knowing more changes nothing that was known, and names have no order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.terraform.results import WorkspaceResult
from astralint.terraform.values.value import string
from astralint.terraform.workspace import GivenVariable, WorkspaceSpec
from tests.assembly.workspaces import evaluate
from tests.terraform.evaluation.test_properties import EXPRESSIONS, MODULE, refines, roots, summary

READS = {
    "var.u": "data.terraform_remote_state.r.outputs.a",
    "local.a": "data.terraform_remote_state.r.outputs.b",
    "local.b": "data.terraform_remote_state.r.outputs",
    "local.c": "data.aws_sns_topic.t.arn",
    "aws_sns_topic.a.name": "data.aws_iam_role.r.description",
}
MADE = 'resource "aws_iam_role" "r" {\n  name = "deploy"\n  assume_role_policy = "{}"\n  description = var.v\n}\n'


def _reader(expressions: list[str]) -> str:
    text = (
        'data "terraform_remote_state" "r" {\n  backend = "local"\n  config = {\n'
        '    path = "../made/terraform.tfstate"\n  }\n}\n'
        'data "aws_sns_topic" "t" {\n  name = "x"\n}\ndata "aws_iam_role" "r" {\n  name = "deploy"\n}\n'
    )
    for number, expression in enumerate(expressions):
        for name, read in READS.items():
            expression = expression.replace(name, read)  # noqa: PLW2901 - one after the other
        text += f'output "o{number}" {{\n  value = {expression}\n}}\n'
    return text


def _evaluated(
    blocks: list[str], expressions: list[str], value: str | None, made: str = "made"
) -> list[WorkspaceResult]:
    texts = {
        f"production/{made}": "".join(blocks) + MADE,
        "production/reader": _reader(expressions).replace("made", made),
    }
    texts[f"production/{made}/m/main.tf"] = MODULE["m/main.tf"]
    variables = {"u": GivenVariable(string(value), None)} if value is not None else {}
    name = f"production/{made}"
    spec = WorkspaceSpec(name, name, variables=variables, account="production", region="eu-west-1")
    results = evaluate(texts, modules=(f"production/{made}/m/",), **{name: spec})
    return [results[name], results["production/reader"]]


@settings(max_examples=40, deadline=None)
@given(blocks=roots(), expressions=st.lists(EXPRESSIONS, min_size=2, max_size=4), value=st.sampled_from(["", "x", "7"]))
def test_knowing_a_variable_changes_nothing_that_others_knew(
    blocks: list[str], expressions: list[str], value: str
) -> None:
    before, after = _evaluated(blocks, expressions, None)[1], _evaluated(blocks, expressions, value)[1]
    for name, output in before.outputs.items():
        refines(name, output.value, after.outputs[name].value)


@settings(max_examples=20, deadline=None)
@given(blocks=roots(), expressions=st.lists(EXPRESSIONS, min_size=2, max_size=4))
def test_the_order_of_workspaces_changes_nothing(blocks: list[str], expressions: list[str]) -> None:
    first, second = (_evaluated(blocks, expressions, "x", made)[1] for made in ("made", "zzz"))
    assert str(summary(first)).replace("made", "zzz") == str(summary(second)).replace("made", "zzz")
