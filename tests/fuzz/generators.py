"""Inputs that look like what astralint reads, and are wrong in the ways in which such inputs are."""

from __future__ import annotations

import random
from collections.abc import Callable

ATOMS = (
    '"x"', '"${var.a}"', "1", "-0.5", "1e400", "null", "true", "[]", "{}", "var.a", "local.b", "local.c.d[0]", "each.key",
    "count.index", "self.x", "path.module", "terraform.workspace", "data.aws_caller_identity.c.account_id", "module.m.o",
    "aws_iam_role.r.arn", "aws_iam_role.r[*].name", '"%{ if true }a%{ else }b%{ endif }"', '"\\u0000\\ud800"', "<<A\nx\nA\n",
    '"\u202e\u2028"', "9" * 400, '"arn:aws:iam::*:role/${local.b}"', "provider::x::y(1)",
)  # fmt: skip
FUNCTIONS = (
    "jsonencode", "jsondecode", "yamldecode", "file", "templatefile", "format", "regex", "replace", "merge", "concat",
    "lookup", "try", "can", "sensitive", "nonsensitive", "toset", "tomap", "tonumber", "flatten", "cidrsubnet", "element",
    "slice", "join", "split", "base64decode", "fileset", "timestamp", "one", "coalesce", "zipmap", "setproduct",
)  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||", "?")
TYPES = (
    "aws_iam_role", "aws_iam_user", "aws_iam_role_policy", "aws_iam_policy", "aws_s3_bucket", "aws_organizations_account",
    "aws_iam_openid_connect_provider", "aws_ssoadmin_permission_set", "aws_lambda_function", "null_resource", "é_x",
)  # fmt: skip
ATTRIBUTES = (
    "name",
    "assume_role_policy",
    "policy",
    "role",
    "count",
    "for_each",
    "tags",
    "provider",
    "lifecycle",
    "bucket",
)
PIECES = (
    "{", "}", "[", "]", "(", ")", '"', "${", "%{", "<<-EOT\n", "\n", "\r", "\0", "\t", "\ufeff", "=", ",", ":", "#", "/*",
    "*/", "\\", "'", "~}", "...", "\x80", "::add-mask::x", "##[error]", "../", "/etc/passwd", "*", "\U0010ffff",
)  # fmt: skip


def expression(drawn: random.Random, depth: int = 4) -> str:
    """Return an expression."""
    kind = drawn.randrange(9) if depth else 0
    inner: Callable[[], str] = lambda: expression(drawn, depth - 1)  # noqa: E731 - it is called in many places
    if kind <= 1:
        return drawn.choice(ATOMS)
    if kind == 2:
        return f"{drawn.choice(FUNCTIONS)}({', '.join(inner() for _ in range(drawn.randrange(4)))}{drawn.choice(['', '...'])})"
    if kind == 3:
        operator = drawn.choice(OPERATORS)
        return f"({inner()} ? {inner()} : {inner()})" if operator == "?" else f"({inner()} {operator} {inner()})"
    if kind == 4:
        return "[" + ", ".join(inner() for _ in range(drawn.randrange(4))) + "]"
    if kind == 5:
        return (
            "{ "
            + ", ".join(f"{drawn.choice(['a', '(' + inner() + ')'])} = {inner()}" for _ in range(drawn.randrange(4)))
            + " }"
        )
    if kind == 6:
        return f"[for k, v in {inner()} : {inner()} if {inner()}]"
    if kind == 7:
        return f"{{ for k, v in {inner()} : {inner()} => {inner()}{drawn.choice(['', '...'])} }}"
    return f'"a${{{inner()}}}b"'


def policy(drawn: random.Random) -> str:
    """Return a policy as an object."""
    parts = {
        "Effect": drawn.choice(['"Allow"', '"Deny"', "null", "1", "var.a"]),
        "Action": drawn.choice(['"sts:AssumeRole"', '"*"', '["sts:*", 1]', "var.a", "{}"]),
        "Principal": drawn.choice(
            ['"*"', '{ AWS = "*" }', '{ AWS = [var.a, "arn:aws:iam::1:role/x"] }', '{ Federated = "x" }', "[]", "1"]
        ),
        "Resource": drawn.choice(['"*"', "var.a", "aws_iam_role.r.arn", "[[]]", '"${local.b}*?"']),
        "Condition": drawn.choice(
            ['{ StringLike = { "aws:x" = "*" } }', "{ Bool = 1 }", "[]", "{ X = { y = {} } }", "var.a"]
        ),
    }
    chosen = drawn.sample(sorted(parts), drawn.randrange(6))
    statement = "{ " + ", ".join(f"{name} = {parts[name]}" for name in chosen) + " }"
    return f'jsonencode({{ Version = "2012-10-17", Statement = {drawn.choice([statement, f"[{statement}, {statement}]", "null"])} }})'


def configuration(drawn: random.Random) -> str:
    """Return the code of a root module."""
    blocks = ['variable "a" {\n  default = ' + expression(drawn, 1) + "\n}\n"]
    blocks.append("locals {\n" + "".join(f"  {n} = {expression(drawn)}\n" for n in "bcd") + "}\n")
    for number in range(drawn.randrange(1, 5)):
        body = "".join(
            f"  {name} = {policy(drawn) if 'policy' in name else expression(drawn, 3)}\n"
            for name in drawn.sample(ATTRIBUTES, drawn.randrange(4))
        )
        blocks.append(
            f'{drawn.choice(["resource", "data"])} "{drawn.choice(TYPES)}" "{drawn.choice(["r", "s" + str(number)])}" {{\n{body}}}\n'
        )
    blocks.append(f'output "o" {{\n  value = {expression(drawn)}\n}}\n')
    drawn.shuffle(blocks)
    return "".join(blocks)


def damaged(drawn: random.Random, text: str) -> str:
    """Return a text with pieces cut, doubled, moved or put in."""
    for _ in range(drawn.choice((0, 0, 1, 2, 5))):
        at, to = sorted((drawn.randrange(len(text) + 1), drawn.randrange(len(text) + 1)))
        to = min(to, at + 30)
        text = drawn.choice(
            (text[:at] + text[to:], text[:to] + text[at:], text[:at] + drawn.choice(PIECES) + text[at:], text[:at])
        )
    return text


def as_bytes(drawn: random.Random, text: str) -> bytes:
    """Return a text's bytes, now and then not all UTF-8."""
    content = text.encode("utf-8", "surrogatepass")
    if drawn.random() < 0.1 and content:
        at = drawn.randrange(len(content))
        content = content[:at] + bytes([drawn.randrange(256)]) + content[at:]
    return content


NAMES = (
    b"main.tf",
    b"b.tf",
    b"odd\xff.tf",
    b"x.tf.json",
    b"terraform.tfvars",
    b"a\n.tf",
    b"v.auto.tfvars",
    b"astralint.hcl",
    b"m.tofu",
)
DIRECTORIES = (b".", b"a", b"b\xff", b"modules/m", b".terraform/modules", b"a/b", b"\xe2\x80\xae")


def tree(drawn: random.Random) -> dict[bytes, bytes | None]:
    """Return files by their paths; None for a link that leads nowhere good."""
    files: dict[bytes, bytes | None] = {}
    for _ in range(drawn.randrange(1, 5)):
        path = drawn.choice(DIRECTORIES) + b"/" + drawn.choice(NAMES)
        text = configuration(drawn)
        if path.endswith(b".tfvars"):
            text = f"a = {expression(drawn, 2)}\nz = {expression(drawn, 1)}\n"
        elif path.endswith(b".json"):
            text = (
                '{"locals": {"b": "' + drawn.choice(ATOMS).replace('"', "") + '", "//": [{"x": {}}]}, "resource": []}'
            )
        elif path.endswith(b"astralint.hcl"):
            text = f'account "a" {{\n  kind = {expression(drawn, 1)}\n  workspace "w" {{\n    path = "a"\n  }}\n}}\nplatform {{\n}}\n'
        files[path] = as_bytes(drawn, damaged(drawn, text)) if drawn.random() > 0.05 else None
    if drawn.random() < 0.2:
        files[b".terraform/modules/modules.json"] = as_bytes(
            drawn, damaged(drawn, '{"Modules": [{"Key": "m", "Dir": "modules/m"}]}')
        )
    return files
