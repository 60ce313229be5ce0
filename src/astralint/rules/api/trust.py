"""For rules about trust: who trusts whom, who can become whom, and on what conditions."""

from __future__ import annotations

from astralint.aws.outcome import Combined, Remainder
from astralint.aws.policy import Condition, Statement
from astralint.trust.assumption import Assumption
from astralint.trust.declared import Trust
from astralint.trust.deployments import Deployment
from astralint.trust.identity import Identity
from astralint.trust.ways import Way, ways_between_accounts

__all__ = [
    "Assumption",
    "Combined",
    "Condition",
    "Deployment",
    "Identity",
    "Remainder",
    "Statement",
    "Trust",
    "Way",
    "ways_between_accounts",
]
