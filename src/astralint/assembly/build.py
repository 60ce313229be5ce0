"""From a tree of files to a platform: discovered, evaluated in rounds, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from astralint.assembly.accounts import assign_accounts
from astralint.assembly.answers import PlatformAnswers
from astralint.assembly.inference import InferredAccount, infer_accounts
from astralint.assembly.runs import specifications_by_runs
from astralint.assembly.states import NO_STATES, assumed_facts, place_states
from astralint.assembly.workers import Workers
from astralint.config.settings import Settings
from astralint.estate.estate import Contents, Estate
from astralint.estate.kinds import kind_of_name
from astralint.layouts.find import find_evaluations
from astralint.layouts.protocol import Found, LayoutCoverage
from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import TreePath, parent
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import Directory
from astralint.terraform.requests import Answer, Request
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.rounds import Rounds, evaluate_in_rounds
from astralint.terraform.state.model import State
from astralint.terraform.values.value import Reason, Unknown
from astralint.terraform.workspace import WorkspaceSpec

EvaluateAll = Callable[[Sequence[tuple[WorkspaceSpec, Mapping[Request, Answer]]]], Sequence[WorkspaceResult]]


class Discovery(msgspec.Struct, frozen=True, eq=False):
    """What is to be evaluated, and what else there is."""

    specs: tuple[WorkspaceSpec, ...]
    inferred: dict[str, InferredAccount]
    directories: tuple[Directory, ...]
    layouts: tuple[LayoutCoverage, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    spare_variable_files: Mapping[TreePath, frozenset[str]] = {}
    """Variable files that no workspace uses, and what each sets."""


class Assembly(msgspec.Struct, frozen=True, eq=False):
    """What a platform is made of, and how it came about. `answers` are those that each workspace was last evaluated with."""

    contents: Contents
    discovery: Discovery
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[TreePath, ...]
    answers: Mapping[str, Mapping[Request, Answer]] = {}


def discover(loader: ModuleLoader, settings: Settings, starts: Sequence[TreePath]) -> Discovery:
    """Find the workspaces of every layout, and what their names tell of their accounts."""
    everything = find_evaluations(loader, settings, starts)
    specs = [found.spec for found in everything.evaluations if found.is_configured]
    taken = {spec.name for spec in specs}
    free = [found for found in everything.evaluations if not found.is_configured]
    guesses = {} if settings.accounts else infer_accounts([found.root for found in free])
    inferred: dict[str, InferredAccount] = {}
    for found in free:
        name = _shown_name(found, settings, taken)
        taken.add(name)
        guess = _told(found) or guesses.get(found.root.name)
        if guess is not None:
            inferred[name] = guess
        number = found.account_number
        account = guess.name if guess else ""
        specs.append(msgspec.structs.replace(found.spec, name=name, account=account, account_number=number))
    specs.sort(key=lambda spec: spec.name)
    return Discovery(
        tuple(specs),
        inferred,
        everything.directories,
        everything.coverage,
        everything.diagnostics,
        everything.spare_variable_files,
    )


def _told(found: Found) -> InferredAccount | None:
    """Return the account that the layout's own files name."""
    if not found.account_name:
        return None
    return InferredAccount(found.account_name, kind_of_name(found.account_name) or "", found.evidence)


def _shown_name(found: Found, settings: Settings, taken: set[str]) -> str:
    """Return a root's name: its path as seen from the configuration, so that it is the same wherever one stands."""
    whole = found.spec.name
    base = parent(settings.path) if settings.path is not None else "."
    if base == "." or not found.root.path.startswith(base + "/"):
        return whole
    name = whole[len(base) + 1 :]
    return whole if name in taken else name


def _unseen(coverage: LayoutCoverage) -> Reason:
    left = coverage.units - coverage.evaluated
    message = f"{left:,} {coverage.unit}{'' if left == 1 else 's'} of {coverage.title} not evaluated"
    return Reason("layout-not-understood", message)


def _cycles(result: WorkspaceResult) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each output that still waits for another workspace when nothing changes any more."""
    for output in result.outputs.values():
        raw = output.value.raw
        if isinstance(raw, Unknown) and any(reason.code == "pending" for reason in raw.reasons):
            message = f"output `{output.name}` of workspace `{result.name}` needs itself, through the states of others"
            yield Diagnostic("cycle", "error", message, output.span, broken=True)


def _evaluated(
    loader: ModuleLoader,
    settings: Settings,
    discovery: Discovery,
    workers: Workers,
    earlier: Rounds | None = None,
    changed: Sequence[WorkspaceSpec] = (),
) -> tuple[Rounds, Contents]:
    specs = {spec.name: spec for spec in discovery.specs}
    rounds = evaluate_in_rounds(
        discovery.specs, workers.evaluate, lambda found: PlatformAnswers(settings, specs, found), earlier, changed
    )
    assignment = assign_accounts(settings, discovery.specs, rounds.results, discovery.inferred)
    producers = {
        read.request: rounds.answers[name][read.request].producer
        for name, result in rounds.results.items()
        for read in result.remote_state_reads
    }
    contents = Contents(
        settings,
        tuple(assignment.accounts),
        tuple((spec, rounds.results[spec.name]) for spec in discovery.specs),
        lambda file: loader.source(file)[0],
        assignment.own,
        assignment.certain,
        producers,
        tuple(_unseen(coverage) for coverage in discovery.layouts if not coverage.understood),
    )
    return rounds, contents


def assemble(
    loader: ModuleLoader, settings: Settings, starts: Sequence[TreePath], workers: Workers, states: Sequence[State] = ()
) -> Assembly:
    """Discover, evaluate and assemble; problems are among the result's diagnostics.

    What `states` tell is taken for known where the code leaves it open.
    """
    discovery = discover(loader, settings, starts)
    if states:
        discovery = msgspec.structs.replace(discovery, specs=assumed_facts(states, discovery.specs))
    rounds, contents = _evaluated(loader, settings, discovery, workers)
    # Which account a workspace is for may be told by another's code: the role of its runs.
    told = specifications_by_runs(Estate(contents), discovery.specs, contents.certain)
    if told != discovery.specs:
        discovery = msgspec.structs.replace(discovery, specs=told)
        rounds, contents = _evaluated(loader, settings, discovery, workers)
    placed = place_states(states, contents) if states else NO_STATES
    if states:
        # Which state is whose, and where its instances stand now, is told by the code. Only where that is otherwise than
        # names alone said, a workspace is evaluated once more, and whoever asks it.
        with_facts = placed.with_facts(discovery.specs)
        changed = [spec for spec, before in zip(with_facts, discovery.specs, strict=True) if spec is not before]
        if changed:
            discovery = msgspec.structs.replace(discovery, specs=with_facts)
            rounds, contents = _evaluated(loader, settings, discovery, workers, rounds, changed)
        contents = msgspec.structs.replace(contents, states=placed.states)
    if placed.others:
        contents = msgspec.structs.replace(contents, other_states=placed.others)
    results = rounds.results
    diagnostics: dict[Diagnostic, None] = dict.fromkeys((*discovery.diagnostics, *placed.diagnostics))
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
