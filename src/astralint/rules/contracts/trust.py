"""Contracts about who may reach whom: forbidden-trust, layers, independence, protected."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product

from astralint.aws.text import known
from astralint.aws.wildcard import match
from astralint.estate.model import Violation
from astralint.estate.views import Undecided
from astralint.platform.platform import Platform
from astralint.rules.api import rule
from astralint.rules.contracts.names import Members
from astralint.rules.contracts.pairs import Pairs, accounts_of, is_one_of, open_names
from astralint.rules.contracts.reach import open_part, written_conditions
from astralint.rules.contracts.subject import Contract, Subject, contracts_of, judged
from astralint.rules.contracts.ways import why_partial
from astralint.terraform.values.value import Reason
from astralint.trust.declared import Trust
from astralint.trust.identity import Identity


def forbidden(platform: Platform) -> Iterator[Subject]:
    """Yield what forbidden-trust contracts judge."""
    for contract in contracts_of(platform, "forbidden-trust"):
        sources, targets = contract.members("from"), contract.members("to")
        pairs = [
            (s, t) for s, t in product(accounts_of(platform, sources), accounts_of(platform, targets)) if s is not t
        ]
        finder = Pairs(contract, platform, "forbids")
        around = sources.certain | targets.certain
        yield from finder.trust(pairs, around, direct=bool(contract.value("direct")))
        for members in (sources, targets):
            yield from open_names(contract, members)


def layered(platform: Platform) -> Iterator[Subject]:
    """Yield what layers contracts judge."""
    for contract in contracts_of(platform, "layers"):
        layers = [[contract.names.members([name]) for name in layer] for layer in contract.value("layers")]
        order = [(height, side, m) for height, layer in enumerate(layers) for side, m in enumerate(layer)]
        place = {name: (height, side) for height, side, members in reversed(order) for name in members.certain}
        accounts = [account for account in platform.accounts.values() if account.name in place]
        pairs = [
            (source, target)
            for source, target in product(accounts, accounts)
            if source is not target and _is_upwards(place[source.name], place[target.name])
        ]
        yield from Pairs(contract, platform, "forbids: it does not lead downwards").every(pairs, place)
        for _, _, members in order:
            yield from open_names(contract, members)


def _is_upwards(source: tuple[int, int], target: tuple[int, int]) -> bool:
    """Say whether an arrow leads to a higher layer, or to the side: layers are listed from the highest down."""
    return source[0] > target[0] or (source[0] == target[0] and source[1] != target[1])


def independent(platform: Platform) -> Iterator[Subject]:
    """Yield what independence contracts judge."""
    for contract in contracts_of(platform, "independence"):
        members = contract.members("members")
        accounts = accounts_of(platform, members)
        pairs = [(source, target) for source, target in product(accounts, accounts) if source is not target]
        yield from Pairs(contract, platform, "keeps apart").every(pairs, members.certain)
        yield from open_names(contract, members)


def protecting(platform: Platform) -> Iterator[Subject]:
    """Yield what protected contracts judge."""
    for contract in contracts_of(platform, "protected"):
        targets, allowed = contract.members("to"), contract.members("only_from")
        kinds = tuple(contract.value("by", ("trust",)))
        roles = contract.value("roles")
        if "trust" in kinds:
            for role in platform.trust.roles:
                inside = role.account is not None and role.account.name in targets.certain
                if inside and (roles is None or is_one_of(role, roles)):
                    yield from _entering(contract, platform, role, targets, allowed)
        pairs = {
            (source.name, target.name)
            for source, target in product(platform.accounts.values(), accounts_of(platform, targets))
            if source is not target and not allowed.may_hold(source)
        }
        finder = Pairs(contract, platform, "protects against")
        yield from finder.others(pairs, tuple(kind for kind in kinds if kind != "trust"))
        for account in accounts_of(platform, targets):
            yield finder.hidden(account)
        for members in (targets, allowed):
            yield from open_names(contract, members)


def _entering(
    contract: Contract, platform: Platform, role: Identity, targets: Members, allowed: Members
) -> Iterator[Subject]:
    """Yield each principal that a protected role trusts, and that is not AWS itself, nor of an account that may reach it."""
    principals = tuple(contract.value("principals", ()))
    for trust in platform.trust.trusts_of(role):
        if trust.principal.form == "service" or (trust.account is not None and trust.account.name in targets.certain):
            continue
        if trust.account is not None and allowed.may_hold(trust.account):
            continue
        if any(match(pattern, trust.principal.entry.text) is True for pattern in principals):
            continue
        judge = partial(_entered, trust, contract, platform, allowed)
        yield contract.subject(str(trust), judge, resource=role.resource, evidence=trust.evidence)


def _entered(trust: Trust, contract: Contract, platform: Platform, allowed: Members) -> Iterator[Violation]:
    """Yield the violation that a principal in a trust policy is; raises Undecided where it is not known who it is."""
    role, who = trust.role, trust.principal.entry.text
    decision = platform.trust.decision_of(trust)
    if decision.verdict == "denied" and (decision.refused or decision.trust is False):
        return
    by_name = trust.identity is not None or trust.principal.form in ("account", "role", "user", "session")
    left = open_part(decision, by_name=by_name) if trust.identity is None else None
    conditions = written_conditions(decision)
    if trust.principal.form == "unknown" or left is not None or (trust.principal.form == "anyone" and conditions):
        why = why_partial(who) or left or "; ".join(conditions)
        raise Undecided(Reason("trust-not-known", f"whether {role.title} lets `{who}` in is not known: {why}"))
    number = known(trust.principal.account) if trust.principal.account is not None else None
    ours = next((a for a in platform.accounts.values() if not a.number and allowed.may_hold(a)), None)
    if number is not None and trust.account is None and ours is not None:
        reason = f"{number} may be the number of account `{ours}`, which is not in the code"
        raise Undecided(Reason("account-number-not-known", reason))
    assert role.resource.exists
    of = f" of `{trust.account}`" if trust.account is not None else ""
    condition = f", if {' and '.join(conditions)}" if conditions else ""
    place = trust.evidence
    yield role.resource.workspace.violation(
        f"{role.title} trusts `{trust.identity or who}`{of}{condition}, which {contract.title} protects against",
        place.span,
        place.text,
        subject=f"{trust.identity or who} -> {role.resource.address}",
        severity="warning" if conditions else None,
    )


@rule("AC02", "forbidden-trust", severity="error", each=forbidden, tags=("contract", "trust"))
def forbidden_trust(subject: Subject, platform: Platform) -> Iterator[Violation]:
    """Nobody of some accounts can become anybody of others.

    ## Why

    Which accounts must never reach which others is a decision that a team takes once. Each
    role that trusts one account more looks harmless on its own; only all workspaces
    together show that staging has a way into production.

    ## Bad

    ```hcl
    # astralint.hcl
    contract "forbidden-trust" "no way from staging into production" {
      from = ["staging"]
      to   = ["production"]
    }
    # workspaces/production: a role that can be assumed trusts
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000008:role/etl"] # staging
    }
    ```

    ## Good

    Data is exported to an account that both write to or read from.

    ## Options

    `from` and `to` name accounts. `roles` narrows the contract to roles whose names fit;
    with `direct`, only single steps count, else ways through other accounts too.

    ## Exceptions

    A way that hangs on a condition is a warning that shows it, unless the contract has a
    severity. Trust in a whole account is a way for all that is in it.
    """
    yield from judged(subject)


@rule("AC03", "layers", severity="error", each=layered, tags=("contract", "trust"))
def layers(subject: Subject, platform: Platform) -> Iterator[Violation]:
    """Accounts lie in layers: what leads from one to another leads downwards.

    ## Why

    Where the accounts that administer others stand above them, nothing below may reach up:
    whoever owns a workload would own what administers it.

    ## Bad

    ```hcl
    # astralint.hcl: the highest first
    contract "layers" "administration is above" {
      layers = ["management", ["security", "identity"], "production"]
    }
    # workspaces/security
    data "terraform_remote_state" "management" {
      backend = "s3"
      config  = { bucket = "management-state", key = "terraform.tfstate" }
    }
    ```

    ## Good

    What a lower layer has to know is handed down as a variable, or lies in an account that
    both may read.

    ## Options

    `layers` lists the layers, the highest first; accounts of a layer that is a list of its
    own stand side by side, and have nothing to do with each other. `by` says what counts:
    `trust` (who can become whom), `state` (whose state is read), `access` (whom resources
    let in); all of them without it.

    ## Exceptions

    Accounts that no layer names may lead anywhere; a way through them counts.
    """
    yield from judged(subject)


@rule("AC04", "independence", severity="error", each=independent, tags=("contract", "trust"))
def independence(subject: Subject, platform: Platform) -> Iterator[Violation]:
    """Accounts have nothing to do with each other.

    ## Why

    Two products, or two customers, in accounts of their own are apart only as long as
    nobody joins them for convenience.

    ## Bad

    ```hcl
    # astralint.hcl
    contract "independence" "customers are apart" {
      members = ["unit:customers"]
    }
    # workspaces/customer-a: a bucket's policy
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000012:root"] # customer-b
    }
    ```

    ## Good

    What both need lies in a third account.

    ## Options

    `members` names the accounts, at least two. `by` says what counts: `trust`, `state`,
    `access`; all of them without it.

    ## Exceptions

    None but those of the configuration.
    """
    yield from judged(subject)


@rule("AC05", "protected", severity="error", each=protecting, tags=("contract", "trust"))
def protected(subject: Subject, platform: Platform) -> Iterator[Violation]:
    """Only some accounts may reach others.

    ## Why

    Of the account that holds the backups, or the keys, it is easier to say who may enter
    than who may not.

    ## Bad

    ```hcl
    # astralint.hcl
    contract "protected" "only security enters the archive" {
      to        = ["log-archive"]
      only_from = ["security"]
    }
    # workspaces/log-archive: a role trusts
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000007:root"] # production
    }
    ```

    ## Good

    Production writes to the archive through the service that collects logs, and has no
    role in it.

    ## Options

    `to` names the protected accounts, `only_from` those that may enter, `principals` others
    that may (identity providers, accounts of vendors, by what the trust policy says). `roles`
    narrows it to roles whose names fit. `by` says what counts: `trust` (the default),
    `state`, `access`.

    ## Exceptions

    Services of AWS, and the account itself. Whom a trust policy names counts, whether or not
    its own policies let it come.
    """
    yield from judged(subject)
