"""Platforms in which a stranger wrote whatever can be written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from click.testing import CliRunner, Result

from astralint.cli.main import cli

COMMANDS: dict[str, tuple[list[str], ...]] = {
    "check": tuple(
        ["check", "--show-undecided", "--show-suppressed", "-f", name]
        for name in ("text", "concise", "full", "json", "sarif", "github", "gitlab", "junit", "markdown")
    ),
    "graph": tuple(
        ["graph", "--level", level, "-f", name]
        for name in ("text", "mermaid", "dot", "json", "graphml", "svg", "html")
        for level in ("account", "role")
    ),
    "show": (["show", "--trace"], ["show", "-f", "json", "--trace"]),
    "who-can": tuple(["who-can", "sts:AssumeRole", "-f", name] for name in ("text", "json")),
}
"""Every command that speaks of a platform, in every format."""


def formats_of(command: str) -> tuple[list[str], ...]:
    """Return the calls of a command that this version knows."""
    known = CliRunner().invoke(cli, [command, "--help"]).output
    return tuple(call for call in COMMANDS[command] if call[-1] in known or call[0] == "show" or call[-1] == "text")


def hcl(text: str) -> str:
    """Return a text as the inside of a quoted literal."""
    out = []
    for character in text:
        code = ord(character)
        if character in '"\\':
            out.append("\\" + character)
        elif character == "\n":
            out.append("\\n")
        elif code < 0x20 or code >= 0x7F:
            out.append(f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")
        else:
            out.append(character)
    return "".join(out).replace("${", "$${").replace("%{", "%%{")


def platform(root: Path, payload: str) -> Path:
    """Write a platform of two workspaces that holds a text wherever a text can be."""
    text = hcl(payload)
    name = payload.replace("/", "_").replace("\0", "_") or "_"
    one, two = root / "accounts" / f"a{name}", root / "accounts" / "b"
    for directory in (one, two):
        directory.mkdir(parents=True, exist_ok=True)
    (root / "astralint.hcl").write_text(
        f'account "one{text}" {{\n  kind = "production"\n  id   = "111111111111"\n  workspace "w{text}" {{\n'
        f'    path = "accounts/a{hcl(name)}"\n  }}\n}}\n'
        f'account "two{text}" {{\n  kind = "identity"\n  id   = "222222222222"\n  workspace "b" {{ path = "accounts/b" }}\n}}\n'
    )
    (one / "main.tf").write_text(
        f"""\
# {"".join(c for c in payload if c not in chr(10) + chr(13))} a comment, and the key of a map
locals {{
  names = {{ "k{text}" = "{text}" }}
}}
resource "aws_iam_role" "r" {{
  for_each           = local.names
  name               = "r{text}"
  description        = each.value
  assume_role_policy = jsonencode({{
    Statement = [
      {{ Effect = "Allow", Action = "sts:AssumeRole",
        Principal = {{ AWS = ["arn:aws:iam::222222222222:role/u{text}", "*", "{text}"],
                      Federated = "{text}", Service = "x{text}" }},
        Condition = {{ StringEquals = {{ "sts:ExternalId" = "{text}", "aws:PrincipalTag/{text}" = "{text}" }} }} }}
    ]
  }})
  tags = {{ "t{text}" = "{text}" }}
}}
resource "aws_iam_user" "u" {{
  name = "u{text}"
}}
resource "aws_s3_bucket" "b" {{
  bucket = "b{text}"
}}
output "o" {{
  value = {{ "k{text}" = "{text}", text = "{text}" }}
}}
output "unknown" {{
  value = file("missing{text}")
}}
variable "v{"" if payload else "x"}" {{
  default = "{text}"
}}
"""
    )
    (two / "main.tf").write_text(
        f"""\
provider "aws" {{
  region = "us-east-1"
  assume_role {{ role_arn = "arn:aws:iam::222222222222:role/deploy{text}" }}
}}
resource "aws_iam_role" "u" {{
  name               = "u{text}"
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role_policy" "p" {{
  name   = "p"
  role   = aws_iam_role.u.name
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole",
    Resource = "arn:aws:iam::111111111111:role/r{text}" }}] }})
}}
output "{"o"}" {{
  value = "{text}"
}}
"""
    )
    return root


def run(root: Path, *arguments: str, cache: bool = False) -> Result:
    """Run a command on a platform; an exception fails the test."""
    old = Path.cwd()
    os.chdir(root)
    try:
        result = CliRunner().invoke(cli, [*arguments, *([] if cache else ["--no-cache"])], catch_exceptions=False)
    finally:
        os.chdir(old)
    return result


def commit(root: Path, message: str) -> None:
    """Commit all that there is, in a repository of its own."""
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false", "-C", str(root)]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", message]):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
