"""From what a person calls a resource to the ARN that requests name."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.aws.actions import Action, ResourceType
from astralint.aws.arn import Arn, match_arn
from astralint.aws.text import Text, is_partial, join, known, parts
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.estate.views import text
from astralint.source.partial import Hole, PartialText, same
from astralint.trust.endpoints import NameProblem
from astralint.trust.policies import account_text

SHOWN = 8
SUFFIXES = ("/", ":", "-")


class Target(msgspec.Struct, frozen=True, eq=False):
    """What an action is asked for on.

    `resource` is the platform's, if it makes one that the ARN belongs to; `account` what its ARN or its provider
    tells; None where that is not known.
    """

    name: str
    arn: Text
    resource: Resource | None
    account: Text | None

    def __str__(self) -> str:
        return self.name


def target(estate: Estate, given: str) -> Target:
    """Return the resource that a name stands for: an ARN, an address, or `workspace/address`; raises NameProblem."""
    if given.startswith("arn:"):
        return _of_arn(estate, given)
    found = [
        resource
        for resource in _with_arn(estate)
        if given in (resource.address, f"{resource.workspace}/{resource.address}")
    ]
    if not found:
        raise _not_found(estate, given)
    if len(found) > 1:
        names = ", ".join(f"`{one.workspace}/{one.address}`" for one in found[:SHOWN])
        raise NameProblem(f"`{given}` is the address of {len(found)} resources", f"name one of {names}")
    return of_resource(found[0])


def of_resource(resource: Resource) -> Target:
    """Return a resource of the platform as a target."""
    arn = text(resource.value("arn"))
    return Target(
        f"{resource.workspace}/{resource.address}",
        arn if arn is not None else PartialText((Hole("its ARN is not known"),)),
        resource,
        account_text(resource),
    )


def _of_arn(estate: Estate, given: str) -> Target:
    arn = Arn.parse(given)
    if arn is None:
        raise NameProblem(f"`{given}` is no ARN", "an ARN has six fields: `arn:aws:s3:::bucket/key`")
    wanted = _with_holes(given)
    exact: Resource | None = None
    possible: list[Resource] = []
    for resource in _with_arn(estate):
        own = text(resource.value("arn"))
        if own is None or not _same_service(own, arn):
            continue
        fits = _belongs(own, given)
        if fits and (exact is None or len(str(text(exact.value("arn")))) < len(str(own))):
            exact = resource
        elif fits is None:
            possible.append(resource)
    found = exact or (possible[0] if len(possible) == 1 else None)
    account = account_text(found) if found is not None else arn.account or None
    return Target(given, wanted, found, account)


def _same_service(own: Text, arn: Arn) -> bool:
    parsed = Arn.parse(own)
    return parsed is not None and parsed.service == arn.service


def _belongs(own: Text, given: str) -> bool | None:
    """Say whether an ARN is that of a resource, or of something within it."""
    whole = known(own)
    if whole is not None:
        return given == whole or (given.startswith(whole) and given[len(whole)] in SUFFIXES[:2])
    return None if same(own, given) is not False else False


def _with_holes(given: str) -> Text:
    """Return an ARN in which a `*` stands for some text that is not known."""
    pieces = given.split("*")
    mixed: list[str | Hole] = [pieces[0]]
    for piece in pieces[1:]:
        mixed += [Hole("any"), piece]
    return join(*mixed)


def within(wanted: Target, action: Action) -> Text | None:
    """Return what an action on a target names in its request; None where the action is about nothing of the kind.

    An action on objects of a bucket names an object of it, if the bucket is what was asked for.
    """
    if not action.types:
        return "*"
    arn = Arn.parse(wanted.arn)
    if arn is None:
        return wanted.arn
    if any(_may_be(type_, wanted.arn) for type_ in action.types):
        return wanted.arn
    for type_ in action.types:
        for extended in _extended(wanted.arn, type_):
            return extended
    return None


def _may_be(type_: ResourceType, arn: Text) -> bool:
    if match_arn(type_.pattern, arn) is False:
        return False
    fields, own = type_.arn.split(":", 5)[-1], Arn.parse(arn)
    # A bucket's name has no slash: an object is no bucket.
    return "/" in fields or own is None or "/" not in str(own.resource) or own.service != "s3"


def _extended(arn: Text, type_: ResourceType) -> Iterator[Text]:
    """Yield an ARN with what a type has behind it: `/` and a name that is not known."""
    own = Arn.parse(arn)
    fields = type_.pattern.split(":", 5)
    if own is None or len(fields) < 6 or fields[2] != own.service:
        return
    wanted = fields[5]
    for separator in SUFFIXES[:2]:
        if separator in wanted:
            extended = join(*parts(arn), separator, Hole("any"))
            if match_arn(type_.pattern, extended) is not False:
                yield extended


def _with_arn(estate: Estate) -> Iterator[Resource]:
    for workspace in estate.workspaces.values():
        for resource in workspace.resources:
            if resource.value("arn") is not None:
                yield resource


def account_of(estate: Estate, wanted: Target) -> Account | None:
    """Return the account of a target, where it is ours."""
    if wanted.resource is not None:
        return wanted.resource.account_or_none
    return estate.account_of(wanted.account) if wanted.account is not None else None


def is_whole(wanted: Target) -> bool:
    """Say whether all of a target's ARN is known."""
    return not is_partial(wanted.arn)


def _not_found(estate: Estate, given: str) -> NameProblem:
    from difflib import get_close_matches

    names = [name for one in _with_arn(estate) for name in (one.address, f"{one.workspace}/{one.address}")]
    close = list(dict.fromkeys(get_close_matches(given, names, 3)))
    if close:
        help_ = "did you mean " + " or ".join(f"`{name}`" for name in close) + "?"
    else:
        help_ = "a resource is an ARN (`arn:aws:s3:::bucket`), an address, or `workspace/address`"
    return NameProblem(f"there is no resource `{given}` with an ARN", help_)
