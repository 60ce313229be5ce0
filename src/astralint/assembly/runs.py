"""What the variables of HCP Terraform tell: which workspace an id is of, and which account its runs act in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from astralint.aws.arn import Arn
from astralint.estate.estate import Estate
from astralint.estate.run_roles import WORKSPACE_SYMBOL, run_roles
from astralint.terraform.values.types import STRING, MapType
from astralint.terraform.values.value import Reason, Value, symbolic
from astralint.terraform.workspace import WorkspaceSpec

_NUMBER = re.compile(r"[0-9]{12}")


def workspace_ids(values: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the ids that `data.tfe_workspace_ids` finds: of the workspaces that it names; none for patterns.

    An id is made up by HCP Terraform, but which workspace it is of is known.
    """
    listed = values.get("names")
    elements = listed.raw if listed is not None and isinstance(listed.raw, tuple) else ()
    names = [element.raw for element in elements]
    if not names or not all(isinstance(name, str) and "*" not in name for name in names):
        return {}
    reason = Reason("known-after-apply", "HCP Terraform makes the id up")
    found = {
        name: symbolic(f"{WORKSPACE_SYMBOL}{name}", reason, origins=element.origins)
        for name, element in sorted(zip(names, elements, strict=True), key=lambda pair: pair[0])
    }
    return {"ids": Value(MapType(STRING), found)}


def specifications_by_runs(
    estate: Estate, specs: Sequence[WorkspaceSpec], certain: frozenset[str]
) -> tuple[WorkspaceSpec, ...]:
    """Return the specifications with the accounts that the roles of their runs are in, where nothing surer told them."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for given in run_roles(estate):
        arn = Arn.parse(given.arn)
        account = estate.account_of(arn.account) if arn is not None else None
        if account is not None:
            told = (account.name, account.number)
        elif arn is not None and isinstance(arn.account, str) and _NUMBER.fullmatch(arn.account):
            told = (given.workspace.spec.account or arn.account, arn.account)
        else:
            told = ("", "")
        found.setdefault(given.workspace.name, {})[told[1] or told[0]] = told
    changed = []
    for spec in specs:
        accounts = found.get(spec.name, {})
        name, number = next(iter(accounts.values())) if len(accounts) == 1 else ("", "")
        is_open = spec.name not in certain and bool(name) and (spec.account, spec.account_number) != (name, number)
        changed.append(msgspec.structs.replace(spec, account=name, account_number=number) if is_open else spec)
    return tuple(changed)
