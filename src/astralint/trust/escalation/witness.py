"""What a holder would call something new: names that its own statements cover.

A name of the holder's choice makes a path possible if there is one that a statement allows and none denies, so names are
made of the patterns that stand there, and each is asked about like any other.
"""

from __future__ import annotations

from collections.abc import Iterable

from astralint.aws.arn import Arn
from astralint.aws.context import Context
from astralint.aws.policy import Policy
from astralint.aws.text import Text, join, lower
from astralint.aws.variables import expanded, has_variables
from astralint.aws.wildcard import Wild, match
from astralint.source.partial import Hole
from astralint.trust.escalation.holdings import filled

NAME = "new"
MAXIMUM = 8


def names(
    shapes: Iterable[str],
    actions: Iterable[str],
    policies: Iterable[Policy],
    account: Text,
    region: str,
    context: Context,
) -> tuple[Text, ...]:
    """Return ARNs that a holder may give to something new: one of no special name, and those that its patterns ask for."""
    found: list[Text] = []
    wanted = [action.lower() for action in actions]
    patterns = list(_patterns(policies, wanted, context))
    for shape in shapes:
        found.append(filled(shape, account, region, NAME))
        glob = filled(shape, account, "*", "*")
        for pattern in patterns:
            made = _instance(pattern, account, region)
            if made is not None and match(glob, made) is not False:
                found.append(made)
    return tuple(dict.fromkeys(found))[:MAXIMUM]


def _patterns(policies: Iterable[Policy], wanted: list[str], context: Context) -> Iterable[Text]:
    for policy in policies:
        for statement in policy.statements:
            if statement.effect == "Deny" or statement.resource is None or statement.resource.negated:
                continue
            action = statement.action
            if action is not None and not action.negated and not action.unknown:
                fits = (match(lower(entry.text), one) is not False for entry in action.entries for one in wanted)
                if not any(fits):
                    continue
            for entry in statement.resource.entries:
                if entry.text != "*":
                    yield _replaced(entry.text, context) if has_variables(entry.text) else entry.text


def _replaced(text: Text, context: Context) -> Text:
    tokens = expanded(text, context, wildcards=True)
    if tokens is None or not all(isinstance(token, str | Wild) for token in tokens):
        return text
    return "".join(token if isinstance(token, str) else str(getattr(token, "value", "")) for token in tokens)


def _instance(pattern: Text, account: Text, region: str) -> Text | None:
    """Return an ARN that a pattern surely matches, in an account; None where the pattern is of no ARN."""
    parsed = Arn.parse(pattern)
    if parsed is None:
        return None
    own = parsed.account if parsed.account == "" or not _is_wild(parsed.account) else account
    where = parsed.region if parsed.region == "" or not _is_wild(parsed.region) else region
    return Arn(
        "aws" if _is_wild(parsed.partition) else parsed.partition,
        _named(parsed.service),
        where,
        own,
        _named(parsed.resource),
    ).text


def _is_wild(text: Text) -> bool:
    return isinstance(text, str) and ("*" in text or "?" in text)


def _named(text: Text) -> Text:
    parts: tuple[str | Hole, ...] = (text,) if isinstance(text, str) else text.parts
    return join(*(part.replace("*", NAME).replace("?", "x") if isinstance(part, str) else part for part in parts))
