"""AL716."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`format`: what an address looks like, with `*`; `domains`: those that the organization owns."""

    format: str = "*"
    domains: tuple[str, ...] = ()


@rule(
    "AL716",
    "account-email",
    severity="error",
    each="aws_organizations_account",
    profiles=("landing-zone", "aws-sra"),
    tags=("management", "organization"),
    options=Options,
)
def check(account: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """The address of each account is its own, and in a domain of the organization.

    ## Why

    Who reads the address resets the root user's password. AWS takes no address twice, and
    tells it at apply only.

    ## Bad

    ```hcl
    resource "aws_organizations_account" "staging" {
      name  = "staging"
      email = "astradot.staging@gmail.com"
    }
    ```

    ## Good

    ```hcl
    resource "aws_organizations_account" "staging" {
      name  = "staging"
      email = "aws+staging@astradot.com"
    }
    ```

    ## Exceptions

    Where neither the configuration's root domains nor the option `domains` say which domains are the organization's, only
    addresses that stand twice are reported.

    ## Options

    `domains` are added to the root domains; a subdomain counts as its domain. `format` is what each address looks like: `aws+*@astradot.com`.
    """
    email = str(account["email"]).lower()
    before = next(_same(account, email, platform), None)
    if before is not None:
        yield account.finding(
            f"the address `{email}` is that of `{before.address}` too",
            at=("email",),
            label="stands twice",
            evidence=(before.evidence("the same address", "email"),),
        )
    domains = [*platform.root_domains, *(domain.lower() for domain in options.domains)]
    domain = email.rpartition("@")[2]
    if domains and not any(domain == one or domain.endswith(f".{one}") for one in domains):
        yield account.finding(
            f"the address of `{account.address}` is in `{domain}`, which the organization does not own",
            at=("email",),
            label=f"not in {', '.join(domains)}",
        )
    elif not fnmatchcase(email, options.format.lower()):
        yield account.finding(
            f"the address of `{account.address}` is not of the form `{options.format}`", at=("email",), label=email
        )


def _same(account: Resource, email: str, platform: Platform) -> Iterator[Resource]:
    """Yield the accounts that come before one and have its address."""
    for other in platform.resources("aws_organizations_account"):
        if other is account:
            return
        told = other.text("email")
        if isinstance(told, str) and told.lower() == email and not other.instance.uncertain:
            yield other
