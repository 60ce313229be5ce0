"""Compare what every resource type of the AWS provider is planned as with what is evaluated here.

Usage: `python scripts/compare_types.py SCRATCH [OUTPUT]` from the project's root, after `record_defaults.py` with the same
directory SCRATCH: each plan that it kept is one configuration: the least, with each block, with each argument. Prints
how many values were compared and how many differ, and writes the differences, counted by attribute, to OUTPUT.
"""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.oracle.aws.provider_process import UNKNOWN
from tests.oracle.aws.terraform_run import OFFLINE_PROVIDER, escape
from tests.oracle.roots.terraform_answers import ACCOUNT

from astralint.assembly.workers import LocalWorkers
from astralint.config.settings import Settings
from astralint.hcl.store import SyntaxStore
from astralint.show.predicted import Predictions
from astralint.source.tree import LocalTree
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.types import SetType
from astralint.terraform.values.value import Unknown, Value
from astralint.terraform.workspace import WorkspaceSpec

BATCH = 2_000


class Comparison:
    """What came of it: how much was compared, and where it differs."""

    def __init__(self) -> None:
        self.configurations = 0
        self.compared = 0
        self.open = 0
        self.differences: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def differ(self, path: str, ours: Any, theirs: Any) -> None:
        self.differences[path] += 1
        self.examples.setdefault(path, f"{str(ours)[:60]} is not {str(theirs)[:60]}")

    def value(self, path: str, value: Value, planned: Any) -> None:
        raw = value.raw
        if isinstance(raw, Unknown):
            self.open += planned != UNKNOWN
            return
        self.compared += 1
        if planned == UNKNOWN:
            self.differ(path, raw if not isinstance(raw, dict | tuple) else "known", "unknown")
        elif isinstance(raw, dict) and isinstance(planned, dict):
            for name in raw.keys() & planned.keys():
                self.value(f"{path}.{name}", raw[name], planned[name])
        elif isinstance(raw, tuple) and isinstance(planned, list):
            if len(raw) != len(planned):
                self.differ(path, f"{len(raw)} elements", f"{len(planned)} elements")
            elif not isinstance(value.type, SetType) or len(raw) == 1:
                for item, other in zip(raw, planned, strict=True):
                    self.value(path, item, other)
        elif _scalar(raw) != planned and str(_scalar(raw)) != str(planned):
            self.differ(path, raw, planned)


def _scalar(raw: Any) -> Any:
    return raw if raw is None or isinstance(raw, str | bool | dict | tuple) else float(format_number(raw))


def configurations(scratch: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield type, configuration and plan of all that was kept."""
    for stored in sorted(scratch.glob("aws_*.pickle")):
        kind, *part = stored.stem.split(".")
        found = pickle.loads(stored.read_bytes())
        # Beside the plans of a type are those of its words, and of blocks that need another argument.
        plans = [tried for _, tried in found] if part else found.all() if found is not None else ()
        for tried in plans:
            yield kind, tried.body, tried.planned


def evaluated(resources: dict[str, dict[str, Any]]) -> WorkspaceResult:
    """Return a root of these resources as it is evaluated here."""
    with tempfile.TemporaryDirectory() as directory:
        root = {"provider": {"aws": OFFLINE_PROVIDER}, "resource": escape(resources)}
        (Path(directory) / "main.tf.json").write_text(json.dumps(root))
        tree = LocalTree(Path(directory))
        workers = LocalWorkers(ModuleLoader(tree, SyntaxStore(None)), Settings())
        spec = WorkspaceSpec(".", ".", account="own", account_number=ACCOUNT)
        return workers.evaluate([(spec, {})])[0]


def compare(batch: list[tuple[str, dict[str, Any], dict[str, Any]]], comparison: Comparison) -> None:
    """Compare a batch of configurations."""
    resources: dict[str, dict[str, Any]] = {}
    for number, (kind, body, _) in enumerate(batch):
        resources.setdefault(kind, {})[f"r{number}"] = body
    result = evaluated(resources)
    predictions = Predictions(result)
    for instance in result.resources:
        kind, body, planned = batch[int(instance.name[1:])]
        comparison.configurations += 1
        foretold = {path.split(".")[0].split("[")[0] for path in predictions.paths(instance)}
        raw = instance.values.raw
        for name, value in raw.items() if isinstance(raw, dict) else ():
            # What is foretold is known before Terraform knows it.
            if name in planned and name not in foretold and name != "timeouts":
                comparison.value(f"{kind}.{name}", value, planned[name])


def main() -> None:
    comparison = Comparison()
    batch: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
    for entry in configurations(Path(sys.argv[1])):
        batch.append(entry)
        if len(batch) == BATCH:
            compare(batch, comparison)
            batch = []
    compare(batch, comparison)
    lines = [f"{count}\t{path}\t{comparison.examples[path]}" for path, count in sorted(comparison.differences.items())]
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text("\n".join(lines) + "\n")
    print(
        f"{comparison.configurations} configurations, {comparison.compared} values compared, {comparison.open} open here "
        f"that are planned, {sum(comparison.differences.values())} differ in {len(lines)} attributes"
    )


if __name__ == "__main__":
    main()
