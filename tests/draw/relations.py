"""A platform with every kind of relation and principal, and some that nobody has heard of yet."""

from __future__ import annotations

from tests.draw.platforms import Builder, Graph

PRINCIPAL_KINDS = ("sso-group", "sso-user", "kubernetes", "certificate", "identity-pool", "organizational-unit")


def relate(b: Builder, source: str, target: str, kind: str, **attributes: object) -> None:
    """Add an edge of a kind with one line of evidence."""
    evidence = [b._evidence(source if b.graph.nodes[source]["kind"] == "resource" else target, "", kind)]
    b.graph.add_edge(source, target, key=kind, kind=kind, evidence=evidence, **attributes)


def every_relation() -> Graph:
    """Return accounts that are joined in every way that there is, and in one to come."""
    b = Builder()
    management, security = b.account("management", "management", "1" * 12), b.account("security", "security", "2" * 12)
    production, artifact = b.account("production", "production", "3" * 12), b.account("artifact", "artifact", "4" * 12)
    deploy = b.resource("production", "deploy")
    function, bucket = (
        b.resource("production", "api", "aws_lambda_function"),
        b.resource("artifact", "packages", "aws_s3_bucket"),
    )
    user, group = b.resource("management", "eve", "aws_iam_user"), b.resource("management", "admins", "aws_iam_group")
    image = b.resource("artifact", "base", "aws_ami_copy")
    for kind in PRINCIPAL_KINDS:
        home = "management" if kind.startswith("sso") else ""
        b.assume(b.principal(kind, f"some-{kind}", home), deploy, "conditional", (f"aws:PrincipalTag/{kind} is x",))
    b.assume(b.principal("hologram", "doctor"), deploy)
    relate(b, function, deploy, "runs-as")
    relate(b, user, group, "member-of")
    relate(b, deploy, bucket, "can-access", verdict="allowed", conditions=[], actions=["s3:GetObject", "s3:ListBucket"])
    relate(
        b,
        b.principal("wildcard", "*"),
        bucket,
        "can-access",
        verdict="conditional",
        conditions=['aws:SourceIp IpAddress "10.0.0.0/8"'],
    )
    relate(b, b.principal("service", "logging.amazonaws.com"), bucket, "can-access", verdict="allowed", conditions=[])
    relate(b, image, production, "shared-with")
    relate(b, image, b.principal("organizational-unit", "some-organizational-unit"), "shared-with")
    relate(b, management, security, "delegates-to", service="guardduty.amazonaws.com")
    relate(
        b, management, production, "can-assume-root", verdict="conditional", conditions=["the task policy is attached"]
    )
    root = b.principal("account-root", "production root", "production")
    relate(b, management, root, "can-assume-root", verdict="allowed", conditions=[])
    relate(b, b.resource("management", "limits", "aws_organizations_policy"), production, "guards")
    relate(
        b,
        b.resource("production", "hub", "aws_iam_openid_connect_provider"),
        b.principal("federated", "hub"),
        "federates",
    )
    relate(b, user, bucket, "can-access", verdict="allowed", conditions=[], actions=["s3:DeleteBucket"], all_but=True)
    relate(b, security, artifact, "teleports-into")
    relate(b, artifact, security, "watches-over", verdict="denied")
    return b.graph
