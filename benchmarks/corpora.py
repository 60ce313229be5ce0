"""Reports what is known of real platforms: `python benchmarks/corpora.py DIRECTORY… [--config NAME=FILE]`.

For each directory: workspaces, instances, attributes that are known and why others
are not, the reads of remote state, and each use of an output of another workspace.
Nothing is asserted.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from astralint.api import ScanOptions, open_session
from astralint.estate.model import Workspace
from astralint.hcl import syntax
from astralint.platform.platform import Platform
from astralint.source.partial import PartialText
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.requests import RemoteStateRequest
from astralint.terraform.values.value import Origin, Reason, Unknown, Value


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
    uses: Counter[str] = field(default_factory=Counter)
    not_known: Counter[str] = field(default_factory=Counter)
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


def outputs_used(file: SourceFile) -> Iterator[tuple[str, str]]:
    """Yield the uses of remote outputs in a file: the data source's address, and the output's name."""
    pending: list[object] = [file.file.body]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        if not isinstance(node, syntax.Node):
            continue
        pending.extend(getattr(node, name) for name in node.__struct_fields__)
        steps: list[str | None] = []
        step: object = node
        while isinstance(step, syntax.GetAttr | syntax.Index):
            if isinstance(step, syntax.GetAttr):
                steps.append(step.name)
            else:
                steps.append(step.key.value if isinstance(step.key, syntax.Literal) else None)
            step = step.target
        names = [name for name in reversed(steps) if name is not None]
        if isinstance(step, syntax.Variable) and step.name == "data" and len(names) >= 4:
            type_, name, *rest = names
            kind = {"terraform_remote_state": "outputs", "tfe_outputs": "values"}.get(type_)
            # Longer chains hold shorter ones: the one that ends with the output's name counts.
            if kind in rest and rest.index(kind) == len(rest) - 2 and steps[0] is not None:
                yield f"data.{type_}.{name}", rest[-1]


OUTCOMES = ("no instance", "a value", "a resource", "a module that is not in the tree", "unknown", "nobody's")
"""What the use of an output is resolved to, from best to worst."""


def use(workspace: Workspace, address: str, output: str) -> tuple[str, str]:
    """Return what a use of an output is resolved to, and why it is unknown; the worst of the read's instances."""
    found = ("no instance", "")
    for read in workspace.data_sources:
        if not f"{read.address}[".startswith(f"{address}["):
            continue
        raw = read.instance.values.raw
        outputs = raw.get("outputs", raw.get("values")) if isinstance(raw, dict) else None
        if outputs is None or not isinstance(outputs.raw, dict):
            own = ("nobody's", "")
        elif output not in outputs.raw:
            own = ("unknown", getattr(outputs.raw, "reason", Reason("no-such-output", "")).code)
        else:
            own = judged(outputs.raw[output])
        if OUTCOMES.index(own[0]) > OUTCOMES.index(found[0]):
            found = own
    return found


def judged(value: Value) -> tuple[str, str]:
    """Say whether a value is known, or what is unknown in it comes from a resource.

    Accounts without a number count as known: they are told apart.
    """
    unknown = [leaf.raw for leaf in leaves(value) if isinstance(leaf.raw, Unknown) and not leaf.raw.symbol]
    if not unknown:
        return "a value", ""
    pending, seen = [value], set[Origin]()
    origins = list[Origin]()
    while pending:
        each = pending.pop()
        origins += each.origins
        items = each.raw.values() if isinstance(each.raw, dict) else each.raw if isinstance(each.raw, tuple) else ()
        pending.extend(items)
    while origins:
        origin = origins.pop()
        if origin in seen:
            continue
        seen.add(origin)
        if origin.kind == "resource":
            return "a resource", ""
        origins += origin.sources
    codes = [reason.code for leaf in unknown for reason in leaf.reasons] or ["unsupported"]
    return (OUTCOMES[3], "") if "module-not-read" in codes else ("unknown", codes[0])


def directories(workspace: Workspace) -> set[str]:
    """Return the directories whose configuration a workspace evaluates."""
    calls = {call.directory for call in workspace.result.module_calls if call.directory is not None}
    return {workspace.result.directory, *calls}


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
    session = open_session([directory], ScanOptions(boundary=directory, config=config, jobs=1))
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
        own = directories(workspace)
        for path in workspace.result.files:
            source = platform.source(path) if (path.rpartition("/")[0] or ".") in own else None
            for address, output in outputs_used(source) if source is not None else ():
                outcome, why = use(workspace, address, output)
                found.uses[outcome] += 1
                if why:
                    found.not_known[why] += 1
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
    lines += ["", "What the uses of other workspaces' outputs are resolved to:", ""]
    lines += [f"| platform | uses | {' | '.join(OUTCOMES)} | static and resolved | why unknown |"]
    lines += [f"| --- | {' | '.join(['---:'] * (len(OUTCOMES) + 2))} | --- |"]
    for name, f in all_figures.items():
        if f.uses:
            counts = " | ".join(str(f.uses[outcome]) for outcome in OUTCOMES)
            resolved = f.uses["a value"] + f.uses["a resource"]
            static = resolved + f.uses["unknown"]
            share = f"{resolved} of {static}"
            lines.append(f"| {name} | {f.uses.total()} | {counts} | {share} | {_counts(f.not_known)} |")
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
