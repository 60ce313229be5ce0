"""Reports what is known of real platforms: `python benchmarks/corpora.py DIRECTORY… [--config NAME=FILE]`.

For each directory: workspaces, instances, attributes that are known and why others
are not, and the reads of remote state. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from astralint.api import ScanOptions, Session
from astralint.platform.platform import Platform
from astralint.source.partial import PartialText
from astralint.terraform.requests import RemoteStateRequest
from astralint.terraform.values.value import Unknown, Value


@dataclass
class Figures:
    """What one platform gives."""

    workspaces: int = 0
    resources: int = 0
    data_sources: int = 0
    known: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    reads: int = 0
    resolved: int = 0
    unresolved: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    seconds: float = 0.0


def leaves(value: Value) -> Iterator[Value]:
    """Yield the values in a value that hold no others, nulls left out."""
    pending = [value]
    while pending:
        value = pending.pop()
        raw = value.raw
        if isinstance(raw, dict):
            pending.extend(raw.values())
        elif isinstance(raw, tuple):
            pending.extend(raw)
        elif raw is not None:
            yield value


def why_unresolved(platform: Platform, request: RemoteStateRequest) -> str:
    """Return why a read was matched with no workspace."""
    texts = dict(request.config)
    if any(isinstance(texts.get(name), PartialText) for name in ("bucket", "key", "path", "organization")):
        return "its place is not known in full"
    key = texts.get("key")
    same = [
        workspace
        for workspace in platform.workspaces.values()
        if workspace.result.state.backend == request.backend
        and (stated := workspace.result.state.config.get("key")) is not None
        and stated.raw == key
    ]
    return "a state of that key in another bucket" if same else "no workspace here keeps it"


def figures(directory: Path, config: Path | None) -> Figures:
    """Evaluate a directory in this process and count."""
    start = time.process_time()
    session = Session([directory], ScanOptions(boundary=directory, config=config, jobs=1))
    wrong = [diagnostic.message for diagnostic in session.config_diagnostics if diagnostic.severity == "error"]
    if wrong:
        raise SystemExit("\n".join(wrong))
    build = session.build()
    platform = build.platform
    found = Figures(workspaces=len(platform.workspaces), seconds=time.process_time() - start)
    found.broken = sum(diagnostic.broken for diagnostic in build.diagnostics)
    for workspace in platform.workspaces.values():
        found.resources += len(workspace.resources)
        found.data_sources += len(workspace.data_sources)
        for resource in (*workspace.resources, *workspace.data_sources):
            for leaf in leaves(resource.instance.values):
                if isinstance(leaf.raw, Unknown):
                    found.unknown[leaf.raw.reasons[0].code if leaf.raw.reasons else "unsupported"] += 1
                else:
                    found.known += 1
        for read in workspace.result.remote_state_reads:
            found.reads += 1
            if platform.producers.get(read.request):
                found.resolved += 1
            else:
                found.unresolved[why_unresolved(platform, read.request)] += 1
    return found


def report(all_figures: dict[str, Figures]) -> str:
    """Return the tables in Markdown."""
    lines = [
        "| platform | workspaces | resources | data sources | values known | unknown | reads | problems | CPU s |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, f in all_figures.items():
        lines.append(
            f"| {name} | {f.workspaces} | {f.resources:,} | {f.data_sources:,} | {f.known:,} "
            f"| {f.unknown.total():,} | {f.resolved} of {f.reads} | {f.broken} | {f.seconds:.1f} |"
        )
    lines += ["", "Why values are unknown:", "", "| platform | reasons |", "| --- | --- |"]
    lines += [f"| {name} | {_counts(f.unknown)} |" for name, f in all_figures.items() if f.unknown]
    lines += ["", "Why reads of remote state are not resolved:", "", "| platform | reasons |", "| --- | --- |"]
    lines += [f"| {name} | {_counts(f.unresolved)} |" for name, f in all_figures.items() if f.unresolved]
    return "\n".join(lines)


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count:,} × {what}" for what, count in sorted(counter.items(), key=lambda i: (-i[1], i[0])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", type=Path, nargs="+", metavar="DIRECTORY")
    parser.add_argument("--config", action="append", default=[], metavar="NAME=FILE", help="of the directory NAME")
    given = parser.parse_args()
    configs = dict(text.partition("=")[::2] for text in given.config)
    found: dict[str, Figures] = {}
    for directory in given.directories:
        name = directory.resolve().name
        found[name.replace("__", "/")] = figures(directory, None)
        if name in configs:
            found[name.replace("__", "/") + ", configured"] = figures(directory, Path(configs[name]))
    print(report(found))


if __name__ == "__main__":
    main()
