"""The first configuration: what is written is what is read again."""

from __future__ import annotations

import os
import shutil
import subprocess
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.api import ScanOptions, open_session
from astralint.assembly.initial import initial_configuration, quoted
from astralint.config.settings import Settings
from astralint.estate.estate import Contents, Estate
from astralint.estate.model import Account
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.results import StateIdentity, WorkspaceResult
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import Reason, Value, object_of, string, unknown
from astralint.terraform.workspace import WorkspaceSpec

from .memory import settings_of

UNKNOWN = unknown(Reason("account-not-known", "nothing tells it"), STRING)


def provider(region: str) -> ProviderContext:
    value: Value = string(region) if region else UNKNOWN
    return ProviderContext('provider["aws"]', "aws", "", object_of({}), UNKNOWN, value, string("aws"))


def estate_of(
    accounts: Sequence[Account], specs: Sequence[WorkspaceSpec], regions: str = "eu-west-1", organization: str = ""
) -> Estate:
    state = StateIdentity("cloud", {"organization": string(organization)} if organization else {}, None)
    results = {
        spec.name: WorkspaceResult(
            spec.name,
            spec.directory,
            (),
            {},
            (provider(regions),),
            state,
            (),
            (),
            (),
            (),
            (),
            (f"{spec.directory}/main.tf",),
        )
        for spec in specs
    }
    own = {spec.name: spec.account for spec in specs}
    return Estate(
        Contents(
            Settings(),
            tuple(accounts),
            tuple((spec, results[spec.name]) for spec in specs),
            source=lambda _: None,
            own_accounts=own,
        )
    )


ACCOUNTS = (
    Account("production", "production", "210000000007", evidence="the directory `production`"),
    Account("network", "", "", evidence="the provider's configuration"),
    Account("archive", "log-archive", "", external=True, evidence='`aws_organizations_account.all["archive"]`'),
)
SPECS = (
    WorkspaceSpec("live/production", "live/production", account="production"),
    WorkspaceSpec("live/network:eu", "live/network", "eu", ("live/network/eu.tfvars",), account="network"),
    WorkspaceSpec("live/network:us", "live/network", "us", ("live/network/us.tfvars",), account="network"),
    WorkspaceSpec("scratch", "scratch", None),
)
EXPECTED = """\
# What astralint knows of this platform. What could not be inferred is commented out: fill it
# in, and correct what is wrong. Kinds of accounts are management, identity, security, artifact,
# dns, email, production, staging and sandbox; others are free. Paths are relative to this file.

platform {
  # organization_id = "o-…"  # not in the code
  # root_domain = "…"  # not in the code
  # layers = true  # if it is meant that an account has several workspaces
  # profile = "minimal"  # proposed: few of the architecture's accounts are there: nothing is said of those that are not
  organization = "acme"
  regions      = ["eu-west-1"]
}

account "production" {
  # Inferred from the directory `production`.
  kind = "production"
  id   = "210000000007"

  workspace "live/production" {
    path = "live/production"
  }
}

account "network" {
  # Inferred from the provider's configuration.
  # kind = "…"  # could not be inferred
  # id = "…"  # not in the code

  workspace "live/network:eu" {
    path      = "live/network"
    workspace = "eu"
    var_files = ["live/network/eu.tfvars"]
  }

  workspace "live/network:us" {
    path      = "live/network"
    workspace = "us"
    var_files = ["live/network/us.tfvars"]
  }
}

account "archive" {
  # Inferred from `aws_organizations_account.all["archive"]`.
  # id = "…"  # not in the code
  # External: it belongs to the organization, but no workspace here is for it.
  kind     = "log-archive"
  external = true
}

workspace "scratch" {
  # account = "…"  # could not be inferred
  path = "scratch"
}
"""


def test_what_is_inferred_is_written_and_what_is_not_is_said() -> None:
    assert initial_configuration(estate_of(ACCOUNTS, SPECS, organization="acme")) == EXPECTED


def files_of(specs: Sequence[WorkspaceSpec]) -> dict[str, str]:
    files = {f"{spec.directory}/main.tf": "" for spec in specs}
    files.update({path: "" for spec in specs for path in spec.variable_files})
    return files


def test_paths_start_at_the_file() -> None:
    text = initial_configuration(estate_of(ACCOUNTS, SPECS), "live")
    found = settings_of(text, name="live/astralint.hcl", files=files_of(SPECS))
    assert [workspace.path for workspace in found.workspaces] == [spec.directory for spec in SPECS]
    assert 'path = "../scratch"' in text


def test_an_empty_platform_gets_an_example() -> None:
    text = initial_configuration(estate_of((), ()))
    assert settings_of(text).accounts == ()
    uncommented = "\n".join(line.removeprefix("# ") for line in text[text.index("# account") :].splitlines())
    assert settings_of(uncommented).accounts[0].name == "production"


def test_what_is_no_text_is_left_out() -> None:
    specs = [WorkspaceSpec("a\udcff", "a\udcff"), WorkspaceSpec("b", "b")]
    text = initial_configuration(estate_of((Account("c\udcff"), Account("d", "", "not a number")), specs))
    found = settings_of(text, files={"b/main.tf": ""})
    assert [workspace.name for workspace in found.workspaces] == ["b"]
    assert [(account.name, account.id) for account in found.accounts] == [("d", "")]
    text.encode()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
AWKWARD = st.sampled_from(
    ['"', "\\", "${x}", "%{if}", "$${", "a\nb", "a\tb", "é", "e\u0301", "\u2028", "x y", "#", "$", "%%{", "\r", "\x00"]
)
NAME = st.one_of(TEXT, AWKWARD, st.lists(AWKWARD, min_size=1, max_size=4).map("".join)).filter(
    lambda text: bool(text.strip())
)
PART = NAME.filter(
    lambda text: "/" not in text and "\0" not in text and text[0] not in "~." and text not in (".", "..")
)


@st.composite
def platforms(draw: st.DrawFn) -> tuple[list[Account], list[WorkspaceSpec]]:
    names = draw(st.lists(NAME, unique=True, max_size=4))
    accounts = [
        Account(
            name,
            draw(st.one_of(st.just(""), NAME)),
            draw(st.one_of(st.just(""), st.from_regex(r"[0-9]{12}", fullmatch=True))),
            evidence=draw(NAME),
        )
        for name in names
    ]
    directories = draw(st.lists(st.lists(PART, min_size=1, max_size=2).map("/".join), unique=True, max_size=4))
    specs = [
        WorkspaceSpec(
            draw(st.sampled_from([directory, f"{directory}:x"])),
            directory,
            draw(st.one_of(st.just("default"), st.none(), NAME)),
            tuple(f"{directory}/{name}.tfvars" for name in draw(st.lists(PART, unique=True, max_size=2))),
            account=draw(st.sampled_from(["", *names])),
        )
        for directory in directories
    ]
    return accounts, specs


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@settings(max_examples=150, deadline=None)
@given(platforms())
def test_what_is_written_is_read_again(platform: tuple[list[Account], list[WorkspaceSpec]]) -> None:
    accounts, specs = platform
    files = files_of(specs)
    directories = {spec.directory for spec in specs}
    if any(path.rpartition("/")[0] not in directories for path in files) or len({spec.name for spec in specs}) < len(
        specs
    ):
        return
    if len({nfc(path) for path in files}) < len(files) or set(files) & directories:
        return
    text = initial_configuration(estate_of(accounts, specs))
    found = settings_of(text, files=files)
    numbers: set[str] = set()
    expected = []
    for account in accounts:
        expected.append((account.name, nfc(account.kind), "" if account.number in numbers else account.number))
        numbers.add(account.number)
    assert [(account.name, account.kind, account.id) for account in found.accounts] == expected
    read = {w.name: (w.path, w.workspace or "default", w.var_files, w.account) for w in found.workspaces}
    assert read == {
        spec.name: (spec.directory, nfc(spec.terraform_workspace or "default"), spec.variable_files, spec.account)
        for spec in specs
    }


# Not with `$` or `%` in a name: `terraform fmt` takes such a label away altogether.
@pytest.mark.oracle
@pytest.mark.parametrize("names", [("a", "b"), ('"x"\\', "# x"), ("a\nb", "é\u2028")])
def test_terraform_would_not_format_it_otherwise(names: tuple[str, str]) -> None:
    terraform = shutil.which("terraform")
    if terraform is None:
        if os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1":
            pytest.fail("terraform is not installed")
        pytest.skip("terraform is not installed")
    extra = tuple(WorkspaceSpec(name, name, name, (f"{name}/x.tfvars",), account="network") for name in names)
    for text in (
        initial_configuration(estate_of(ACCOUNTS, (*SPECS, *extra))),
        initial_configuration(estate_of((), ())),
    ):
        done = subprocess.run([terraform, "fmt", "-"], input=text.encode(), capture_output=True, check=True, timeout=60)
        assert done.stdout.decode() == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", '"a"'),
        ('a"b\\', '"a\\"b\\\\"'),
        ("${x}%{y}$$", '"$${x}%%{y}$$"'),
        ("\n\t\x00", '"\\n\\t\\u0000"'),
        ("\U000e0001", '"\\U000e0001"'),
    ],
)
def test_texts_are_quoted(text: str, expected: str) -> None:
    assert quoted(text) == expected


def test_the_number_of_an_imported_account_is_written_down(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'provider "aws" {\n  region = "eu-west-1"\n}\n'
        'resource "aws_organizations_account" "production" {\n  name  = "production"\n  email = "p@example.com"\n}\n'
        'resource "aws_organizations_account" "all" {\n  for_each = toset(["dns"])\n'
        '  name     = each.key\n  email    = "${each.key}@example.com"\n}\n'
        'import {\n  to = aws_organizations_account.production\n  id = "111111111111"\n}\n'
        'import {\n  to = aws_organizations_account.all["dns"]\n  id = "222222222222"\n}\n'
    )
    session = open_session([tmp_path], ScanOptions(boundary=tmp_path, jobs=1))
    text = initial_configuration(session.build().platform, ".")
    assert 'id       = "111111111111"' in text
    assert 'id       = "222222222222"' in text
