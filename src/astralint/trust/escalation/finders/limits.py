"""What somebody gets who takes away a limit of its own, or writes what Identity Center and states hold."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.estate.nodes import resource_node
from astralint.terraform.evaluation.builtin import text_of
from astralint.trust.escalation.finders.hunt import Hit, Hunt, finder, node
from astralint.trust.escalation.holder import Holder, allows_everything
from astralint.trust.escalation.judge import Object
from astralint.trust.escalation.model import Proof, administrator
from astralint.trust.escalation.prerequisites import Case, demanded
from astralint.trust.escalation.table import Path_, templates

_SET = "aws_ssoadmin_permission_set"


@finder("bounded")
def bounded(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find who may do anything but for the boundary that it can take off."""
    identity = holder.identity
    account = hunt.home(identity)
    if account is None or identity.boundary is None or allows_everything(holder) is None:
        return
    found = hunt.judge.judge(holder, path, {identity.kind: hunt.identity(identity)})
    if found is not None:
        proof = Proof("resource", identity.resource.evidence(f"bounds `{identity}`", "permissions_boundary"))
        yield Hit(administrator(account), found.route(path, more=(proof,)))


@finder("bounded-by-policy")
def bounded_by_policy(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find who may do anything but for the boundary that it can rewrite."""
    identity = holder.identity
    account = hunt.home(identity)
    if account is None or identity.boundary is None or allows_everything(holder) is None:
        return
    for policy in hunt.holdings.policies(account):
        found = hunt.judge.judge(holder, path, {"policy": hunt.policy(policy)}) if identity in policy.bounds else None
        if found is not None:
            yield Hit(administrator(account), found.route(path, through=(node(policy.resource),)))


@finder("permission-set-roles")
def permission_set_roles(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find the roles of permission sets in all accounts, for who administers Identity Center."""
    account = hunt.home(holder.identity)
    if account is None:
        return
    delegated = any(one.service == path.manages and one.account is account for one in hunt.index.delegations)
    if account.kind != "management" and not delegated:
        return
    for identity in hunt.index.identities:
        resource = identity.resource
        if identity.kind != "permission-set" or identity is holder.identity or resource.type != _SET:
            continue
        if identity.account is not None and identity.account.kind == "management" and account.kind != "management":
            continue  # What is assigned in the management account, no delegated administrator touches.
        arn = hunt.holdings.arn(resource, "arn", templates("permission-set"))
        found = hunt.judge.judge(holder, path, {"permission-set": Object(arn, f"`{identity}`")})
        if found is not None:
            conditions = tuple(text.format(target=identity) for text in path.conditions)
            yield Hit(identity, found.route(path, through=(node(resource),), conditions=conditions))


@finder("states")
def states(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find the roles that workspaces deploy as whose states lie in a bucket of the account."""
    account = hunt.home(holder.identity)
    if account is None or path.how != "code-as":
        return
    buckets = {bucket.text("bucket"): bucket for bucket in hunt.holdings.resources(account, "aws_s3_bucket")}
    for deployment in hunt.index.deployments if buckets else ():
        state, role = deployment.workspace.result.state, deployment.role
        name, key = (text_of(state.config[one]) if one in state.config else None for one in ("bucket", "key"))
        bucket = buckets.get(name) if isinstance(name, str) else None
        if role is None or role is holder.identity or bucket is None or not isinstance(key, str):
            continue
        target = Object(f"arn:aws:s3:::{name}/{key}", f"the state of `{deployment.workspace}`", bucket)
        found = hunt.judge.judge(holder, path, {"object": target})
        extra = demanded(Case(hunt.judge, hunt.holdings, holder, path, role, bucket)) if found is not None else None
        if found is None or extra is None:
            continue
        conditions = (*extra.conditions, f"`{deployment.workspace}` is applied next")
        through = (resource_node(bucket.workspace.name, bucket.address),)
        yield Hit(
            role,
            found.route(path, more=(Proof("binding", deployment.evidence),), through=through, conditions=conditions),
        )
