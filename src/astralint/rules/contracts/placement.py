"""Contracts about resources: placement, required, naming."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from astralint.aws.facts import is_global
from astralint.estate.model import Account, Resource, Violation, Workspace
from astralint.estate.views import Undecided
from astralint.platform.platform import Platform
from astralint.rules.api import rule
from astralint.rules.contracts.conditions import holds
from astralint.rules.contracts.names import Members
from astralint.rules.contracts.pairs import open_names
from astralint.rules.contracts.pattern import fits, placeholders
from astralint.rules.contracts.resources import resources_of
from astralint.rules.contracts.subject import Contract, Subject, contracts_of, judged
from astralint.source.partial import PartialText
from astralint.terraform.values.value import Reason


def placed(platform: Platform) -> Iterator[Subject]:
    """Yield what placement contracts judge."""
    for contract in contracts_of(platform, "placement"):
        home = _home(contract)
        elsewhere = contract.members("not_in")
        for resource in resources_of(platform, contract.value("resources")):
            judge = partial(_misplaced, resource, contract, home, elsewhere)
            yield contract.subject(resource.address, judge, resource=resource)


def _home(contract: Contract) -> Members | None:
    """Return the accounts that the resources may be in; None where the contract does not say."""
    words = [*contract.value("accounts", ()), *(f"kind:{kind}" for kind in contract.value("kinds", ()))]
    return contract.names.members(words) if words else None


def _misplaced(resource: Resource, contract: Contract, home: Members | None, elsewhere: Members) -> Iterator[Violation]:
    regions = contract.value("regions")
    problem = ""
    if home is not None and not home.holds(resource.account):
        problem = f"is in the account `{resource.account}`, where {contract.title} does not allow it"
    elif (elsewhere.certain or elsewhere.open) and elsewhere.holds(resource.account):
        problem = f"is in the account `{resource.account}`, where {contract.title} forbids it"
    if not problem and regions is not None and not is_global(resource.type) and resource.region not in regions:
        problem = f"is in the region `{resource.region}`, where {contract.title} does not allow it"
    if problem and holds(resource, contract.value("where", {})):
        yield resource.finding(f"`{resource.address}` {problem}")


def demanded(platform: Platform) -> Iterator[Subject]:
    """Yield what required contracts judge."""
    for contract in contracts_of(platform, "required"):
        members = contract.members("accounts")
        for account in platform.accounts.values():
            if account.name not in members.certain:
                continue
            for region in contract.value("regions", (None,)):
                judge = partial(_missing, account, contract, platform, region)
                workspace = next(iter(platform.workspaces_of(account)), None)
                yield contract.subject(account.name, judge, workspace=workspace)
        yield from open_names(contract, members)


def _missing(account: Account, contract: Contract, platform: Platform, region: str | None) -> Iterator[Violation]:
    types, where = contract.value("resources"), contract.value("where", {})
    undecided: Undecided | None = None
    for resource in resources_of(platform, types):
        try:
            if resource.account is not account:
                continue
            if (region is None or resource.region == region) and holds(resource, where) and resource.exists:
                return
        except Undecided as found:
            undecided = undecided or found
    if undecided is not None:
        raise undecided
    workspaces = platform.workspaces_of(account)
    listed = " or ".join(f"`{type_}`" for type_ in types)
    if not workspaces:
        reason = f"no workspace here is for the account `{account}`, which {contract.title} wants {listed} of"
        raise Undecided(Reason("account-without-workspace", reason))
    hiding = [w for w in platform.workspaces.values() if w in workspaces or _may_work_in(w, account)]
    exact = [type_ for type_ in types if "*" not in type_ and "?" not in type_]
    wanted = exact if len(exact) == len(types) else []
    platform.require_complete(*wanted, what=f"{listed} of `{account}`", workspaces=hiding)
    place = f" in `{region}`" if region is not None else ""
    such = " as it wants" if where else ""
    yield workspaces[0].violation(
        f"the account `{account}` has no {listed}{place}{such}, which {contract.title} demands",
        workspaces[0].anchor,
        subject=account.name if region is None else f"{account.name}/{region}",
    )


def _may_work_in(workspace: Workspace, account: Account) -> bool:
    """Say whether a workspace of another account has, or may have, a provider for an account."""
    if workspace.account_or_none is None:
        return True
    spots = workspace.result.blind_spots
    return bool(spots) and any(
        resource.account_or_none in (account, None)
        for resource in (*workspace.resources, *workspace.data_sources)
        if resource.instance.provider is None or resource.instance.provider.type == "aws"
    )


def named(platform: Platform) -> Iterator[Subject]:
    """Yield what naming contracts judge."""
    for contract in contracts_of(platform, "naming"):
        members = contract.members("accounts") if contract.argument("accounts") is not None else None
        for resource in resources_of(platform, contract.value("resources")):
            judge = partial(_misnamed, resource, contract, members)
            yield contract.subject(resource.address, judge, resource=resource)


def _misnamed(resource: Resource, contract: Contract, members: Members | None) -> Iterator[Violation]:
    if members is not None and not members.holds(resource.account):
        return
    path = contract.value("attribute", "name").split(".")
    name = _name(resource, path)
    if name is None:
        return
    pattern = contract.value("pattern")
    values = {what: _told(resource, what) for what in placeholders(pattern)}
    if not fits(pattern, name, values) and holds(resource, contract.value("where", {})):
        message = f"`{resource.address}` is called `{name}`, which does not fit {contract.title}"
        shown = pattern
        for what, value in values.items():
            shown = shown.replace("{" + what + "}", value)
        yield resource.finding(message, at=path, label=f"`{shown}` is wanted")


def _name(resource: Resource, path: list[str]) -> str | None:
    """Return what a resource is called; None where it does not say; raises Undecided where AWS or somebody chooses."""
    if len(path) == 1:
        name = resource.text(path[0])
        if isinstance(name, PartialText):
            raise Undecided(Reason("name-not-known", f"the name of `{resource.address}` is known in part: `{name}`"))
        return name
    value = resource[path[0]]
    for step in path[1:]:
        value = value[step] if value is not None and step in value else None
    return None if value is None else str(value)


def _told(resource: Resource, what: str) -> str:
    if what == "region":
        return resource.region
    if what == "workspace":
        return resource.workspace.name
    account = resource.account
    told = {"account": account.name, "kind": account.kind, "domain": account.domain}[what]
    if not told:
        raise Undecided(Reason("account-not-known", f"the {what} of the account `{account}` is not known"))
    return told


@rule("AC01", "placement", severity="error", each=placed, tags=("contract",))
def placement(subject: Subject, platform: Platform) -> Iterator[Violation]:
    """Resources of some types are in some accounts or regions only, or never in others.

    ## Why

    What belongs where is written down in a sentence, and forgotten by the next change. A
    contract holds it to every workspace.

    ## Bad

    ```hcl
    # astralint.hcl
    contract "placement" "databases live in production" {
      resources = ["aws_db_instance", "aws_rds_cluster"]
      accounts  = ["production"]
      where     = { engine = "aurora*" }
    }
    # workspaces/sandbox
    resource "aws_rds_cluster" "this" {
      engine = "aurora-postgresql"
    }
    ```

    ## Good

    The resource moves to a workspace of an account that the contract names.

    ## Options

    `resources` names types, with `*`. They may be in `accounts` and in accounts of `kinds`
    only, never in those of `not_in`, and in `regions` only. `where` narrows the contract to
    resources whose attributes have these values.

    ## Exceptions

    None but those of the configuration.
    """
    yield from judged(subject)


@rule("AC06", "required", severity="error", each=demanded, tags=("contract",))
def required(subject: Subject, platform: Platform) -> Iterator[Violation]:
    """Each of some accounts has a resource of some type.

    ## Why

    What every account has to have (a boundary, a detector, a budget) is missing where an
    account was made in a hurry, and nobody sees what is not there.

    ## Bad

    ```hcl
    # astralint.hcl
    contract "required" "each environment blocks public buckets" {
      accounts  = ["production", "staging"]
      resources = ["aws_s3_account_public_access_block"]
      where     = { block_public_acls = true }
    }
    # workspaces/staging: there is none
    ```

    ## Good

    ```hcl
    resource "aws_s3_account_public_access_block" "this" {
      block_public_acls = true
    }
    ```

    ## Options

    `accounts` names the accounts, `resources` types of which one is enough, `where` the
    values of its attributes. With `regions`, there is one in each of them.

    ## Exceptions

    Where a module could not be read, or a workspace's account is not known, the resource may
    be there: then it is undecided.
    """
    yield from judged(subject)


@rule("AC07", "naming", severity="warning", each=named, tags=("contract",))
def naming(subject: Subject, platform: Platform) -> Iterator[Violation]:
    """Names of resources follow a pattern.

    ## Why

    Policies, dashboards and people find things by their names. A bucket that is called
    otherwise is in nobody's policy.

    ## Bad

    ```hcl
    # astralint.hcl
    contract "naming" "buckets say whose they are" {
      resources = ["aws_s3_bucket"]
      attribute = "bucket"
      pattern   = "acme-{account}-[a-z0-9-]+"
    }
    # workspaces/production
    resource "aws_s3_bucket" "this" {
      bucket = "images"
    }
    ```

    ## Good

    ```hcl
    resource "aws_s3_bucket" "this" {
      bucket = "acme-production-images"
    }
    ```

    ## Options

    `pattern` is a regular expression for the whole name; `{account}`, `{kind}`, `{region}`,
    `{domain}` and `{workspace}` in it are those of the resource. `attribute` is where the
    name stands (`name` without it; `tags.Name` leads into a map). `accounts` and `where` narrow
    the contract.

    ## Exceptions

    A name that is not set is none. One that is known only in part is undecided.
    """
    yield from judged(subject)
