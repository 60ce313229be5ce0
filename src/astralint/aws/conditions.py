"""Conditions of statements, judged over a context that is known in part.

Sources: AWS's IAM User Guide, "IAM JSON policy elements: Condition operators" (absent keys, IfExists, Null)
and "Set operators for multivalued context keys".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.aws.context import ABSENT, Absent, Context, Known, Unknown
from astralint.aws.kleene import Truth, all_of, any_of, negate
from astralint.aws.operators import LITERAL, NEGATED, WITH_VARIABLES, WITH_WILDCARDS, compare, is_comparable, is_valid
from astralint.aws.outcome import NO, YES, Outcome, Remaining, both, condition_text
from astralint.aws.session_keys import is_plain_key
from astralint.aws.text import Text, is_partial, known
from astralint.aws.variables import expanded, has_variables
from astralint.aws.wildcard import Token, has_wildcards, literal_tokens, pattern_tokens

if TYPE_CHECKING:
    from astralint.aws.policy import Condition


def judge_all(conditions: tuple[Condition, ...], context: Context, *, variables: bool = True) -> Outcome:
    """Return whether all conditions of a statement hold."""
    return both(judge(condition, context, variables=variables) for condition in conditions)


def judge(condition: Condition, context: Context, *, variables: bool = True) -> Outcome:
    """Return whether a condition holds, and if that is not known, the condition as what remains."""
    truth = evaluate(condition, context, variables=variables)
    if truth is None:
        return Outcome(None, Remaining(condition_text(condition), condition))
    return YES if truth else NO


def evaluate(condition: Condition, context: Context, *, variables: bool = True) -> Truth:
    """Return whether a condition holds. `variables` says whether `${…}` in it is replaced."""
    if condition.unknown or not condition.operator:
        return None
    state = context.get(condition.key)
    if isinstance(state, Known) and not state.values and condition.quantifier is None:
        state = ABSENT
    if condition.operator == "Null":
        return _null(condition, state)
    negated = condition.operator in NEGATED
    base = NEGATED.get(condition.operator, condition.operator)
    if isinstance(state, Unknown):
        return _of_unknown(condition, base, state)
    if isinstance(state, Absent):
        return _absent(condition, negated)
    if any(_ill_formed(condition, entry.text, variables) for entry in condition.values):
        return None
    is_plain = any(is_partial(value) for value in state.values) and is_plain_key(condition.key)
    wanted = _wanted(condition, context, variables, is_plain)
    if wanted is None:
        # A negated operator does not hold either where a variable has no value.
        return False
    fits = [any_of(compare(base, tokens, value) for tokens in wanted) for value in state.values]
    if negated:
        # Whether "ten" is other than 10, AWS does not say.
        fits = [
            negate(fit) if is_comparable(base, value) else None for fit, value in zip(fits, state.values, strict=True)
        ]
    if condition.quantifier == "ForAllValues":
        return all_of(fits)
    if condition.quantifier == "ForAnyValue":
        return any_of(fits)
    # AWS does not say what an operator for one value does with several.
    return fits[0] if len(fits) == 1 else None


def _of_unknown(condition: Condition, base: str, state: Unknown) -> Truth:
    """Return what holds of a key of which nothing is known: only that it never has certain values."""
    if base not in LITERAL or condition.quantifier is not None or condition.if_exists or not condition.values:
        return None
    if not state.plain or not all(has_wildcards(entry.text) for entry in condition.values):
        return None
    return condition.operator in NEGATED


def _null(condition: Condition, state: Known | Absent | Unknown) -> Truth:
    if isinstance(state, Unknown):
        return None
    is_absent = isinstance(state, Absent)
    wanted = [(known(entry.text) or "").lower() for entry in condition.values]
    if any(value not in ("true", "false") for value in wanted):
        return None
    return any_of((value == "true") == is_absent for value in wanted)


def _absent(condition: Condition, negated: bool) -> Truth:
    if condition.quantifier == "ForAnyValue":
        # Even with IfExists: no value is there that could fit.
        return False
    return condition.quantifier == "ForAllValues" or condition.if_exists or negated


def _wanted(condition: Condition, context: Context, variables: bool, is_plain: bool) -> list[tuple[Token, ...]] | None:
    base = NEGATED.get(condition.operator, condition.operator)
    wildcards = base in WITH_WILDCARDS
    found: list[tuple[Token, ...]] = []
    for entry in condition.values:
        if variables and has_variables(entry.text):
            tokens = expanded(entry.text, context, wildcards=wildcards)
            if tokens is None:
                if condition.operator in NEGATED:
                    return None
                continue
            found.append(tokens)
        else:
            if is_plain and base in LITERAL and has_wildcards(entry.text):
                continue
            found.append(pattern_tokens(entry.text) if wildcards else literal_tokens(entry.text))
    return found


def _ill_formed(condition: Condition, text: Text, variables: bool) -> bool:
    base = NEGATED.get(condition.operator, condition.operator)
    if variables and has_variables(text):
        return base not in WITH_VARIABLES
    plain = known(text)
    return plain is not None and not is_valid(base, plain)
