"""Includes: what each strategy does with each part, as Terragrunt's documentation says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.layouts.terragrunt.merge import deep_merge
from astralint.show.evaluated import plain
from astralint.terraform.values.value import Value, number, object_of, string, tuple_of
from tests.layouts.trees import built, evaluated, messages, shown

MODULE = {"modules/m/main.tf": 'variable "x" {\n  default = ""\n}\n'}
SOURCE = 'terraform {\n  source = "${get_repo_root()}/modules//m"\n}\n'


def unit(strategy: str, body: str, label: str = '"root"') -> str:
    chosen = f'  merge_strategy = "{strategy}"\n' if strategy else ""
    return f'include {label} {{\n  path = "../root.hcl"\n{chosen}}}\n{body}'


def variables(top: Path, parent: str, child: str, strategy: str) -> dict[str, Any]:
    files = {**MODULE, "live/root.hcl": parent, "live/app/terragrunt.hcl": unit(strategy, SOURCE + child)}
    found: dict[str, Any] = evaluated(top, files)["live/app"]["variables"]
    return found


@pytest.mark.parametrize(
    ("strategy", "parent", "child", "expected"),
    [
        ("", "{ a = 1, b = 1 }", "{ b = 2 }", {"a": 1, "b": 2}),
        ("shallow", "{ a = { x = 1 } }", "{ a = { y = 2 } }", {"a": {"y": 2}}),
        ("shallow", "{ a = [1] }", "{ a = [2] }", {"a": [2]}),
        ("deep", "{ a = { x = 1, z = 1 } }", "{ a = { y = 2, z = 2 } }", {"a": {"x": 1, "y": 2, "z": 2}}),
        ("deep", "{ a = [1, 2] }", "{ a = [2, 3] }", {"a": [1, 2, 2, 3]}),
        ("deep", '{ a = "p" }', '{ a = "" }', {"a": ""}),
        ("deep", "{ a = 1 }", "{ a = 0 }", {"a": 0}),
        ("deep", "{ a = true }", "{ a = false }", {"a": False}),
        ("deep", '{ a = "p", b = 1 }', "{ a = null }", {"b": 1}),
        (
            "deep",
            "{ a = { b = { c = [1] } } }",
            "{ a = { b = { c = [2], d = 3 } } }",
            {"a": {"b": {"c": [1, 2], "d": 3}}},
        ),
        ("no_merge", "{ a = 1 }", "{ b = 2 }", {"b": 2}),
    ],
)
def test_inputs(tmp_path: Path, strategy: str, parent: str, child: str, expected: dict[str, Any]) -> None:
    assert variables(tmp_path, f"inputs = {parent}\n", f"inputs = {child}\n", strategy) == expected


def test_a_list_against_something_else_is_an_error(tmp_path: Path) -> None:
    files = {
        **MODULE,
        "live/root.hcl": "inputs = { a = [1] }\n",
        "live/app/terragrunt.hcl": unit("deep", SOURCE + 'inputs = { a = "x" }\n'),
    }
    assert any("input `a` can't be merged" in message for message in messages(built(tmp_path, files)))


def test_an_unknown_strategy_is_an_error(tmp_path: Path) -> None:
    files = {**MODULE, "live/root.hcl": "", "live/app/terragrunt.hcl": unit("merge", SOURCE)}
    assert "there is no merge strategy `merge`" in messages(built(tmp_path, files))


def test_several_includes_are_merged_from_the_last_to_the_first(tmp_path: Path) -> None:
    files = {
        **MODULE,
        "live/one.hcl": "inputs = { a = 1, b = 1, c = 1 }\n",
        "live/two.hcl": "inputs = { a = 2, b = 2 }\n",
        "live/app/terragrunt.hcl": 'include "one" {\n  path = "../one.hcl"\n}\ninclude "two" {\n  path = "../two.hcl"\n}\n'
        + SOURCE
        + "inputs = { a = 3 }\n",
    }
    assert evaluated(tmp_path, files)["live/app"]["variables"] == {"a": 3, "b": 2, "c": 1}


@pytest.mark.parametrize(("label", "reference"), [('"root"', "include.root.locals.name"), ("", "include.locals.name")])
def test_what_is_exposed(tmp_path: Path, label: str, reference: str) -> None:
    files = {
        **MODULE,
        "live/root.hcl": 'locals {\n  name = "n"\n}\n',
        "live/app/terragrunt.hcl": f'include {label} {{\n  path = "../root.hcl"\n  expose = true\n}}\n'
        + SOURCE
        + f"inputs = {{ x = {reference} }}\n",
    }
    assert evaluated(tmp_path, files)["live/app"]["variables"] == {"x": "n"}


def test_locals_are_not_merged(tmp_path: Path) -> None:
    files = {
        **MODULE,
        "live/root.hcl": "locals {\n  name = 1\n}\n",
        "live/app/terragrunt.hcl": unit("deep", SOURCE + "inputs = { x = local.name }\n"),
    }
    assert "there is no local value `name` in this file" in messages(built(tmp_path, files))


def test_the_source_is_the_childs_if_it_has_one(tmp_path: Path) -> None:
    files = {
        **MODULE,
        "modules/other/main.tf": 'output "o" {\n  value = "other"\n}\n',
        "live/root.hcl": SOURCE,
        "live/a/terragrunt.hcl": unit("", ""),
        "live/b/terragrunt.hcl": unit("", 'terraform {\n  source = "../../modules//other"\n}\n'),
        "live/c/terragrunt.hcl": unit("", "terraform {}\n"),
    }
    found = evaluated(tmp_path, files)
    assert [list(found[f"live/{name}"]["outputs"]) for name in "abc"] == [[], ["o"], []]


def generated(region: str) -> str:
    return (
        'generate "provider" {\n  path = "provider.tf"\n  if_exists = "overwrite"\n  contents = <<EOF\n'
        f'provider "aws" {{\n  region = "{region}"\n}}\nEOF\n}}\n'
    )


@pytest.mark.parametrize(("strategy", "wrong"), [("shallow", True), ("deep", False)])
def test_generate_blocks_of_one_label(tmp_path: Path, strategy: str, wrong: bool) -> None:
    files = {
        "modules/m/main.tf": 'resource "aws_sqs_queue" "q" {}\n',
        "live/root.hcl": generated("eu-west-1"),
        "live/app/terragrunt.hcl": unit(strategy, SOURCE + generated("eu-west-2")),
    }
    build = built(tmp_path, files)
    assert any("same label" in message for message in messages(build)) is wrong
    assert shown(build)["live/app"]["resources"][0]["region"] == "eu-west-2"


def test_remote_state_is_taken_whole(tmp_path: Path) -> None:
    state = 'remote_state {{\n  backend = "s3"\n  config = {{\n    {}\n  }}\n}}\n'
    files = {
        **MODULE,
        "live/root.hcl": state.format('bucket = "p"\n    key = "k"'),
        "live/a/terragrunt.hcl": unit("deep", SOURCE),
        "live/b/terragrunt.hcl": unit("deep", SOURCE + state.format('bucket = "c"')),
    }
    found = evaluated(tmp_path, files)
    assert found["live/a"]["state"] == {"backend": "s3", "bucket": "p", "key": "k"}
    assert found["live/b"]["state"] == {"backend": "s3", "bucket": "c"}


# --- properties ------------------------------------------------------------------------------------

LEAVES = st.one_of(st.integers(0, 3), st.sampled_from(["", "a", "b"]))
# The shape of each key is fixed: what a list is on one side is one on the other.
TREES = st.fixed_dictionaries(
    {},
    optional={
        "list": st.lists(LEAVES, max_size=3),
        "leaf": LEAVES,
        "map": st.fixed_dictionaries({}, optional={"leaf": LEAVES, "list": st.lists(LEAVES, max_size=2)}),
    },
)


def made(data: Any) -> Value:
    if isinstance(data, dict):
        return object_of({name: made(item) for name, item in data.items()})
    if isinstance(data, list):
        return tuple_of([made(item) for item in data])
    return string(data) if isinstance(data, str) else number(data)


@given(TREES, TREES, TREES)
def test_deep_merge_is_associative(a: Any, b: Any, c: Any) -> None:
    x, y, z = made(a), made(b), made(c)
    assert plain(deep_merge(deep_merge(x, y), z)) == plain(deep_merge(x, deep_merge(y, z)))


@given(TREES)
def test_deep_merge_with_nothing_changes_nothing(a: Any) -> None:
    assert plain(deep_merge(made({}), made(a))) == plain(deep_merge(made(a), made({}))) == a
