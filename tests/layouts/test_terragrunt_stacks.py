"""`terragrunt.stack.hcl`: units and stacks at the places where they are generated."""

from __future__ import annotations

from pathlib import Path

from tests.layouts.trees import built, evaluated, messages, shown

MODULE = {
    "modules/m/main.tf": 'variable "name" {\n  default = ""\n}\nvariable "peer" {\n  default = ""\n}\noutput "name" {\n  value = "${var.name}!"\n}\n'
}
UNIT = (
    'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n'
    'terraform {\n  source = "${get_repo_root()}/modules//m"\n}\n'
    "inputs = {\n  name = values.name\n  size = try(values.size, 1)\n}\n"
)
ROOT = 'remote_state {\n  backend = "s3"\n  config = {\n    bucket = "b"\n    key = "${path_relative_to_include()}/state"\n  }\n}\n'
CATALOG = {**MODULE, "units/db/terragrunt.hcl": UNIT, "live/root.hcl": ROOT}


def stack(*blocks: str) -> str:
    return "\n".join(blocks)


DB = 'unit "db" {\n  source = "${get_repo_root()}/units/db"\n  path = "db"\n  values = {\n    name = "database"\n  }\n}\n'


def test_a_unit_is_evaluated_where_it_is_generated(tmp_path: Path) -> None:
    found = evaluated(tmp_path, {**CATALOG, "live/app/terragrunt.stack.hcl": DB})
    assert list(found) == ["live/app/.terragrunt-stack/db"]
    unit = found["live/app/.terragrunt-stack/db"]
    assert unit["variables"] == {"name": "database", "size": 1}
    assert unit["state"]["key"] == "app/.terragrunt-stack/db/state"
    assert unit["outputs"]["name"]["value"] == "database!"


def test_units_of_a_stack_depend_on_each_other(tmp_path: Path) -> None:
    peer = UNIT.partition("inputs")[0] + (
        'dependency "db" {\n  config_path = values.db_path\n}\ninputs = { peer = dependency.db.outputs.name }\n'
    )
    app = 'unit "app" {\n  source = "../../units/app"\n  path = "app"\n  values = { db_path = "../db" }\n}\n'
    files = {**CATALOG, "units/app/terragrunt.hcl": peer, "live/app/terragrunt.stack.hcl": DB + app}
    unit = evaluated(tmp_path, files)["live/app/.terragrunt-stack/app"]
    assert unit["depends_on"] == ["live/app/.terragrunt-stack/db"]
    assert unit["variables"] == {"peer": "database!"}


def test_units_name_each_others_places(tmp_path: Path) -> None:
    peer = UNIT.partition("inputs")[0] + (
        'dependency "db" {\n  config_path = values.db\n}\ninputs = { peer = dependency.db.outputs.name }\n'
    )
    app = (
        'unit "app" {\n  source = "${get_repo_root()}/units/app"\n  path = "app"\n  values = { db = unit.db.path }\n}\n'
    )
    files = {**CATALOG, "units/app/terragrunt.hcl": peer, "live/terragrunt.stack.hcl": stack(app, DB)}
    build = built(tmp_path, files)
    assert shown(build)["live/.terragrunt-stack/app"]["variables"] == {"peer": "database!"}
    assert messages(build) == []


def test_a_unit_beside_the_stack(tmp_path: Path) -> None:
    text = DB.replace('path = "db"', 'path = "db"\n  no_dot_terragrunt_stack = true')
    assert list(evaluated(tmp_path, {**CATALOG, "live/app/terragrunt.stack.hcl": text})) == ["live/app/db"]


def test_stacks_in_each_other(tmp_path: Path) -> None:
    inner = DB.replace('"database"', "values.name")
    outer = (
        'stack "inner" {\n  source = "${get_repo_root()}/stacks/inner"\n  path = "in"\n  values = { name = "n" }\n}\n'
    )
    files = {**CATALOG, "stacks/inner/terragrunt.stack.hcl": inner, "live/app/terragrunt.stack.hcl": outer}
    found = evaluated(tmp_path, files)
    assert list(found) == ["live/app/.terragrunt-stack/in/.terragrunt-stack/db"]
    assert next(iter(found.values()))["variables"]["name"] == "n"


def test_a_unit_of_a_catalogue_is_no_unit_of_its_own(tmp_path: Path) -> None:
    build = built(tmp_path, {**CATALOG, "live/app/terragrunt.stack.hcl": DB})
    (directory,) = [d for d in build.discovery.directories if d.path == "units/db"]
    assert (directory.kind, directory.reason) == ("template", "it uses `values`, which only a stack gives")


def test_a_catalogue_alone_is_named(tmp_path: Path) -> None:
    (layout,) = built(tmp_path, {**CATALOG, "live/root.hcl": ""}).discovery.layouts
    assert (layout.units, layout.evaluated) == (1, 0)
    assert layout.undecided == (("it uses `values`, which only a stack gives", 1),)


def test_a_remote_unit_is_there_without_a_body(tmp_path: Path) -> None:
    text = DB.replace("${get_repo_root()}/units/db", "github.com/acme/catalog//units/db?ref=v1")
    account = 'locals {\n  account_name = "prod"\n  account_id = "111122223333"\n}\n'
    build = built(tmp_path, {**CATALOG, "live/account.hcl": account, "live/app/terragrunt.stack.hcl": text})
    assert shown(build)["live/app/.terragrunt-stack/db"]["account"] == "prod"
    assert build.discovery.layouts[0].undecided == (("its source is not in the tree", 1),)


def test_what_is_committed_counts(tmp_path: Path) -> None:
    own = UNIT.replace("values.name", '"committed"')
    files = {
        **CATALOG,
        "live/app/terragrunt.stack.hcl": DB,
        "live/app/.terragrunt-stack/db/terragrunt.hcl": own,
        "live/app/.terragrunt-stack/db/terragrunt.values.hcl": 'name = "v"\n',
    }
    assert evaluated(tmp_path, files)["live/app/.terragrunt-stack/db"]["variables"]["name"] == "committed"


def test_values_beside_a_unit(tmp_path: Path) -> None:
    files = {**CATALOG, "live/db/terragrunt.hcl": UNIT, "live/db/terragrunt.values.hcl": 'name = "beside"\nsize = 2\n'}
    assert evaluated(tmp_path, files)["live/db"]["variables"] == {"name": "beside", "size": 2}


def test_a_path_that_leaves_the_stack_is_refused(tmp_path: Path) -> None:
    text = DB.replace('path = "db"', 'path = "../../../elsewhere"')
    assert any(
        "leaves the stack" in message
        for message in messages(built(tmp_path, {**CATALOG, "live/app/terragrunt.stack.hcl": text}))
    )


def test_a_stack_in_itself_ends(tmp_path: Path) -> None:
    text = 'stack "s" {\n  source = "${get_repo_root()}/live/app"\n  path = "s"\n}\n'
    assert any(
        "stacks in each other" in m
        for m in messages(built(tmp_path, {**CATALOG, "live/app/terragrunt.stack.hcl": text}))
    )
