"""Evaluates several workspaces together, as tests write them down."""

from __future__ import annotations

from typing import Any

from astralint.assembly.answers import PlatformAnswers
from astralint.assembly.workers import LocalWorkers
from astralint.config.settings import AccountSettings, Settings
from astralint.hcl.store import SyntaxStore
from astralint.source.span import Span
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.rounds import evaluate_in_rounds
from astralint.terraform.values.value import Unknown, Value
from astralint.terraform.workspace import WorkspaceSpec
from tests.config.memory import MemoryTree

NUMBERS = {"management": "111111111111", "identity": "222222222222", "production": "333333333333"}
NOWHERE = Span("astralint.hcl", 1, 1, 1, 1)


def account(name: str, number: str = "") -> AccountSettings:
    return AccountSettings(name, name, NOWHERE, id=number)


def evaluate(
    texts: dict[str, str],
    settings: Settings | None = None,
    *,
    modules: tuple[str, ...] = ("modules/",),
    **replaced: WorkspaceSpec,
) -> dict[str, WorkspaceResult]:
    """Return workspaces evaluated, each in the account that its name begins with (`identity/users`).

    Texts are by workspace, or by file where a name ends in `.tf`; `modules` are directories that are none.
    """
    settings = settings or Settings(accounts=tuple(account(name, number) for name, number in NUMBERS.items()))
    files = {f"{name}/main.tf" if not name.endswith(".tf") else name: text for name, text in texts.items()}
    numbers = {each.name: each.id for each in settings.accounts}
    specs = {}
    for name in sorted({file.rpartition("/")[0] for file in files if not file.startswith(modules)}):
        own = name.partition("/")[0]
        specs[name] = replaced.get(name) or WorkspaceSpec(
            name,
            name,
            account=own if own in numbers else "",
            account_number=numbers.get(own, ""),
            region="eu-west-1",
        )
    workers = LocalWorkers(ModuleLoader(MemoryTree(files), SyntaxStore(None)), settings)
    rounds = evaluate_in_rounds(
        list(specs.values()), workers.evaluate, lambda found: PlatformAnswers(settings, specs, found)
    )
    return rounds.results


def plain(value: Value) -> Any:
    """Return a value as Python; an unknown text as it is shown, anything else that is unknown as its reason."""
    raw = value.raw
    if isinstance(raw, Unknown):
        return str(raw.text) if raw.text is not None else f"unknown: {raw.reasons[0].message}"
    if isinstance(raw, dict):
        return {name: plain(item) for name, item in raw.items()}
    return [plain(item) for item in raw] if isinstance(raw, tuple) else raw


def output(results: dict[str, WorkspaceResult], workspace: str, name: str = "x") -> Any:
    """Return an output as Python."""
    return plain(results[workspace].outputs[name].value)


def errors(results: dict[str, WorkspaceResult]) -> list[str]:
    return [d.message for name in sorted(results) for d in results[name].diagnostics if d.severity == "error"]
