"""What else a path demands: of its target, of the thing that is changed, of who calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from astralint.aws.evaluation import Access, denies
from astralint.aws.text import known
from astralint.estate.model import Resource
from astralint.estate.origins import resource_behind
from astralint.estate.views import text
from astralint.trust.escalation.holder import Holder
from astralint.trust.escalation.holdings import Holdings
from astralint.trust.escalation.judge import Judge, Object
from astralint.trust.escalation.model import Proof
from astralint.trust.escalation.table import Path_
from astralint.trust.identity import Identity
from astralint.trust.policies import holder_account

_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
_TRIGGERS = {
    "aws_lambda_event_source_mapping": "function_name",
    "aws_lambda_permission": "function_name",
    "aws_lambda_function_url": "function_name",
    "aws_cloudwatch_event_target": "arn",
    "aws_scheduler_schedule": "target",
}


class Case(msgspec.Struct, frozen=True, eq=False):
    """A holder, a path, its target, and the resource that is changed where there is one."""

    judge: Judge
    holdings: Holdings
    holder: Holder
    path: Path_
    target: Identity
    thing: Resource | None = None


class Met(msgspec.Struct, frozen=True, eq=False):
    """What a demand hangs on, and the lines that show it."""

    conditions: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()


def demanded(case: Case) -> Met | None:
    """Return what the demands of a path hang on; None where one is surely not met."""
    conditions: list[str] = []
    proofs: list[Proof] = []
    for name in case.path.demands:
        met = DEMANDS[name](case)
        if met is None:
            return None
        conditions += met.conditions
        proofs += met.proofs
    return Met(tuple(conditions), tuple(proofs))


def _of_user(case: Case, type_: str) -> Iterator[Resource]:
    holdings, user = case.holdings, case.target
    own = holder_account(holdings.estate, user.resource)
    home = holdings.homes.of_identity(user)
    for resource in holdings.resources(home, type_) if home is not None else ():
        if resource_behind(holdings.estate, resource.value("user"), "aws_iam_user") is user.resource or (
            resource.text("user") == user.name and holder_account(holdings.estate, resource) == own
        ):
            yield resource


def _fewer_than_two_keys(case: Case) -> Met | None:
    return Met() if len(list(_of_user(case, "aws_iam_access_key"))) < 2 else None


def _two_keys(case: Case) -> Met | None:
    keys = list(_of_user(case, "aws_iam_access_key"))
    if len(keys) < 2:
        return None
    return Met(proofs=tuple(Proof("resource", key.evidence(f"a key of `{case.target}`")) for key in keys))


def _password(case: Case) -> Met | None:
    profiles = list(_of_user(case, "aws_iam_user_login_profile"))
    label = f"`{case.target}` has a password"
    if not profiles:
        # Passwords are set outside of the code as well.
        return Met((label,))
    return Met(proofs=tuple(Proof("resource", one.evidence(label)) for one in profiles))


def _no_password(case: Case) -> Met | None:
    return None if list(_of_user(case, "aws_iam_user_login_profile")) else Met()


def _assuming_is_not_denied(case: Case) -> Met | None:
    access = Access("sts:AssumeRole", case.target.arn, case.holder.context)
    refused = denies(case.holder.denying, access, "identity")
    if refused.truth:
        return None
    return Met() if refused.truth is False else Met((f"no policy denies assuming `{case.target}`",))


def _profile(case: Case) -> Met | None:
    profiles = case.holdings.profiles(case.target)
    if profiles:
        label = f"the instance profile holds `{case.target}`"
        return Met(proofs=tuple(Proof("binding", one.evidence(label, "role")) for one in profiles[:1]))
    # Whoever may make a profile and put the role into it needs none; its name is not the role's.
    new = Object("arn:aws:iam::*:instance-profile/new", "a new instance profile")
    makes = [
        case.judge.allowed(case.holder, f"iam:{verb}InstanceProfile", new).truth for verb in ("Create", "AddRoleTo")
    ]
    return Met() if all(makes) else None


def _is_called(case: Case) -> Met | None:
    function = case.thing
    if function is None:
        return None
    target = Object(case.holdings.arn(function, "arn", ("",)), f"`{function}`", function)
    for action in ("lambda:InvokeFunction", "lambda:AddPermission"):
        if case.holder.may_at_all(action):
            outcome = case.judge.allowed(case.holder, action, target)
            if outcome.truth:
                return Met(proofs=case.judge.proofs(case.holder, action, target, outcome))
    home = case.holdings.homes.of(function)
    for type_, argument in _TRIGGERS.items():
        for resource in case.holdings.resources(home, type_) if home is not None else ():
            if resource_behind(case.holdings.estate, resource.value(argument), "aws_lambda_function") is function:
                return Met(proofs=(Proof("resource", resource.evidence(f"`{function}` is called")),))
    return Met((f"somebody calls `{function.text('function_name') or function}`",))


def _managed_by_ssm(case: Case) -> Met | None:
    role = case.judge.holder_of(case.target)
    actions = ("ssmmessages:CreateControlChannel", "ec2messages:GetMessages")
    truths = [case.judge.allowed(role, action, Object("*", "everything")).truth for action in actions]
    if any(truths):
        return Met()
    return None if all(truth is False for truth in truths) else Met((f"`{case.target}` lets Systems Manager in",))


def _reads_an_event_source(case: Case) -> Met | None:
    role = case.judge.holder_of(case.target)
    actions = ("dynamodb:GetRecords", "kinesis:GetRecords", "sqs:ReceiveMessage")
    truths = [case.judge.allowed(role, action, Object("*", "everything")).truth for action in actions]
    return Met() if any(truths) else None


def _commands_enabled(case: Case) -> Met | None:
    value = case.thing.value("enable_execute_command") if case.thing is not None else None
    if value is None or value.raw in (None, False) or case.thing is None:
        return None
    proof = Proof("resource", case.thing.evidence("commands may be run in it", "enable_execute_command"))
    return Met(proofs=(proof,)) if value.raw is True else Met((f"`{case.thing}` lets commands be run in it",), (proof,))


def _or_by_holder(*actions: str) -> Callable[[Case], Met | None]:
    def check(case: Case) -> Met | None:
        thing = case.thing
        if thing is None:
            return None
        target = Object(case.holdings.arn(thing, "arn", ("",)), f"`{thing}`", thing)
        for action in actions:
            if case.judge.allowed(case.holder, action, target).truth:
                return Met()
        return Met((f"somebody starts `{known(text(thing.value('name')) or '') or thing}`",))

    return check


def _with_its_key(action: str) -> Callable[[Case], Met | None]:
    def check(case: Case) -> Met | None:
        bucket = case.thing
        home = case.holdings.homes.of(bucket) if bucket is not None else None
        encrypted = any(
            "aws:kms" in str(one.value("rule"))
            and resource_behind(case.holdings.estate, one.value("bucket"), "aws_s3_bucket") is bucket
            for one in (case.holdings.resources(home, _ENCRYPTION) if home is not None else ())
        )
        return Met() if not encrypted or case.holder.may_at_all(action) else None

    return check


DEMANDS: dict[str, Callable[[Case], Met | None]] = {
    "fewer-than-two-keys": _fewer_than_two_keys,
    "two-keys": _two_keys,
    "password": _password,
    "no-password": _no_password,
    "assuming-is-not-denied": _assuming_is_not_denied,
    "profile": _profile,
    "is-called": _is_called,
    "managed-by-ssm": _managed_by_ssm,
    "reads-an-event-source": _reads_an_event_source,
    "commands-enabled": _commands_enabled,
    "decrypts": _with_its_key("kms:Decrypt"),
    "encrypts": _with_its_key("kms:GenerateDataKey"),
    "is-built": _or_by_holder("codebuild:StartBuild"),
    "is-started": _or_by_holder("states:StartExecution"),
}
"""What is known to be asked; paths that demand something else are not looked for."""
