"""`astralint inventory collect`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.options import FILE, paths_argument, scan_options
from astralint.cli.session import require_configuration, session_for
from astralint.cli.status import BROKEN, OK

if TYPE_CHECKING:
    from astralint.inventory.collect.collector import Outcome
    from astralint.inventory.collect.plan import CollectionPlan


def require_extra(module: str, extra: str) -> None:
    """Raise a usage error that says what to install, where a package is not there."""
    try:
        import_module(module)
    except ImportError as error:
        message = f"this needs `{module}`, which is not installed: pip install 'astralint-terraform[{extra}]'"
        raise click.ClickException(message) from error


@click.command()
@paths_argument
@click.option("--output", "-o", type=FILE, default="inventory.json", show_default=True, help="The inventory.")
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="Collect it alone: a name or a number.")
@click.option("--region", "regions", multiple=True, metavar="NAME", help="Only this one [default: all that are on].")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only this one, as Terraform calls it.")
@click.option("--role", metavar="NAME", help="The role that is assumed in each account [default: the configuration's].")
@click.option("--aws-profile", metavar="NAME", help="The profile of AWS's configuration that calls.")
@click.option(
    "--parallel", type=click.IntRange(1, 64), default=8, show_default=True, help="Accounts' regions at a time."
)
@click.option("--restart", is_flag=True, help="Begin anew, whatever a run that was ended has left.")
@click.option("--dry-run", is_flag=True, help="Only print what would be called, and the policies that it needs.")
@scan_options
def collect(
    paths: tuple[Path, ...],
    output: Path,
    accounts: tuple[str, ...],
    regions: tuple[str, ...],
    types: tuple[str, ...],
    role: str | None,
    aws_profile: str | None,
    parallel: int,
    *,
    restart: bool,
    dry_run: bool,
    **given: Any,
) -> int:
    """Write down what exists in the accounts of the configuration, by read-only calls to AWS.

    A run that was ended goes on where it was. Status 3 where something could not be seen: the
    inventory says what, and nothing of it counts as empty.
    """
    from astralint.inventory.collect.plan import PlanError, make_plan

    with session_for(paths, given) as session:
        require_configuration(session)
        settings = session.settings
    try:
        plan = make_plan(settings, accounts, regions, types, role)
    except PlanError as error:
        raise click.ClickException(str(error)) from error
    if dry_run:
        click.echo("\n".join(_described(plan)))
        return OK
    require_extra("boto3", "aws")
    from astralint.inventory.collect.collector import Collector
    from astralint.inventory.collect.failures import ExpiredError

    try:
        outcome = Collector(plan, output, threads=parallel, profile=aws_profile, say=_say).collect(restart=restart)
    except ExpiredError as error:
        raise click.ClickException(error.message) from error
    except OSError as error:
        raise click.ClickException(f"{str(output)!r} can't be written: {error.strerror or error}") from error
    _say("")
    click.echo("\n".join(_told(outcome, output)), err=True)
    return OK if outcome.is_complete else BROKEN


def _say(text: str) -> None:
    """Show how far it is, at a terminal alone."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}\x1b[K")
        sys.stderr.flush()


def _told(outcome: Outcome, output: Path) -> list[str]:
    found = outcome.inventory
    complete = sum(account.status == "complete" for account in found.accounts)
    lines = [f"warning: {message}" for message in outcome.messages]
    for account in found.accounts:
        if account.status != "complete":
            lines.append(f"not seen: account {account.name or account.id}: {account.message}")
    holes: dict[tuple[str, str, str], list[str]] = {}
    for one in found.coverage:
        if one.status in ("denied", "failed"):
            holes.setdefault((one.account, one.region, one.message), []).append(one.type)
    for (number, region, message), types in sorted(holes.items()):
        shown = ", ".join(types[:3]) + (f" and {len(types) - 3} more" if len(types) > 3 else "")
        lines.append(f"not seen: {shown} of {number} in {region}: {message}")
    if outcome.reused:
        lines.append(f"{outcome.reused} accounts' regions are from the run before")
    if outcome.ended:
        lines.append(f"ended: {outcome.ended}; what is there is kept: call again to go on")
    lines.append(f"{len(found.resources):,} resources of {complete} accounts are in {output}")
    return lines


def _described(plan: CollectionPlan) -> list[str]:
    """Return the accounts, calls and policies of a plan."""
    from astralint.inventory.collect.actions import calls_of, central_policy, read_only_policy

    where = ", ".join(plan.regions) or "every region that is on"
    entered = f"as role {plan.role}" if plan.role else "with the caller's own credentials"
    lines = [f"account {target.name or target.id} ({target.id}), {entered}" for target in plan.targets]
    lines += [f"account {name}: left out, the configuration has no number for it" for name in plan.without_number]
    lines += ["", f"in each account, in {where}:"]
    for call in calls_of(plan.types):
        scope = "once" if call.scope == "global" else "in each region"
        lines.append(f"  {call.service} {call.operation}, {scope}: {', '.join(call.types)}")
    lines += [
        "  ec2 describe_regions, once",
        "  resourcegroupstaggingapi get_resources, in each region",
        "before that: organizations describe_organization, list_accounts; sts get_caller_identity",
    ]
    if plan.aggregator is not None:
        lines.append(
            f"config select_aggregate_resource_config of {plan.aggregator.name}: what it shows is not listed again"
        )
    if plan.explorer:
        lines.append(f"resource-explorer-2 list_resources of {plan.explorer}: what calls could not show")
    config = plan.aggregator is not None
    lines += ["", "the policy in each account:", read_only_policy(plan.types), "", "the caller's, beside it:"]
    return [*lines, central_policy(plan.role, plan.partition, config=config, explorer=bool(plan.explorer))]
