"""From a tree of files to a platform: discovered, evaluated in rounds, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from astralint.assembly.accounts import assign_accounts
from astralint.assembly.answers import PlatformAnswers
from astralint.assembly.inference import InferredAccount, infer_accounts
from astralint.assembly.workers import Workers
from astralint.config.settings import Settings, WorkspaceSettings
from astralint.estate.estate import Contents
from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import SourceTree, TreePath, parent
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import Directory, Root, classify, find_directories, runs_of
from astralint.terraform.language.language import Language
from astralint.terraform.requests import Answer, Request
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.root_language import Languages
from astralint.terraform.rounds import evaluate_in_rounds
from astralint.terraform.values.value import Unknown
from astralint.terraform.workspace import WorkspaceSpec

EvaluateAll = Callable[[Sequence[tuple[WorkspaceSpec, Mapping[Request, Answer]]]], Sequence[WorkspaceResult]]


class Discovery(msgspec.Struct, frozen=True, eq=False):
    """What is to be evaluated, and what else there is."""

    specs: tuple[WorkspaceSpec, ...]
    inferred: dict[str, InferredAccount]
    directories: tuple[Directory, ...]


class Assembly(msgspec.Struct, frozen=True, eq=False):
    """What a platform is made of, and how it came about. `answers` are those that each workspace was last evaluated with."""

    contents: Contents
    discovery: Discovery
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[TreePath, ...]
    answers: Mapping[str, Mapping[Request, Answer]] = {}


def discover(tree: SourceTree, loader: ModuleLoader, settings: Settings, starts: Sequence[TreePath]) -> Discovery:
    """Find the workspaces: those of the configuration, and every other root module below the starts.

    Where there is none, the starts themselves are evaluated: they were asked for.
    """
    directories = classify(loader, find_directories(tree, starts), starts)
    if not settings.workspaces and not any(directory.kind == "root" for directory in directories):
        directories = [
            Directory(d.path, "root", "it is asked for by name") if d.path in starts else d for d in directories
        ]
    configured = {workspace.path for workspace in settings.workspaces}
    languages = Languages(loader)
    specs = [_configured(workspace, settings, loader, languages) for workspace in settings.workspaces]
    found: list[Root] = []
    for directory in directories:
        if directory.kind != "root" or directory.path in configured or _excluded(directory.path, settings):
            continue
        for root in runs_of(loader, directory.path):
            found.append(root)
    guesses = {} if settings.accounts else infer_accounts(found)
    taken = {spec.name for spec in specs}
    inferred: dict[str, InferredAccount] = {}
    for root in found:
        name = _shown_name(root, settings, taken)
        taken.add(name)
        guess = guesses.get(root.name)
        if guess is not None:
            inferred[name] = guess
        specs.append(_found(name, root, guess, loader, settings.language or languages.of(root.path)))
    specs.sort(key=lambda spec: spec.name)
    return Discovery(tuple(specs), inferred, tuple(directories))


def _shown_name(root: Root, settings: Settings, taken: set[str]) -> str:
    """Return a root's name: its path as seen from the configuration, so that it is the same wherever one stands."""
    base = parent(settings.path) if settings.path is not None else "."
    if base == "." or not root.path.startswith(base + "/"):
        return root.name
    name = root.name[len(base) + 1 :]
    return root.name if name in taken else name


def _excluded(path: TreePath, settings: Settings) -> bool:
    return any(path == excluded or path.startswith(excluded + "/") for excluded in settings.excluded)


def _configured(
    workspace: WorkspaceSettings, settings: Settings, loader: ModuleLoader, languages: Languages
) -> WorkspaceSpec:
    runs = runs_of(loader, workspace.path)
    known = runs[0].terraform_workspace if len(runs) == 1 else "default"
    number = next((account.id for account in settings.accounts if account.name == workspace.account), "")
    return WorkspaceSpec(
        workspace.name,
        workspace.path,
        workspace.workspace if workspace.workspace is not None else known,
        workspace.var_files,
        workspace.variables,
        workspace.backend_files,
        workspace.account,
        number,
        workspace.region,
        _is_generated(workspace.path, loader),
        workspace.language or settings.language or languages.of(workspace.path),
        runs[0].assumed_workspace if len(runs) == 1 else None,
    )


def _found(
    name: str, root: Root, guess: InferredAccount | None, loader: ModuleLoader, language: Language
) -> WorkspaceSpec:
    return WorkspaceSpec(
        name,
        root.path,
        root.terraform_workspace,
        root.variable_files,
        account=guess.name if guess else "",
        generated=_is_generated(root.path, loader),
        language=language,
        assumed_workspace=root.assumed_workspace,
    )


def _is_generated(directory: TreePath, loader: ModuleLoader) -> bool:
    """Say whether Terragrunt runs a root: it may add files that are not in the tree."""
    return any(entry.name == "terragrunt.hcl" for entry in loader.tree.entries(directory))


def _cycles(result: WorkspaceResult) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each output that still waits for another workspace when nothing changes any more."""
    for output in result.outputs.values():
        raw = output.value.raw
        if isinstance(raw, Unknown) and any(reason.code == "pending" for reason in raw.reasons):
            message = f"output `{output.name}` of workspace `{result.name}` needs itself, through the states of others"
            yield Diagnostic("cycle", "error", message, output.span, broken=True)


def assemble(
    tree: SourceTree, loader: ModuleLoader, settings: Settings, starts: Sequence[TreePath], workers: Workers
) -> Assembly:
    """Discover, evaluate and assemble; problems are among the result's diagnostics."""
    discovery = discover(tree, loader, settings, starts)
    specs = {spec.name: spec for spec in discovery.specs}
    rounds = evaluate_in_rounds(
        discovery.specs, workers.evaluate, lambda found: PlatformAnswers(settings, specs, found)
    )
    results = rounds.results
    assignment = assign_accounts(settings, discovery.specs, results, discovery.inferred)
    evaluated = [(spec, results[spec.name]) for spec in discovery.specs]
    producers = {
        read.request: rounds.answers[name][read.request].producer
        for name, result in results.items()
        for read in result.remote_state_reads
    }
    contents = Contents(
        settings,
        tuple(assignment.accounts),
        tuple(evaluated),
        lambda file: loader.source(file)[0],
        assignment.own,
        assignment.certain,
        producers,
    )
    diagnostics: dict[Diagnostic, None] = {}
    files: set[TreePath] = set()
    for result in results.values():
        diagnostics.update(dict.fromkeys((*result.diagnostics, *_cycles(result))))
        files.update(result.files)
    return Assembly(
        contents,
        discovery,
        tuple(sorted(diagnostics, key=lambda d: d.sort_key)),
        tuple(sorted(files)),
        rounds.answers,
    )
