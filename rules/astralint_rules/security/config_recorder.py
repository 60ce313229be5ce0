"""AL508."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Evidence, Platform, Resource, Violation, rule
from astralint_rules.security.expected import is_expected

RECORDER = "aws_config_configuration_recorder"
STATUS = "aws_config_configuration_recorder_status"
CHANNEL = "aws_config_delivery_channel"
LANDING_ZONE = "aws_controltower_landing_zone"


@rule("AL508", "config-recorder", severity="error", each="account", tags=("security",))
def check(account: Account, platform: Platform) -> Iterator[Violation]:
    """AWS Config records in each account and region, once.

    ## Why

    What was not recorded can't be investigated. Where Control Tower records already, a second
    recorder fails at apply, or takes the place of its own.

    ## Bad

    One account of four has an `aws_config_configuration_recorder`.

    ## Good

    A recorder, its delivery channel and its status (`is_enabled = true`) in every account and region, as
    a module; or Control Tower, and none of them in code.

    ## Exceptions

    Where no workspace has a recorder and no profile demands one, nothing is said. Accounts without a workspace here, and
    those that the configuration calls `managed_by = "control-tower"`.
    """
    workspaces = platform.workspaces_of(account)
    own = [one for one in platform.resources(RECORDER) if one.account_or_none is account]
    governed = account.managed_by == "control-tower" or any(True for _ in platform.resources(LANDING_ZONE))
    if governed:
        for one in own if account.kind != "management" else ():
            yield one.finding(
                f"`{one.address}` of `{account}` stands beside Control Tower's own recorder",
                label="Control Tower records here",
            )
        return
    if not workspaces or account.kind in ("", "suspended") or not is_expected(platform, RECORDER):
        return
    recording = {one.region for one in own if one.exists}
    missing = [region for region in platform.regions or () if region not in recording]
    if missing or not own:
        platform.require_complete(RECORDER, what=f"the recorder of `{account}`", workspaces=workspaces)
        where = f" in {', '.join(missing)}" if missing and own else ""
        yield _at(account, f"AWS Config records nothing of `{account}`{where}", platform)
    for one in own:
        yield from _incomplete(one, platform)


def _incomplete(recorder: Resource, platform: Platform) -> Iterator[Violation]:
    """Yield what a recorder lacks to record: its channel, and that somebody switches it on."""
    for type_, what in ((CHANNEL, "has no delivery channel"), (STATUS, "is never switched on")):
        found = [one for one in platform.resources(type_) if one.account_or_none is recorder.account_or_none]
        if any(one.region == recorder.region for one in found):
            continue
        platform.require_complete(type_, what=f"`{type_}`", workspaces=(recorder.workspace,))
        yield recorder.finding(f"the recorder `{recorder.address}` {what}", label=f"no `{type_}`")


def _at(account: Account, message: str, platform: Platform) -> Violation:
    span = account.span or platform.workspaces_of(account)[0].anchor
    return Violation(message, Evidence(span, "an account without a record"), subject=account.name, account=account.name)
