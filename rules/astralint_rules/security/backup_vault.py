"""AL523."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.code import Value
from astralint.rules.api.paths import values_at
from astralint.rules.api.text import text_of

VAULT, LOCK = ("aws_backup_vault", "aws_backup_logically_air_gapped_vault"), "aws_backup_vault_lock_configuration"


@rule(
    "AL523",
    "backup-vault",
    severity="error",
    each="aws_backup_plan",
    needs="backup",
    profiles=("landing-zone", "aws-sra"),
    tags=("security",),
)
def check(plan: Resource, platform: Platform) -> Iterator[Violation]:
    """Backups are copied only into a locked vault of the backup account.

    ## Why

    Who takes an account over deletes its backups, too. A copy in another account survives that, if nobody there
    can delete it either.

    ## Bad

    ```hcl
    copy_action {
      destination_vault_arn = aws_backup_vault.second.arn # of the same account
    }
    ```

    ## Good

    ```hcl
    # workspaces/backup
    resource "aws_backup_vault_lock_configuration" "copies" {
      backup_vault_name  = aws_backup_vault.copies.name
      min_retention_days = 30
    }
    ```

    ## Exceptions

    Plans that copy nothing. Logically air-gapped vaults are locked by themselves.
    """
    for place, value in values_at(plan, "rule[].copy_action[].destination_vault_arn"):
        vault = _vault(value, platform)
        if vault.kind != "backup":
            yield plan.finding(
                f"`{plan.address}` copies backups into `{vault.account}`, not into the backup account",
                at=place,
                label=f"a vault of `{vault.account}`",
                evidence=(vault.evidence("the vault"),),
            )
        elif vault.type == VAULT[0] and not _is_locked(vault, platform):
            yield plan.finding(
                f"`{plan.address}` copies backups into `{vault.address}`, which is not locked",
                at=place,
                label="who administers the vault can delete them",
                evidence=(vault.evidence(f"no `{LOCK}`"),),
            )


def _vault(value: Value, platform: Platform) -> Resource:
    """Return the vault that an ARN names; raises Undecided where nobody here makes it."""
    told = text_of(value)
    vaults = list(platform.resources(*VAULT))
    found = next((one for one in vaults if isinstance(told, str) and one.text("arn") == told), None)
    found = found or platform.resource_behind(value, *VAULT)
    if found is None or found.mode != "managed":
        raise Undecided(Reason("vault-not-known", f"no workspace here makes the vault `{told}`"))
    return found


def _is_locked(vault: Resource, platform: Platform) -> bool:
    """Say whether a vault is locked; raises Undecided where the lock may stand in what can't be seen."""
    for lock in platform.resources(LOCK):
        named = platform.resource_behind(lock.value("backup_vault_name"), *VAULT)
        is_same = lock.account_or_none is vault.account_or_none and lock["backup_vault_name"] == vault["name"]
        if (named is vault or is_same) and lock.exists:
            return True
    platform.require_complete(LOCK, what=f"a lock of `{vault.address}`", workspaces=(vault.workspace,))
    return False
