"""What would make the most known: of all that is unknown, what a few lines of configuration can change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from astralint.estate.model import Workspace
from astralint.rules.finding import UndecidedSubject
from astralint.source.tree import TreePath
from astralint.terraform.values.value import Reason, Unknown

MAXIMUM = 10
SHOWN = 3
FAR = 4
"""As many steps as lead to a folder of variable files that roots share."""

_STATE = "give the states of what was applied: `--state`, or `state` blocks"
_WITHIN = (
    (re.compile(r"variable `([^`]+)` has no value"), "variable-without-value"),
    (re.compile(r"is known only after apply"), "known-after-apply"),
    (re.compile(r"the account of workspace `([^`]+)` is not known"), "account-not-known"),
    (re.compile(r"number of (?:the )?account `([^`]+)`"), "account-number-not-known"),
    (re.compile(r"kind of the account `([^`]+)` is not known"), "account-kind-not-known"),
    (re.compile(r"no workspace here is for the account `([^`]+)`"), "account-without-workspace"),
    (re.compile(r"the module `([^`]+)` is not in the tree"), "module-not-read"),
)
"""How reasons that others hang on are worded: a rule's reason holds that of what it could not know."""
_PLACE = re.compile(r"where workspace `([^`]+)` could not be seen")


class Remedies:
    """Counts what is unknown by what would make it known.

    `spare` are variable files that no workspace uses, and what each sets.
    """

    def __init__(self, spare: Mapping[TreePath, frozenset[str]] | None = None) -> None:
        self._spare = spare or {}
        self._counts: Counter[str] = Counter()
        self._variables: dict[str, Counter[str]] = {}
        self._directories: dict[str, TreePath] = {}

    def workspace(self, workspace: Workspace) -> None:
        """Count the unknown attributes of a workspace's resources."""
        self._directories[workspace.name] = workspace.directory
        for resource in (*workspace.resources, *workspace.data_sources):
            raw = resource.instance.values.raw
            for attribute in raw.values() if isinstance(raw, dict) else ():
                if isinstance(attribute.raw, Unknown) and attribute.raw.reasons:
                    self.reason(attribute.raw.reasons[0], workspace.name)

    def reason(self, reason: Reason, workspace: str) -> None:
        """Count a reason for which something is unknown."""
        code, name, _ = _cause(reason.code, reason.message, workspace)
        if code == "variable-without-value":
            self._variables.setdefault(workspace, Counter())[name] += 1
        elif code in _CONFIGURED and (remedy := _told(code, name)):
            self._counts[remedy] += 1

    def undecided(self, subjects: Iterable[UndecidedSubject]) -> tuple[UndecidedSubject, ...]:
        """Count verdicts that hang on a variable's value, and return all of them with what would settle each."""
        every = list(subjects)
        for subject in every:
            code, name, workspace = _cause(subject.code, subject.reason, subject.workspace)
            if workspace in self._directories and code == "variable-without-value":
                self._variables.setdefault(workspace, Counter())[name] += 1
        files = {workspace: self._file_for(workspace, counts) for workspace, counts in self._variables.items()}
        return tuple(msgspec.structs.replace(subject, remedy=self._settles(subject, files)) for subject in every)

    def _settles(self, subject: UndecidedSubject, files: Mapping[str, TreePath | None]) -> str:
        code, name, workspace = _cause(subject.code, subject.reason, subject.workspace)
        if code != "variable-without-value" or workspace not in self._variables:
            return _told(code, name)
        file = files[workspace]
        if file is not None and name in self._spare[file]:
            return _load(file, workspace)
        return self._give(workspace, self._not_in(file, self._variables[workspace]))

    def listed(self) -> tuple[tuple[str, int], ...]:
        """Return the remedies with their counts, the most telling first."""
        found = [*self._of_variables(), *self._counts.items()]
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:MAXIMUM])

    def _of_variables(self) -> Iterator[tuple[str, int]]:
        for workspace, counts in self._variables.items():
            file = self._file_for(workspace, counts)
            left = self._not_in(file, counts)
            if file is not None:
                yield _load(file, workspace), counts.total() - left.total()
            if left:
                yield self._give(workspace, left), left.total()

    def _not_in(self, file: TreePath | None, counts: Counter[str]) -> Counter[str]:
        """Return the variables that a file does not set."""
        sets = self._spare[file] if file is not None else frozenset[str]()
        return Counter({name: number for name, number in counts.items() if name not in sets})

    def _give(self, workspace: str, counts: Counter[str]) -> str:
        names = [f"`{name}`" for name, _ in counts.most_common(SHOWN)]
        more = f" and {len(counts) - SHOWN} more" if len(counts) > SHOWN else ""
        return f"give workspace `{workspace}` values of {', '.join(names)}{more}: `var_files` or `variables`"

    def _file_for(self, workspace: str, counts: Counter[str]) -> TreePath | None:
        """Return the variable file that no workspace uses and that is most likely this one's.

        It sets the most of what is missing, is called as the workspace is, and lies nearest.
        """
        directory = self._directories.get(workspace, ".")
        words = set(_words(workspace))

        def likely(path: TreePath) -> tuple[int, int, int, TreePath]:
            sets = sum(counts[name] for name in self._spare[path] if name in counts)
            called = len(words & set(_words(path)))
            return -sets, -called, _distance(directory, path), path

        fitting = [path for path, keys in self._spare.items() if keys & counts.keys() and _is_near(directory, path)]
        return min(fitting, key=likely, default=None)


def _load(file: TreePath, workspace: str) -> str:
    return f"`{file}` is loaded by no workspace: add `var_files` to `{workspace}`"


_CONFIGURED = frozenset({"account-number-not-known", "module-not-read", "account-not-known", "organization-not-known"})
"""Codes of reasons for which an attribute is unknown until the configuration says more."""


def _told(code: str, name: str) -> str:
    """Return what would make known what is unknown for a reason; empty where nothing that anybody writes would."""
    if code in ("known-after-apply", "data-source"):
        return _STATE
    if code == "organization-not-known":
        return "give `platform` its `organization_id`"
    if not name:
        return ""
    return {
        "account-not-known": f"say which account workspace `{name}` is for: a `workspace` block in an `account` block",
        "account-number-not-known": f"give account `{name}` its `id`",
        "account-kind-not-known": f"give account `{name}` its `kind`",
        "account-without-workspace": f"name the workspace of account `{name}`, or check its code along",
        "module-not-read": f'fetch the module `{name}` (`terraform get`), or name its code: `module_source "{name}"`',
        "variable-without-value": f"give the variable `{name}` a value: `var_files` or `variables`",
    }.get(code, "")


def _cause(code: str, message: str, workspace: str) -> tuple[str, str, str]:
    """Return the code of what a reason hangs on, the name that it speaks of, and the workspace that it is about."""
    place = _PLACE.search(message)
    if place is not None:
        workspace = place[1]
    for pattern, inner in _WITHIN:
        found = pattern.search(message)
        if found is not None:
            return inner, found[1] if pattern.groups else "", workspace
    # An account that is not known: which workspace's provider leaves it open is the place where it is read.
    return code, workspace if code == "account-not-known" else "", workspace


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^a-z0-9]+", text.lower()) if word and word not in ("tfvars", "json")]


def _distance(directory: TreePath, path: TreePath) -> int:
    """Return how many steps lead from a directory to a file."""
    here = [part for part in directory.split("/") if part != "."]
    there = path.split("/")[:-1]
    common = 0
    for one, other in zip(here, there, strict=False):
        if one != other:
            break
        common += 1
    return len(here) + len(there) - 2 * common


def _is_near(directory: TreePath, path: TreePath) -> bool:
    return _distance(directory, path) <= FAR
