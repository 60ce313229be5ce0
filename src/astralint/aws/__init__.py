"""AWS without Terraform: ARNs, policies, the assume-role decision, what AWS makes predictable, facts.

The decision as a library: `parse_policy` reads what is there, `decide` answers an `AssumeRoleRequest`
with a `Decision`, and `context_for` says what is known of a principal's requests.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from astralint.aws.arn import Arn as Arn
    from astralint.aws.condition_keys import Facts as Facts
    from astralint.aws.condition_keys import context_for as context_for
    from astralint.aws.condition_keys import key_class as key_class
    from astralint.aws.context import ABSENT as ABSENT
    from astralint.aws.context import Context as Context
    from astralint.aws.context import Unknown as Unknown
    from astralint.aws.decision import AssumeRoleRequest as AssumeRoleRequest
    from astralint.aws.decision import Decision as Decision
    from astralint.aws.decision import Verdict as Verdict
    from astralint.aws.decision import decide as decide
    from astralint.aws.evaluation import identity_allows as identity_allows
    from astralint.aws.managed_policies import managed_policy as managed_policy
    from astralint.aws.policy import Policy as Policy
    from astralint.aws.policy import PolicyProblem as PolicyProblem
    from astralint.aws.policy import Unknowable as Unknowable
    from astralint.aws.policy_parser import parse_policy as parse_policy
    from astralint.aws.principals import Grade as Grade
    from astralint.aws.principals import Principal as Principal
    from astralint.aws.principals import trust_principals as trust_principals

_MODULES = {
    "ABSENT": "context",
    "Arn": "arn",
    "AssumeRoleRequest": "decision",
    "Context": "context",
    "Decision": "decision",
    "Facts": "condition_keys",
    "Grade": "principals",
    "Policy": "policy",
    "PolicyProblem": "policy",
    "Principal": "principals",
    "Unknowable": "policy",
    "Unknown": "context",
    "Verdict": "decision",
    "context_for": "condition_keys",
    "decide": "decision",
    "identity_allows": "evaluation",
    "key_class": "condition_keys",
    "managed_policy": "managed_policies",
    "parse_policy": "policy_parser",
    "trust_principals": "principals",
}

__all__ = [
    "ABSENT",
    "Arn",
    "AssumeRoleRequest",
    "Context",
    "Decision",
    "Facts",
    "Grade",
    "Policy",
    "PolicyProblem",
    "Principal",
    "Unknowable",
    "Unknown",
    "Verdict",
    "context_for",
    "decide",
    "identity_allows",
    "key_class",
    "managed_policy",
    "parse_policy",
    "trust_principals",
]


def __getattr__(name: str) -> object:
    """Import a name's module when it is asked for: who needs ARNs only loads nothing else."""
    if name in _MODULES:
        return getattr(import_module(f"astralint.aws.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
