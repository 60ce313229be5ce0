"""From the blocks and attributes of one file to what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

from astralint.hcl.syntax import Attribute, Block, Body, Expression, Literal, ObjectExpression, Template
from astralint.layouts.terragrunt.model import (
    Config,
    Dependency,
    Exclusion,
    ExtraArguments,
    Generated,
    Given,
    RemoteState,
)
from astralint.layouts.terragrunt.places import Places
from astralint.layouts.terragrunt.reader import Reader
from astralint.source.span import Span
from astralint.source.tree import TreePath, parent
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import EvaluationError, Value, null, object_of, string, tuple_of

STRATEGIES = frozenset({"no_merge", "shallow", "deep"})
DIRECTORY_SUFFIX = ".hcl"


class Evaluating(Protocol):
    """The file whose blocks are read."""

    @property
    def source(self) -> SourceFile: ...

    @property
    def places(self) -> Places: ...

    @property
    def reader(self) -> Reader: ...

    @property
    def unit(self) -> TreePath: ...

    def value(self, attribute: Attribute) -> Value:
        """Evaluate an attribute."""
        ...

    def value_of(self, expression: Expression) -> Value:
        """Evaluate an expression."""
        ...

    def span(self, attribute: Attribute) -> Span:
        """Return the place of an attribute's value."""
        ...


def locals_of(source: SourceFile) -> dict[str, Attribute]:
    """Return the local values that a file declares."""
    return {
        attribute.name: attribute
        for block in source.file.body.blocks
        if block.type == "locals"
        for attribute in block.body.attributes
    }


def include_of(file: Evaluating, block: Block) -> tuple[TreePath | None, str]:
    """Return the file that an `include` names, None where that is not known, and how it is merged."""
    arguments = Arguments(file, block.body)
    given = arguments.get("path")
    strategy = arguments.text("merge_strategy", "shallow")
    if strategy not in STRATEGIES:
        file.reader.problem("invalid-terragrunt", f"there is no merge strategy `{strategy}`", file.source.header(block))
        strategy = "shallow"
    if given is None or not isinstance(given.raw, str):
        return None, strategy
    try:
        return file.places.path(given.raw, file.unit), strategy
    except EvaluationError as error:
        file.reader.problem(error.code, error.message, file.source.header(block))
        return None, strategy


class Arguments:
    """The attributes of a body, evaluated when they are asked for."""

    def __init__(self, file: Evaluating, body: Body) -> None:
        self._file = file
        self._attributes = {attribute.name: attribute for attribute in body.attributes}

    def get(self, name: str) -> Value | None:
        """Return an attribute's value; None where it is not there."""
        attribute = self._attributes.get(name)
        return self._file.value(attribute) if attribute is not None else None

    def given(self, name: str) -> Given | None:
        """Return an attribute's value with its place."""
        attribute = self._attributes.get(name)
        return Given(self._file.value(attribute), self._file.span(attribute)) if attribute is not None else None

    def text(self, name: str, default: str) -> str:
        """Return a text, or what stands for one that is not there or not known."""
        value = self.get(name)
        return value.raw if value is not None and isinstance(value.raw, str) else default

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a bool, or what stands for one that is not there or not known."""
        value = self.get(name)
        if value is None:
            return default
        return value.raw in (True, "true") if isinstance(value.raw, bool | str) else default


def config_of(file: Evaluating, config: Config, *, only: Collection[str]) -> None:
    """Add to a configuration what a file's blocks of these types say; without types all but dependencies and features."""
    for block in file.source.file.body.blocks:
        if only:
            if block.type in only:
                _EARLY[block.type](file, config, block)
        elif block.type in _LATE:
            _LATE[block.type](file, config, block)
    if only:
        return
    for attribute in file.source.file.body.attributes:
        _attribute(file, config, attribute)


def _attribute(file: Evaluating, config: Config, attribute: Attribute) -> None:
    name = attribute.name
    if name == "inputs":
        _inputs(file, config, attribute)
    elif name == "iam_role":
        config.iam_role = Given(file.value(attribute), file.span(attribute))
    elif name == "skip":
        every = tuple_of([string("all")])
        config.exclusion = config.exclusion or Exclusion(file.value(attribute), every, file.span(attribute))
    elif name == "generate":
        value = file.value(attribute)
        if isinstance(value.raw, dict):
            for label, each in value.raw.items():
                if isinstance(each.raw, dict):
                    config.generated[label] = generated_of(each.raw, file.span(attribute), None)
    elif name == "remote_state":
        value = file.value(attribute)
        if isinstance(value.raw, dict):
            raw = value.raw
            made = raw.get("generate")
            config.remote_state = RemoteState(
                raw.get("backend", null(STRING)), raw.get("config", null()), file.span(attribute), made
            )


def _inputs(file: Evaluating, config: Config, attribute: Attribute) -> None:
    expression = attribute.expression
    if isinstance(expression, ObjectExpression) and all(isinstance(item.key, Literal) for item in expression.items):
        for item in expression.items:
            assert isinstance(item.key, Literal)
            config.inputs[str(item.key.value)] = Given(file.value_of(item.value), file.source.span_of(item))
        return
    value = file.value(attribute)
    span = file.span(attribute)
    if isinstance(value.raw, dict):
        config.inputs.update({name: Given(each, span) for name, each in value.raw.items()})
    elif value.is_unknown:
        config.whole_inputs = Given(value, span)


# --- blocks ------------------------------------------------------------------------------------


def _feature(file: Evaluating, config: Config, block: Block) -> None:
    default = Arguments(file, block.body).given("default")
    if block.labels and default is not None:
        config.features[block.labels[0]] = default


def _dependency(file: Evaluating, config: Config, block: Block) -> None:
    if not block.labels:
        return
    arguments = Arguments(file, block.body)
    span = file.source.header(block)
    given = arguments.get("config_path") or null(STRING)
    path = None
    if isinstance(given.raw, str):
        try:
            path = file.places.path(given.raw, file.unit)
        except EvaluationError as error:
            file.reader.problem(error.code, error.message, span)
        if path is not None and path.endswith(DIRECTORY_SUFFIX):
            path = parent(path)
    strategy = arguments.text("mock_outputs_merge_strategy_with_state", "no_merge")
    if arguments.flag("mock_outputs_merge_with_state", default=False):
        strategy = "shallow"
    config.dependencies[block.labels[0]] = Dependency(
        block.labels[0],
        given,
        path,
        span,
        arguments.flag("enabled", default=True),
        arguments.flag("skip_outputs", default=False),
        arguments.get("mock_outputs"),
        strategy,
    )


def _dependencies(file: Evaluating, config: Config, block: Block) -> None:
    paths = Arguments(file, block.body).given("paths")
    if paths is not None and isinstance(paths.value.raw, tuple):
        config.order += [Given(item, paths.span) for item in paths.value.raw]


def _terraform(file: Evaluating, config: Config, block: Block) -> None:
    config.has_terraform = True
    config.source = Arguments(file, block.body).given("source")
    for inner in block.body.blocks:
        label = inner.labels[0] if inner.labels else ""
        arguments = Arguments(file, inner.body)
        span = file.source.header(inner)
        if inner.type == "extra_arguments":
            config.arguments[label] = ExtraArguments(
                label,
                span,
                arguments.get("commands") or tuple_of([]),
                arguments.get("arguments"),
                arguments.get("required_var_files"),
                arguments.get("optional_var_files"),
                arguments.get("env_vars"),
            )
        elif inner.type in ("before_hook", "after_hook"):
            config.hooks[label] = Given(arguments.get("execute") or tuple_of([]), span)


def _remote_state(file: Evaluating, config: Config, block: Block) -> None:
    arguments = Arguments(file, block.body)
    made = arguments.get("generate")
    for inner in block.body.blocks:
        if inner.type == "generate":
            made = object_of({attribute.name: file.value(attribute) for attribute in inner.body.attributes})
    config.remote_state = RemoteState(
        arguments.get("backend") or null(STRING),
        arguments.get("config") or null(),
        file.source.header(block),
        made,
    )


def _generate(file: Evaluating, config: Config, block: Block) -> None:
    if not block.labels:
        return
    label = block.labels[0]
    arguments = Arguments(file, block.body)
    names = ("path", "if_exists", "contents", "disable", "disable_signature")
    raw = {name: value for name in names if (value := arguments.get(name)) is not None}
    if label in config.generated:
        message = f"there is a `generate` block `{label}` already"
        file.reader.problem("invalid-terragrunt", message, file.source.header(block))
    contents = next((a for a in block.body.attributes if a.name == "contents"), None)
    span = file.span(contents) if contents is not None else file.source.header(block)
    offset = _heredoc(file, contents.expression) if contents is not None else None
    config.generated[label] = generated_of(raw, span, offset)


def _heredoc(file: Evaluating, expression: Expression) -> int | None:
    """Return where the text of a heredoc begins; None for any other expression: no other text has several lines."""
    if not isinstance(expression, Template | Literal):
        return None
    span = file.source.span_of(expression)
    starts = file.source.file.line_starts
    return starts[span.line] if span.end_line > span.line and span.line < len(starts) else None


def generated_of(raw: dict[str, Value], span: Span, offset: int | None) -> Generated:
    """Return what a `generate` block, or an object of its shape, says."""
    disabled = raw.get("disable")
    return Generated(
        raw.get("path", null(STRING)),
        raw.get("if_exists", string("error")),
        raw.get("contents", null(STRING)),
        span,
        disabled is not None and disabled.raw is True,
        offset=offset,
    )


def _exclude(file: Evaluating, config: Config, block: Block) -> None:
    arguments = Arguments(file, block.body)
    condition, actions = arguments.get("if"), arguments.get("actions")
    if condition is not None:
        config.exclusion = Exclusion(condition, actions or tuple_of([]), file.source.header(block))


_EARLY = {"feature": _feature, "dependency": _dependency}
_LATE = {
    "dependencies": _dependencies,
    "terraform": _terraform,
    "remote_state": _remote_state,
    "generate": _generate,
    "exclude": _exclude,
}


# --- as a value ------------------------------------------------------------------------------------


def config_value(config: Config) -> Value:
    """Return a configuration as expressions of others see it."""
    return object_of(dict(_parts(config)))


def _parts(config: Config) -> Iterator[tuple[str, Value]]:
    yield "locals", object_of(config.locals)
    if config.whole_inputs is not None and not config.inputs:
        yield "inputs", config.whole_inputs.value
    else:
        yield "inputs", object_of({name: given.value for name, given in config.inputs.items()})
    if config.source is not None:
        yield "terraform", object_of({"source": config.source.value})
    if config.remote_state is not None:
        state = config.remote_state
        parts = {"backend": state.backend, "config": state.config}
        yield "remote_state", object_of({**parts, **({"generate": state.generated} if state.generated else {})})
    yield (
        "generate",
        object_of(
            {
                label: object_of({"path": each.path, "if_exists": each.if_exists, "contents": each.contents})
                for label, each in config.generated.items()
            }
        ),
    )
    if config.iam_role is not None:
        yield "iam_role", config.iam_role.value
    yield "feature", object_of({name: object_of({"value": given.value}) for name, given in config.features.items()})
