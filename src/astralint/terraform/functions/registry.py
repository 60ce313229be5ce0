"""Calling a function by name: what all functions have in common happens here.

An implementation gets arguments that are counted, converted to the declared
types and not null where they may not be; unless it says otherwise, they are known
and without marks, and its result gets the marks and origins of them all.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import NamedTuple

from astralint.terraform.functions.context import FunctionContext
from astralint.terraform.functions.open_collections import PARTLY_KNOWN, open_call
from astralint.terraform.functions.signatures import Signature, signatures
from astralint.terraform.functions.support import FunctionError, depths, is_wholly_known, unknown_of, unmarked
from astralint.terraform.language.language import Language, table, those_who_know
from astralint.terraform.values.convert import convert
from astralint.terraform.values.types import DYNAMIC, AnyType
from astralint.terraform.values.value import NOWHERE, SENSITIVE, EvaluationError, Reason, Unknown, Value, unknown

Run = Callable[[list[Value]], Value]
RunInContext = Callable[[list[Value], FunctionContext], Value]
TypeOf = Callable[[list[Value]], AnyType]

_MODULES = (
    "containers",
    "combinations",
    "conversion",
    "dates",
    "decoding",
    "encoding",
    "filesystem",
    "format_functions",
    "hashing",
    "networks",
    "numeric",
    "patterns",
    "provider",
    "strings",
    "yaml_functions",
)


class Implementation(NamedTuple):
    """How a function is computed, and what it looks after itself.

    `unknowns`: arguments that are unknown. `marks`: marks and origins, altogether.
    `elements`: the elements of arguments come through as they are, so that only the
    outer marks and origins are added to the result. `returns`: its type where the
    signature leaves it open. `typed`: Terraform knows nothing of the result where the
    type of an argument is open.
    """

    run: RunInContext
    unknowns: bool
    marks: bool
    elements: bool
    returns: TypeOf | None
    typed: bool = False


_UNTYPED_NULL = Reason("unsupported", "Terraform itself does not know what a null without a type gives")

_implementations: dict[str, Implementation] = {}


def implements(
    *names: str,
    unknowns: bool = False,
    marks: bool = False,
    elements: bool = False,
    returns: TypeOf | None = None,
    typed: bool = False,
) -> Callable[[Run], Run]:
    """Register the implementation of functions."""

    def register(run: Run) -> Run:
        for name in names:
            _implementations[name] = Implementation(
                lambda values, _: run(values), unknowns, marks, elements, returns, typed
            )
        return run

    return register


def contextual(
    *names: str,
    unknowns: bool = False,
    marks: bool = False,
    elements: bool = False,
    returns: TypeOf | None = None,
    typed: bool = False,
) -> Callable[[RunInContext], RunInContext]:
    """Register the implementation of functions that ask something of the place in which the call stands."""

    def register(run: RunInContext) -> RunInContext:
        for name in names:
            _implementations[name] = Implementation(run, unknowns, marks, elements, returns, typed)
        return run

    return register


@cache
def _load() -> dict[str, Implementation]:
    for module in _MODULES:
        import_module(f"astralint.terraform.functions.{module}")
    return _implementations


def is_function(name: str) -> bool:
    """Return whether Terraform has a function of this name, `core::` and `provider::` namespaces included."""
    return name.removeprefix("core::") in signatures()


def require(name: str, language: Language) -> None:
    """Raise EvaluationError for a function that only other versions have."""
    core = "provider::" if name.startswith("provider::") else name.removeprefix("core::")
    if core in _of_other_versions(language):
        known = those_who_know(table().functions[core])
        message = f'Call to unknown function: "{name[:100]}" needs {known}, and this is evaluated as {language}'
        raise EvaluationError(message, code="unknown-function")


def call(name: str, arguments: Sequence[Value], context: FunctionContext) -> Value:
    """Return what Terraform's function gives for the arguments; raise EvaluationError where Terraform refuses them."""
    core = name.removeprefix("core::")
    signature = signatures().get(core)
    implementation = _load().get(core)
    if signature is None or implementation is None:
        raise _unknown_function(name)
    values = _admit(name, signature, arguments, context.language)
    if core in PARTLY_KNOWN or any(type(v.raw) is Unknown and v.raw.candidates is not None for v in values):
        found = open_call(core, values) if not all(map(is_wholly_known, values)) else None
        if found is not None:
            return found
    try:
        return _run(core, implementation, signature, values, context)
    except FunctionError as error:
        if depths(*values).marks & SENSITIVE:
            # The words of an error may quote the arguments.
            error = FunctionError("it fails for arguments that are sensitive", error.argument, code=error.code)
        raise _reported(name, signature, error) from None


def _run(
    name: str, implementation: Implementation, signature: Signature, values: list[Value], context: FunctionContext
) -> Value:
    if implementation.marks:
        return implementation.run(values, context)
    if implementation.typed and (open_ := _open(name, values, context.language)):
        reasons = depths(*open_).reasons or {_UNTYPED_NULL: None}
        found = depths(*values)
        return unknown(tuple(reasons), origins=found.origins, marks=found.marks)
    if implementation.elements:
        marks, origins = 0, NOWHERE
        for value in values:
            marks |= value.marks
            origins |= value.origins
    else:
        found = depths(*values)
        marks, origins = found.marks, found.origins
        if marks:
            values = [unmarked(value) for value in values]
    if not implementation.unknowns and any(value.is_unknown for value in values):
        type_ = implementation.returns(values) if implementation.returns else signature.returns
        result = unknown_of(type_, values)
    else:
        result = implementation.run(values, context)
    if origins <= result.origins:
        return result.with_marks(marks)
    return Value(result.type, result.raw, result.marks | marks, result.origins | origins)


def _open(name: str, values: list[Value], language: Language) -> list[Value]:
    """Return the arguments whose type is not known, and with it the result."""
    open_ = [value for value in values if value.type == DYNAMIC]
    if open_ and language.has(f"untyped-null-in-{name}"):
        return [value for value in open_ if value.raw is not None]
    return open_


@cache
def _of_other_versions(language: Language) -> frozenset[str]:
    """Return the functions that a language does not have, or not yet."""
    return frozenset(name for name, since in table().functions.items() if not language.knows(since))


def _admit(name: str, signature: Signature, arguments: Sequence[Value], language: Language) -> list[Value]:
    required = len(signature.parameters)
    if len(arguments) < required:
        absent = signature.parameters[len(arguments)].name
        quantity = "at least " if signature.variadic else ""
        raise EvaluationError(
            f'Not enough function arguments: function "{name}" expects {quantity}{required} argument(s). '
            f'Missing value for "{absent}"',
            code="argument-count",
        )
    if signature.variadic is None and len(arguments) > required:
        raise EvaluationError(
            f'Too many function arguments: function "{name}" expects only {required} argument(s)',
            argument=required,
            code="argument-count",
        )
    values = []
    for index, argument in enumerate(arguments):
        parameter = signature.parameter(index)
        value = argument
        if parameter.type is not DYNAMIC and value.type is not parameter.type:
            value = _converted(value, signature, index)
        if value.raw is None and not parameter.nullable and not language.has(f"null-in-{name}.{parameter.name}"):
            raise _invalid(signature, index, "argument must not be null")
        values.append(value)
    return values


def _converted(value: Value, signature: Signature, index: int) -> Value:
    try:
        return convert(value, signature.parameter(index).type)
    except EvaluationError as error:
        raise _invalid(signature, index, error.message, error.code) from None


def _invalid(signature: Signature, index: int, message: str, code: str = "invalid-expression") -> EvaluationError:
    name = signature.parameter(index).name
    return EvaluationError(
        f'Invalid function argument: invalid value for "{name}" parameter: {message}', argument=index, code=code
    )


def _reported(name: str, signature: Signature, error: FunctionError) -> EvaluationError:
    if error.argument is not None:
        return _invalid(signature, error.argument, error.message, error.code)
    return EvaluationError(
        f'Error in function call: call to function "{name}" failed: {error.message}', code=error.code
    )


def _unknown_function(name: str) -> EvaluationError:
    close = difflib.get_close_matches(name[:100], signatures(), n=1, cutoff=0.6)
    hint = f' Did you mean "{close[0]}"?' if close else ""
    message = f'Call to unknown function: there is no function named "{name[:100]}".{hint}'
    return EvaluationError(message, code="unknown-function")
