"""Which of the profiles that are built in fits a platform, as far as its code tells."""

from __future__ import annotations

from astralint.estate.estate import Estate
from astralint.estate.kinds import SINGLETONS

MOST = 5
"""Of the kinds of which the architecture has one account each, as many tell that it is meant."""
_GOVERNED = ("aws_controltower_*", "aws_servicecatalog_provisioned_product")
_AUDITED = frozenset({"security", "audit"})


def proposed_profile(estate: Estate) -> tuple[str, str]:
    """Return a profile's name, and what it is concluded from."""
    kinds = {account.kind for account in estate.accounts.values() if account.kind}
    single = sorted(kinds & SINGLETONS)
    if len(single) >= MOST:
        return "astradot", f"it has accounts of the kinds {', '.join(single)}"
    governed = next(iter(estate.resources(*_GOVERNED)), None)
    if governed is not None:
        return "landing-zone", f"Control Tower makes its accounts ({governed.type} is in the code)"
    if "log-archive" in kinds and kinds & _AUDITED:
        return "aws-sra", "it keeps its logs and its security tooling in accounts of their own"
    return "minimal", "few of the architecture's accounts are there: nothing is said of those that are not"
