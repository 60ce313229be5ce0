"""Policies of generated platforms, written in HCL in each of the ways that people write them.

Text is what stands between the quotes of an HCL template, `${aws_iam_role.x.arn}` included. A policy
variable is written `@{aws:PrincipalTag/team}`, and each style writes it in its own way.
"""

from __future__ import annotations

import json
import random
import re
from typing import Any, NamedTuple

_REFERENCE = re.compile(r"\$\{([^{}]+)\}")


class Statement(NamedTuple):
    """A statement: of a trust policy where it has principals, else of an identity policy."""

    actions: tuple[str, ...] = ("sts:AssumeRole",)
    effect: str = "Allow"
    principals: tuple[tuple[str, tuple[str, ...]], ...] = ()
    resources: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    not_actions: bool = False
    not_resources: bool = False


def written(name: str, statements: list[Statement], chosen: random.Random) -> tuple[str, str]:
    """Return blocks to stand at the top of a file, and the expression of the policy's JSON."""
    style = chosen.choice(("data", "data", "jsonencode", "heredoc", "local"))
    if style == "data":
        return _data_source(name, statements), f"data.aws_iam_policy_document.{name}.json"
    value = _structure(statements, chosen)
    if style == "jsonencode":
        return "", f"jsonencode({_hcl(value)})"
    if style == "local":
        return f"locals {{\n  {name} = jsonencode({_hcl(value)})\n}}\n", f"local.{name}"
    return "", f"<<-POLICY\n{_json(value)}\n  POLICY\n"


# --- data sources ----------------------------------------------------------------------


def _value(text: str, variable: str) -> str:
    reference = _REFERENCE.fullmatch(text)
    return reference[1] if reference else '"' + text.replace('"', '\\"').replace("@{", variable) + '"'


def _list(texts: tuple[str, ...], variable: str = "&{") -> str:
    return "[" + ", ".join(_value(text, variable) for text in texts) + "]"


def _data_source(name: str, statements: list[Statement]) -> str:
    lines = [f'data "aws_iam_policy_document" "{name}" {{']
    for statement in statements:
        lines.append("  statement {")
        if statement.effect != "Allow":
            lines.append(f'    effect = "{statement.effect}"')
        lines.append(f"    {'not_actions' if statement.not_actions else 'actions'} = {_list(statement.actions)}")
        if statement.resources:
            form = "not_resources" if statement.not_resources else "resources"
            lines.append(f"    {form} = {_list(statement.resources)}")
        for kind, identifiers in statement.principals:
            lines.append(f'    principals {{\n      type = "{kind}"\n      identifiers = {_list(identifiers)}\n    }}')
        for operator, key, values in statement.conditions:
            lines.append(
                f'    condition {{\n      test = "{operator}"\n      variable = "{key}"\n'
                f"      values = {_list(values)}\n    }}"
            )
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


# --- jsonencode and heredocs ---------------------------------------------------------------


def _structure(statements: list[Statement], chosen: random.Random) -> dict[str, Any]:
    def values(texts: tuple[str, ...]) -> Any:
        return texts[0] if len(texts) == 1 and chosen.random() < 0.5 else list(texts)

    found: list[dict[str, Any]] = []
    for statement in statements:
        document: dict[str, Any] = {"Effect": statement.effect}
        document["NotAction" if statement.not_actions else "Action"] = values(statement.actions)
        if statement.resources:
            document["NotResource" if statement.not_resources else "Resource"] = values(statement.resources)
        if statement.principals == (("*", ("*",)),):
            document["Principal"] = "*"
        elif statement.principals:
            document["Principal"] = {kind: values(names) for kind, names in statement.principals}
        for operator, key, texts in statement.conditions:
            document.setdefault("Condition", {}).setdefault(operator, {})[key] = values(texts)
        found.append(document)
    return {"Version": "2012-10-17", "Statement": found[0] if len(found) == 1 and chosen.random() < 0.5 else found}


def _hcl(value: Any, indent: str = "  ") -> str:
    if isinstance(value, str):
        return _value(value, "$${")
    if isinstance(value, list):
        return "[" + ", ".join(_hcl(item, indent) for item in value) + "]"
    inner = indent + "  "
    members = "".join(
        f"{inner}{key if key.isalpha() else json.dumps(key)} = {_hcl(item, inner)}\n" for key, item in value.items()
    )
    return f"{{\n{members}{indent}}}"


def _json(value: Any) -> str:
    text = json.dumps(value, indent=2).replace("@{", "$${")
    return "\n".join("    " + line for line in text.splitlines())
