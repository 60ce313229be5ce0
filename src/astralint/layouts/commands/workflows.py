"""Workflows in YAML: the texts of commands in them, with the variables and the directory that count there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

import msgspec

from astralint.layouts.atmos.node import Mapping, Node, Scalar, Sequence
from astralint.layouts.atmos.reading import ManifestError, read_yaml
from astralint.layouts.commands.pattern import expanded
from astralint.layouts.commands.shell import Ran, Script, read_script
from astralint.source.tree import TreePath

COMMAND_KEYS = frozenset(
    {
        "run",
        "script",
        "before_script",
        "after_script",
        "commands",
        "command",
        "cmd",
        "cmds",
        "bash",
        "inlineScript",
        "sh",
    }
)
DIRECTORY_KEYS = ("working-directory", "workingDirectory", "working_directory", "dir")
VARIABLE_KEYS = ("env", "variables", "vars")
MAXIMUM_RUNS = 200
MAXIMUM_COMBINATIONS = 64
_ACTION = re.compile(r"dflook/(?:terraform|tofu)-(\w+)@")


class _Scope(msgspec.Struct, frozen=True):
    """What counts at a place of a workflow."""

    known: dict[str, tuple[str, ...]] = {}
    directory: str = ""


def read_workflow(text: str, path: TreePath) -> Script:
    """Return what the commands of a workflow do; nothing where it is no YAML."""
    script = Script([], [])
    try:
        document = read_yaml(text, path)
    except ManifestError:
        return script
    if not isinstance(document, Mapping):
        return script
    known = dict(_options(document))
    _read(document, _Scope(known), script)
    return script


def _options(document: Mapping) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what whoever starts the workflow may choose from."""
    for event in ("workflow_dispatch", "workflow_call"):
        inputs = document.mapping("on", event, "inputs")
        for name in inputs.items:
            options = tuple(inputs.texts(name, "options"))
            if options:
                yield f"inputs.{name}", options
                yield f"github.event.inputs.{name}", options


def _read(node: Node, scope: _Scope, script: Script) -> None:
    if len(script.ran) > MAXIMUM_RUNS:
        return
    if isinstance(node, Sequence):
        for item in node.items:
            _read(item, scope, script)
        return
    if not isinstance(node, Mapping):
        return
    for each in _matrix(node, _inner(node, scope)):
        _action(node, each, script)
        for key, value in node.items.items():
            if key in COMMAND_KEYS and isinstance(value, Scalar | Sequence):
                _commands(value, each, script)
            elif key not in VARIABLE_KEYS:
                _read(value, each, script)


def _inner(node: Mapping, scope: _Scope) -> _Scope:
    known = dict(scope.known)
    for key in VARIABLE_KEYS:
        for name, value in node.mapping(key).items.items():
            text = _text(value)
            if text is not None:
                known[name] = (text,)
                known[f"env.{name}"] = (text,)
    directory = scope.directory
    for key in DIRECTORY_KEYS:
        directory = node.text(key) or node.text("defaults", "run", key) or directory
    return _Scope(known, directory)


def _matrix(node: Mapping, scope: _Scope) -> Iterator[_Scope]:
    """Yield what counts in each run of a job."""
    matrix = node.mapping("strategy", "matrix")
    include = matrix.get("include")
    lists = {
        name: [text for item in value.items if (text := _text(item)) is not None]
        for name, value in matrix.items.items()
        if isinstance(value, Sequence) and name not in ("include", "exclude")
    }
    runs: list[dict[str, str]] = []
    if any(lists.values()):
        names = [name for name, values in lists.items() if values]
        runs += [dict(zip(names, values, strict=True)) for values in product(*(lists[name] for name in names))]
    for item in include.items if isinstance(include, Sequence) else ():
        own = (
            {name: text for name, value in item.items.items() if (text := _text(value)) is not None}
            if isinstance(item, Mapping)
            else {}
        )
        fitting = [run for run in runs if lists and all(run.get(name, text) == text for name, text in own.items())]
        shared = own.keys() & lists.keys()
        if fitting and shared:
            for run in fitting:
                run.update(own)
        else:
            runs.append(own)
    if not runs:
        yield scope
    for run in islice(runs, MAXIMUM_COMBINATIONS):
        yield _Scope({**scope.known, **{f"matrix.{name}": (text,) for name, text in run.items()}}, scope.directory)


def _commands(value: Scalar | Sequence, scope: _Scope, script: Script) -> None:
    items = value.items if isinstance(value, Sequence) else (value,)
    texts: list[str] = []
    for item in items:
        text = _text(item)
        if text is not None:
            texts.append(text)
        elif isinstance(item, Mapping):
            _read(item, scope, script)
    for directory in expanded(scope.directory, scope.known) if texts else ():
        found = read_script("\n".join(texts), scope.known, directory=directory, line=value.span.line)
        script.ran += found.ran
        script.fetched += found.fetched


def _action(node: Mapping, scope: _Scope, script: Script) -> None:
    """Note what an action that runs Terraform is given."""
    match = _ACTION.match(node.text("uses"))
    if match is None or match[1] not in ("plan", "apply", "init", "destroy"):
        return

    def texts(name: str) -> list[str]:
        return [
            each
            for line in node.text("with", name).split("\n")
            if line.strip()
            for each in expanded(line.strip(), scope.known)
        ]

    for directory in texts("path") or [""]:
        ran = Ran(node.span.line, directory, match[1], texts("var_file"), texts("backend_config_file"))
        ran.workspace = next(iter(texts("workspace")), "")
        script.ran.append(ran)


def _text(node: Node) -> str | None:
    if not isinstance(node, Scalar):
        return None
    raw = node.value.raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return raw if isinstance(raw, str) else (str(raw) if raw is not None else None)
