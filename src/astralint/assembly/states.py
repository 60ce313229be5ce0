"""Which state is of which workspace, and where its instances stand in the code."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from astralint.estate.estate import Contents
from astralint.hcl import syntax
from astralint.source.diagnostic import Diagnostic
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.state.addresses import Move, moved, without_keys
from astralint.terraform.state.facts import StateFacts
from astralint.terraform.state.model import PlacedState, State, StateInstance
from astralint.terraform.workspace import WorkspaceSpec

SUFFIXES = (".tfstate.json", ".tfstate", ".state.json", ".plan.json", ".json")
ENOUGH = 0.5
"""A state is of a workspace that has at least this share of its resources."""


class Placed(msgspec.Struct, frozen=True, eq=False):
    """The states by their workspaces, and what is wrong with the others."""

    states: Mapping[str, PlacedState] = {}
    others: tuple[State, ...] = ()
    """States of no workspace that is known, or of which it is not known which counts: what they hold is managed too."""
    diagnostics: tuple[Diagnostic, ...] = ()

    def with_facts(self, specs: Iterable[WorkspaceSpec]) -> tuple[WorkspaceSpec, ...]:
        """Return the specifications with what the states tell."""
        return tuple(self._with_facts(spec) for spec in specs)

    def _with_facts(self, spec: WorkspaceSpec) -> WorkspaceSpec:
        placed = self.states.get(spec.name)
        here = placed.here if placed is not None else {}
        if spec.facts is not None:
            told = spec.facts.instances
            absent = {address for address, one in told.items() if one.mode == "data"}
            absent |= {a for a, one in placed.beside if a == one.address} if placed is not None else set()
            if all(told.get(address) is one for address, one in here.items()) and told.keys() - here.keys() <= absent:
                # What was assumed before anything was evaluated holds.
                return spec
        if placed is None or not here:
            return spec if spec.facts is None else msgspec.structs.replace(spec, facts=None)
        return msgspec.structs.replace(spec, facts=StateFacts(_title(spec, placed.state), here))


NO_STATES = Placed()


def _title(spec: WorkspaceSpec, state: State) -> str:
    return f"the state of `{spec.name}`, {state.title}"


def assumed_facts(states: Sequence[State], specs: Sequence[WorkspaceSpec]) -> tuple[WorkspaceSpec, ...]:
    """Return the specifications with the states that are of them by their names alone.

    Nothing is evaluated yet: an instance is taken to stand in the code where it stands in the state. Where `moved` blocks
    or anything else say otherwise, `Placed.with_facts` finds out, and the workspace is evaluated once more.
    """
    names = {spec.name for spec in specs}
    named: dict[str, list[State]] = {}
    for state in states:
        stem = next((state.file[: -len(suffix)] for suffix in SUFFIXES if state.file.endswith(suffix)), state.file)
        parts = stem.split("/")
        ends = {"/".join(parts[start:]) for start in range(len(parts))} & names
        name = state.workspace or (next(iter(ends)) if len(ends) == 1 else "")
        named.setdefault(name, []).append(state)
    found = []
    for spec in specs:
        own = named.get(spec.name, [])
        only = own[0] if len(own) == 1 and own[0].instances else None
        if only is not None:
            instances = {instance.address: instance for instance in only.instances}
            spec = msgspec.structs.replace(spec, facts=StateFacts(_title(spec, only), instances))  # noqa: PLW2901
        found.append(spec)
    return tuple(found)


def place_states(states: Sequence[State], contents: Contents) -> Placed:
    """Find each state's workspace: the one that it is said to be of, that its file names, or whose resources it holds."""
    results = {spec.name: result for spec, result in contents.evaluated}
    addresses = {
        name: frozenset(without_keys(resource.address) for resource in result.resources if resource.mode == "managed")
        for name, result in results.items()
    }
    by_workspace: dict[str, State] = {}
    said: list[Diagnostic] = []
    others: list[State] = []
    twice: set[str] = set()
    for state in states:
        name = _workspace_of(state, contents, addresses)
        if name is None:
            others.append(state)
            help_ = 'say whose it is: `state "WORKSPACE" { path = "…" }` in astralint.hcl'
            message = f"nothing tells which workspace the state `{state.file}` is of"
            said.append(Diagnostic("state-unmatched", "warning", message, help=help_, broken=True))
            continue
        other = by_workspace.get(name)
        if other is None:
            by_workspace[name] = state
            continue
        chosen, message = _one_of(name, other, state)
        said.append(Diagnostic("state-twice", "warning" if chosen else "error", message, broken=chosen is None))
        if chosen is None:
            twice.add(name)
            others += (other, state)
        else:
            by_workspace[name] = chosen
    placed = {
        name: _placed(state, results[name], contents) for name, state in by_workspace.items() if name not in twice
    }
    return Placed(dict(sorted(placed.items())), tuple(others), tuple(said))


def _one_of(name: str, first: State, second: State) -> tuple[State | None, str]:
    """Return the one of two states of a workspace that counts, with what is to be said."""
    if first.lineage and first.lineage == second.lineage and first.serial != second.serial:
        newer, older = (first, second) if first.serial > second.serial else (second, first)
        message = (
            f"`{older.file}` is an older state of workspace `{name}` (serial {older.serial}) than `{newer.file}` "
            f"(serial {newer.serial}), which counts"
        )
        return newer, message
    return None, f"`{first.file}` and `{second.file}` are two states of workspace `{name}`: neither counts"


def _workspace_of(state: State, contents: Contents, addresses: Mapping[str, frozenset[str]]) -> str | None:
    if state.workspace:
        return state.workspace if state.workspace in addresses else None
    own = {without_keys(instance.address) for instance in state.managed}
    named = [spec.name for spec, result in contents.evaluated if _is_named(state.file, spec, result)]
    if len(named) == 1:
        return named[0]
    if not own:
        return None
    shares = {name: len(own & addresses[name]) / len(own) for name in named or addresses}
    best = max(shares.values(), default=0.0)
    fitting = [name for name, share in shares.items() if share == best]
    return fitting[0] if len(fitting) == 1 and best >= ENOUGH else None


def _is_named(file: str, spec: WorkspaceSpec, result: WorkspaceResult) -> bool:
    """Say whether a file's path names a workspace: by its name, its directory, or the place in its backend."""
    stem = next((file[: -len(suffix)] for suffix in SUFFIXES if file.endswith(suffix)), file)
    if _ends_with(stem, spec.name):
        return True
    name = spec.terraform_workspace or "default"
    local = "terraform" if name == "default" else f"terraform.tfstate.d/{name}/terraform"
    if spec.directory != "." and _ends_with(stem, f"{spec.directory}/{local}"):
        return True
    config = result.state.config
    told = {key: text_of(value) for key, value in config.items()}
    backend = result.state.backend
    if backend in ("cloud", "remote"):
        workspace = told.get("workspaces.name")
        return isinstance(workspace, str) and _ends_with(stem, workspace)
    key = told.get("key")
    if isinstance(key, str):
        prefix = "" if name == "default" else f"env:/{name}/"
        return _ends_with(file, prefix + key) or _ends_with(file, f"{prefix}{key}.json")
    return False


def _ends_with(path: str, end: str) -> bool:
    end = posixpath.normpath(end)
    return path == end or path.endswith(f"/{end}")


# --- where its instances are now ----------------------------------------------------------


class _Written(msgspec.Struct):
    moves: list[Move] = []
    removed: list[tuple[str, str]] = []
    imported: list[str] = []


def _placed(state: State, result: WorkspaceResult, contents: Contents) -> PlacedState:
    written = _written(result, contents)
    code = {resource.address for resource in result.resources}
    here: dict[str, StateInstance] = {}
    beside: list[tuple[str, StateInstance]] = []
    forgotten: set[str] = set()
    for instance in state.instances:
        address = _in_code(moved(instance.address, written.moves), code)
        if address is not None:
            here.setdefault(address, instance)
        elif instance.mode == "managed":
            now = moved(instance.address, written.moves)
            beside.append((now, instance))
            if _is_removed(now, written.removed):
                forgotten.add(now)
    return PlacedState(state, here, tuple(beside), frozenset(forgotten), frozenset(written.imported))


def _in_code(address: str, code: set[str]) -> str | None:
    """Return an address as the code has it: with or without the key that `count` adds or takes away."""
    if address in code:
        return address
    if f"{address}[0]" in code:
        return f"{address}[0]"
    bare = address.removesuffix("[0]")
    return bare if bare != address and bare in code else None


def _is_removed(address: str, removed: Iterable[tuple[str, str]]) -> bool:
    bare = without_keys(address)
    for module, source in removed:
        whole = f"{module}.{source}" if module else source
        if bare == whole or bare.startswith(f"{whole}."):
            return True
    return False


def _written(result: WorkspaceResult, contents: Contents) -> _Written:
    """Return what the `moved`, `removed` and `import` blocks of a workspace's modules say."""
    modules: dict[str, list[str]] = {result.directory: [""]}
    for call in result.module_calls:
        if call.directory is not None:
            modules.setdefault(call.directory, []).append(without_keys(call.address))
    found = _Written()
    for file in result.files:
        source = contents.source(file) if file.endswith((".tf", ".tofu", ".tf.json", ".tofu.json")) else None
        if source is None:
            continue
        for module in modules.get(posixpath.dirname(file) or ".", ()):
            for block in source.file.body.blocks:
                _read(block, module, found)
    return found


def _read(block: syntax.Block, module: str, found: _Written) -> None:
    if block.type not in ("moved", "removed", "import"):
        return
    written = {attribute.name: address_of(attribute.expression) for attribute in block.body.attributes}
    source, target = written.get("from"), written.get("to")
    if block.type == "moved" and source and target:
        found.moves.append(Move(module, source, target))
    elif block.type == "removed" and source:
        found.removed.append((module, without_keys(source)))
    elif block.type == "import" and target and not module:
        found.imported.append(target)


def address_of(expression: syntax.Expression) -> str | None:
    """Return the address that a traversal writes, with its literal keys; other keys are left out. None for anything else."""
    steps = list(_steps(expression))
    return "".join(reversed(steps)) if steps and steps[-1] else None


def _steps(expression: syntax.Expression) -> Iterator[str]:
    while True:
        if isinstance(expression, syntax.Variable):
            yield expression.name
            return
        if isinstance(expression, syntax.GetAttr):
            yield f".{expression.name}"
            expression = expression.target
        elif isinstance(expression, syntax.Index):
            key = expression.key
            if isinstance(key, syntax.Literal) and isinstance(key.value, str):
                yield f'["{key.value}"]'
            elif isinstance(key, syntax.Number):
                yield f"[{key.text}]"
            expression = expression.target
        else:
            yield ""
            return
