"""Conditions that are known to be false are problems at their place; the rest of the root is still evaluated."""

from __future__ import annotations

import pytest

from tests.terraform.evaluation.roots import evaluate_root

QUEUE = """
variable "later" {
  type = bool
}
resource "aws_sqs_queue" "q" {
  count = 2
  name  = "q${count.index}"
  lifecycle {
    %s {
      condition     = %s
      error_message = "it is ${self.name}"
    }
  }
}
output "names" {
  value = aws_sqs_queue.q[*].name
}
"""


@pytest.mark.parametrize(
    ("kind", "condition", "messages"),
    [
        ("postcondition", 'self.name == "q1"', ["a postcondition of `aws_sqs_queue.q[0]` does not hold: it is q0"]),
        ("postcondition", 'self.arn != ""', []),
        ("postcondition", "var.later", []),
        ("precondition", "count.index < 5", []),
        ("precondition", 'fileexists("${path.module}/built.zip")', []),
    ],
)
def test_resources(kind: str, condition: str, messages: list[str]) -> None:
    text = QUEUE % (kind, condition)
    if kind == "precondition":
        text = text.replace("self.name", "count.index")
    result = evaluate_root(text)
    assert [d.message for d in result.diagnostics] == messages
    assert [item.raw for item in result.outputs["names"].value.raw] == ["q0", "q1"]
    for diagnostic in result.diagnostics:
        assert diagnostic.span is not None
        assert (diagnostic.code, diagnostic.span.line, diagnostic.labels[0].span.line) == ("condition-failed", 9, 10)


def test_secrets_are_not_said() -> None:
    text = """
variable "token" {
  default   = "hunter2"
  sensitive = true
}
output "token" {
  value     = var.token
  sensitive = true
  precondition {
    condition     = length(var.token) > 20
    error_message = "${var.token} is short"
  }
}
"""
    assert [d.message for d in evaluate_root(text).diagnostics] == ["a precondition of `output.token` does not hold"]


def test_what_may_not_exist_is_not_judged() -> None:
    text = """
variable "number" {
  type = number
}
resource "aws_sqs_queue" "q" {
  count = var.number
  name  = "q"
  lifecycle {
    precondition {
      condition     = path.module == ""
      error_message = "never"
    }
  }
}
"""
    assert evaluate_root(text).diagnostics == ()
