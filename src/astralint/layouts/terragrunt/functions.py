"""The functions that Terragrunt has beside Terraform's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from astralint.config.paths import UNIT_FILES
from astralint.layouts.terragrunt.merge import deep_merge
from astralint.layouts.terragrunt.places import Places
from astralint.source.tree import TreePath
from astralint.terraform.functions.context import OwnFunction
from astralint.terraform.functions.support import text
from astralint.terraform.values.convert import convert
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.types import DYNAMIC, STRING
from astralint.terraform.values.value import EvaluationError, Value, list_of, unknown

NEED_VARIABLES = ("apply", "console", "destroy", "import", "plan", "push", "refresh")
NEED_INPUT = ("apply", "import", "init", "plan", "refresh")
NEED_LOCKING = ("apply", "destroy", "import", "init", "plan", "refresh", "taint", "untaint")
NEED_PARALLELISM = ("apply", "plan", "destroy")
RETRYABLE = (
    "(?s).*Failed to load state.*tcp.*timeout.*",
    "(?s).*Failed to load backend.*TLS handshake timeout.*",
    "(?s).*Creating metric alarm failed.*request to update this alarm is in progress.*",
    "(?s).*Error installing provider.*TLS handshake timeout.*",
    "(?s).*Error configuring the backend.*TLS handshake timeout.*",
)


class Reading(Protocol):
    """The file whose expressions call a function.

    `unit` is the directory that path functions start at, `original` that of the unit that is read.
    `environment` are the variables that are declared.
    """

    @property
    def places(self) -> Places: ...

    @property
    def unit(self) -> TreePath: ...

    @property
    def original(self) -> TreePath: ...

    @property
    def environment(self) -> Mapping[str, str]: ...

    def include_directory(self, label: str | None) -> TreePath:
        """Return the directory of an included file; the unit's own where nothing is included."""
        ...

    def read_configuration(self, path: TreePath, default: Value | None) -> Value:
        """Evaluate another configuration as its own."""
        ...

    def read_variables(self, path: TreePath) -> Value:
        """Return a variable file as JSON."""
        ...

    def not_known(self, message: str) -> Value:
        """Note that a function's result is not known, and return that."""
        ...


Own = Callable[[Reading, list[Value]], Value]


def _texts(values: list[Value]) -> list[str]:
    """Return arguments as texts; raises EvaluationError for what is none, _NotKnownError for what is unknown."""
    found: list[str] = []
    for number, value in enumerate(values):
        if value.is_unknown:
            raise _NotKnownError(value)
        converted = convert(value, STRING)
        if not isinstance(converted.raw, str):
            raise EvaluationError("a text is needed here", argument=number)
        found.append(converted.raw)
    return found


class _NotKnownError(Exception):
    """An argument is not known."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


def _never_run(name: str) -> Own:
    def own(file: Reading, arguments: list[Value]) -> Value:
        shown = f"`{name}(…)`" if arguments else f"`{name}()`"
        return file.not_known(f"{shown} is never run")

    return own


def _constant(*words: str) -> Own:
    value = list_of(STRING, [text(word) for word in words])
    return lambda _, __: value


def _find_in_parent_folders(file: Reading, arguments: list[Value]) -> Value:
    names = _texts(arguments[:1])
    found = file.places.find_above(file.unit, (names[0],) if names else UNIT_FILES)
    if found is not None:
        return text(file.places.absolute(found))
    if len(arguments) > 1:
        return arguments[1]
    what = f"`{names[0]}`" if names else "`terragrunt.hcl`"
    raise EvaluationError(f"no {what} is found in the directories above `{file.unit}`", code="include-not-found")


def _included(file: Reading, arguments: list[Value]) -> str:
    labels = _texts(arguments[:1])
    return file.include_directory(labels[0] if labels else None)


def _path_relative_to_include(file: Reading, arguments: list[Value]) -> Value:
    return text(file.places.between(file.unit, _included(file, arguments)))


def _path_relative_from_include(file: Reading, arguments: list[Value]) -> Value:
    return text(file.places.between(_included(file, arguments), file.unit))


def _parent_directory(file: Reading, arguments: list[Value]) -> Value:
    return text(file.places.absolute(_included(file, arguments)))


def _directory(file: Reading, _: list[Value]) -> Value:
    return text(file.places.absolute(file.unit))


def _original_directory(file: Reading, _: list[Value]) -> Value:
    return text(file.places.absolute(file.original))


def _repository(file: Reading, _: list[Value]) -> Value:
    return text(file.places.absolute(file.places.repository(file.unit)))


def _path_from_repository(file: Reading, _: list[Value]) -> Value:
    return text(file.places.between(file.unit, file.places.repository(file.unit)))


def _path_to_repository(file: Reading, _: list[Value]) -> Value:
    return text(file.places.between(file.places.repository(file.unit), file.unit))


def _read_configuration(file: Reading, arguments: list[Value]) -> Value:
    path = file.places.path(_texts(arguments[:1])[0], file.unit)
    return file.read_configuration(path, arguments[1] if len(arguments) > 1 else None)


def _read_variables(file: Reading, arguments: list[Value]) -> Value:
    return file.read_variables(file.places.path(_texts(arguments[:1])[0], file.unit))


def _environment(file: Reading, arguments: list[Value]) -> Value:
    name = _texts(arguments[:1])[0]
    declared = file.environment.get(name)
    if declared is not None:
        return text(declared)
    hint = ""
    if len(arguments) > 1 and isinstance(arguments[1].raw, str):
        hint = f', "{arguments[1].raw}"'
    return file.not_known(f'`get_env("{name}"{hint})` is read from the environment of whoever runs Terragrunt')


def _account(file: Reading, _: list[Value]) -> Value:
    return file.not_known("`get_aws_account_id()` asks AWS who runs Terragrunt")


def _mark_as_read(_: Reading, arguments: list[Value]) -> Value:
    return arguments[0]


def _deep(_: Reading, arguments: list[Value]) -> Value:
    merged = arguments[0]
    for value in arguments[1:]:
        merged = deep_merge(merged, value)
    return merged


FUNCTIONS: Mapping[str, tuple[int, int, Own]] = {
    "find_in_parent_folders": (0, 2, _find_in_parent_folders),
    "path_relative_to_include": (0, 1, _path_relative_to_include),
    "path_relative_from_include": (0, 1, _path_relative_from_include),
    "get_parent_terragrunt_dir": (0, 1, _parent_directory),
    "get_terragrunt_dir": (0, 0, _directory),
    "get_original_terragrunt_dir": (0, 0, _original_directory),
    "get_repo_root": (0, 0, _repository),
    "get_path_from_repo_root": (0, 0, _path_from_repository),
    "get_path_to_repo_root": (0, 0, _path_to_repository),
    "get_working_dir": (0, 0, _never_run("get_working_dir")),
    "read_terragrunt_config": (1, 2, _read_configuration),
    "read_tfvars_file": (1, 1, _read_variables),
    "get_env": (1, 2, _environment),
    "get_terraform_command": (0, 0, lambda _, __: text("plan")),
    "get_terraform_cli_args": (0, 0, _constant("plan")),
    "get_terraform_commands_that_need_vars": (0, 0, _constant(*NEED_VARIABLES)),
    "get_terraform_commands_that_need_input": (0, 0, _constant(*NEED_INPUT)),
    "get_terraform_commands_that_need_locking": (0, 0, _constant(*NEED_LOCKING)),
    "get_terraform_commands_that_need_parallelism": (0, 0, _constant(*NEED_PARALLELISM)),
    "get_platform": (0, 0, _never_run("get_platform")),
    "get_terragrunt_source_cli_flag": (0, 0, lambda _, __: text("")),
    "get_default_retryable_errors": (0, 0, _constant(*RETRYABLE)),
    "mark_as_read": (1, 1, _mark_as_read),
    "deep_merge": (1, 100, _deep),
    "run_cmd": (0, 1_000, _never_run("run_cmd")),
    "sops_decrypt_file": (1, 1, _never_run("sops_decrypt_file")),
    "get_aws_account_id": (0, 0, _account),
    "get_aws_account_alias": (0, 0, _never_run("get_aws_account_alias")),
    "get_aws_caller_identity_arn": (0, 0, _never_run("get_aws_caller_identity_arn")),
    "get_aws_caller_identity_user_id": (0, 0, _never_run("get_aws_caller_identity_user_id")),
}
"""By name: the least and the greatest number of arguments, and what is computed."""


def functions_of(file: Reading) -> dict[str, OwnFunction]:
    """Return Terragrunt's functions as a file's expressions call them."""
    return {name: _bound(name, file, *entry) for name, entry in FUNCTIONS.items()}


def _bound(name: str, file: Reading, least: int, most: int, own: Own) -> OwnFunction:
    def run(arguments: list[Value]) -> Value:
        if not least <= len(arguments) <= most:
            raise EvaluationError(f"`{name}` does not take {len(arguments)} arguments")
        try:
            return own(file, arguments)
        except _NotKnownError as error:
            return unknown(merged_reasons(error.value), DYNAMIC, origins=error.value.origins)

    return run
