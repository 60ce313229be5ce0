"""Commands of a shell, told apart: which of them run Terraform, where, and with what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from astralint.layouts.commands.pattern import Assignments, expanded, hole

PROGRAMS = frozenset({"terraform", "tofu", "tflocal", "opentofu"})
_CALLED = re.compile(r"\x00(?:[\w.-]*_)?(?:terraform|tofu|tf)(?:_(?:bin|cmd|binary|command|exec))?\x00", re.IGNORECASE)
"""A variable that holds the program."""
SPEAKERS = frozenset(
    {"echo", "printf", "grep", "which", "command", "type", "brew", "alias", "info", "warning", "cat", "#"}
)
"""Programs that only speak of others."""
FETCHERS = frozenset({"aws", "sops", "gsutil", "vault", "curl", "wget", "op"})
"""Programs that bring files from elsewhere."""
SUBCOMMANDS = frozenset(
    {"init", "plan", "apply", "destroy", "refresh", "import", "workspace", "validate", "console", "test"}
)
VARIABLE_FILES = (".tfvars", ".tfvars.json")
MAXIMUM_PREFIX = 24
MAXIMUM_LINE = 10_000
_SEPARATOR = re.compile(r"&&|\|\||[;|\n()]|\b(?:then|do|else)\b(?!=)")
_TOGETHER = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|\$\$?\([^()]*\)|\$\{[^{}]*\}|\{\{[^{}]*\}\}""")
"""What no separator is looked for in."""
_ASSIGNMENT = re.compile(r"(?:export\s+|local\s+|readonly\s+|declare\s+)?([A-Za-z_]\w*)=(?!=)(.*)", re.DOTALL)
_LOOP = re.compile(r"for\s+(\w+)\s+in\s+([^;\n]+)")
_WORD = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+""")


@dataclass(slots=True)
class Ran:
    """One call of Terraform. All texts may have holes; `line` counts from the first of the text."""

    line: int
    directory: str
    subcommand: str
    variable_files: list[str] = field(default_factory=list)
    backend_files: list[str] = field(default_factory=list)
    backend_settings: dict[str, str] = field(default_factory=dict)
    workspace: str = ""
    profile: str = ""


@dataclass(slots=True)
class Script:
    """What a text of commands says."""

    ran: list[Ran]
    fetched: list[tuple[int, str]]
    """Variable files that a command brings from elsewhere, with its line."""


def read_script(
    text: str, assignments: Assignments, *, directory: str = "", line: int = 1, keeps: bool = True
) -> Script:
    """Return what the commands of a text do; `keeps` where one shell runs all lines, so that `cd` lasts."""
    known = dict(assignments)
    script = Script([], [])
    state = _State(directory)
    for number, whole in _logical_lines(text):
        if not keeps:
            state = _State(directory)
        loop = _LOOP.search(whole)
        if loop is not None and "$" not in loop[2] and "*" not in loop[2]:
            known[loop[1]] = tuple(word.strip("\"'") for word in loop[2].split()[:32])
        for command in _simple(whole):
            assigned = _ASSIGNMENT.fullmatch(command.strip())
            if assigned is not None and len(words_of(assigned[2])) < 2:
                _assign(known, assigned[1], assigned[2])
                continue
            for each in expanded(command, known):
                _command(each, state, script, line + number)
    return script


@dataclass(slots=True)
class _State:
    directory: str
    workspace: str = ""
    before: list[str] = field(default_factory=list)


def _assign(known: dict[str, tuple[str, ...]], name: str, text: str) -> None:
    value = text.strip().strip("\"'")
    if re.search(r"\$[0-9@*#]|\$\(|`|\$\{[0-9]", value) and "git rev-parse" not in value:
        known.setdefault(name, (hole(name),))
    else:
        others = known.get(name, ())
        # The same variable in several branches: each is possible.
        known[name] = tuple(dict.fromkeys((*(o for o in others if o != hole(name)), value)))[:32]


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    number, held, first = 0, "", 0
    for number, raw in enumerate(text.splitlines()):
        stripped = raw.strip()
        if not held:
            first = number
        if stripped.endswith("\\"):
            held += stripped[:-1] + " "
            continue
        whole, held = held + stripped, ""
        if whole and not whole.startswith("#") and len(whole) <= MAXIMUM_LINE:
            yield first, whole
    if held.strip() and len(held) <= MAXIMUM_LINE:
        yield first, held


def _simple(line: str) -> Iterator[str]:
    """Yield the simple commands of a line; what stands between quotes is left together."""
    quoted = line
    for _ in range(3):
        quoted = _TOGETHER.sub(lambda match: "\x03" * len(match[0]), quoted)
    start = 0
    for match in _SEPARATOR.finditer(quoted):
        yield line[start : match.start()]
        start = match.end()
    yield line[start:]


def words_of(command: str) -> list[str]:
    """Return the words of a command, without their quotes."""
    return [re.sub(r"""["']""", "", word).replace("\\", "") for word in _WORD.findall(command)]


def _command(command: str, state: _State, script: Script, line: int) -> None:
    words = words_of(command.strip().lstrip("@-+! "))
    while words and words[0] in ("if", "while", "until", "time", "!"):
        words = words[1:]
    if not words or words[0].startswith("#"):
        return
    if words[0] in ("cd", "pushd"):
        if words[0] == "pushd":
            state.before.append(state.directory)
        state.directory = _below(state.directory, words[1] if len(words) > 1 else "")
        return
    if words[0] == "popd":
        state.directory = state.before.pop() if state.before else state.directory
        return
    position = next((i for i, word in enumerate(words[:MAXIMUM_PREFIX]) if _is_program(word, i)), None)
    if position is None and FETCHERS & set(words) and "put-object" not in words and words[-1].endswith(VARIABLE_FILES):
        script.fetched.append((line, words[-1]))
    if position is None or SPEAKERS & set(words[:position]):
        return
    ran = _ran(words[position + 1 :], state, line)
    if ran is not None:
        prefix = dict(word.split("=", 1) for word in words[:position] if "=" in word and not word.startswith("-"))
        after = words.index("exec") + 1 if "exec" in words[:position] else 0
        ran.profile = prefix.get("AWS_PROFILE", "") or (words[after] if "aws-vault" in words[:position] else "")
        ran.workspace = prefix.get("TF_WORKSPACE", "") or ran.workspace
        script.ran.append(ran)


def _is_program(word: str, position: int) -> bool:
    return word.rpartition("/")[2] in PROGRAMS or (position < 3 and _CALLED.fullmatch(word) is not None)


def _below(directory: str, text: str) -> str:
    if not directory or text[:1] in ("/", "~", "\x01", "\x02"):
        return text
    return f"{directory}/{text}" if text else directory


def _ran(words: list[str], state: _State, line: int) -> Ran | None:
    """Return what a call of Terraform says; None for one that runs no root. Each word is after the program's name."""
    ran = Ran(line, state.directory, "", workspace=state.workspace)
    position = 0
    rest: list[str] = []
    while position < len(words):
        word = words[position]
        position += 1
        if not word.startswith("-"):
            rest.append(word)
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if name in ("chdir", "var-file", "backend-config", "var") and not equals and position < len(words):
            value = words[position]
            position += 1
        if name == "chdir":
            ran.directory = _below(state.directory, value)
        elif name == "var-file":
            ran.variable_files.append(value)
        elif name == "backend-config":
            key, sign, setting = value.partition("=")
            if sign and "/" not in key:
                ran.backend_settings[key] = setting
            else:
                ran.backend_files.append(value)
    ran.subcommand = next((word for word in rest if word in SUBCOMMANDS), "")
    if ran.subcommand == "workspace":
        chosen = rest[rest.index("workspace") + 1 :]
        if len(chosen) > 1 and chosen[0] in ("select", "new"):
            state.workspace = chosen[1]
        elif len(chosen) > 2 and chosen[0] == "select":
            state.workspace = chosen[-1]
        return None
    return ran if ran.subcommand else None
