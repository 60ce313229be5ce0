"""Random root modules: variables with types and validation, modules two deep, repetition, dynamic blocks, unknowns.

What they hold is valid, so that terraform plans it; how it comes together is left to chance.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

WORDS = ("alpha", "beta", "gamma", "delta", "a-b", "x.y", "", "é")
AWS = 'provider "aws" {\n  region = "eu-west-1"\n}\n\n'


class Names:
    """What expressions of a module may refer to, by type."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.text: list[str] = []
        self.number: list[str] = []
        self.flag: list[str] = []
        self.texts: list[str] = []
        self.map: list[str] = []
        self.unknown: list[str] = []

    # --- expressions ---------------------------------------------------------------------

    def a_text(self, depth: int = 2, *, known: bool = False) -> str:
        """Return an expression that gives a text."""
        choice = self.random.randrange(11 if depth else 2)
        inner = depth - 1
        if choice == 0 and self.text:
            return self.random.choice(self.text)
        if choice == 1 and self.unknown and not known:
            return self.random.choice(self.unknown)
        if choice == 2:
            return f"upper({self.a_text(inner, known=known)})"
        if choice == 3:
            return f'"${{{self.a_text(inner, known=known)}}}-${{{self.a_number(inner)}}}"'
        if choice == 4:
            return f'join("-", {self.some_texts(inner, known=known)})'
        if choice == 5:
            flag = self.a_flag(inner)
            return f"({flag} ? {self.a_text(inner, known=known)} : {self.a_text(inner, known=known)})"
        if choice == 6:
            return f'lookup({self.a_map(inner, known=known)}, "a", {self.a_text(inner, known=known)})'
        if choice == 7:
            return f'coalesce({self.a_text(inner, known=known)}, "fallback")'
        if choice == 8:
            return f'try({self.some_texts(inner, known=known)}[{self.random.randrange(3)}], "none")'
        if choice == 9:
            return f'format("%s/%d", {self.a_text(inner, known=known)}, {self.a_number(inner)})'
        return json.dumps(self.random.choice(WORDS), ensure_ascii=False)

    def a_number(self, depth: int = 2) -> str:
        """Return an expression that gives a known whole number of at least 0."""
        choice = self.random.randrange(5 if depth else 1)
        if choice == 1 and self.number:
            return self.random.choice(self.number)
        if choice == 2:
            return f"length({self.some_texts(depth - 1, known=True)})"
        if choice == 3:
            return f"({self.a_number(depth - 1)} + {self.a_number(depth - 1)})"
        if choice == 4:
            return f"max({self.a_number(depth - 1)}, {self.a_number(depth - 1)})"
        return str(self.random.randrange(4))

    def a_flag(self, depth: int = 2) -> str:
        """Return an expression that gives a known bool."""
        choice = self.random.randrange(5 if depth else 1)
        if choice == 1 and self.flag:
            return self.random.choice(self.flag)
        if choice == 2:
            return f"({self.a_number(depth - 1)} > {self.a_number(depth - 1)})"
        if choice == 3:
            return f"!({self.a_flag(depth - 1)})"
        if choice == 4:
            return f"({self.a_text(depth - 1, known=True)} == {self.a_text(depth - 1, known=True)})"
        return self.random.choice(("true", "false"))

    def some_texts(self, depth: int = 2, *, known: bool = False) -> str:
        """Return an expression that gives a list of texts."""
        choice = self.random.randrange(6 if depth else 1)
        inner = depth - 1
        if choice == 1 and self.texts:
            return self.random.choice(self.texts)
        if choice == 2:
            return f"[for k, v in {self.a_map(inner, known=known)} : k]"
        if choice == 3:
            return f'[for t in {self.some_texts(inner, known=True)} : "${{t}}!" if {self.a_flag(inner)}]'
        if choice == 4:
            return f"concat({self.some_texts(inner, known=known)}, {self.some_texts(inner, known=known)})"
        if choice == 5:
            return f"distinct({self.some_texts(inner, known=True)})"
        return "[" + ", ".join(self.a_text(0, known=known) for _ in range(self.random.randrange(4))) + "]"

    def a_map(self, depth: int = 2, *, known: bool = False) -> str:
        """Return an expression that gives a map of texts, whose keys are known."""
        choice = self.random.randrange(5 if depth else 1)
        inner = depth - 1
        if choice == 1 and self.map:
            return self.random.choice(self.map)
        if choice == 2:
            return f"merge({self.a_map(inner, known=known)}, {self.a_map(inner, known=known)})"
        if choice == 3:
            value = self.a_text(inner, known=known)
            return f'{{ for i, t in {self.some_texts(inner, known=True)} : "k${{i}}" => {value} }}'
        if choice == 4:
            return f"{{ for k, v in {self.a_map(inner, known=known)} : k => v if {self.a_flag(inner)} }}"
        keys = self.random.sample(("a", "b", "c", "d"), self.random.randrange(4))
        return "{ " + ", ".join(f"{key} = {self.a_text(0, known=known)}" for key in keys) + " }"


def _module(random: Random, level: int, *, aws: bool) -> tuple[str, list[str]]:
    """Return a module's text and the outputs that it has; `level` modules are below it."""
    names = Names(random)
    parts: list[str] = []
    for name, type_, default in (
        ("text", "string", '"given"'),
        ("maybe", "string", '"m"'),
        ("number", "number", "2"),
        ("texts", "list(string)", '["a", "b"]'),
        ("map", "map(string)", '{ a = "x" }'),
        ("flag", "bool", "true"),
        ("object", 'object({ a = string, b = optional(number, 7), c = optional(list(string), ["z"]) })', '{ a = "o" }'),
    ):
        rule = ""
        if name == "number":
            rule = '  validation {\n    condition     = var.number >= 0\n    error_message = "no"\n  }\n'
        parts.append(f'variable "{name}" {{\n  type    = {type_}\n  default = {default}\n{rule}}}\n')
    names.text += ["var.text", "var.object.a"]
    names.number += ["var.number", "var.object.b"]
    names.texts += ["var.texts", "var.object.c"]
    names.map.append("var.map")
    names.flag.append("var.flag")
    parts.append('resource "terraform_data" "seed" {}\n')
    names.unknown += ["terraform_data.seed.id", "var.maybe"]
    for number in range(random.randrange(1, 4)):
        made, known = random.choice(
            (
                ("text", names.a_text(known=True)),
                ("texts", names.some_texts(known=True)),
                ("map", names.a_map(known=True)),
                ("number", names.a_number()),
            )
        )
        parts.append(f"locals {{\n  l{number} = {known}\n}}\n")
        value = {
            "texts": f"tolist([for t in local.l{number} : tostring(t)])",
            "map": f"tomap({{ for k, v in local.l{number} : k => tostring(v) }})",
        }
        getattr(names, made).append(value.get(made, f"local.l{number}"))
    for number in range(random.randrange(1, 4)):
        repetition, each = random.choice(
            (
                ("", ""),
                (f"  count = {names.a_number()}\n", "count.index"),
                (f"  for_each = toset([for t in {names.some_texts(known=True)} : t])\n", "each.key"),
                (f"  for_each = {names.a_map()}\n", "each.value"),
            )
        )
        values = [names.a_text(), names.some_texts(), names.a_map(), *([each] if each else [])]
        parts.append(f'resource "terraform_data" "r{number}" {{\n{repetition}  input = [{", ".join(values)}]\n}}\n')
    if aws:
        parts.append(
            f'resource "aws_security_group" "g" {{\n  name = "g"\n  dynamic "ingress" {{\n'
            f"    for_each = {names.some_texts(known=True)}\n    content {{\n      from_port   = ingress.key\n"
            '      to_port     = ingress.key\n      protocol    = "tcp"\n      description = "d${ingress.key}"\n'
            '      cidr_blocks = ["10.0.0.0/8"]\n    }\n  }\n}\n'
        )
    outputs = {"text": names.a_text(), "texts": names.some_texts(), "map": names.a_map(), "number": names.a_number()}
    if level:
        repetition, key = random.choice(
            (("", ""), ("  count = 2\n", "[0]"), ('  for_each = { p = "1", q = "2" }\n', '["p"]'))
        )
        parts.append(
            f'module "inner" {{\n  source = "./inner"\n{repetition}  maybe  = {names.a_text()}\n'
            f"  number = {names.a_number()}\n  texts  = {names.some_texts(known=True)}\n"
            f"  map    = {names.a_map(known=True)}\n  object = {{ a = {names.a_text(known=True)} }}\n}}\n"
        )
        outputs["inner"] = f"module.inner{key}.text"
        outputs["all"] = f"module.inner{key}"
    parts += [f'output "{name}" {{\n  value = {value}\n}}\n' for name, value in outputs.items()]
    return "\n".join(parts), list(outputs)


def write_roots(directory: Path, seed: int, count: int, *, aws: bool) -> None:
    """Write a root that calls a number of random ones, so that one plan is of them all."""
    random = Random(seed)
    calls: list[str] = [AWS] if aws else []
    for number in range(count):
        inner = directory / f"m{number}"
        names: list[str] = []
        for level in (2, 1, 0):
            inner.mkdir(parents=True)
            text, outputs = _module(random, level, aws=aws and level != 1)
            names = names or outputs
            (inner / "main.tf").write_text(text, encoding="utf-8")
            inner /= "inner"
        calls.append(f'module "m{number}" {{\n  source = "./m{number}"\n}}\n')
        calls += [f'output "m{number}_{name}" {{\n  value = module.m{number}.{name}\n}}\n' for name in names]
    (directory / "main.tf").write_text("\n".join(calls), encoding="utf-8")
