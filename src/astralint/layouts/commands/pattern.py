"""Texts with variables: expanded as far as they are known, and matched with what is in the tree.

An expanded text is plain but for its holes: a variable that whoever runs the command sets stands between two marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from astralint.source.tree import SourceTree, TreePath, join

MARK = "\x00"
BASE = "\x01"
"""Stands for the directory that a file of commands is run in."""
TOP = "\x02"
"""Stands for the root of the repository."""
MAXIMUM_ALTERNATIVES = 32
MAXIMUM_DEPTH = 8
MAXIMUM_STEPS = 500
MAXIMUM_LENGTH = 20_000
_REFERENCE = re.compile(
    r"\$\{\{\s*(?P<workflow>[^{}]+?)\s*\}\}|\{\{\s*(?P<just>[\w.()]+)\s*\}\}|\{\{\s*\.(?P<task>\w+)\s*\}\}"
    r"|\$\$?\{(?P<brace>[A-Za-z_]\w*)(?P<rest>[^{}]*)\}|\$\$?\((?P<paren>[^()$]*)\)|(?P<stem>\$\*|\$@|\$<)"
    r"|\$\$?(?P<name>[A-Za-z_]\w*|[0-9])"
)
_PLACES = {
    "CURDIR": BASE,
    "PWD": BASE,
    "pwd": BASE,
    "justfile_directory()": BASE,
    "invocation_directory()": BASE,
    "TASKFILE_DIR": BASE,
    "ROOT_DIR": TOP,
    "GITHUB_WORKSPACE": TOP,
    "github.workspace": TOP,
    "CI_PROJECT_DIR": TOP,
    "git rev-parse --show-toplevel": TOP,
    "Build.SourcesDirectory": TOP,
}
_HOLE = re.compile(f"{MARK}([^{MARK}]*){MARK}")

Assignments = Mapping[str, tuple[str, ...]]
"""What variables are, each with its alternatives; one that is not here is a hole."""


def hole(name: str) -> str:
    """Return what stands for a variable that is not known."""
    return f"{MARK}{re.sub(r'[^A-Za-z0-9_.*-]+', '_', name) or '_'}{MARK}"


def expanded(text: str, assignments: Assignments, bindings: Mapping[str, str] | None = None) -> list[str]:
    """Return what a text may be; what is not known in it are holes."""
    known = bindings or {}
    found: dict[str, None] = {}
    pending = [(bound(text, known), 0)]
    for _ in range(MAXIMUM_STEPS):
        if not pending or len(found) >= MAXIMUM_ALTERNATIVES:
            break
        current, depth = pending.pop()
        # The innermost reference first: its value may be part of another's name.
        match = _REFERENCE.search(current) if depth < MAXIMUM_DEPTH and len(current) < MAXIMUM_LENGTH else None
        if match is None:
            found.setdefault(current)
            continue
        following = list(islice(_replaced(current, match, assignments, known), MAXIMUM_ALTERNATIVES))
        pending += [(each, depth + is_deeper) for each, is_deeper in reversed(following)]
    return list(found)


def _replaced(
    text: str, match: re.Match[str], known: Assignments, bindings: Mapping[str, str]
) -> Iterator[tuple[str, bool]]:
    """Yield a text with one reference replaced, and whether what replaces it may hold others."""
    name = next(value for key, value in match.groupdict().items() if value is not None and key != "rest").strip()
    before, after = text[: match.start()], text[match.end() :]
    if MARK in name:
        # A variable's name has a hole: each variable that may be meant, then none.
        for variable, values in known.items():
            found = matched(name, variable)
            for value in values if found is not None else ():
                yield bound(before + value + after, found or {}), True
        yield before + after, True
        return
    for value in _values(name, match["rest"] or "", known, bindings):
        yield before + value + after, "$" in value or "{{" in value


def _values(name: str, rest: str, known: Assignments, bindings: Mapping[str, str]) -> Iterator[str]:
    name = "*" if name in ("$*", "$@", "$<") else name.lstrip(".")
    if name in bindings:
        yield bindings[name]
    elif name in known:
        # A variable that is made of itself says nothing more.
        yield from (value for value in known[name] if f"({name})" not in value and f"{{{name}" not in value)
    elif name in _PLACES:
        yield _PLACES[name]
    elif rest.startswith(":-") and not rest[2:]:
        yield ""
    else:
        yield hole(name)


def holes_of(text: str) -> list[str]:
    """Return the names of the variables that are open in a text."""
    return _HOLE.findall(text)


def shown(text: str) -> str:
    """Return a text for people: `env/<ACCOUNT>.tfvars`."""
    return _HOLE.sub(r"<\1>", text).replace(BASE, ".").replace(TOP, ".")


def bound(text: str, bindings: Mapping[str, str]) -> str:
    """Return a text with the holes filled whose variables are known by now."""
    return _HOLE.sub(lambda match: bindings.get(match[1], match[0]), text)


def placed(text: str, directory: TreePath, base: TreePath) -> TreePath | None:
    """Return the path in the tree that a text means; relative ones start at a directory; None for one outside of it."""
    start = directory
    if text.startswith((BASE, TOP)):
        start, text = (base if text[0] == BASE else "."), text[1:].lstrip("/")
    elif text.startswith(("/", "~")):
        return None
    path = join(start, text or ".")
    return None if path == ".." or path.startswith("../") else path


def matched(pattern: str, path: TreePath) -> dict[str, str] | None:
    """Return the variables with which a pattern is a path; a hole is one part of a path, or some of it."""
    found = re.fullmatch(_regex(pattern), path)
    if found is None:
        return None
    return {name: found[f"h{number}"] for number, name in enumerate(dict.fromkeys(holes_of(pattern)))}


def _regex(pattern: str) -> str:
    numbers = {name: number for number, name in enumerate(dict.fromkeys(holes_of(pattern)))}
    seen: set[str] = set()
    text = ""
    for position, part in enumerate(_HOLE.split(pattern)):
        if position % 2 == 0:
            text += re.escape(part)
        elif part in seen:
            text += f"(?P=h{numbers[part]})"
        else:
            seen.add(part)
            text += f"(?P<h{numbers[part]}>[^/]+?)"
    return text


def found_in(tree: SourceTree, pattern: str) -> Iterator[tuple[TreePath, dict[str, str]]]:
    """Yield the files of the tree that a pattern of a path fits, with what its variables are then."""
    candidates: list[tuple[TreePath, dict[str, str]]] = [(".", {})]
    parts = pattern.split("/")
    for number, part in enumerate(parts):
        wanted = "file" if number == len(parts) - 1 else "directory"
        following: list[tuple[TreePath, dict[str, str]]] = []
        for place, bindings in candidates[:MAXIMUM_ALTERNATIVES]:
            piece = bound(part, bindings)
            if not holes_of(piece):
                path = join(place, piece)
                if tree.kind(path) == wanted:
                    following.append((path, bindings))
                continue
            for entry in tree.entries(place):
                more = matched(piece, entry.name) if entry.kind == wanted and not entry.name.startswith(".") else None
                if more is not None:
                    following.append((join(place, entry.name), {**bindings, **more}))
        candidates = following
    yield from candidates
