"""AL118."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Trust, admission, token_for
from astralint_rules.identity.federation import claim, issuer_of, takes_tokens
from astralint_rules.identity.subjects import at_trust, opens, requires, trusts

AUDIENCE = ("aud", "oaud", "azp")
CLAIMS = (*AUDIENCE, "sub")


@rule("AL118", "oidc-audience", severity="error", each=trusts, tags=("identity", "trust"), security_severity="6.5")
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """A trust in an OpenID Connect provider names the audience, with the provider's own keys.

    ## Why

    A token is made out to somebody: its audience. Without a condition on it, a token
    that was made out to another service opens the role as well. And a condition on the
    keys of another provider is never fulfilled, or, negated, never fails.

    ## Bad

    ```hcl
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:astradot/mirror:ref:refs/heads/main"]
    }
    ```

    ## Good

    ```hcl
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:astradot/mirror:ref:refs/heads/main"]
    }
    ```

    ## Exceptions

    An identity provider in IAM takes only tokens for the clients that it lists: then it is a
    warning. Google's `oaud` and `azp` count as the audience. Trusts in SAML providers are not judged.
    """
    issuer = issuer_of(trust)
    statement = trust.principal.statement
    if issuer is None or not takes_tokens(statement):
        return
    where = f"the role {trust.role.title}"
    whole = known(issuer)
    for condition in statement.conditions:
        key = known(condition.key)
        foreign, _, name = (key or "").rpartition(":")
        if whole and name in CLAIMS and foreign.lower() not in (whole.lower(), "saml", ""):
            message = f"{where} trusts `{issuer}`, but has a condition on `{key}`, which its tokens do not have"
            yield at_trust(trust, message, "another provider's key", help=f"write `{issuer}:{name}`")
            return
    if whole is None:
        if any(claim(condition, issuer) in AUDIENCE and requires(condition) for condition in statement.conditions):
            return
        raise Undecided(
            Reason("provider-not-known", f"which provider `{issuer}` is, that {where} trusts, is not known")
        )
    anybody = token_for(trust, whole, dict.fromkeys(AUDIENCE, "somebody else"))
    if not opens(admission(platform, trust, anybody), f"whether {where} asks tokens of `{issuer}` for their audience"):
        return
    listed = _client_ids(trust, platform)
    checked = "" if listed is None else ": only the provider's own list of clients says for whom"
    yield at_trust(
        trust,
        f"{where} takes tokens of `{issuer}` for any audience{checked}",
        "no condition on the audience",
        help=f"require `{issuer}:aud` with `StringEquals`",
        severity=None if listed is None else "warning",
    )


def _client_ids(trust: Trust, platform: Platform) -> int | None:
    """Return for how many audiences the provider takes tokens at all; None where AWS keeps no list, as for Google."""
    provider = trust.principal.arn
    if provider is None:
        return None
    for resource in platform.resources("aws_iam_openid_connect_provider"):
        if resource.text("arn") == provider.text:
            value = resource.value("client_id_list")
            return len(value.raw) if value is not None and isinstance(value.raw, tuple) else 1
    return 1
