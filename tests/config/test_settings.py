"""What a configuration says, as settings."""

from __future__ import annotations

import pickle
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.config.check import unknown_rules, unusual_kinds, with_profile
from astralint.config.loader import load_configuration
from astralint.config.settings import Settings
from astralint.source.diagnostic import Diagnostic
from astralint.terraform.values.value import Value

from .memory import MemoryTree, loaded, local, settings_of

EVERYTHING = """
locals {
  region = "eu-west-${local.number}"
  number = 1
}

platform {
  organization    = "astradot"
  organization_id = "o-astradot001"
  root_domain     = "astradot.com"
  root_domains    = ["astradot.com", "astradot.net"]
  regions         = [local.region, "us-east-1"]
  partition       = "aws"
  layers          = true
}

account "production" {
  kind       = "production"
  id         = "210000000007"
  domain     = "production.astradot.com"
  profiles   = ["prod"]
  regions    = [local.region]
  managed_by = "management"

  workspace "p" {
    path      = "workspaces/production"
    workspace = "live"
    var_files = ["workspaces/production/production.tfvars", "common.tfvars"]
    region    = "eu-west-1"
    variables = {
      zones = { a = [1, 2.5, null], b = true }
      name  = upper("x")
    }
  }
}

account "log-archive" {
  external = true
}

workspace "s" {
  account       = "production"
  path          = "./workspaces//staging/"
  backend_files = ["common.tfvars"]
}

rule "iam-user-outside-identity" {
  severity = "warning"
  allowed  = ["a", { b = 1.5 }]
  limit    = 3

  except "break glass" {
    subjects   = ["aws_iam_user.glass"]
    accounts   = ["production"]
    workspaces = ["p"]
    until      = "2027-01-31"
  }

  except {
    accounts = ["log-archive"]
    reason   = "not ours"
  }
}

contract "placement" "Queues are in production" {
  severity  = "note"
  resources = ["aws_sqs_queue"]
  kinds     = ["production"]
  reason    = "they cost"

  except "one more" {
    subjects = ["aws_sqs_queue.x"]
  }
}

module_source "git::https://example.com/modules.git//network" {
  directory = "workspaces/staging"
}

vendor "datadog" {
  accounts = ["464622532012"]
}

exclude = ["attic", "empty/"]

profile "strict" {
  rule "iam-user-outside-identity" {
    severity = "error"
    limit    = 0
  }
  rule "AL102" {
    severity = "off"
  }
}
"""


def plain(value: Value) -> Any:
    raw = value.raw
    if isinstance(raw, dict):
        return {name: plain(item) for name, item in raw.items()}
    if isinstance(raw, tuple):
        return [plain(item) for item in raw]
    return raw if isinstance(raw, bool | str | int | None) else float(raw)


def test_everything_that_can_be_said() -> None:
    found = settings_of(EVERYTHING)
    assert found.path == "astralint.hcl"
    platform = found.platform
    assert (platform.organization, platform.organization_id, platform.root_domain) == (
        "astradot",
        "o-astradot001",
        "astradot.com",
    )
    assert (platform.root_domains, platform.regions) == (("astradot.com", "astradot.net"), ("eu-west-1", "us-east-1"))
    assert (platform.partition, platform.layers) == ("aws", True)

    production, archive = found.accounts
    assert (production.name, production.kind, production.id) == ("production", "production", "210000000007")
    assert (production.domain, production.managed_by, production.external) == (
        "production.astradot.com",
        "management",
        False,
    )
    assert (production.profiles, production.regions) == (("prod",), ("eu-west-1",))
    assert (archive.name, archive.kind, archive.external, archive.workspaces) == ("log-archive", "", True, ())

    first, second = found.workspaces
    assert production.workspaces == (first,)
    assert (first.name, first.path, first.account, first.workspace) == (
        "p",
        "workspaces/production",
        "production",
        "live",
    )
    assert first.var_files == ("workspaces/production/production.tfvars", "common.tfvars")
    assert first.region == "eu-west-1"
    variables = {name: plain(variable.value) for name, variable in first.variables.items()}
    assert variables == {"zones": {"a": [1, 2.5, None], "b": True}, "name": "X"}
    assert str(first.variables["name"].span) == "astralint.hcl:32:15"
    assert (second.path, second.account, second.workspace, second.backend_files) == (
        "workspaces/staging", "production", None, ("common.tfvars",),
    )  # fmt: skip

    (rule,) = found.rules
    assert (rule.severity, rule.options) == ("warning", {"allowed": ["a", {"b": 1.5}], "limit": 3})
    assert (str(rule.name_span), str(rule.option_spans["limit"])) == ("astralint.hcl:47:6", "astralint.hcl:50:14")
    one, two = rule.exceptions
    assert (one.reason, one.subjects, one.accounts, one.workspaces, one.until) == (
        "break glass", ("aws_iam_user.glass",), ("production",), ("p",), "2027-01-31",
    )  # fmt: skip
    assert (two.reason, two.subjects, two.accounts, two.until) == ("not ours", (), ("log-archive",), "")

    (contract,) = found.contracts
    assert (contract.type, contract.title, contract.severity) == ("placement", "Queues are in production", "note")
    assert {name: argument.value for name, argument in contract.arguments.items()} == {
        "resources": ["aws_sqs_queue"], "kinds": ["production"], "reason": "they cost",
    }  # fmt: skip
    assert [exception.reason for exception in contract.exceptions] == ["one more"]
    assert found.module_sources == {"git::https://example.com/modules.git//network": "workspaces/staging"}
    assert found.vendor_accounts == {"464622532012": "datadog"}
    assert found.excluded == ("attic", "empty")
    assert [rule.name for rule in found.profiles["strict"]] == ["iam-user-outside-identity", "AL102"]


def test_settings_can_be_sent_to_other_processes() -> None:
    found = settings_of(EVERYTHING)
    sent = pickle.loads(pickle.dumps(found))
    assert repr(sent) == repr(found)


def test_nothing_said_is_nothing_set() -> None:
    found = settings_of("# only a comment\n")
    assert (found.accounts, found.workspaces, found.rules, found.platform.partition) == ((), (), (), "aws")
    without, diagnostics = load_configuration(MemoryTree({}), None, None)  # type: ignore[arg-type]
    assert (without.path, without.accounts, diagnostics) == (None, (), ())


def test_accounts_come_from_data_too() -> None:
    text = """
accounts = { for name, account in yamldecode(file("list.yaml")) : name => {
  kind       = try(account.kind, null)
  id         = account.id
  workspaces = { (name) = { path = "workspaces/${name}" } }
} }
workspaces = { extra = { path = "workspaces/staging", account = "staging" } }
"""
    listed = "staging: {id: '000000000001'}\nproduction: {id: '000000000002', kind: production}\n"
    found = settings_of(text, files={"list.yaml": listed})
    assert [(account.name, account.kind, account.id) for account in found.accounts] == [
        ("production", "production", "000000000002"),
        ("staging", "", "000000000001"),
    ]
    assert [(workspace.name, workspace.path, workspace.account) for workspace in found.workspaces] == [
        ("production", "workspaces/production", "production"),
        ("staging", "workspaces/staging", "staging"),
        ("extra", "workspaces/staging", "staging"),
    ]


# --- rules and profiles -----------------------------------------------------------------------------------

KNOWN = [("AL101", "iam-user-outside-identity"), ("AL102", "user-credential")]


def test_rules_that_do_not_exist_are_found() -> None:
    text = 'rule "AL102" {\n}\nrule "iam-user-outside-identty" {\n}\nprofile "p" {\n  rule "AL999x" {\n  }\n  rule "user-credential" {\n  }\n}\n'
    one, two, three = unknown_rules(settings_of(text), iter(KNOWN))
    assert (one.message, one.help, str(one.span)) == (
        "no rule is called `iam-user-outside-identty`", "did you mean `iam-user-outside-identity`?", "astralint.hcl:3:6",
    )  # fmt: skip
    assert (two.message, str(two.span), two.usage) == ("no rule is called `AL999x`", "astralint.hcl:6:8", True)
    assert (three.message, str(three.labels[0].span)) == (
        "`user-credential` and `AL102` are the same rule",
        "astralint.hcl:1:6",
    )
    assert unknown_rules(settings_of('rule "AL101" {\n}\n'), KNOWN) == []


def test_a_kind_that_looks_like_another_is_warned_of() -> None:
    from astralint.estate.kinds import KINDS, kind_of_name

    text = "".join(
        f'account "{kind}" {{\n  kind = "{kind}"\n}}\n'
        for kind in ("production", "prod", "prodution", "network", "log-archive")
    )
    one, two = unusual_kinds(settings_of(text), KINDS, kind_of_name)
    assert one.message == "`prod` is a kind of its own: no rule for `production` accounts holds for it"
    assert (one.usage, one.severity, one.help, str(one.span)) == (
        False, "warning", "if it is meant, write `production`", "astralint.hcl:5:10",
    )  # fmt: skip
    assert two.message.startswith("`prodution`")


def test_a_profile_is_laid_over_the_rules() -> None:
    found = with_profile(settings_of(EVERYTHING), "strict")
    assert isinstance(found, Settings)
    first, second = found.rules
    assert (first.severity, first.options, len(first.exceptions)) == (
        "error",
        {"allowed": ["a", {"b": 1.5}], "limit": 0},
        2,
    )
    assert str(first.option_spans["limit"]).startswith("astralint.hcl:89:")
    assert (second.name, second.severity) == ("AL102", "off")


def test_an_unknown_profile_is_a_problem() -> None:
    found = with_profile(settings_of(EVERYTHING), "strikt")
    assert isinstance(found, Diagnostic)
    assert (found.usage, found.help) == (True, "did you mean `strict`?")
    assert isinstance(with_profile(Settings(), "x"), Diagnostic)


# --- whatever the text ----------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["account ", "workspace ", "platform ", "rule ", "contract ", "locals ", "accounts = ", "variables = ", "path = ", "id = ",
     "{", "}", "{\n", "}\n", "\n", '"a" ', '"${', '}"', "local.a", "a = ", "[", "]", "1", "for x in ", ": x", "null", "(", ")",
     "timestamp()", "yamldecode(", "file(", "...", '"workspaces/production"', "except ", "regions = ", "<<E\n", "E\n", "\x00", "é", "#"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)))
def test_no_text_raises(text: str) -> None:
    found, diagnostics = loaded(text)
    assert isinstance(found, Settings)
    assert all(diagnostic.span is not None for diagnostic in diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        "locals {\n  a = " + "[" * 400 + "]" * 400 + '\n}\nrule "x" {\n  option = local.a\n}\n',
        "locals {\n  a = [for x in range(1000) : [for y in range(1000) : [for z in range(1000) : 1]]]\n}\n",
        'locals {\n  a = jsondecode(format("%s", join("", [for x in range(900) : "["])))\n}\n',
    ],
)
def test_hostile_configurations_end_in_diagnostics(text: str) -> None:
    _, diagnostics = loaded(text)
    assert diagnostics
    assert all(diagnostic.usage for diagnostic in diagnostics)


MODEL = Path(__file__).parents[2] / "fixtures" / "platforms"


@pytest.mark.parametrize("name", ["astradot", "astradot-drifted"])
def test_the_model_platforms_are_read(name: str) -> None:
    found, diagnostics = local(MODEL / name, None)
    assert diagnostics == ()
    assert len(found.accounts) >= 9
    assert {workspace.account for workspace in found.workspaces} <= {account.name for account in found.accounts}
    assert found.platform.regions


def test_names_mean_nothing_where_kinds_are_given(tmp_path: Path) -> None:
    shutil.copytree(MODEL / "astradot", tmp_path / "x")
    before, _ = local(tmp_path / "x", None)
    file = tmp_path / "x" / "astralint.hcl"
    renamed = re.sub(
        r'(account|workspace) "(.+)"',
        lambda match: f'{match[1]} "{match[2][::-1]} é/{match[1]}"',
        file.read_text("utf-8"),
    )
    file.write_text(renamed, "utf-8")
    after, diagnostics = local(tmp_path / "x", None)
    assert diagnostics == ()
    assert [(a.kind, a.id, a.domain) for a in after.accounts] == [(a.kind, a.id, a.domain) for a in before.accounts]
    assert [w.path for w in after.workspaces] == [w.path for w in before.workspaces]
    assert {w.account for w in after.workspaces} <= {a.name for a in after.accounts}
    assert not {a.name for a in after.accounts} & {a.name for a in before.accounts}


def test_a_long_chain_of_locals_is_read_or_refused() -> None:
    chain = "".join(f"  a{i} = local.a{i + 1}\n" for i in range(2000))
    _, diagnostics = loaded("locals {\n" + chain + "  a2000 = 1\n}\n")
    assert all(diagnostic.code == "limit" for diagnostic in diagnostics)
