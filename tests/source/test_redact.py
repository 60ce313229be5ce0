"""Credentials are masked, whatever stands around them; what is none stays readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.source.redact import redact

NAMES = st.sampled_from(
    [
        "password",
        "db_password",
        "MasterUserPassword",
        "client_secret",
        "secret_key",
        "AWS_SECRET_ACCESS_KEY",
        "api-key",
        "apiKey",
        "auth_token",
        "github_token",
        "private_key",
        "db_pass",
        "tunnel1_preshared_key",
        "connection_string",
        "credentials",
    ]
)
SECRETS = st.from_regex(r"[A-Za-z0-9!@^&*+/=_~?:.-]{7,39}[A-Za-z0-9]", fullmatch=True).filter(
    # References and types of Terraform are what a bare word may also be; a leading option dash is one of a shell.
    lambda s: not re.match(r"[a-z_0-9]+[.\[(]|(?:null|true|false|string|number|bool|any|object)|-|arn:", s)
)
QUOTED = [
    '{name} = "{secret}"',
    "{name}='{secret}'",
    '  "{name}" : "{secret}",',
    '"{{\\"{name}\\": \\"{secret}\\"}}"',
    '{name} = coalesce(var.given, "{secret}")',
    '{name} = var.on ? "{secret}" : null',
    '{name} = ["x", "{secret}"]',
    '{name} = {{\n  "db" = "{secret}"\n}}',
    '{name} = var.on ? "{secret}": "y"',
    '{name} = [\n  "x",\n  "{secret}",\n]',
    '{name} = "${{var.user}}:{secret}"',
    '{name} = "${{f("x")}}{secret}"',
    '{name} = "${{"{secret}"}}"',
    "{name} = <<-EOT\n  one\n  {secret}\n  EOT",
    '{{ {name} = "{secret}", user = "x" }}',
    '# {name} = "{secret}"',
    '{{\n  name  = "{name}"\n  value = "{secret}"\n}}',
    '{{"name": "{name}", "value": "{secret}"}}',
    'variable "{name}" {{\n  type = string\n  default = "{secret}"\n}}',
    'variable "{name}" {{ default = "{secret}" }}',
    'variable "harmless" {{\n  default = {{\n    a = "{secret}"\n  }}\n  sensitive = true\n}}',
    'variable "harmless" {{\n  sensitive = true\n  default   = "{secret}"\n}}',
]
BARE = [
    "{name}: {secret}",
    "- {name}: {secret}",
    "export {name}={secret}",
    "{name}={secret}",
    "run --{name} {secret} -x",
]
SURROUNDINGS = st.lists(
    st.sampled_from(["", "# a comment", 'x = "y"', 'resource "a" "b" {', "}", "größe = 1", "\t\tİ = 2", "locals {"]),
    max_size=4,
).map("\n".join)


@settings(max_examples=300, deadline=None)
@given(NAMES, SECRETS, st.sampled_from(QUOTED + BARE), SURROUNDINGS, SURROUNDINGS)
def test_no_seeded_secret_survives(name: str, secret: str, form: str, before: str, after: str) -> None:
    text = f"{before}\n{form.format(name=name, secret=secret)}\n{after}\n"
    masked = redact(text)
    assert secret not in masked
    assert len(masked) == len(text)
    assert [i for i, c in enumerate(masked) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]


BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def drawn(least: int, most: int, alphabet: str = BASE64) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most)


SHAPED = st.one_of(
    st.builds(lambda p, t: p + t, st.sampled_from(["AKIA", "ASIA"]), drawn(16, 16, BASE64[:26] + "234567")),
    st.builds(lambda t: f"ghp_{t}", drawn(36, 36)),
    st.builds(lambda t: f"github_pat_{t}", drawn(40, 60)),
    st.builds(lambda t: f"glpat-{t}", drawn(20, 20)),
    st.builds(lambda t: f"xoxb-{t}", drawn(20, 40)),
    st.builds(lambda t: f"sk_live_{t}", drawn(24, 24)),
    st.builds(lambda t: f"hvs.{t}", drawn(24, 90)),
    st.builds(lambda a, b: f"{a}.atlasv1.{b}", drawn(14, 14), drawn(60, 67)),
    st.builds(lambda a, b, c: f"eyJ{a}.{b}.{c}", drawn(10, 40), drawn(10, 40), drawn(0, 40)),
)


@settings(max_examples=150, deadline=None)
@given(SHAPED, st.sampled_from(['x = "{}"', "{}", "see {} there", "<{}>", "f('{}')", "u: {}\n"]))
def test_what_has_a_secrets_shape_needs_no_name(secret: str, form: str) -> None:
    assert secret not in redact(form.format(secret))


@settings(max_examples=100, deadline=None)
@given(st.lists(drawn(20, 64), min_size=1, max_size=6), st.sampled_from(["RSA ", "", "OPENSSH ", "EC "]), st.booleans())
def test_private_keys_are_masked_line_by_line(body: list[str], kind: str, ended: bool) -> None:
    end = f"-----END {kind}PRIVATE KEY-----\n" if ended else ""
    text = f"key = <<EOT\n-----BEGIN {kind}PRIVATE KEY-----\n" + "\n".join(body) + "\n" + end
    masked = redact(text)
    assert not any(line in masked for line in body)
    assert f"BEGIN {kind}PRIVATE KEY" in masked


@given(st.text(max_size=300))
def test_any_text_keeps_its_length_and_its_lines(text: str) -> None:
    masked = redact(text)
    assert len(masked) == len(text)
    assert all(new in (old, "*") and (old not in "\r\n" or new == old) for new, old in zip(masked, text, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "password = var.password",
        "password = random_password.db.result",
        'password = data.aws_ssm_parameter.db["main"].value',
        'password = "${var.password}"',
        "password = each.value.password",
        'secret_arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-1a2b3c"',
        'actions = ["secretsmanager:GetSecretValue"]',
        '"token.actions.githubusercontent.com:sub" = "repo:org/repository:ref:refs/heads/main"',
        'variable = "token.actions.githubusercontent.com:aud"',
        'resource "aws_secretsmanager_secret" "db" {',
        'data "aws_secretsmanager_secret_version" "db" {',
        "minimum_password_length = var.length",
        "type = string # the password",
        'password_policy_name = "strict"',
        "  password = string",
        "manage_master_user_password = true",
        'key = "environments/production/terraform.tfstate"',
        'source = "git::https://github.com/organization/terraform-aws-modules-of-ours.git//modules/vpc?ref=v1.2.3"',
        'kms_key_id = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"',
        "the password of the database is wrong",
        'assert password == "" || true',
        'secrets = { "db" = var.db, "api" : var.api }',
        'password = jsondecode(data.aws_secretsmanager_secret_version.db.secret_string)["password"]',
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgres://user:pass@host/db", "postgres://*********@host/db"),
        ('password = "hunter2" # "x"', 'password = "*******" # "*"'),
        ('{ password = "a", user = "b" }', '{ password = "*", user = "b" }'),
        ("Authorization: Bearer abcdef", "Authorization: Bearer ******"),
        ('secret_name = "short"', 'secret_name = "short"'),
        ('secret_name = "x8Kq2LmZ9vRt4WpY7s"', 'secret_name = "******************"'),
        ("wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12", "*" * 40),
    ],
)
def test_what_is_masked_exactly(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize(
    "unit",
    [
        "password = (",
        'password="',
        "a-",
        "-",
        "pass",
        "token:",
        "password\\",
        'name="password"',
        'variable "x" {\n',
        'variable "password" { default = [',
        "-----BEGIN RSA PRIVATE KEY-----",
        "password = <<A\n",
        'secret="${"',
        "https://a:",
        "eyJaaaaaa",
        "password ",
    ],
)
def test_hostile_texts_end(unit: str) -> None:
    text = unit * (200_000 // len(unit)) + "password"
    assert len(redact(text)) == len(text)
