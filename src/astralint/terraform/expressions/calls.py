"""Function calls, and the forms that look at an expression before it is evaluated: `try` and `can`."""

from __future__ import annotations

from collections.abc import Sequence

from astralint.hcl import syntax
from astralint.terraform import functions
from astralint.terraform.expressions.access import element
from astralint.terraform.expressions.evaluator import Evaluator
from astralint.terraform.expressions.scope import FATAL
from astralint.terraform.expressions.type_expressions import apply_defaults, type_from_expression
from astralint.terraform.values.convert import convert
from astralint.terraform.values.operations import merged_origins, merged_reasons, wholly_known
from astralint.terraform.values.secrets import sensitive_texts
from astralint.terraform.values.types import BOOL, DYNAMIC, ListType, SetType, TupleType
from astralint.terraform.values.value import FALSE, TRUE, EvaluationError, Reason, Unknown, Value, unknown

_FATAL = FATAL | {"outside-boundary"}
"""What `try` and `can` do not hide either: what Terraform would have found there is not known."""


def call(evaluator: Evaluator, node: syntax.Call) -> Value:
    """Evaluate a call; raises EvaluationError at the argument that is at fault."""
    name = node.name.removeprefix("core::")
    own = _provider_type(evaluator, name) if name.startswith("provider::") else None
    try:
        functions.require(name, evaluator.language)
    except EvaluationError as error:
        raise _placed(error, node) from None
    if name in _FORMS:
        return _form(evaluator, node, name)

    failures = evaluator.failures
    if name == "templatestring" and node.arguments and not evaluator.language.has("free-template-string"):
        _check_reference(node.arguments[0])
    arguments = [evaluator.value(argument) for argument in node.arguments]
    if failures != evaluator.failures:
        return unknown(merged_reasons(*arguments), DYNAMIC)
    if node.expand_final and arguments and functions.is_function(node.name):
        last = arguments.pop()
        expanded = _expanded(last, node.arguments[-1])
        if expanded is None:
            # Here, and in what `try` and `can` give, Terraform forgets that something is sensitive.
            return unknown(merged_reasons(last), DYNAMIC, origins=last.origins)
        arguments += expanded
    evaluator.budget.spend(_CALL.get(name, 3) + _work(name, arguments))
    wrapper = evaluator.scope.functions.own.get(node.name)
    called = node.name
    if own is not None:
        called = f"provider::{own}::{name.rpartition('::')[2]}"
        if own != "terraform" and not functions.is_function(called):
            return _of_provider(called, arguments)
    try:
        value = (
            wrapper(arguments) if wrapper is not None else functions.call(called, arguments, evaluator.scope.functions)
        )
    except EvaluationError as error:
        raise _placed(error, node) from error
    if name == "sensitive":
        evaluator.budget.secrets.update(sensitive_texts([value]))
    return value


_CALL = {
    "yamldecode": 40, "yamlencode": 15, "format": 30, "formatlist": 30, "formatdate": 12, "fileset": 30, "templatestring": 25,
    "sensitive": 20, "cidrsubnets": 20, "cidrsubnet": 10, "cidrhost": 10, "distinct": 10, "setproduct": 12, "transpose": 12,
    "jsonencode": 10, "jsondecode": 6, "csvdecode": 10, "pow": 10, "log": 8, "sha512": 8, "bcrypt": 8, "rsadecrypt": 10,
    "timeadd": 8, "flatten": 8, "merge": 8, "chunklist": 8, "range": 8, "zipmap": 6, "sort": 6, "toset": 6, "tomap": 6,
}  # fmt: skip
"""How many steps a call takes, however little it is given, as measured; others take 3."""
_DEAR = {"jsondecode": 1, "yamldecode": -2, "csvdecode": -1, "regexall": 1, "regex": 3, "replace": 2, "split": 2}
"""By how many bits a text's length is shifted to give the steps that a function takes to read it; others take 5."""


_PATTERNS = frozenset({"regex", "regexall", "replace"})


def _work(name: str, arguments: Sequence[Value]) -> int:
    """Return how many steps a function takes: by the size of what it reads."""
    steps = 0
    for argument in arguments:
        raw = argument.raw
        kind = type(raw)
        if kind is str:
            size = len(raw)
            if size > 1000:
                shift = _DEAR.get(name, 5)
                steps += size >> shift if shift >= 0 else size << -shift
        elif kind is tuple or kind is dict:
            steps += len(raw) >> 2
    if name in _PATTERNS:
        from astralint.terraform.functions.patterns import pattern_work

        steps += pattern_work(name, arguments)
    return steps


def _provider_type(evaluator: Evaluator, name: str) -> str | None:
    """Return the type of the provider whose function it is; None where the module declares no such provider."""
    parts = name.split("::")
    return evaluator.scope.provider_type(parts[1]) if len(parts) == 3 else None


def _of_provider(name: str, arguments: list[Value]) -> Value:
    """Return what can be said of a function that only its provider can run."""
    reason = Reason("provider-function", f"`{name[:100]}` is a function of its provider, which is not run")
    marks = 0
    for argument in arguments:
        marks |= argument.marks
    return unknown(reason, DYNAMIC, origins=merged_origins(arguments), marks=marks)


def _check_reference(node: syntax.Expression) -> None:
    """Raise where the template that `templatestring` renders is not simply a reference."""
    current = node
    while isinstance(current, syntax.GetAttr | syntax.Index):
        current = current.target
    if not isinstance(current, syntax.Variable):
        message = (
            'Invalid function argument: invalid value for "template" parameter: invalid template expression: must be '
            "a direct reference to a single string from elsewhere, containing valid Terraform template syntax"
        )
        raise EvaluationError(message, node.start, node.end)


def _expanded(last: Value, node: syntax.Node) -> list[Value] | None:
    """Return the elements of the argument before `...`; None where they are unknown."""
    problem = ""
    if last.raw is None:
        problem = "must not be null"
    elif last.type != DYNAMIC and not isinstance(last.type, ListType | SetType | TupleType):
        problem = "must be of a tuple, list, or set type"
    elif isinstance(last.raw, Unknown):
        return None
    if problem:
        message = f"Invalid expanding argument value: the expanding argument (indicated by ...) {problem}"
        raise EvaluationError(message, node.start, node.end)
    if not last.origins and not last.marks:
        return list(last.raw)
    return [element(last, item) for item in last.raw]


def _placed(error: EvaluationError, node: syntax.Call) -> EvaluationError:
    start, end = node.start, node.end
    if error.argument is not None and node.arguments:
        at_fault = node.arguments[min(error.argument, len(node.arguments) - 1)]
        start, end = at_fault.start, at_fault.end
    elif error.code == "unknown-function":
        end = node.name_end
    return EvaluationError(error.message, start, end, code=error.code)


# --- try and can -----------------------------------------------------------------------------


def _form(evaluator: Evaluator, node: syntax.Call, name: str) -> Value:
    """Evaluate `try` or `can`; what `...` expands are arguments like all others, only that they are there already."""
    if not node.expand_final:
        return _FORMS[name](evaluator, node)
    final = node.arguments[-1]
    last = evaluator.value(final)
    expanded = _expanded(last, final)
    if expanded is None:
        return unknown(merged_reasons(last), DYNAMIC, origins=last.origins)
    # No name in the code begins with a dot.
    names = {f".{position}": item for position, item in enumerate(expanded)}
    arguments = [syntax.Variable(final.start, final.end, name) for name in names]
    outer = evaluator.names
    evaluator.names = {**outer, **names}
    call = syntax.Call(
        node.start,
        node.end,
        node.name,
        (*node.arguments[:-1], *arguments),
        expand_final=False,
        name_end=node.name_end,
    )
    value = _FORMS[name](evaluator, call)
    evaluator.names = outer
    return value


def _try(evaluator: Evaluator, node: syntax.Call) -> Value:
    if not node.arguments:
        raise EvaluationError(
            'Error in function call: call to function "try" failed: at least one argument is required',
            node.start,
            node.end,
        )
    failure = ""
    for argument in node.arguments:
        outcome = _tried(evaluator, argument)
        if isinstance(outcome, EvaluationError):
            failure = failure or outcome.message
            continue
        value, open_inputs, doubts = outcome
        if doubts:
            return unknown(doubts, DYNAMIC, origins=value.origins)
        if not wholly_known(value) and not _is_settled(argument, value, open_inputs):
            reasons = merged_reasons(value)
            return unknown(reasons, DYNAMIC, origins=value.origins)
        return value
    message = (
        'Error in function call: call to function "try" failed: no expression succeeded; '
        f"the first one failed: {failure}"
    )
    raise EvaluationError(message, node.start, node.end)


def _can(evaluator: Evaluator, node: syntax.Call) -> Value:
    if len(node.arguments) != 1:
        message = (
            'Too many function arguments: function "can" expects only 1 argument(s)'
            if node.arguments
            else 'Not enough function arguments: function "can" expects 1 argument(s). Missing value for "expression"'
        )
        raise EvaluationError(message, node.start, node.end)
    outcome = _tried(evaluator, node.arguments[0])
    if isinstance(outcome, EvaluationError):
        return FALSE
    value, open_inputs, doubts = outcome
    if doubts:
        return unknown(doubts, BOOL, not_null=True, origins=value.origins)
    if not wholly_known(value) and not _is_settled(node.arguments[0], value, open_inputs):
        reasons = merged_reasons(value)
        return unknown(reasons, BOOL, not_null=True, origins=value.origins)
    return TRUE


def _tried(
    evaluator: Evaluator, argument: syntax.Expression
) -> tuple[Value, list[Value], tuple[Reason, ...]] | EvaluationError:
    """Evaluate an argument; return its value, what it refers to that is not wholly known, and why it may yet fail."""
    saved = evaluator.names, evaluator.item, evaluator.depth
    outer, lenient = evaluator.watched, evaluator.lenient
    evaluator.lenient = False
    watched: list[Value] = []
    doubts: list[Reason] = []
    outer_doubts, evaluator.doubts = evaluator.doubts, doubts
    evaluator.watched = watched
    try:
        value = evaluator.value(argument)
    except EvaluationError as error:
        if error.code in _FATAL:
            raise
        evaluator.names, evaluator.item, evaluator.depth = saved
        return error
    finally:
        evaluator.watched, evaluator.lenient, evaluator.doubts = outer, lenient, outer_doubts
        if outer is not None:
            outer.extend(watched)
    return value, [item for item in watched if not wholly_known(item)], tuple(dict.fromkeys(doubts))[:8]


def _is_settled(argument: syntax.Expression, value: Value, open_inputs: list[Value]) -> bool:
    """Say whether evaluation will succeed as it did now once all unknowns are known.

    A reference to what exists does; text does where all in it will be text. Whatever
    else uses an unknown value may yet fail with the one that it turns out to be.
    """
    if not _cannot_fail(argument):
        return False
    if isinstance(value.raw, Unknown) and value.raw.text is None:
        return False
    if isinstance(argument, syntax.GetAttr | syntax.Index | syntax.Variable):
        return True
    return all(
        item.raw.not_null and item.raw.text is not None if isinstance(item.raw, Unknown) else True
        for item in open_inputs
    )


def _cannot_fail(node: syntax.Expression | syntax.TemplatePart) -> bool:
    """Say whether an expression only refers to values, or puts them into a text, tuple or object."""
    if isinstance(node, syntax.Literal | syntax.Number | syntax.Variable):
        return True
    if isinstance(node, syntax.GetAttr):
        return _cannot_fail(node.target)
    if isinstance(node, syntax.Index):
        return isinstance(node.key, syntax.Literal | syntax.Number) and _cannot_fail(node.target)
    if isinstance(node, syntax.Parentheses | syntax.Interpolation):
        return _cannot_fail(node.expression)
    if isinstance(node, syntax.Template):
        return all(_cannot_fail(part) for part in node.parts)
    if isinstance(node, syntax.TupleExpression):
        return all(_cannot_fail(item) for item in node.items)
    if isinstance(node, syntax.ObjectExpression):
        return all(isinstance(item.key, syntax.Literal) and _cannot_fail(item.value) for item in node.items)
    return False


def _convert(evaluator: Evaluator, node: syntax.Call) -> Value:
    if len(node.arguments) != 2:
        problem = "Not enough" if len(node.arguments) < 2 else "Too many"
        message = f'{problem} function arguments: function "convert" expects 2 argument(s)'
        raise EvaluationError(message, node.start, node.end, code="argument-count")
    value = evaluator.value(node.arguments[0])
    type_, defaults = type_from_expression(node.arguments[1], evaluator.value)
    try:
        converted = convert(value, type_)
        if defaults is None or converted.raw is None:
            return converted
        return convert(apply_defaults(converted, defaults), type_)
    except EvaluationError as error:
        at_fault = node.arguments[0]
        message = f'Invalid function argument: invalid value for "value" parameter: {error.message}'
        raise EvaluationError(message, at_fault.start, at_fault.end, code=error.code) from None


_FORMS = {"try": _try, "can": _can, "convert": _convert}
