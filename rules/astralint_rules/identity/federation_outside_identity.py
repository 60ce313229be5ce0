"""AL107."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.identity.federation import known_issuer
from astralint_rules.placement import outside

OIDC = "aws_iam_openid_connect_provider"
DEPLOYING = "HCP Terraform"
CLUSTER = "the cluster"
CI = ("GitHub Actions", "GitLab", "Buildkite", "CircleCI", "Bitbucket Pipelines")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: issuers, without a scheme and with `*`, that every account may trust."""

    allowed: tuple[str, ...] = ()


@rule(
    "AL107",
    "federation-provider-outside-identity",
    severity="warning",
    each=("aws_iam_saml_provider", "aws_rolesanywhere_trust_anchor", OIDC),
    home="identity",
    tags=("identity",),
    options=Options,
)
def check(provider: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """Identity providers are only in the identity account.

    ## Why

    An identity provider decides who somebody is. A second one, in an account of its own,
    is a second list of people and machines that no off-boarding in the identity account
    reaches.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_iam_saml_provider" "okta" {
      name                   = "okta"
      saml_metadata_document = file("okta.xml")
    }
    ```

    ## Good

    People come in through Identity Center; builds come in through the artifact account
    and assume a role from there.

    ## Exceptions

    The issuer of HCP Terraform, by which each workspace's runs come in; the issuers of
    the account's own EKS clusters, for their pods; the issuers of CI systems in the artifact account,
    and everywhere as long as the platform has none. The option `allowed` names
    further issuers.
    """
    if provider.kind == "identity" or (provider.type == OIDC and _is_meant(provider, platform, options.allowed)):
        return
    yield from outside(provider, platform, "identity", f"the identity provider `{provider.address}`")


def _is_meant(provider: Resource, platform: Platform, allowed: tuple[str, ...]) -> bool:
    """Say whether an issuer is there for pipelines or pods; raises Undecided where it is not known."""
    if any(one.type == "aws_eks_cluster" for one in platform.resources_behind(provider.value("url"))):
        return True
    issuer = str(provider["url"]).removeprefix("https://").rstrip("/")
    told = known_issuer(issuer)
    name = told.name if told is not None else ""
    has_no_home = not platform.of_kind("artifact") and platform.settings.missing_kinds != "each"
    is_ci = name in CI and (provider.kind == "artifact" or has_no_home)
    return is_ci or name in (DEPLOYING, CLUSTER) or any(fnmatchcase(issuer, pattern) for pattern in allowed)
