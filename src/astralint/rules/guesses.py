"""What rests on a guess is no error: kinds of accounts that were told from names, and that nobody wrote down."""

from __future__ import annotations

import msgspec

from astralint.platform.platform import Platform
from astralint.rules.declaration import Rule
from astralint.rules.finding import Finding


def without_certainty(finding: Finding, rule: Rule, platform: Platform) -> Finding:
    """Return a finding as a warning that says what it rests on, where it rests on a guessed kind; else as it is."""
    if not rule.by_kind:
        return finding
    own = platform.accounts.get(finding.account)
    kinds = [kind for kind in (rule.home, *rule.needs) if kind]
    others = [account for kind in kinds for account in platform.of_kind(kind)[:1]]
    guess = next((account for account in (own, *others) if account is not None and account.is_guessed), None)
    if guess is None:
        return finding
    remark = (
        f"that `{guess}` is of the kind `{guess.kind}` is concluded from {guess.evidence or 'its name'}: "
        "say what it is in `astralint.hcl`"
    )
    return msgspec.structs.replace(
        finding,
        severity="warning" if finding.severity == "error" else finding.severity,
        help=f"{finding.help}; {remark}" if finding.help else remark,
    )
