"""Accounts told from names: only where names are used to tell accounts apart."""

from __future__ import annotations

import pytest

from astralint.assembly.inference import infer_accounts
from astralint.estate.kinds import kind_of_name
from astralint.terraform.discovery import Root


def inferred(*paths: str) -> dict[str, str]:
    return {root: account.kind for root, account in infer_accounts([Root(path) for path in paths]).items()}


def test_directories_below_a_container_are_accounts() -> None:
    assert inferred("accounts/prod/network", "accounts/catalogue") == {
        "accounts/prod/network": "production",
        "accounts/catalogue": "",
    }


def test_siblings_that_are_called_after_kinds_are_accounts() -> None:
    found = inferred("management/a", "security/b", "apps-prd/c", "shared/d")
    assert found == {"management/a": "management", "security/b": "security", "apps-prd/c": "production"}


def test_a_common_prefix_is_no_part_of_the_name() -> None:
    found = inferred("acme-id/x", "acme-org-root/x", "acme-prod/x")
    assert found == {"acme-id/x": "identity", "acme-org-root/x": "management", "acme-prod/x": "production"}


@pytest.mark.parametrize(
    "paths",
    [
        ("terraform/dns", "terraform/playground", "terraform/ci"),
        ("dns", "email"),
        ("production/dns",),
        ("shared/global/base-identities",),
    ],
)
def test_names_of_stacks_are_no_accounts(paths: tuple[str, ...]) -> None:
    assert inferred(*paths) == {}


def test_the_cloud_workspace_and_the_variable_file_speak_first() -> None:
    roots = [Root("stacks/app", "prod", ("prod.tfvars",)), Root("stacks/org", cloud_name="acme-management-mgmt")]
    found = infer_accounts(roots)
    assert found["stacks/app:prod"].kind == "production"
    assert found["stacks/org"].kind == "management"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("production", "production"),
        ("acme-prod", "production"),
        ("non-prod", None),
        ("sandbox-karpenter", "sandbox"),
        ("log-archive", "log-archive"),
        ("rust-lang-org", None),
        ("prod-and-staging", None),
        ("audit", "security"),
        ("shared", None),
    ],
)
def test_kind_of_name(name: str, kind: str | None) -> None:
    assert kind_of_name(name) == kind
