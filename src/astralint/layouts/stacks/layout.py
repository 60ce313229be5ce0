"""Stacks as evaluations: one for each deployment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from astralint.hcl.syntax import Literal
from astralint.layouts.protocol import Findings, Found, Ground, LayoutCoverage
from astralint.layouts.stacks.stack import COMPONENTS, DEPLOYMENTS, LAYOUT, OUTDATED, Stack
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import EXAMPLE_PARTS, Directory, Root
from astralint.terraform.language.language import newest
from astralint.terraform.results import StateIdentity
from astralint.terraform.values.value import string
from astralint.terraform.workspace import WorkspaceSpec
from astralint.terraform.wrapper import Ask, Prepared

_HELP = "a component whose source is elsewhere is a module that is not at hand"


def prepare(spec: WorkspaceSpec, loader: ModuleLoader, ask: Ask, module_sources: Mapping[str, str]) -> Prepared:  # noqa: ARG001 - as others
    """Return the root module that a deployment amounts to."""
    stack = Stack(loader, spec.directory, spec.peers, spec.name)
    stack.ask = ask
    deployment = spec.terraform_workspace or ""
    inputs = stack.inputs(deployment) if deployment in stack.deployments() else {}
    state = {"stack": string(spec.directory), "deployment": string(deployment)}
    return Prepared(
        None,
        sources=stack.root_files(),
        inputs=inputs,
        state=StateIdentity(LAYOUT, state, None),
        diagnostics=stack.diagnostics,
        reads=tuple(stack.reads.values()),
        paths=tuple(stack.paths),
    )


class Stacks:
    """See `astralint.layouts.protocol.Layout`."""

    def find(self, ground: Ground) -> Findings:
        """See `Layout.find`."""
        endings = tuple(f"*{ending}" for ending in (*COMPONENTS, *DEPLOYMENTS))
        evaluations: list[Found] = []
        diagnostics: dict[Diagnostic, None] = {}
        directories: list[Directory] = []
        claimed: dict[TreePath, str] = {}
        places = []
        for directory in ground.survey.directories_with(*endings):
            parts = {part.lower() for part in directory.split("/")} & EXAMPLE_PARTS
            if parts and directory not in ground.starts:
                directories.append(Directory(directory, "example", f"`{min(parts)}` in its path"))
            else:
                places.append(directory)
        undecided: Counter[str] = Counter()
        units = 0
        """Components of deployments."""
        for directory in places:
            stack = Stack(ground.loader, directory, places)
            claimed[directory] = "it is a Stack"
            deployments = stack.deployments()
            for path in _sources(stack):
                units += len(deployments)
                if path is None or not ground.loader.has_configuration(path):
                    undecided["its source is not in the tree"] += len(deployments)
                if path is not None:
                    claimed.setdefault(path, f"the Stack in `{directory}` is made of it")
            if not stack.components or not deployments:
                missing = "component" if not stack.components else "deployment"
                undecided[f"its Stack has no {missing}s"] += 1
                units += 1
                stack.report(
                    "incomplete-stack", f"the Stack in `{directory}` has no {missing}s", _first(stack), severity="note"
                )
            _note(stack)
            for name in deployments if stack.components else ():
                spec = WorkspaceSpec(
                    name if directory == "." else f"{directory}/{name}",
                    directory,
                    name,
                    language=newest("opentofu"),
                    layout=LAYOUT,
                    peers=tuple(places),
                )
                evaluations.append(Found(spec, Root(directory)))
            diagnostics.update(dict.fromkeys(stack.diagnostics))
        if not places:
            return Findings(directories=tuple(directories))
        coverage = LayoutCoverage(
            "stacks",
            "HCP Stacks",
            "component",
            units,
            units - sum(undecided.values()),
            tuple(undecided.items()),
            help=_HELP,
        )
        return Findings(tuple(evaluations), (coverage,), tuple(diagnostics), tuple(directories), claimed)


def _sources(stack: Stack) -> Iterator[TreePath | None]:
    """Yield the directory of each component's module, None for one that is not a path of the tree."""
    for _, block in stack.blocks("component", "stack"):
        source = next((a.expression for a in block.body.attributes if a.name == "source"), None)
        text = source.value if isinstance(source, Literal) else None
        yield stack.module_directory(text) if isinstance(text, str) else None


def _note(stack: Stack) -> None:
    """Note what counts no more: endings of the beta, and components that are removed."""
    for component in stack.components:
        if component.path.endswith(OUTDATED):
            message = f"`{component.path}` has the ending of the beta, which is not read since 2025"
            stack.report("outdated-stack", message, Span(component.path, 1, 1, 1, 2), severity="note")
    for file, block in stack.blocks("removed"):
        stack.report("removed-component", "a component is removed here", file.header(block), severity="note")


def _first(stack: Stack) -> Span:
    return Span(stack.paths[0] if stack.paths else stack.directory, 1, 1, 1, 2)
