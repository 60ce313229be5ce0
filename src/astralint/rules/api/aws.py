"""For rules that ask what is so with AWS everywhere: ARNs, well-known accounts, managed policies, look-ups."""

from __future__ import annotations

from astralint.assembly.lookups import LOOKUPS
from astralint.aws.actions import Action, catalogue
from astralint.aws.arn import Arn
from astralint.aws.facts import has_region, is_global, known_account
from astralint.aws.managed_policies import managed_policy
from astralint.estate.arns import NamedArn

__all__ = [
    "LOOKUPS",
    "Action",
    "Arn",
    "NamedArn",
    "catalogue",
    "has_region",
    "is_global",
    "known_account",
    "managed_policy",
]
