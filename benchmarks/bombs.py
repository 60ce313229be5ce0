"""Small inputs that would take much: each must end within its bound, with a diagnostic where something was left out.

    python benchmarks/bombs.py [--only WORD] [--growth] [--slack 1]

Prints a table with time and memory of each. A bomb is a function that writes a few files;
those with a size are run at half of it as well with `--growth`, which gives the exponent of their
growth. The bound is 5 s of processor time and 500 MB, but for those that say why they need more.
Status 1 where one is over its bound.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measure import Measure, environment, measure

SECONDS, MEGABYTES = 5.0, 500
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n  allowed_account_ids = ["111111111111"]\n}\n'
TOPIC = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'


@dataclass(frozen=True)
class Bomb:
    """An input; `size` is what its growth is measured by, 0 for none."""

    name: str
    write: Callable[[Path, int], None]
    size: int
    command: tuple[str, ...]
    seconds: float
    megabytes: int
    why: str


BOMBS: list[Bomb] = []


def bomb(
    size: int = 0, *command: str, seconds: float = SECONDS, megabytes: int = MEGABYTES, why: str = ""
) -> Callable[[Callable[[Path, int], None]], Callable[[Path, int], None]]:
    """Register what writes an input."""

    def register(write: Callable[[Path, int], None]) -> Callable[[Path, int], None]:
        name = write.__name__.replace("_", "-")
        BOMBS.append(Bomb(name, write, size, command or ("check",), seconds, megabytes, why))
        return write

    return register


def main_file(name: str, text: Callable[[int], str], size: int = 0, *command: str, **bound: float) -> None:
    """Register a bomb of one file."""

    def write(root: Path, number: int) -> None:
        (root / "main.tf").write_text(TOPIC + text(number))

    write.__name__ = name
    bomb(size, *command, **bound)(write)  # type: ignore[arg-type]


def _output(expression: str) -> str:
    return f'output "o" {{\n  value = {expression}\n}}\n'


IN_TEXT = '"x${h}-${i}"'


def _many(count: int, each: str) -> str:
    """Return a list of so many; a single range has 1,024 at most."""
    return f"flatten([for h in range({max(count // 1000, 1)}) : [for i in range(1000) : {each}]])"


def _locals(first: str, following: str, count: int) -> str:
    lines = [f"  a0 = {first}"] + [f"  a{i} = {following.format(p=f'local.a{i - 1}')}" for i in range(1, count)]
    return "locals {\n" + "\n".join(lines) + "\n}\n" + _output(f"local.a{count - 1}")


# --- text that grows ---------------------------------------------------------------------------------
main_file("doubled_text", lambda n: _locals('"x"', '"${{{p}}}${{{p}}}"', n), 40)
main_file("doubled_list", lambda n: _locals("[1]", "concat({p}, {p})", n), 40)
main_file("nested_lists", lambda n: _locals('["x"]', "[{p}, {p}, {p}, {p}]", n), 30)
main_file(
    "nested_lists_as_json",
    lambda n: _locals('["x"]', "[{p}, {p}, {p}, {p}]", n) + _output("jsonencode(local.a9)").replace('"o"', '"p"'),
    20,
)
main_file("doubled_map", lambda n: _locals('{ x = "y" }', "{{ a = {p}, b = {p} }}", n), 40)
main_file("joined_ten_thousand", lambda n: _output(f'join(",", [for i in range({n}) : join("x", range(1000))])'), 1000)
main_file("long_replace", lambda n: _locals('"aaaaaaaaaa"', 'replace({p}, "a", "aaaaaaaaaa")', n), 9)
main_file("replace_by_pattern", lambda n: _locals('"aaaaaaaaaa"', 'replace({p}, "/a/", "aa$0aa")', n), 12)
main_file(
    "regexall_on_megabytes",
    lambda n: _output('length(regexall(".", join("", ' + _many(n, '"0123456789"') + ")))"),
    200_000,
)
main_file("formatted", lambda n: _output(f'format("%{n}d", 1)'), 100_000_000)
main_file("padded", lambda n: _output(f'format("%.{n}f", 1)'), 100_000_000)
main_file("repeated_indent", lambda n: _output(f'indent({n}, "a\\nb\\nc")'), 500_000_000)
main_file("range_of_ranges", lambda n: _output(f"flatten([for i in range({n}) : range(1000)])"), 1000)
main_file("setproduct", lambda n: _output(f"setproduct(range({n}), range({n}), range({n}))"), 1000)
main_file("power", lambda n: _output(f"pow(10, {n})"), 10_000_000)
main_file("parseint", lambda n: _output(f'parseint("{"9" * n}", 10)'), 200_000)
main_file("long_number", lambda n: _output("9" * n), 200_000)
main_file("jsondecode_nested", lambda n: _output('jsondecode("' + "[" * n + "]" * n + '")'), 100_000)
main_file(
    "yamldecode_aliases",
    lambda n: _output(
        'yamldecode("a0: &a0 x\\n'
        + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\\n" for i in range(1, n))
        + '")'
    ),
    12,
)
main_file("csvdecode_wide", lambda n: _output('csvdecode(join(",", ' + _many(n, "i") + "))"), 60_000)
main_file("cidrsubnets", lambda n: _output(_many(n, 'cidrsubnet("10.0.0.0/8", 24, i)')), 100_000)
main_file("sort_many", lambda n: _output("sort(" + _many(n, 'sha512("${h}-${i}")') + ")"), 100_000)
main_file("matchkeys", lambda n: _output(f"matchkeys(range({n}), range({n}), range({n}))"), 1000)
main_file("distinct_many", lambda n: _output("distinct(" + _many(n, "[h, i]") + ")"), 10_000)
main_file("chained_conditionals", lambda n: _output("true ? " * n + "1" + " : 2" * n), 400)
main_file("combining_marks", lambda n: _output(f'"a{chr(0x301) * n}"'), 300_000)
main_file(
    "combining_marks_joined",
    lambda n: _output('join("", ' + _many(n, '"\\u0301\\u0316"') + ")"),
    100_000,
)
main_file("templates_within", lambda n: _locals('"x"', "templatestring({p}, {{}})", n), 60)
main_file("startswith_loop", lambda n: _output(f"[for i in range({n}) : [for j in range({n}) : i == j]]"), 1000)
main_file(
    "strrev_upper_title",
    lambda n: _output('title(upper(strrev(join("", ' + _many(n, '"abcdefghij"') + "))))"),
    100_000,
)
main_file("levels_of_merge", lambda n: _locals("{ for i in range(1000) : i => i }", "merge({p}, {{ x = {p} }})", n), 40)

# --- code that is deep or long --------------------------------------------------------------------------
main_file("deep_parentheses", lambda n: _output("(" * n + "1" + ")" * n), 20_000)
main_file("deep_lists", lambda n: _output("[" * n + "]" * n), 20_000)
main_file("deep_templates", lambda n: _output('"${' * n + "1" + '}"' * n), 5_000)
main_file("deep_blocks", lambda n: 'resource "aws_s3_bucket" "b" {\n' + "a {\n" * n + "}\n" * n + "}\n", 20_000)
main_file("deep_unary", lambda n: _output("!" * n + "true"), 20_000)
main_file("long_sum", lambda n: _output("1" + " + 1" * n), 20_000)
main_file("long_chain_of_locals", lambda n: _locals("1", "{p} + 1", n), 5_000)
main_file("many_attributes", lambda n: "locals {\n" + "".join(f"  a{i} = {i}\n" for i in range(n)) + "}\n", 30_000)
main_file(
    "many_resources",
    lambda n: "".join(f'resource "aws_sns_topic" "t{i}" {{\n  name = "t{i}"\n}}\n' for i in range(n)),
    3_000,
    seconds=12,
    why="each is evaluated and judged: 4 ms a resource",
)
main_file("comment_of_secrets", lambda n: f"# {'secret ' * n}\n" + 'output "x" {\n  value = nothing.here\n}\n', 10_000)
main_file("word_of_secrets", lambda n: f"# {'secret' * n}\n" + 'output "x" {\n  value = nothing.here\n}\n', 10_000)
main_file(
    "one_long_line", lambda n: 'output "x" {\n  value = [' + '"password = a", ' * n + "nothing.here]\n}\n", 10_000
)
main_file("unclosed_heredocs", lambda n: "".join(f"a{i} = <<A{i}\n" for i in range(n)), 2_000)
main_file("unclosed_quotes", lambda n: '"${"' * n, 10_000)
main_file("many_errors", lambda n: "".join(f'output "x{i}" {{\n  value = nothing.here\n}}\n' for i in range(n)), 2_000)

# --- instances -----------------------------------------------------------------------------------------
main_file("count_of_millions", lambda n: f'resource "aws_sns_topic" "c" {{\n  count = {n}\n}}\n', 100_000_000)
main_file(
    "for_each_of_many",
    lambda n: f'resource "aws_sns_topic" "c" {{\n  for_each = toset({_many(n, IN_TEXT)})\n}}\n',
    2_000_000,
)
main_file(
    "dynamic_of_many",
    lambda n: (
        f'resource "aws_security_group" "s" {{\n  dynamic "ingress" {{\n    for_each = {_many(n, "i")}\n    content {{\n      from_port = ingress.value\n      to_port = 1\n      protocol = "tcp"\n    }}\n  }}\n}}\n'
    ),
    1_000_000,
)


@bomb(1000)
def modules_within_modules(root: Path, size: int) -> None:  # noqa: ARG001 - it has no size
    """A module that calls the next one twice, and so on."""
    for level in range(20):
        place = root if not level else root / f"m{level}"
        place.mkdir(exist_ok=True)
        source = f"./m{level + 1}" if not level else f"../m{level + 1}"
        calls = "".join(f'module "{c}" {{\n  source = "{source}"\n}}\n' for c in "ab") if level < 19 else TOPIC
        (place / "main.tf").write_text(calls + (TOPIC if not level else ""))


@bomb(100_000)
def big_input_of_many_modules(root: Path, size: int) -> None:
    """A list of many elements handed to a thousand module instances."""
    (root / "m").mkdir()
    (root / "m/main.tf").write_text(
        'variable "all" {\n  type = list(string)\n}\noutput "n" {\n  value = length(var.all)\n}\n'
    )
    (root / "main.tf").write_text(
        TOPIC + f'locals {{\n  all = {_many(size, "i")}\n}}\nmodule "m" {{\n  source = "./m"\n'
        "  count = 1000\n  all = local.all\n}\n"
    )


@bomb(20)
def many_small_roots(root: Path, size: int) -> None:
    """Roots of two lines, each with all the work that one workspace may have."""
    for number in range(size):
        place = root / f"r{number}"
        place.mkdir()
        (place / "main.tf").write_text(TOPIC + _output("[for i in range(1000) : [for j in range(1000) : i * j]]"))


@bomb(100)
def roles_that_trust_each_other(root: Path, size: int) -> None:
    """A policy that all roles share trusts all of them."""
    arns = ", ".join(f'"arn:aws:iam::111111111111:role/r{i}"' for i in range(size))
    policy = f'{{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = [{arns}] }} }}] }}'
    roles = "".join(
        f'resource "aws_iam_role" "r{i}" {{\n  name = "r{i}"\n  assume_role_policy = local.p\n}}\n' for i in range(size)
    )
    (root / "main.tf").write_text(PROVIDER + f"locals {{\n  p = jsonencode({policy})\n}}\n" + roles)


@bomb(8)
def documents_of_documents(root: Path, size: int) -> None:
    """Each policy document takes five copies of the one before."""
    parts = [
        'data "aws_iam_policy_document" "d0" {\n  statement {\n    actions = ["s3:*"]\n    resources = ["*"]\n  }\n}\n'
    ]
    for level in range(1, size):
        copies = ", ".join([f"data.aws_iam_policy_document.d{level - 1}.json"] * 5)
        parts.append(f'data "aws_iam_policy_document" "d{level}" {{\n  source_policy_documents = [{copies}]\n}}\n')
    (root / "main.tf").write_text(PROVIDER + TOPIC + "".join(parts))


@bomb(300, "show")
def long_names(root: Path, size: int) -> None:
    """Hundreds of outputs of eight megabytes each, from one local value."""
    (root / "big").write_text("0123456789" * 800_000)
    text = 'file("big")'
    outputs = "".join(f'output "o{i}" {{\n  value = "{i}-${{local.a}}"\n}}\n' for i in range(size))
    (root / "main.tf").write_text(TOPIC + f"locals {{\n  a = {text}\n}}\n" + outputs)


@bomb(300, "show", "-f", "json")
def long_names_as_json(root: Path, size: int) -> None:
    """The same as JSON."""
    long_names(root, size)


@bomb(5000, seconds=20, why="8,000 files are opened, each once")
def many_variable_files(root: Path, size: int) -> None:
    """Thousands of tiny files of variables, for thousands of declarations."""
    for number in range(size):
        (root / f"v{number}.auto.tfvars").write_text(f"a{number} = {number}\n")
    for number in range(size * 3 // 5):
        (root / f"f{number}.tf").write_text(f'variable "a{number}" {{}}\n')
    (root / "main.tf").write_text(TOPIC)


@bomb(41)
def chain_of_states(root: Path, size: int) -> None:
    """Workspaces that read each other's state in a row."""
    for number in range(size):
        place = root / f"w{number:02}"
        place.mkdir()
        before = (
            f'data "terraform_remote_state" "b" {{\n  backend = "s3"\n  config = {{ bucket = "b", key = "{number - 1}" }}\n}}\n'
            if number
            else ""
        )
        value = "data.terraform_remote_state.b.outputs.v" if number else '"start"'
        (place / "main.tf").write_text(
            f'terraform {{\n  backend "s3" {{\n    bucket = "b"\n    key = "{number}"\n  }}\n}}\n{before}'
            f'{TOPIC}output "v" {{\n  value = {value}\n}}\n'
        )


@bomb(9)
def file_hashed_in_a_loop(root: Path, size: int) -> None:
    """A file of megabytes, hashed again and again."""
    (root / "big").write_bytes(b"x" * (size * 1_000_000))
    (root / "main.tf").write_text(TOPIC + _output('[for i in range(10000) : filemd5("big")]'))


@bomb(9)
def json_of_megabytes(root: Path, size: int) -> None:
    """A file of megabytes of JSON, decoded."""
    (root / "big.json").write_text("[" + ",".join(["1"] * (size * 500_000)) + "]")
    (root / "main.tf").write_text(TOPIC + _output('jsondecode(file("big.json"))'))


@bomb(9)
def base64_of_megabytes(root: Path, size: int) -> None:
    """A file of megabytes, encoded and decoded."""
    (root / "big").write_bytes(b"x" * (size * 1_000_000))
    (root / "main.tf").write_text(TOPIC + _output('[for i in range(100) : base64decode(filebase64("big"))]'))


@bomb(2000)
def long_path(root: Path, size: int) -> None:
    """Directories within directories."""
    place = root
    for _ in range(min(size, 300)):
        place = place / "d"
    place.mkdir(parents=True)
    (place / "main.tf").write_text(TOPIC)


@bomb(60)
def links_in_circles(root: Path, size: int) -> None:
    """Links to directories above."""
    (root / "main.tf").write_text(TOPIC + _output('length(fileset(path.module, "**"))'))
    for number in range(size):
        (root / f"l{number}").symlink_to(".")


@bomb()
def fifo(root: Path, size: int) -> None:  # noqa: ARG001 - it has no size
    """A FIFO in the place of files."""
    (root / "main.tf").write_text(TOPIC + _output('file("pipe")'))
    for name in ("pipe", "other.tf", "terraform.tfvars"):
        os.mkfifo(root / name)


@bomb()
def device(root: Path, size: int) -> None:  # noqa: ARG001 - it has no size
    """Links to devices without an end."""
    (root / "main.tf").write_text(TOPIC + _output('file("zero")'))
    for name in ("zero", "other.tf", "terraform.tfvars"):
        (root / name).symlink_to("/dev/zero")


@bomb(50_000)
def policy_of_many_statements(root: Path, size: int) -> None:
    """A policy with statements without number."""
    (root / "main.tf").write_text(
        PROVIDER
        + 'resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = jsonencode({ Statement = '
        + _many(size, '{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "${i}" } }')
        + " })\n}\n"
    )


@bomb(3000)
def wildcards_in_policies(root: Path, size: int) -> None:
    """Patterns that match in many ways."""
    stars = "*a" * size
    (root / "main.tf").write_text(
        PROVIDER
        + f'resource "aws_iam_role" "r" {{\n  name = "{"a" * 60}"\n  assume_role_policy = jsonencode({{ Statement = '
        '[{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111111111111:root" } }] })\n}\n'
        'resource "aws_iam_user" "u" {\n  name = "u"\n}\nresource "aws_iam_user_policy" "p" {\n  user = aws_iam_user.u.name\n'
        '  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", '
        f'Resource = "arn:aws:iam::111111111111:role/{stars}b" }}] }})\n}}\n'
    )


@bomb(200)
def configuration_that_grows(root: Path, size: int) -> None:  # noqa: ARG001 - it has no size
    """A configuration of many accounts by an expression."""
    (root / "main.tf").write_text(TOPIC)
    (root / "astralint.hcl").write_text(
        'account "a" {\n  kind = "production"\n  workspace "w" {\n    path = "."\n    variables = { x = '
        "[for i in range(1000000) : [for j in range(1000000) : i]] }\n  }\n}\n"
    )


@bomb(1000)
def json_syntax_deep(root: Path, size: int) -> None:
    """JSON syntax, nested."""
    (root / "main.tf").write_text(TOPIC)
    (root / "deep.tf.json").write_text('{"locals": {"a": ' + "[" * size * 20 + "]" * size * 20 + "}}")


@bomb(100_000)
def json_syntax_wide(root: Path, size: int) -> None:
    """JSON syntax with many members."""
    (root / "main.tf").write_text(TOPIC)
    (root / "wide.tf.json").write_text(json.dumps({"locals": {f"a{i}": i for i in range(size)}}))


@bomb(10_000)
def modules_manifest(root: Path, size: int) -> None:
    """A manifest of modules with entries without number."""
    (root / "main.tf").write_text(TOPIC)
    (root / ".terraform/modules").mkdir(parents=True)
    entries = [{"Key": f"m{i}", "Source": "x", "Dir": "."} for i in range(size)]
    (root / ".terraform/modules/modules.json").write_text(json.dumps({"Modules": entries}))


def run(one: Bomb, size: int, kept: Path) -> Measure:
    """Write a bomb and run the command on it."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "tree"
        root.mkdir()
        one.write(root, size)
        command = [sys.executable, "-m", "astralint", one.command[0], str(root), *one.command[1:], "--no-cache"]
        limit = ["timeout", "-k", "1", str(int(one.seconds * 12))]
        return measure([*limit, *command], environment(kept))


def main() -> int:
    """Run all, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="those whose name holds this")
    parser.add_argument("--growth", action="store_true", help="run those with a size at half of it as well")
    parser.add_argument("--slack", type=float, default=1.0, help="how many times slower this machine is")
    given = parser.parse_args()
    over = 0
    print(f"{'bomb':<28} {'cpu s':>7} {'MB':>6} {'status':>6} {'growth':>6}  bound")
    with tempfile.TemporaryDirectory() as kept:
        for one in sorted(BOMBS, key=lambda item: item.name):
            if given.only not in one.name:
                continue
            done = run(one, one.size, Path(kept))
            growth = ""
            if given.growth and one.size > 1:
                half = run(one, one.size // 2, Path(kept))
                growth = f"{math.log2(max(done.cpu, 0.01) / max(half.cpu, 0.01)):.1f}"
            bad = done.cpu > one.seconds * given.slack or done.memory > one.megabytes * 1_000_000
            bad = bad or done.status not in (0, 1, 2, 3)
            over += bad
            bound = f"{one.seconds:g} s, {one.megabytes} MB{f' ({one.why})' if one.why else ''}"
            print(
                f"{one.name:<28} {done.cpu:7.2f} {done.memory / 1e6:6.0f} {done.status:6} {growth:>6}  "
                f"{bound}{'  OVER' if bad else ''}",
                flush=True,
            )
    print(f"{len(BOMBS)} bombs, {over} over their bound")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
