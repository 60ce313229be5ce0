"""Compares evaluated roots with what terraform made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from astralint.assembly.answers import PlatformAnswers
from astralint.assembly.workers import LocalWorkers
from astralint.config.settings import Settings
from astralint.hcl.store import SyntaxStore
from astralint.source.tree import LocalTree
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.language.language import Language
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.rounds import evaluate_in_rounds
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.types import SetType
from astralint.terraform.values.value import Unknown, Value, string
from astralint.terraform.workspace import GivenVariable, WorkspaceSpec
from tests.oracle.roots.terraform_answers import ACCOUNT, CASES, settings_of

ASKED = Language("terraform", (1, 11, 4))
"""The version whose plans are recorded."""
GOLDEN = Path(__file__).parent / "golden"


@cache
def evaluated(name: str) -> WorkspaceResult:
    """Return a case's root as we evaluate it, with the settings that terraform ran it with."""
    return evaluated_at(CASES / name)


def evaluated_at(case: Path) -> WorkspaceResult:
    """Return the root of a directory as we evaluate it."""
    settings = settings_of(case)
    tree = LocalTree(case)
    root = settings.get("root", ".")
    spec = WorkspaceSpec(
        root,
        root,
        settings.get("workspace", "default"),
        tuple(f"{root}/{path}" if root != "." else path for path in settings.get("var_files", [])),
        {key: GivenVariable(string(value), None) for key, value in settings.get("variables", {}).items()},
        account="own",
        account_number=ACCOUNT,
        language=ASKED,
    )
    specs = [
        spec,
        *(
            WorkspaceSpec(first, first, account="own", account_number=ACCOUNT, language=ASKED)
            for first in ([] if settings.get("unseen") else settings.get("first", []))
        ),
    ]
    workers = LocalWorkers(ModuleLoader(tree, SyntaxStore(None)), Settings())
    by_name = {each.name: each for each in specs}
    rounds = evaluate_in_rounds(specs, workers.evaluate, lambda found: PlatformAnswers(Settings(), by_name, found))
    return rounds.results[root]


@cache
def golden(name: str) -> dict[str, Any]:
    """Return terraform's answer to a case; numbers are exact."""
    return json.loads((GOLDEN / f"{name}.json").read_text("utf-8"), parse_float=Decimal)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Difference:
    """Where an evaluated root is not as terraform has it."""

    path: str
    what: str
    ours: Any = None
    theirs: Any = None

    def __str__(self) -> str:
        return f"{self.path} {self.what}"


@dataclass
class Comparison:
    """What came of comparing one case: differences by path, and how much of what is configured is known."""

    differences: list[Difference] = field(default_factory=list)
    compared: int = 0
    configured: int = 0
    not_known: list[str] = field(default_factory=list)

    def root(self, result: WorkspaceResult, answer: dict[str, Any]) -> None:
        # Ephemeral resources are in no plan.
        ours = {r.address: r for r in result.resources if not r.uncertain and r.mode != "ephemeral"}
        theirs = answer["resources"]
        self._names("instance", set(ours), set(theirs))
        for address in sorted(ours.keys() & theirs.keys()):
            resource, expected = ours[address], theirs[address]
            shape = (resource.mode, resource.type, resource.name, resource.module, resource.index)
            wanted = (
                *(expected[part] for part in ("mode", "type", "name")),
                expected.get("module", ""),
                expected.get("index"),
            )
            if shape != wanted:
                self._differ(address, f"is {shape}, not {wanted}")
            self.attributes(address, resource.values, expected)
        self._names("output", set(result.outputs), set(answer["outputs"]))
        for name in sorted(result.outputs.keys() & answer["outputs"].keys()):
            expected = answer["outputs"][name]
            value = result.outputs[name].value
            self.value(f"output.{name}", value, expected["value"], expected["unknown"])
            self._count(f"output.{name}", value, expected["unknown"])

    def _names(self, what: str, ours: set[str], theirs: set[str]) -> None:
        for name in sorted(ours - theirs):
            self._differ(name, f"is an {what} too many")
        for name in sorted(theirs - ours):
            self._differ(name, f"is an {what} that is missing")

    def _differ(self, path: str, what: str, ours: Any = None, theirs: Any = None) -> None:
        self.differences.append(Difference(path, what, ours, theirs))

    def attributes(self, address: str, values: Value, expected: dict[str, Any]) -> None:
        if not isinstance(values.raw, dict):
            self.not_known.append(address)
            return
        unknown = expected["unknown"] or {}
        for name, value in values.raw.items():
            path = f"{address}.{name}"
            self.value(path, value, expected["values"].get(name), unknown.get(name, False))
        for name in expected["values"].keys() - values.raw.keys():
            self._differ(f"{address}.{name}", "is missing")
        for name in expected["configured"]:
            if name in values.raw:
                self._count(f"{address}.{name}", values.raw[name], unknown.get(name, False))

    def _count(self, path: str, value: Value, unknown: Any) -> None:
        if unknown is False:
            self.configured += 1
            if _holds_unknown(value):
                self.not_known.append(path)

    def value(self, path: str, value: Value, expected: Any, unknown: Any = False) -> None:
        """Compare what both know."""
        raw = value.raw
        if isinstance(raw, Unknown) or unknown is True:
            return
        self.compared += 1
        if isinstance(raw, dict) and isinstance(expected, dict):
            inner = unknown or {}
            for key in sorted(raw.keys() | expected.keys() | inner.keys()):
                if key not in raw:
                    self._differ(f"{path}.{key}", f"is missing: {expected.get(key)!r}")
                elif key not in expected and inner.get(key) is not True and raw[key].raw is not None:
                    self._differ(f"{path}.{key}", "is too much")
                else:
                    self.value(f"{path}.{key}", raw[key], expected.get(key), inner.get(key, False))
        elif isinstance(raw, tuple) and isinstance(expected, list):
            if len(raw) != len(expected):
                self._differ(path, f"has {len(raw)} elements, not {len(expected)}")
            elif isinstance(value.type, SetType) and (_holds_unknown(value) or unknown):
                # The place of an element in a set depends on what is not known in it.
                return
            else:
                for index, (item, other) in enumerate(zip(raw, expected, strict=True)):
                    self.value(f"{path}[{index}]", item, other, unknown[index] if unknown else False)
        elif _scalar(value) != _expected(expected):
            ours, theirs = _scalar(value), _expected(expected)
            self._differ(path, f"is {ours!r}, not {theirs!r}", ours, theirs)


def _holds_unknown(value: Value) -> bool:
    raw = value.raw
    if isinstance(raw, Unknown):
        # A symbol (the root of the organization, an account without a number) is told from all others.
        return raw.symbol is None
    items = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, tuple) else ()
    return any(_holds_unknown(item) for item in items)


def _scalar(value: Value) -> Any:
    raw = value.raw
    if raw is None or isinstance(raw, str | bool | dict | tuple):
        return raw
    # Terraform brings the numbers of a plan's JSON form to 64 bits.
    return float(format_number(raw))


def _expected(expected: Any) -> Any:
    if isinstance(expected, bool) or not isinstance(expected, int | Decimal):
        return expected
    return float(expected)
