"""How a root is run, as commands say: its variable files, backend files and workspaces, once for each environment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from astralint.layouts.commands.files import CommandFile, command_files
from astralint.layouts.commands.pattern import bound, found_in, holes_of, matched, placed, shown
from astralint.layouts.commands.shell import Ran
from astralint.layouts.survey import Survey
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath

MAXIMUM_VARIANTS = 64
COMMON = frozenset({"common", "global", "shared", "default", "defaults", "base", "terraform"})
"""Files that no variable of a command stands for: they are of no environment, or loaded anyway."""
_ENVIRONMENT = re.compile(r"acc(?:oun)?t|env|stage|profile|target|tier|workspace", re.IGNORECASE)
"""What variables are called that name an environment."""


class CommandRun(msgspec.Struct, frozen=True):
    """One way in which commands run a root. `environment` is its name, "" where no variable tells it."""

    environment: str
    variable_files: tuple[TreePath, ...]
    backend_files: tuple[TreePath, ...]
    workspace: str
    span: Span


class _Use(msgspec.Struct, frozen=True, eq=False):
    """A command that fits a root, with what its variables are there."""

    file: CommandFile
    ran: Ran
    bindings: dict[str, str]

    @property
    def span(self) -> Span:
        return Span(self.file.path, self.ran.line, 1, self.ran.line, 2)


class CommandRuns:
    """What all files with commands say of the roots of a tree."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._missing: dict[tuple[TreePath, str], Diagnostic] = {}
        self._several: list[Diagnostic] = []
        self._said: dict[TreePath, dict[TreePath, int]] = {}
        """For each file with commands the roots that it tells of, and in how many ways they are run."""

    @cached_property
    def _files(self) -> list[CommandFile]:
        return list(command_files(self._survey))

    def of(self, directory: TreePath) -> list[CommandRun]:
        """Return the ways in which a root is run; none where no command names a file for it."""
        uses = list(self._uses(directory))
        if not uses:
            return []
        found: dict[str, CommandRun] = {}
        backends = [use for use in uses if use.ran.backend_files]
        for use in uses:
            for environment, bindings, files in self._variable_files(use, directory):
                run = CommandRun(
                    environment,
                    files,
                    self._backend([use] if use.ran.backend_files else backends, directory, environment, bindings),
                    self._workspace(uses, environment, bindings),
                    use.span,
                )
                other = found.get(environment)
                if other is None or set(other.variable_files) < set(files):
                    found[environment] = run
                elif not set(files) <= set(other.variable_files):
                    self._differ(directory, environment, other, run)
                    return []
        if not found:
            found = self._by_backend(backends, directory, uses)
        if len(found) > 1:
            found.pop("", None)
        runs = [found[name] for name in sorted(found)][:MAXIMUM_VARIANTS]
        for run in runs:
            self._said.setdefault(run.span.file, {})[directory] = len(runs)
        return runs

    def _uses(self, directory: TreePath) -> Iterator[_Use]:
        for file in self._files:
            for ran in file.ran:
                place = placed(ran.directory, file.base, file.base)
                bindings = matched(place, directory) if place is not None else None
                if bindings is not None:
                    yield _Use(file, ran, bindings)

    # --- variable files -----------------------------------------------------------------------------

    def _variable_files(
        self, use: _Use, directory: TreePath
    ) -> Iterator[tuple[str, dict[str, str], tuple[TreePath, ...]]]:
        """Yield the files of each environment that a command may be meant for."""
        if not use.ran.variable_files:
            return
        states: list[tuple[dict[str, str], tuple[TreePath, ...]]] = [(dict(use.bindings), ())]
        for text in use.ran.variable_files:
            following: list[tuple[dict[str, str], tuple[TreePath, ...]]] = []
            for bindings, files in states[:MAXIMUM_VARIANTS]:
                following += [
                    ({**bindings, **more}, (*files, path)) for path, more in self._found(text, bindings, use, directory)
                ]
            if not following and not holes_of(bound(text, use.bindings)):
                self._note_missing(text, use, directory)
            states = following
        for bindings, files in states:
            if files:
                yield self._environment(bindings, use, files), bindings, files

    def _found(
        self, text: str, bindings: Mapping[str, str], use: _Use, directory: TreePath
    ) -> Iterator[tuple[TreePath, dict[str, str]]]:
        text = bound(text, bindings)
        pattern = placed(text, directory, use.file.base)
        if pattern is None or not re.sub(r"\x00[^\x00]*\x00", "", text).strip("./"):
            # A variable alone says nothing of what it stands for.
            return
        for path, more in found_in(self._survey.tree, pattern):
            if not COMMON & set(more.values()) and not path.endswith((".auto.tfvars", ".auto.tfvars.json")):
                yield path, more

    def _environment(self, bindings: Mapping[str, str], use: _Use, files: tuple[TreePath, ...]) -> str:
        """Return the name of an environment: what the variables are that the root's directory does not tell."""
        own = [value for name, value in bindings.items() if name not in use.bindings]
        if own:
            return "-".join(dict.fromkeys(own))
        if use.ran.workspace and not holes_of(use.ran.workspace):
            return use.ran.workspace
        stems = [path.rpartition("/")[2].partition(".")[0] for path in files]
        return next((stem for stem in reversed(stems) if stem not in COMMON), "")

    # --- backends and workspaces --------------------------------------------------------------------

    def _backend(
        self, backends: list[_Use], directory: TreePath, environment: str, bindings: Mapping[str, str]
    ) -> tuple[TreePath, ...]:
        """Return the backend files of an environment: those whose variables are the same, or that are called after it."""
        candidates: dict[TreePath, None] = {}
        for use in backends:
            for text in use.ran.backend_files:
                for path, more in self._found(text, {**bindings, **use.bindings}, use, directory):
                    if not more or environment in more.values():
                        candidates.setdefault(path)
        if len(candidates) > 1:
            called = [path for path in candidates if environment in re.split(r"[-_./]+", path)]
            candidates = dict.fromkeys(called)
        return tuple(candidates) if len(candidates) == 1 else ()

    def _by_backend(self, backends: list[_Use], directory: TreePath, uses: list[_Use]) -> dict[str, CommandRun]:
        """Return a run for each backend file that commands may choose, where no command has variable files."""
        found: dict[str, CommandRun] = {}
        for use in backends:
            for text in use.ran.backend_files:
                for path, more in self._found(text, use.bindings, use, directory):
                    name = "-".join(dict.fromkeys(more.values()))
                    workspace = self._workspace(uses, name, {**use.bindings, **more})
                    found.setdefault(name, CommandRun(name, (), (path,), workspace, use.span))
        return found

    def _workspace(self, uses: list[_Use], environment: str, bindings: Mapping[str, str]) -> str:
        for use in uses:
            text = bound(use.ran.workspace, {**bindings, **use.bindings})
            if text and not holes_of(text):
                return text
            if text and environment and re.fullmatch(r"\x00[^\x00]*\x00", text):
                return environment
        return ""

    # --- what is said -------------------------------------------------------------------------------

    def names_environments(self, run: CommandRun, directory: TreePath) -> bool:
        """Say whether a variable that is called after environments or accounts tells a run's environment."""
        for use in self._uses(directory):
            if use.span == run.span:
                texts = [*use.ran.variable_files, *use.ran.backend_files]
                names = {name for text in texts for name in holes_of(text)} - use.bindings.keys()
                return bool(names) and all(_ENVIRONMENT.search(name) for name in names)
        return False

    def _note_missing(self, text: str, use: _Use, directory: TreePath) -> None:
        path = placed(bound(text, use.bindings), directory, use.file.base)
        message = f"`{directory}` is run with the variable file `{path or text}`, which is not in the tree"
        said = Diagnostic("command-file-not-found", "note", message, use.span)
        self._missing.setdefault((directory, text), said)

    def _differ(self, directory: TreePath, environment: str, one: CommandRun, other: CommandRun) -> None:
        which = f"in `{environment}` " if environment else ""
        names = " or ".join(f"`{run.variable_files[-1]}`" for run in (one, other) if run.variable_files)
        message = f"commands do not agree with which variable files `{directory}` is run {which}: {names}"
        help_ = "a `workspace` block in `astralint.hcl` with `var_files` says it"
        self._several.append(Diagnostic("several-variable-files", "note", message, other.span, help=help_))

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yield what the commands told, what they name that is not there, and what they bring from elsewhere."""
        yield from self._several
        yield from self._missing.values()
        for file, roots in self._said.items():
            ways = ", ".join(
                f"`{root}`" + (f" in {number} environments" if number > 1 else "")
                for root, number in list(roots.items())[:5]
            )
            more = "" if len(roots) <= 5 else f" and {len(roots) - 5} more"
            message = f"`{file}` says with which files {ways}{more} {'is' if len(roots) == 1 else 'are'} run"
            yield Diagnostic("run-by-command", "note", message, Span(file, 1, 1, 1, 1))
        for command in self._files:
            if command.fetched:
                line = command.fetched[0][0]
                names = ", ".join(dict.fromkeys(f"`{shown(name)}`" for _, name in command.fetched))
                message = f"variable files that commands bring from elsewhere are not in the tree: {names}"
                help_ = "`variables` of a `workspace` block in `astralint.hcl` gives what is in them"
                place = Span(command.path, line, 1, line, 2)
                yield Diagnostic("variable-files-fetched", "note", message, place, help=help_)
