"""What is given beside the code: files of states, found and read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from astralint.config.settings import Settings
from astralint.inventory.events import EventsError, Write, read_events
from astralint.inventory.model import Inventory, InventoryError, read_inventory
from astralint.source.diagnostic import Diagnostic
from astralint.source.names import told
from astralint.source.span import Span
from astralint.source.tree import LocalTree, SourceError, SourceTree, TreePath, join
from astralint.terraform.state.model import State
from astralint.terraform.state.reader import StateError, read_state

SURE = (".tfstate", ".tfstate.json", ".state.json", ".plan.json")
"""How files are called that are states for sure; of other JSON files in a directory, those count that are one."""
MAXIMUM_SIZE = 512 * 1024 * 1024


class Given(msgspec.Struct, frozen=True, eq=False):
    """What is given beside the code, and what is wrong with it."""

    states: tuple[State, ...] = ()
    inventory: Inventory | None = None
    writes: tuple[Write, ...] = ()
    earlier: tuple[Inventory, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


NOTHING_GIVEN = Given()


def read_given(
    paths: Sequence[Path],
    settings: Settings,
    tree: SourceTree,
    inventory: Path | None = None,
    events: Sequence[Path] = (),
    earlier: Sequence[Path] = (),
) -> Given:
    """Read the states at the paths and those that the configuration names, the inventories, and the events."""
    reader = _Reader()
    for path in paths:
        reader.beside(path)
    for state in settings.states:
        reader.within(tree, state.path, state.workspace, state.span)
    found = reader.inventory(inventory, settings, tree)
    writes = reader.writes(events, settings, tree)
    others = tuple(one for path in earlier if (one := reader.inventory(path, settings, tree, quiet=True)) is not None)
    return Given(tuple(reader.states), found, writes, others, tuple(reader.diagnostics))


class _Reader:
    def __init__(self) -> None:
        self.states: list[State] = []
        self.diagnostics: list[Diagnostic] = []

    def beside(self, path: Path) -> None:
        """Read what lies at a path of this machine."""
        if not path.exists():
            self._say("path-not-found", f"`{path}` does not exist", usage=True)
            return
        found = list(_below(path)) if path.is_dir() else [path]
        before = len(self.states), len(self.diagnostics)
        for file in found:
            self._read(file, told(str(file)), "", None, sure=file.name.endswith(SURE) or not path.is_dir())
        if before == (len(self.states), len(self.diagnostics)):
            help_ = "states end in `.tfstate`; `terraform show -json` writes JSON"
            self._say("no-state", f"there is no state in `{path}`", help_=help_)

    def within(self, tree: SourceTree, path: TreePath, workspace: str, span: Span) -> None:
        """Read what lies at a path of the tree."""
        names = _within(tree, path) if tree.kind(path) == "directory" else [path]
        before = len(self.states), len(self.diagnostics)
        for name in names:
            sure = name.endswith(SURE) or name == path
            if isinstance(tree, LocalTree):
                try:
                    file = Path(tree.absolute(tree.real_path(name)))
                except SourceError as error:
                    self._say(error.code, error.message, span)
                    continue
                self._read(file, name, workspace, span, sure=sure)
                continue
            try:
                self._add(tree.read(name), name, workspace, span, sure=sure)
            except SourceError as error:
                self._say(error.code, error.message, span)
        if before == (len(self.states), len(self.diagnostics)):
            self._say("no-state", f"there is no state in `{path}`", span)

    def inventory(
        self, path: Path | None, settings: Settings, tree: SourceTree, *, quiet: bool = False
    ) -> Inventory | None:
        """Return the inventory at a path, else the configuration's; None where there is none that can be read."""
        named = settings.inventory
        try:
            if path is not None:
                found = read_inventory(path.read_bytes(), told(str(path)))
            elif named is not None and named.path:
                found = read_inventory(tree.read(named.path), named.path)
            else:
                return None
        except OSError as error:
            self._say("path-not-found", f"`{path}` can't be read: {error.strerror}", usage=True)
            return None
        except (InventoryError, SourceError) as error:
            self._say(error.code, error.message, named.span if named is not None and path is None else None)
            return None
        return found if self._is_ours(found, settings, quiet=quiet) else None

    def writes(self, paths: Sequence[Path], settings: Settings, tree: SourceTree) -> tuple[Write, ...]:
        """Return what people changed by the events at the paths, and those that the configuration names."""
        found: list[Write] = []
        for path in paths:
            try:
                found += read_events(path.read_bytes(), told(str(path)))
            except OSError as error:
                self._say("path-not-found", f"`{path}` can't be read: {error.strerror}", usage=True)
            except EventsError as error:
                self._say("events-unreadable", str(error))
        named = settings.inventory
        if named is not None and named.events and not paths:
            try:
                found += read_events(tree.read(named.events), named.events)
            except (EventsError, SourceError) as error:
                self._say("events-unreadable", str(error), named.span)
        return tuple(found)

    def _is_ours(self, found: Inventory, settings: Settings, *, quiet: bool) -> bool:
        """Say whether an inventory is of the platform's organization, and report what it could not see."""
        own = settings.platform.organization_id
        if own and found.organization_id and own != found.organization_id:
            message = f"the inventory is of the organization `{found.organization_id}`, but the platform's is `{own}`"
            self._say("inventory-of-others", message)
            return False
        if quiet:
            return True
        for account in found.accounts:
            if account.status != "complete":
                name = account.name or account.id
                self._say(
                    "inventory-incomplete", f"nothing is known of account `{name}`: {account.message or account.status}"
                )
        holes: dict[tuple[str, str, str], list[str]] = {}
        for one in found.coverage:
            if one.status not in ("complete", "off"):
                holes.setdefault((one.account, one.region, one.status), []).append(one.type)
        for (number, region, status), types in sorted(holes.items()):
            message = f"{len(types)} types of account `{number}` in `{region}` were not seen ({status}): {', '.join(sorted(types)[:5])}"
            self._say("inventory-incomplete", message)
        return True

    def _read(self, file: Path, name: str, workspace: str, span: Span | None, *, sure: bool) -> None:
        try:
            if file.stat().st_size > MAXIMUM_SIZE:
                self._say("file-too-large", f"`{name}` is larger than {MAXIMUM_SIZE // 2**20} MiB", span)
                return
            content = file.read_bytes()
        except OSError as error:
            self._say("file-not-readable", f"`{name}` can't be read: {error.strerror}", span)
            return
        self._add(content, name, workspace, span, sure=sure)

    def _add(self, content: bytes, name: str, workspace: str, span: Span | None, *, sure: bool) -> None:
        try:
            self.states.append(read_state(content, name, workspace))
        except StateError as error:
            if sure or error.code not in ("state-unreadable", "state-truncated"):
                self._say(error.code, error.message, span, help_=error.help)

    def _say(
        self, code: str, message: str, span: Span | None = None, *, help_: str | None = None, usage: bool = False
    ) -> None:
        self.diagnostics.append(Diagnostic(code, "error", message, span, help=help_, broken=not usage, usage=usage))


def _is_candidate(name: str) -> bool:
    return name.endswith((".tfstate", ".json"))


def _below(directory: Path) -> Iterator[Path]:
    for top, inner, names in os.walk(directory):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield from (Path(top) / name for name in sorted(names) if _is_candidate(name) and not name.startswith("."))


def _within(tree: SourceTree, directory: TreePath) -> Iterable[TreePath]:
    pending = [directory]
    found: list[TreePath] = []
    while pending:
        current = pending.pop()
        for entry in tree.entries(current):
            path = join(current, entry.name)
            if entry.name.startswith(".") or (entry.is_link and entry.kind == "directory"):
                continue
            if entry.kind == "directory":
                pending.append(path)
            elif entry.kind == "file" and _is_candidate(entry.name):
                found.append(path)
    return sorted(found)
