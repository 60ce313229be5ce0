"""Resources that stand for all that a policy's patterns cover: what to ask for where no resource is named."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.aws.actions import Action, ResourceType
from astralint.aws.arn import Arn, match_arn
from astralint.aws.evaluation import may_speak_of
from astralint.aws.policy import Statement
from astralint.aws.text import Text, join, mapped, parts
from astralint.aws.wildcard import has_wildcards
from astralint.source.partial import Hole
from astralint.trust.identity import Identity

ANY = "0any0"
"""What nobody names a thing: it stands for each name that no statement speaks of."""


def generic_resources(identity: Identity, action: Action) -> Iterator[tuple[Text, str, Text]]:
    """Yield, for what an identity's statements allow an action on: a resource, the pattern it is of, and its account."""
    own = _own_account(identity)
    if not action.types:
        yield "*", "*", own
        return
    seen: set[tuple[str, str]] = set()
    for statement in (s for attached in identity.policies for s in attached.policy.statements):
        if statement.effect == "Deny" or not may_speak_of(statement, str(action).lower()):
            continue
        for pattern in _patterns(statement):
            for type_ in action.types:
                for resource in _of_type(pattern, type_, own):
                    key = (str(pattern), type_.name)
                    if key not in seen:
                        seen.add(key)
                        account = _account(resource) or own
                        yield resource, str(pattern), account
                    break
                else:
                    continue
                break


def _own_account(identity: Identity) -> Text:
    arn = Arn.parse(identity.arn)
    return arn.account if arn is not None else join(Hole("the account is not known"))


def _patterns(statement: Statement) -> tuple[Text, ...]:
    element = statement.resource
    if element is None or element.negated:
        return ("*",)
    return tuple(entry.text for entry in element.entries)


def _of_type(pattern: Text, type_: ResourceType, own: Text) -> Iterator[Text]:
    """Yield a resource of a type that a pattern covers, if there may be one."""
    plain = _instance(type_, own)
    if match_arn(pattern, plain):
        yield plain
        return
    named = _named(pattern, own)
    if named is not None and match_arn(type_.pattern, named) is not False and _fits_s3(type_, named):
        yield named


def _instance(type_: ResourceType, own: Text) -> Text:
    pieces = type_.arn.split("${Account}")
    mixed: list[str | Hole] = []
    for number, piece in enumerate(pieces):
        if number:
            mixed += parts(own)
        mixed.append(_filled(piece))
    return join(*mixed)


def _filled(text: str) -> str:
    out, rest = "", text.replace("${Partition}", "aws")
    while "${" in rest:
        before, _, behind = rest.partition("${")
        out += before + ANY
        rest = behind.partition("}")[2]
    return out + rest


def _named(pattern: Text, own: Text) -> Text | None:
    """Return what a pattern covers, with a name for each of its wildcards, and one's own account."""
    arn = Arn.parse(pattern)
    if arn is None or "${" in str(pattern):
        return None
    account = own if has_wildcards(arn.account) else arn.account
    return Arn(
        "aws" if has_wildcards(arn.partition) else arn.partition,
        _without_wildcards(arn.service),
        _without_wildcards(arn.region),
        account,
        _without_wildcards(arn.resource),
    ).text


def _without_wildcards(text: Text) -> Text:
    return mapped(text, lambda piece: piece.replace("*", ANY).replace("?", "0"))


def _fits_s3(type_: ResourceType, named: Text) -> bool:
    arn = Arn.parse(named)
    return arn is None or arn.service != "s3" or "/" in type_.arn or "/" not in str(arn.resource)


def _account(resource: Text) -> Text | None:
    arn = Arn.parse(resource)
    return arn.account if arn is not None and arn.account != "" else None
