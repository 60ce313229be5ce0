"""AL003."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Resource, Severity, Undecided, Violation, rule
from astralint.rules.api.code import ModuleCallResult
from astralint_rules.accounts import assumes, is_bootstrap

ACROSS = frozenset({"aws_route53_vpc_association_authorization", "aws_fms_admin_account"})
ACROSS_ENDINGS = ("_accepter", "_organization_admin_account", "_delegated_admin_account", "_admin_account_registration")


@rule("AL003", "one-account-per-workspace", severity="error", each="aws_*", tags=("workspaces",))
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """A workspace creates resources only in its own account.

    ## Why

    One workspace, one account: then a plan shows what changes where, the run role needs
    access to one account only, and its state holds one account's secrets.

    ## Bad

    ```hcl
    # workspaces/production
    provider "aws" {
      alias = "dns"
      assume_role { role_arn = "arn:aws:iam::210000000005:role/records" }
    }
    resource "aws_route53_record" "status" {
      provider = aws.dns
      # …
    }
    ```

    ## Good

    The record stands in the dns account's workspace, which reads what it needs from
    production's outputs.

    ## Exceptions

    Aliases for other regions of the same account. Resources that AWS wants to be made
    from the other side: accepters, authorizations, delegated administrators. The roles by
    which a new account's pipeline begins, made through the role that AWS gave the account.
    Where AL124 reports the provider's role, this is a note on it.
    """
    if resource.type in ACROSS or resource.type.endswith(ACROSS_ENDINGS):
        return
    own, other = resource.workspace.account, resource.account
    if own is not other and not resource.workspace.is_certain:
        raise Undecided(
            Reason("account-not-known", f"that `{resource.workspace}` is for `{own}` is a guess from its name")
        )
    if own is other:
        return
    if is_bootstrap(resource, platform):
        return
    provider = resource.instance.provider
    # That its role leads into another account, AL124 says of the provider.
    severity: Severity | None = "note" if provider is not None and assumes(provider) else None
    evidence = []
    if provider is not None and provider.span is not None:
        label = f"this configuration leads into `{other}`"
        evidence.append(resource.workspace.violation("", resource.workspace.provider_span(provider), label).primary)
    call = _call(resource)
    if call is not None:
        # The module is the same for all who call it: what is wrong is what it is given.
        yield resource.workspace.violation(
            f"the workspace `{resource.workspace}` of `{own}` creates what `{call.address}` holds in the account `{other}`",
            call.span,
            f"is created in `{other}`",
            subject=call.address,
            evidence=tuple(evidence) if resource.exists else (),
            severity=severity,
        )
        return
    yield resource.finding(
        f"the workspace `{resource.workspace}` of `{own}` creates `{resource.address}` in the account `{other}`",
        label=f"is created in `{other}`",
        evidence=evidence,
        severity=severity,
    )


def _call(resource: Resource) -> ModuleCallResult | None:
    """Return the root's module call that a resource's provider configuration was handed to; None for other resources."""
    provider = resource.instance.provider
    if not resource.instance.module or provider is None or provider.address.startswith("module."):
        return None
    calls = resource.workspace.result.module_calls
    outermost = [call for call in calls if _is_within(resource.instance.module, call.address)]
    return min(outermost, key=lambda call: len(call.address), default=None)


def _is_within(module: str, call: str) -> bool:
    return module == call or module.startswith((f"{call}.", f"{call}["))
