"""For rules about trust: who trusts whom, who can become whom, and on what conditions."""

from __future__ import annotations

from astralint.aws.context import ABSENT, Known
from astralint.aws.outcome import Combined, Remainder
from astralint.aws.policy import Condition, Entry, Policy, Statement
from astralint.trust.access import Access
from astralint.trust.admission import (
    OWN_ORGANIZATION,
    STRANGE_ORGANIZATION,
    STRANGER,
    Admission,
    Caller,
    Owner,
    admission,
    admissions,
    demands,
    named_owners,
    principal_itself,
    service_for,
    somebody,
    strangers,
    token_for,
)
from astralint.trust.assumption import Assumption
from astralint.trust.declared import Trust
from astralint.trust.deployments import Deployment
from astralint.trust.documents import Document, document
from astralint.trust.identity import Identity
from astralint.trust.openings import Opening, Outsider, openings, outsiders, policy_of
from astralint.trust.permission_sets import Assignment
from astralint.trust.policies import Attached
from astralint.trust.ways import Way, shortest_ways, ways_between_accounts, ways_from_account

__all__ = [
    "ABSENT",
    "OWN_ORGANIZATION",
    "STRANGER",
    "STRANGE_ORGANIZATION",
    "Access",
    "Admission",
    "Assignment",
    "Assumption",
    "Attached",
    "Caller",
    "Combined",
    "Condition",
    "Deployment",
    "Document",
    "Entry",
    "Identity",
    "Known",
    "Opening",
    "Outsider",
    "Owner",
    "Policy",
    "Remainder",
    "Statement",
    "Trust",
    "Way",
    "admission",
    "admissions",
    "demands",
    "document",
    "named_owners",
    "openings",
    "outsiders",
    "policy_of",
    "principal_itself",
    "service_for",
    "shortest_ways",
    "somebody",
    "strangers",
    "token_for",
    "ways_between_accounts",
    "ways_from_account",
]
