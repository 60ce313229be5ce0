"""Files that hold commands: Makefiles, justfiles, scripts, Jenkinsfiles, and the workflows of services that build."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.layouts.commands.pattern import BASE
from astralint.layouts.commands.shell import Ran, Script, read_script
from astralint.layouts.commands.workflows import read_workflow
from astralint.layouts.survey import Survey
from astralint.source.tree import SourceError, TreePath, join, parent

MAXIMUM_FILES = 2_000
MAXIMUM_SIZE = 500_000
MAXIMUM_INCLUDES = 20
_MENTIONS = re.compile(rb"terraform|tofu|TERRAFORM|[^\w](?:TF|tf)[^\w]|tflocal")
_WORKFLOWS = (
    ".github/workflows/*.y*ml",
    ".github/actions/*/action.y*ml",
    ".gitlab-ci*.yml",
    "azure-pipelines*.y*ml",
    "bitbucket-pipelines.yml",
    "buildspec*.y*ml",
    "[Tt]askfile*.y*ml",
    ".circleci/config.yml",
    "atlantis.y*ml",
)
_ASSIGNMENT = re.compile(r"(?:export\s+|override\s+)?([\w.-]+)\s*(\?=|::?=|=|\+=)\s*(.*)")
_OWN_DIRECTORY = re.compile(r'\$\(\s*(?:cd\s+(?:--\s+)?"?\$\(\s*)?dirname\s[^()\n]*\)(?:"?\s*&&\s*pwd(?:\s+-P)?\s*\))?')
_TARGET = re.compile(r"([^\s#:=][^:=#]*):(?![=:])")
_INCLUDE = re.compile(r"-?s?include\s+(.+)")
_RECIPE = re.compile(r"@?([A-Za-z_][\w-]*)((?:\s+[*+$]?\w+(?:\s*=\s*\S+)?)*)\s*:(?!=)")


Reader = Callable[[Survey, TreePath, str], Iterator["CommandFile"]]
"""What makes of a file's text what it says."""


class CommandFile(msgspec.Struct, frozen=True, eq=False):
    """What one file says. `base` is the directory that its commands start in."""

    path: TreePath
    base: TreePath
    ran: tuple[Ran, ...]
    fetched: tuple[tuple[int, str], ...]


def command_files(survey: Survey) -> Iterator[CommandFile]:
    """Yield the files that say how Terraform is run."""
    number = 0
    for directory, names in survey.files.items():
        for name in names:
            read = _reader(directory, name)
            if read is None:
                continue
            number += 1
            if number > MAXIMUM_FILES:
                return
            path = join(directory, name)
            text = _text(survey, path)
            if text is not None:
                yield from read(survey, path, text)


def _reader(directory: TreePath, name: str) -> Reader | None:
    lower = name.lower()
    path = join(directory, name)
    if lower in ("makefile", "gnumakefile"):
        return _makefile
    if lower in ("justfile", ".justfile") or lower.endswith(".just"):
        return _justfile
    if lower.endswith((".sh", ".bash")):
        return _script
    if lower == "package.json" or lower.startswith("jenkinsfile"):
        return _quoted
    if any(fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}") for pattern in _WORKFLOWS):
        return _workflow
    return None


def _text(survey: Survey, path: TreePath) -> str | None:
    try:
        content = survey.tree.read(path)
    except SourceError:
        return None
    if len(content) > MAXIMUM_SIZE:
        return None
    return content.decode("utf-8", "replace").replace("\x00", "")


def _is_about_terraform(text: str) -> bool:
    return _MENTIONS.search(text.encode()) is not None


def _file(path: TreePath, base: TreePath, scripts: list[Script]) -> Iterator[CommandFile]:
    ran = tuple(each for script in scripts for each in script.ran)
    fetched = tuple(each for script in scripts for each in script.fetched)
    if ran or fetched:
        yield CommandFile(path, base, ran, fetched)


# --- shells --------------------------------------------------------------------------------------------


def _script(survey: Survey, path: TreePath, text: str) -> Iterator[CommandFile]:  # noqa: ARG001 - as others
    """Read a script, which may be started in its own directory, or at the top: both are looked at."""
    if not _is_about_terraform(text):
        return
    here = _OWN_DIRECTORY.sub(BASE, text)
    here = re.sub(r"\$\{(?:BASH_SOURCE|0)[^}]*%/\*\}", BASE, here)
    found = list(_file(path, parent(path), [read_script(here, {})]))
    yield from found
    if parent(path) != ".":
        yield from (CommandFile(each.path, ".", each.ran, ()) for each in found)


def _quoted(survey: Survey, path: TreePath, text: str) -> Iterator[CommandFile]:  # noqa: ARG001 - as others
    """Read a file in which commands stand in texts."""
    if _is_about_terraform(text):
        plain = re.sub(r"\\\"|[\"',]", " ", text)
        plain = re.sub(r"(?m)^\s*[\w:.-]+ *: +", "", plain)
        yield from _file(path, parent(path), [read_script(re.sub(r"(?m)^\s*sh\b[ (]*", "", plain), {}, keeps=False)])


def _workflow(survey: Survey, path: TreePath, text: str) -> Iterator[CommandFile]:  # noqa: ARG001 - as others
    if not _is_about_terraform(text):
        return
    before = path.partition(".github/")[0].rstrip("/") if ".github/" in path else parent(path)
    yield from _file(path, before or ".", [read_workflow(text, path)])


def _justfile(survey: Survey, path: TreePath, text: str) -> Iterator[CommandFile]:  # noqa: ARG001 - as others
    """Read recipes: one that begins with `#!` is run by one shell."""
    if not _is_about_terraform(text):
        return
    lines = text.splitlines()
    known = {
        match[1]: (match[2].strip("\"'"),)
        for line in lines
        if (match := re.match(r"(?:export\s+)?([\w-]+)\s*:=\s*([\"'][^\"']*[\"'])\s*$", line))
    }
    scripts = []
    for start, end in _recipes(lines, _RECIPE):
        body = lines[start + 1 : end]
        is_whole = any(line.strip().startswith("#!") for line in body[:1])
        scripts.append(read_script("\n".join(body), known, line=start + 2, keeps=is_whole))
    yield from _file(path, parent(path), scripts)


def _recipes(lines: list[str], header: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield where each recipe begins and ends: its lines are set in."""
    starts = [n for n, line in enumerate(lines) if line and not line[0].isspace() and header.match(line)]
    for start in starts:
        end = start + 1
        while end < len(lines) and (not lines[end].strip() or lines[end][0].isspace()):
            end += 1
        yield start, end


# --- make ----------------------------------------------------------------------------------------------


def _makefile(survey: Survey, path: TreePath, text: str) -> Iterator[CommandFile]:
    """Read a makefile with those that it includes, run where it is: a recipe's line is a shell of its own."""
    parts = list(_included(survey, path, text, parent(path), []))
    if not any(_is_about_terraform(each) for _, each in parts):
        return
    known: dict[str, tuple[str, ...]] = {}
    for _, each in parts:
        _assign(each, known)
    for file, each in parts:
        lines = each.splitlines()
        scripts = []
        for start, end in _recipes(lines, _TARGET):
            body = [line.removeprefix("\t") for line in lines[start + 1 : end]]
            stems = dict(known)
            target = lines[start].partition(":")[0].strip()
            if "%" not in target and " " not in target:
                stems["*"] = (target,)
            scripts.append(read_script("\n".join(body), stems, line=start + 2, keeps=False))
        yield from _file(file, parent(path), scripts)


def _included(
    survey: Survey, path: TreePath, text: str, base: TreePath, seen: list[TreePath]
) -> Iterator[tuple[TreePath, str]]:
    """Yield a makefile and all that it includes: names are relative to where make runs."""
    if path in seen or len(seen) >= MAXIMUM_INCLUDES:
        return
    seen.append(path)
    yield path, text
    for line in text.splitlines():
        match = _INCLUDE.match(line)
        for word in match[1].split() if match is not None else ():
            name = re.sub(r"\$[({](?:CURDIR|PWD)[)}]/", "", word)
            inner = join(base, name)
            if "$" in name or inner.startswith("..") or name.startswith("/"):
                continue
            content = _text(survey, inner)
            if content is not None:
                yield from _included(survey, inner, content, base, seen)


def _assign(text: str, known: dict[str, tuple[str, ...]]) -> None:
    """Note what a makefile sets; what only stands for something that is not given stays open."""
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        match = _ASSIGNMENT.match(line) if line and not line[0].isspace() else None
        if match is None or match[2] == "?=" or match[1] in known or "$(shell" in match[3]:
            continue
        known[match[1]] = (match[3].partition(" #")[0].strip(),)
