"""Access by policies of resources, grants and shares; what runs as a role; whose administration is handed on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astralint.aws.role_references import role_references
from astralint.aws.schema import RawBlock, resource_schema
from astralint.platform.platform import Platform
from astralint.trust.access import _tables
from astralint.trust.bindings import _table as bindings
from astralint.trust.relations import _delegations
from tests.trust.tiny import NUMBERS, edges, role, statement, tiny

BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
NODE = "resource:artifact/aws_s3_bucket.b"
BUILD = role("build")


def bucket(*statements: str) -> str:
    joined = ", ".join(statements)
    return (
        BUCKET
        + 'resource "aws_s3_bucket_policy" "b" {\n  bucket = aws_s3_bucket.b.id\n'
        + f'  policy = jsonencode({{ Version = "2012-10-17", Statement = [{joined}] }})\n}}\n'
    )


def one(effect: str, principal: str, rest: str = "", action: str = '"s3:GetObject"') -> str:
    more = f", {rest}" if rest else ""
    return f'{{ Effect = "{effect}", Principal = {principal}, Action = {action}, Resource = "arn:aws:s3:::b/*"{more} }}'


def data_of(platform: Platform, source: str, target: str, kind: str) -> dict[str, Any]:
    found = platform.graph.get_edge_data(source, target)
    assert found is not None, edges(platform, kind)
    data: dict[str, Any] = found[kind]
    return data


ROOT = f'{{ AWS = "arn:aws:iam::{NUMBERS["production"]}:root" }}'
CASES = {
    "an account": ([one("Allow", ROOT)], "account:production", "allowed"),
    "its bare number": ([one("Allow", f'{{ AWS = "{NUMBERS["production"]}" }}')], "account:production", "allowed"),
    "a role of ours": (
        [one("Allow", f'{{ AWS = "arn:aws:iam::{NUMBERS["artifact"]}:role/build" }}')],
        "resource:artifact/aws_iam_role.build",
        "allowed",
    ),
    "everybody": ([one("Allow", '"*"')], "principal:wildcard/*", "allowed"),
    "a service": (
        [one("Allow", '{ Service = "logging.s3.amazonaws.com" }')],
        "principal:service/logging.s3.amazonaws.com",
        "allowed",
    ),
    "a condition": (
        [one("Allow", '"*"', 'Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1" } }')],
        "principal:wildcard/*",
        "conditional",
    ),
    "a condition that never holds": (
        [one("Allow", ROOT, f'Condition = {{ StringEquals = {{ "aws:PrincipalAccount" = "{NUMBERS["staging"]}" }} }}')],
        "account:production",
        None,
    ),
    "refused to all": ([one("Allow", ROOT), one("Deny", '"*"')], "account:production", None),
    "refused to another": (
        [one("Allow", ROOT), one("Deny", f'{{ AWS = "{NUMBERS["staging"]}" }}')],
        "account:production",
        "allowed",
    ),
    "refused in part": (
        [one("Allow", ROOT, action='["s3:GetObject", "s3:PutObject"]'), one("Deny", '"*"', action='"s3:PutObject"')],
        "account:production",
        "allowed",
    ),
    "refused without encryption": (
        [
            one("Allow", ROOT),
            one("Deny", '"*"', 'Condition = { Bool = { "aws:SecureTransport" = "false" } }', '"s3:*"'),
        ],
        "account:production",
        "allowed",
    ),
    "refused to all others": (
        [one("Allow", ROOT), one("Deny", ROOT).replace("Principal", "NotPrincipal")],
        "account:production",
        "allowed",
    ),
    "refused to all but others": (
        [one("Allow", ROOT), one("Deny", f'{{ AWS = "{NUMBERS["staging"]}" }}').replace("Principal", "NotPrincipal")],
        "account:production",
        None,
    ),
    "refused on a condition": (
        [one("Allow", ROOT), one("Deny", '"*"', 'Condition = { StringNotEquals = { "aws:SourceVpce" = "vpce-1" } }')],
        "account:production",
        "conditional",
    ),
    "a Deny alone": ([one("Deny", ROOT)], "account:production", None),
}


@pytest.mark.parametrize("case", CASES)
def test_whom_a_bucket_policy_lets_in(case: str, tmp_path: Path) -> None:
    statements, principal, verdict = CASES[case]
    platform = tiny(tmp_path, artifact=BUILD + bucket(*statements), production="", staging="")
    assert edges(platform, "can-access").get((principal, NODE)) == verdict


def test_an_access_shows_its_line_and_actions(tmp_path: Path) -> None:
    platform = tiny(tmp_path, artifact=bucket(one("Allow", ROOT)), production="")
    data = data_of(platform, "account:production", NODE, "can-access")
    assert data["actions"] == ["s3:GetObject"]
    assert [(item["file"], item["line"], item["side"]) for item in data["evidence"]] == [
        ("artifact/main.tf", 10, "resource")
    ]


def test_whom_a_policy_that_is_not_known_lets_in_is_not_known(tmp_path: Path) -> None:
    content = 'variable "p" {}\n' + bucket("").replace(
        'jsonencode({ Version = "2012-10-17", Statement = [] })', "var.p"
    )
    platform = tiny(tmp_path, artifact=content, production="")
    assert edges(platform, "can-access") == {("principal:unknown/{?}", NODE): "conditional"}


def test_a_function_may_be_called(tmp_path: Path) -> None:
    content = (
        BUILD
        + f"""
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.build.arn
  handler       = "h"
  runtime       = "python3.12"
  filename      = "f.zip"
}}
resource "aws_lambda_permission" "events" {{
  function_name = aws_lambda_function.f.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:1:rule/r"
}}
resource "aws_lambda_permission" "other" {{
  function_name = aws_lambda_function.f.function_name
  action        = "lambda:InvokeFunction"
  principal     = "{NUMBERS["production"]}"
}}
"""
    )
    platform = tiny(tmp_path, artifact=content, production="")
    function = "resource:artifact/aws_lambda_function.f"
    found = edges(platform, "can-access")
    assert found["principal:service/events.amazonaws.com", function] == "conditional"
    assert found["account:production", function] == "allowed"
    data = data_of(platform, "principal:service/events.amazonaws.com", function, "can-access")
    assert data["conditions"] == ['aws:SourceArn is "arn:aws:events:eu-west-1:1:rule/r"']
    assert edges(platform, "runs-as") == {(function, "resource:artifact/aws_iam_role.build"): ""}


def test_an_instance_runs_as_its_profiles_role(tmp_path: Path) -> None:
    content = (
        BUILD
        + """
resource "aws_iam_instance_profile" "p" {
  name = "p"
  role = aws_iam_role.build.name
}
resource "aws_instance" "i" {
  iam_instance_profile = aws_iam_instance_profile.p.name
}
resource "aws_launch_template" "t" {
  iam_instance_profile {
    arn = aws_iam_instance_profile.p.arn
  }
}
resource "aws_instance" "literal" {
  iam_instance_profile = "p"
}
"""
    )
    found = {source.rpartition("/")[2] for source, _ in edges(tiny(tmp_path, artifact=content), "runs-as")}
    assert found == {"aws_iam_instance_profile.p", "aws_instance.i", "aws_launch_template.t", "aws_instance.literal"}


def test_shares(tmp_path: Path) -> None:
    content = f"""
resource "aws_ec2_transit_gateway" "t" {{}}
resource "aws_ram_resource_share" "s" {{
  name = "s"
}}
resource "aws_ram_resource_association" "a" {{
  resource_arn       = aws_ec2_transit_gateway.t.arn
  resource_share_arn = aws_ram_resource_share.s.arn
}}
resource "aws_ram_principal_association" "p" {{
  for_each           = toset(["{NUMBERS["production"]}", "arn:aws:organizations::1:ou/o-1/ou-1", "arn:aws:organizations::1:organization/o-1"])
  principal          = each.key
  resource_share_arn = aws_ram_resource_share.s.arn
}}
resource "aws_ami_launch_permission" "l" {{
  image_id   = "ami-1"
  account_id = "999999999999"
}}
resource "aws_ami_launch_permission" "all" {{
  image_id = "ami-1"
  group    = "all"
}}
"""
    found = edges(tiny(tmp_path, artifact=content, production=""), "shared-with")
    gateway = "resource:artifact/aws_ec2_transit_gateway.t"
    assert (gateway, "account:production") in found
    assert (gateway, "principal:organizational-unit/arn:aws:organizations::1:ou/o-1/ou-1") in found
    assert (gateway, "principal:organization/arn:aws:organizations::1:organization/o-1") in found
    assert ("resource:artifact/aws_ami_launch_permission.l", "principal:root/999999999999") in found
    assert ("resource:artifact/aws_ami_launch_permission.all", "principal:wildcard/*") in found


def test_delegated_administrators(tmp_path: Path) -> None:
    content = f"""
resource "aws_guardduty_organization_admin_account" "g" {{
  admin_account_id = "{NUMBERS["security"]}"
}}
resource "aws_organizations_delegated_administrator" "d" {{
  account_id        = "999999999999"
  service_principal = "config.amazonaws.com"
}}
"""
    platform = tiny(tmp_path, management=content, security="")
    assert (
        data_of(platform, "account:management", "account:security", "delegates-to")["service"]
        == "guardduty.amazonaws.com"
    )
    outside = data_of(platform, "account:management", "principal:root/999999999999", "delegates-to")
    assert outside["service"] == "config.amazonaws.com"


# --- the tables ----------------------------------------------------------------------------


def exists(type_: str, path: str) -> bool:
    block: RawBlock | None = resource_schema("managed", type_)
    if block is None:
        return False
    *blocks, last = path.split(".")
    for name in blocks:
        nested = block.blocks.get(name.removesuffix("[]"))
        if nested is None:
            # A computed block that the schema has as an attribute.
            return name.removesuffix("[]") in block.attributes
        block = nested.block
    return last.removesuffix("[]") in block.attributes or last.removesuffix("[]") in block.blocks


def named() -> list[tuple[str, str]]:
    tables = _tables()
    found = [(type_, path) for type_, paths in role_references().items() for path in paths]
    for type_, policy in tables.policies.items():
        found += [(type_, path) for path in (policy.policy, policy.of) if path]
    for grant in tables.grant:
        actions = [grant.actions] if isinstance(grant.actions, str) else []
        found += [
            (grant.resource, path)
            for path in (grant.principal, grant.of, grant.condition_blocks, *actions, *grant.conditions)
            if path
        ]
    for share in tables.share:
        found += [(share.resource, path) for path in (*share.with_, share.of) if path]
    found += [(entry.resource, entry.account) for entry in _delegations()]
    found += [(binding.resource, binding.role) for binding in bindings()]
    return found


def test_every_argument_of_the_tables_is_one_of_the_provider() -> None:
    assert len(named()) > 500
    assert [pair for pair in named() if not exists(*pair)] == []


def test_control_policies_guard_what_they_are_attached_to(tmp_path: Path) -> None:
    content = f"""
resource "aws_organizations_organization" "o" {{}}
resource "aws_organizations_organizational_unit" "u" {{
  name      = "u"
  parent_id = aws_organizations_organization.o.roots[0].id
}}
resource "aws_organizations_policy" "p" {{
  name    = "p"
  content = {statement("*", resource=chr(34) + "*" + chr(34)).replace("Allow", "Deny")}
}}
resource "aws_organizations_policy_attachment" "a" {{
  for_each = {{
    root    = aws_organizations_organization.o.roots[0].id
    unit    = aws_organizations_organizational_unit.u.id
    account = "{NUMBERS["production"]}"
  }}
  policy_id = aws_organizations_policy.p.id
  target_id = each.value
}}
"""
    found = {target for _, target in edges(tiny(tmp_path, management=content, production=""), "guards")}
    assert found == {
        "principal:organization/root",
        "resource:management/aws_organizations_organizational_unit.u",
        "account:production",
    }


def test_an_identity_provider_and_the_principal_of_that_name(tmp_path: Path) -> None:
    content = 'resource "aws_iam_openid_connect_provider" "g" {\n  url = "https://ci.example.com"\n  client_id_list = ["sts.amazonaws.com"]\n}\n'
    content += role(
        "build", statement("sts:AssumeRoleWithWebIdentity", "{ Federated = aws_iam_openid_connect_provider.g.arn }")
    )
    provider = f"principal:federated/arn:aws:iam::{NUMBERS['artifact']}:oidc-provider/ci.example.com"
    platform = tiny(tmp_path, artifact=content)
    source = "resource:artifact/aws_iam_openid_connect_provider.g"
    assert edges(platform, "federates") == {(source, provider): ""}
    assert edges(platform)[provider, "resource:artifact/aws_iam_role.build"] == "allowed"


@pytest.mark.parametrize("kind", ["statements", "principals"])
def test_policies_larger_than_any_of_aws_end_soon_and_say_so(kind: str, tmp_path: Path) -> None:
    ids = [f"{100_000_000_000 + n}" for n in range(10_000)]
    if kind == "statements":
        found = [
            {"Effect": "Allow" if int(n) % 2 else "Deny", "Action": "s3:*", "Resource": "*", "Principal": {"AWS": n}}
            for n in ids
        ]
    else:
        found = [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": {"AWS": ids}}]
    (tmp_path / "artifact").mkdir()
    (tmp_path / "artifact" / "bucket.json").write_text(json.dumps({"Statement": found}), "utf-8")
    trust = [{k: v for k, v in (one | {"Action": "sts:AssumeRole"}).items() if k != "Resource"} for one in found]
    (tmp_path / "artifact" / "trust.json").write_text(json.dumps({"Statement": trust}), "utf-8")
    content = BUCKET + (
        'resource "aws_s3_bucket_policy" "b" {\n  bucket = aws_s3_bucket.b.id\n  policy = file("bucket.json")\n}\n'
        'resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = file("trust.json")\n}\n'
    )
    platform = tiny(tmp_path, artifact=content)
    assert edges(platform, "can-access") == {("principal:unknown/{?}", NODE): "conditional"}
    target = "resource:artifact/aws_iam_role.r"
    source = next(
        node for node, end in platform.graph.edges() if end == target and node.startswith("principal:unknown")
    )
    data = data_of(platform, source, target, "can-assume")
    assert data["verdict"] == "conditional"
    assert "more than AWS takes" in str(data["conditions"])
