"""AL123."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Trust
from astralint_rules.identity.subjects import at_trust, bounds, trusts

KEYS = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"})


@cache
def services() -> frozenset[str]:
    """Return the service principals that say on whose behalf they ask."""
    text = files("astralint_rules").joinpath("data/deputies.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["services"])


@rule("AL123", "confused-deputy", severity="warning", each=trusts, tags=("identity", "trust"), security_severity="5.0")
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """A trust in a service says on whose behalf the service may act.

    ## Why

    A service works for every account in the world with the same principal. Somebody
    else can point their schedule, their trail or their pipeline at our role, and the
    service becomes it for them, unless the trust asks whose resource it is.

    ## Bad

    ```hcl
    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
    ```

    ## Good

    ```hcl
    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
    ```

    ## Exceptions

    Only services that send `aws:SourceAccount` or `aws:SourceArn` are judged: not those
    that assume the role of what they run, as `ec2` and `lambda` do.
    """
    name = known(trust.principal.entry.text)
    if trust.principal.form != "service" or name is None or trust.principal.statement.effect != "Allow":
        return
    if name.removesuffix(".cn").removesuffix(".amazonaws.com") not in services():
        return
    bound = bounds(trust, KEYS)
    if bound is None:
        raise Undecided(
            Reason("policy-not-known", f"the conditions under which `{trust.role}` trusts {name} are not known")
        )
    if not bound:
        yield at_trust(
            trust,
            f"the role {trust.role.title} trusts {name}, on whomever's behalf",
            "no aws:SourceAccount and no aws:SourceArn",
            help="add a condition on `aws:SourceAccount`, and on `aws:SourceArn` where it is known",
        )
