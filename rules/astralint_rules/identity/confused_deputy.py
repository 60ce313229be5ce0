"""AL123."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from astralint.rules.api import Platform, Unknown, Violation, rule, undecided
from astralint.rules.api.text import known
from astralint.rules.api.trust import Trust, admissions, named_owners, service_for
from astralint_rules.identity.subjects import at_trust, opens, trusts
from astralint_rules.identity.third_parties import is_outside

AGGREGATOR = "aws_config_configuration_aggregator"
EXECUTION = "service-role/AmazonECSTaskExecutionRolePolicy"


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
    if name.startswith("ecs-tasks.") and _only_starts_tasks(trust, platform):
        return
    uses = {running.resource.type for running in platform.trust.runs_as if running.role is trust.role}
    if uses == {AGGREGATOR}:
        return  # AWS documents the keys for the role of a recorder only.
    what = f"whether conditions say on whose behalf `{trust.role}` trusts {name}"
    if opens(admissions(platform, trust, service_for(platform, trust)), what):
        yield at_trust(
            trust,
            f"the role {trust.role.title} trusts {name}, on whomever's behalf",
            "no aws:SourceAccount and no aws:SourceArn that keeps others out",
            help="add a condition on `aws:SourceAccount`, and on `aws:SourceArn` where it is known",
        )
        return
    for owner in named_owners(trust):
        admitted = admissions(platform, trust, service_for(platform, trust, owner))
        if owner.kind == "account" and admitted.truth and is_outside(owner.id, platform):
            yield at_trust(
                trust,
                f"the role {trust.role.title} trusts {name} on behalf of the account {owner.id}, which is not of the platform",
                "somebody else's resources",
                help="name the platform's own account in the condition",
            )


def _only_starts_tasks(trust: Trust, platform: Platform) -> bool:
    """Say whether a role is there to start tasks of ECS, and not for what runs in them: for that AWS sends no keys."""
    own = trust.role.resource
    uses = [
        (argument, role.type, role.workspace, role.address)
        for task in platform.resources("aws_ecs_task_definition")
        for argument in ("execution_role_arn", "task_role_arn")
        if (role := platform.resource_behind(task.value(argument), own.type)) is not None and role is own
    ]
    if uses:
        return all(argument == "execution_role_arn" for argument, *_ in uses)
    if any(str(attached.arn or "").endswith(EXECUTION) for attached in trust.role.policies):
        return True
    for task in platform.resources("aws_ecs_task_definition"):
        value = task.value("execution_role_arn")
        is_near = task.account_or_none in (None, trust.role.account)
        if value is None or not isinstance(value.raw, Unknown) or not is_near:
            continue
        if platform.resource_behind(value, own.type) is None:
            raise undecided(value.raw)
    return False
