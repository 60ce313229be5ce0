"""Reads of other workspaces' states, of every kind of backend."""

from __future__ import annotations

import pytest

from astralint.terraform.workspace import WorkspaceSpec
from tests.assembly.workspaces import errors, evaluate, output, plain

OUTPUT = '\noutput "name" {\n  value = "made"\n}\n'


def backend(kind: str, arguments: str) -> str:
    return f'terraform {{\n  backend "{kind}" {{\n{arguments}\n  }}\n}}\n'


def reader(kind: str, config: str, more: str = "", attribute: str = "outputs.name") -> str:
    return (
        f'data "terraform_remote_state" "r" {{\n  backend = "{kind}"\n  config = {{\n{config}\n  }}\n{more}\n}}\n'
        f'output "x" {{\n  value = data.terraform_remote_state.r.{attribute}\n}}\n'
    )


ROLE = 'assume_role = {\n  role_arn = "arn:aws:iam::333333333333:role/state"\n  }'
S3 = 'bucket = "states"\nkey = "network.tfstate"\nregion = "eu-west-1"'


@pytest.mark.parametrize(
    ("made", "read"),
    [
        (backend("s3", S3), reader("s3", S3)),
        (backend("s3", S3), reader("s3", f"{S3}\n{ROLE}")),
        (backend("s3", S3), reader("s3", S3, 'workspace = "default"')),
        (backend("s3", S3), reader("s3", 'bucket = "states"\nkey = "${join("", ["network", ".tfstate"])}"')),
        (
            backend("gcs", 'bucket = "states"\nprefix = "network"'),
            reader("gcs", 'bucket = "states"\nprefix = "network"'),
        ),
        (
            backend("azurerm", 'storage_account_name = "a"\ncontainer_name = "c"\nkey = "k"'),
            reader("azurerm", 'storage_account_name = "a"\ncontainer_name = "c"\nkey = "k"\nresource_group_name = "g"'),
        ),
        (
            backend("http", 'address = "https://states.example.com/network"'),
            reader("http", 'address = "https://states.example.com/network"\nusername = "u"'),
        ),
        (backend("local", 'path = "network.tfstate"'), reader("local", 'path = "../network/network.tfstate"')),
        ("", reader("local", 'path = "../network/terraform.tfstate"')),
        (
            backend("remote", 'organization = "acme"\nworkspaces {\n  name = "network"\n}'),
            reader("remote", 'organization = "acme"\nworkspaces = {\n  name = "network"\n}'),
        ),
        (
            'terraform {\n  cloud {\n    organization = "acme"\n    workspaces {\n      name = "network"\n    }\n  }\n}\n',
            reader("remote", 'organization = "acme"\nworkspaces = {\n  name = "network"\n}'),
        ),
    ],
)
def test_backends(made: str, read: str) -> None:
    results = evaluate({"production/network": made + OUTPUT, "production/app": read})
    assert output(results, "production/app") == "made"
    assert errors(results) == []


@pytest.mark.parametrize(
    ("made", "read"),
    [
        (backend("s3", S3), reader("s3", S3.replace("states", "others"))),
        (backend("s3", S3), reader("s3", S3, 'workspace = "live"')),
        (backend("s3", S3), reader("gcs", 'bucket = "states"\nprefix = "network.tfstate"')),
        (backend("gcs", 'bucket = "states"'), reader("gcs", 'bucket = "states"\nprefix = "network"')),
        ("", reader("local", 'path = "terraform.tfstate"')),
    ],
)
def test_other_places_are_nobodys(made: str, read: str) -> None:
    results = evaluate({"production/network": made + OUTPUT, "production/app": read + backend("http", 'address = "a"')})
    assert output(results, "production/app").startswith("unknown: no workspace keeps the ")


def test_no_match_names_the_key() -> None:
    found = output(evaluate({"production/app": reader("s3", S3)}), "production/app")
    assert found == "unknown: no workspace keeps the s3 state `states/network.tfstate`"


@pytest.mark.parametrize(("prefix", "key"), [("", "env:/live/k"), ('workspace_key_prefix = "w"', "w/live/k")])
def test_workspaces_of_a_backend(prefix: str, key: str) -> None:
    made = backend("s3", f'bucket = "states"\nkey = "k"\n{prefix}') + OUTPUT
    spec = WorkspaceSpec("production/network", "production/network", "live", account="production")
    for config, more in (
        (f'bucket = "states"\nkey = "{key}"', ""),
        (f'bucket = "states"\nkey = "k"\n{prefix}', 'workspace = "live"'),
    ):
        texts = {"production/network": made, "production/app": reader("s3", config, more)}
        assert output(evaluate(texts, **{"production/network": spec}), "production/app") == "made"


def test_partial_configuration_is_completed_by_a_file() -> None:
    texts = {
        "production/network": backend("s3", 'key = "network.tfstate"') + OUTPUT,
        "production/app": reader("s3", S3),
    }
    texts["modules/live.tf"] = 'bucket = "states"\nregion = "eu-west-1"\n'
    spec = WorkspaceSpec("production/network", "production/network", backend_files=("modules/live.tf",))
    assert output(evaluate(texts, **{"production/network": spec}), "production/app") == "made"


def test_a_place_that_is_known_in_part_is_found_where_only_one_fits() -> None:
    made = backend("s3", 'key = "network.tfstate"') + OUTPUT
    other = backend("s3", 'key = "other.tfstate"') + OUTPUT.replace("made", "other")
    texts = {"production/network": made, "production/other": other, "production/app": reader("s3", S3)}
    assert output(evaluate(texts), "production/app") == "made"
    texts["production/second"] = made
    assert output(evaluate(texts), "production/app") == (
        "unknown: 2 workspaces may keep the s3 state `states/network.tfstate`: `production/network`, `production/second`"
    )


def test_outputs_of_hcp_workspaces() -> None:
    made = (
        'terraform {\n  cloud {\n    organization = "acme"\n    workspaces {\n      name = "network"\n    }\n  }\n}\n'
    )
    made += 'output "token" {\n  value     = "t"\n  sensitive = true\n}\n'
    read = """
data "tfe_outputs" "n" {
  organization = "acme"
  workspace    = "network"
}
output "x" {
  value = data.tfe_outputs.n.nonsensitive_values.name
}
output "open" {
  value = keys(data.tfe_outputs.n.nonsensitive_values)
}
output "secret" {
  value     = data.tfe_outputs.n.values.token
  sensitive = true
}
"""
    results = evaluate({"production/network": made + OUTPUT, "production/app": read})
    assert output(results, "production/app") == "made"
    assert output(results, "production/app", "open") == ["name"]
    assert output(results, "production/app", "secret") == "t"
    assert results["production/app"].outputs["secret"].value.is_sensitive


def test_defaults() -> None:
    defaults = 'defaults = {\n  name = "default"\n  more = "of default"\n}'
    texts = {"production/network": backend("s3", S3) + OUTPUT, "production/app": reader("s3", S3, defaults, "outputs")}
    assert output(evaluate(texts), "production/app") == {"name": "made", "more": "of default"}


def test_defaults_do_not_hide_that_an_output_is_missing() -> None:
    defaults = 'defaults = {\n  more = "of default"\n}'
    texts = {
        "production/network": backend("s3", S3) + OUTPUT,
        "production/app": reader("s3", S3, defaults, "outputs.gone"),
    }
    assert any("declares no such output" in message for message in errors(evaluate(texts)))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("outputs", {"name": "made"}),
        ('outputs["name"]', "made"),
        ("outputs == null", False),
    ],
)
def test_all_outputs_together(attribute: str, value: object) -> None:
    texts = {"production/network": backend("s3", S3) + OUTPUT, "production/app": reader("s3", S3, attribute=attribute)}
    assert output(evaluate(texts), "production/app") == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("keys(%s)", ["name"]),
        ("[for name, value in %s : value]", ["made"]),
        ("jsonencode(%s)", '{"name":"made"}'),
        ('lookup(%s, "gone", "default")', "default"),
        ("try(%s.gone, 1)", 1),
        ('contains(keys(%s), "gone")', False),
    ],
)
def test_what_is_made_of_all_outputs(expression: str, value: object) -> None:
    read = reader("s3", S3, attribute="outputs").replace(
        "value = data.terraform_remote_state.r.outputs",
        "value = " + expression % "data.terraform_remote_state.r.outputs",
    )
    results = evaluate({"production/network": backend("s3", S3) + OUTPUT, "production/app": read})
    assert output(results, "production/app") == value
    later = OUTPUT.replace('"made"', "var.later") + 'variable "later" {\n  type = string\n}\n'
    unknown = output(
        evaluate({"production/network": backend("s3", S3) + later, "production/app": read}), "production/app"
    )
    assert unknown == value or "variable `later` has no value" in str(unknown) or "{?}" in str(unknown)


def test_for_each() -> None:
    texts = {
        f"production/{name}": backend("s3", S3.replace("network", name)) + OUTPUT.replace("made", name)
        for name in ("a", "b")
    }
    texts["production/app"] = """
data "terraform_remote_state" "r" {
  for_each = toset(["a", "b", "c"])
  backend  = "s3"
  config = {
    bucket = "states"
    key    = "${each.key}.tfstate"
  }
}
output "x" {
  value = { for key, read in data.terraform_remote_state.r : key => read.outputs.name }
}
"""
    assert output(evaluate(texts), "production/app") == {
        "a": "a",
        "b": "b",
        "c": "unknown: no workspace keeps the s3 state `states/c.tfstate`",
    }


def test_a_missing_output_is_said_at_both_places() -> None:
    texts = {
        "production/network": backend("s3", S3) + OUTPUT,
        "production/app": reader("s3", S3, attribute="outputs.nam"),
    }
    results = evaluate(texts)
    (diagnostic,) = [d for d in results["production/app"].diagnostics if d.severity == "error"]
    assert diagnostic.code == "remote-state-output-missing"
    assert diagnostic.span is not None
    assert diagnostic.span.file == "production/app/main.tf"
    assert [label.span.file for label in diagnostic.labels] == ["production/network/main.tf"]
    assert results["production/network"].outputs["name"].value.raw == "made"


def test_what_a_broken_producer_may_declare_is_open() -> None:
    texts = {
        "production/network": backend("s3", S3) + OUTPUT + "output {\n",
        "production/app": reader("s3", S3, attribute="outputs.other"),
    }
    results = evaluate(texts)
    assert output(results, "production/app").startswith("unknown")
    assert not any("declares no such output" in message for message in errors(results))


def test_a_cycle_between_workspaces_leaves_the_rest() -> None:
    def one(own: str, other: str) -> str:
        return (
            backend("s3", f'bucket = "states"\nkey = "{own}"')
            + reader("s3", f'bucket = "states"\nkey = "{other}"', attribute="outputs.x")
            + OUTPUT.replace("made", own)
        )

    results = evaluate({"production/a": one("a", "b"), "production/b": one("b", "a")})
    assert output(results, "production/a", "name") == "a"
    assert [plain(result.outputs["x"].value)[:8] for result in results.values()] == ["unknown:", "unknown:"]
