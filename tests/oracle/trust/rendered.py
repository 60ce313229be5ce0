"""What an account holds after an apply: its roles and users as the API gives them back, and their verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from astralint.aws.arn import Arn
from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.decision import AssumeRoleRequest, decide, default_action
from astralint.aws.policy_parser import parse_policy
from astralint.aws.principals import Principal
from astralint.trust.sessions import lets_no_user_in, may_be_tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from astralint.aws.policy import Policy


class Rendered(NamedTuple):
    """A role (with a trust policy) or user as AWS has it."""

    arn: str
    name: str
    kind: str
    trust: Policy | None
    policies: tuple[Policy, ...]
    boundary: Policy | None
    tags: dict[str, str]

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]


def clients(server: str, account: str) -> Any:
    """Return an IAM client of one of a moto server's accounts."""
    import boto3

    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-west-1", "endpoint_url": server}
    session = boto3.client("sts", **keys).assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/reader", RoleSessionName="test"
    )["Credentials"]
    keys |= {"aws_access_key_id": session["AccessKeyId"], "aws_secret_access_key": session["SecretAccessKey"]}
    return boto3.client("iam", **keys, aws_session_token=session["SessionToken"])


def read_account(iam: Any) -> list[Rendered]:
    """Return all roles and users of an account, with whatever has a say in what they may do."""
    found = []
    for listed in iam.list_roles(MaxItems=1000)["Roles"]:
        role = iam.get_role(RoleName=listed["RoleName"])["Role"]
        found.append(
            _read(iam, "role", role, role["RoleName"], parse_policy(role["AssumeRolePolicyDocument"], kind="trust"))
        )
    for listed in iam.list_users(MaxItems=1000)["Users"]:
        user = iam.get_user(UserName=listed["UserName"])["User"]
        found.append(_read(iam, "user", user, user["UserName"], None))
    return found


def _read(iam: Any, kind: str, holder: Mapping[str, Any], name: str, trust: Policy | None) -> Rendered:
    policies = _policies(iam, kind, name)
    if kind == "user":
        for group in iam.list_groups_for_user(UserName=name)["Groups"]:
            policies += _policies(iam, "group", group["GroupName"])
    boundary = holder.get("PermissionsBoundary")
    return Rendered(
        holder["Arn"],
        name,
        kind,
        trust,
        tuple(policies),
        parse_policy(_managed(iam, boundary["PermissionsBoundaryArn"]), kind="boundary") if boundary else None,
        {tag["Key"]: tag["Value"] for tag in holder.get("Tags", ())},
    )


def _policies(iam: Any, kind: str, name: str) -> list[Policy]:
    key = {f"{kind.title()}Name": name}
    inline = getattr(iam, f"list_{kind}_policies")(**key)["PolicyNames"]
    documents = [getattr(iam, f"get_{kind}_policy")(**key, PolicyName=each)["PolicyDocument"] for each in inline]
    attached = getattr(iam, f"list_attached_{kind}_policies")(**key)["AttachedPolicies"]
    documents += [_managed(iam, each["PolicyArn"]) for each in attached]
    return [parse_policy(document) for document in documents]


def _managed(iam: Any, arn: str) -> Any:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def verdict(
    caller: Principal, identity: Rendered | None, role: Rendered, organization: str, ours: Iterable[str]
) -> str:
    """Return the verdict on the rendered policies; `identity` None: the caller is none of those that are there."""
    assert role.trust is not None
    own = identity.trust if identity is not None else None
    facts = Facts(
        organization=organization if caller.account in ours else None,
        tags=None if identity is None or (own is not None and may_be_tagged(own)) else identity.tags,
        mfa=False if own is not None and lets_no_user_in(own) else None,
        resource_account=role.account,
        resource_organization=organization,
    )
    request = AssumeRoleRequest(
        caller,
        role.arn,
        role.trust,
        action=default_action(caller),
        identity=identity.policies if identity is not None else None,
        boundary=identity.boundary if identity is not None else None,
        context=context_for(caller, facts),
    )
    return decide(request).verdict


def named(policy: Policy) -> set[Principal]:
    """Return the principals that a trust policy's `Allow` statements name; a session stands for its role."""
    found = set()
    for statement in policy.statements:
        if statement.effect == "Allow" and statement.principal is not None:
            for entry in statement.principal.entries:
                principal = Principal.parse(entry.text)
                assert principal is not None, entry
                found.add(principal)
    return found


def role_key(arn: str) -> tuple[str, str, str]:
    """Return account, kind and name: what a role is known by, and its sessions."""
    parsed = Arn.parse(arn)
    assert parsed is not None
    name = parsed.session_role_name
    kind = "role" if name is not None else str(parsed.resource_type)
    return str(parsed.account), kind, str(name if name is not None else parsed.name)
