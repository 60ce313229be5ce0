"""Registries of container images: whose they are."""

from __future__ import annotations

import re

import msgspec

from astralint.rules.api import Account, Platform, Reason, Undecided
from astralint.rules.api.aws import known_account
from astralint.rules.api.text import known, split
from astralint.rules.api.uses import ImageUse

PRIVATE = re.compile(r"ecr(-fips)?")
OF_AWS = re.compile(
    r"public\.ecr\.aws/(aws[a-z-]*|amazon[a-z-]*|eks[a-z-]*|ecs[a-z-]*|lambda|karpenter|xray|cloudwatch-agent|docker)/"
)


class Registry(msgspec.Struct, frozen=True, eq=False):
    """A registry: of an account, ours (`owner`) or by its number; else by its host, "docker.io" where none is named."""

    owner: Account | None = None
    number: str = ""
    host: str = ""
    is_aws: bool = False


def registry_of(use: ImageUse, platform: Platform) -> Registry:
    """Return the registry that an image is pulled from; raises Undecided where that is not known."""
    parts = split(use.image, "/", 1)
    name = known(parts[0])
    fields = split(parts[0], ".")
    if len(fields) > 3 and known(fields[1]) == "dkr" and PRIVATE.fullmatch(known(fields[2]) or ""):
        owner, number = platform.account_of(fields[0]), known(fields[0])
        if owner is None and number is None:
            raise _open(use)
        public = known_account(number) if number is not None else None
        return Registry(owner, number or "", is_aws=public is not None and public.owner == "aws")
    if name is not None and len(parts) > 1 and re.search(r"[.:]|^localhost$", name):
        return Registry(host=name, is_aws=OF_AWS.match(str(use.image)) is not None)
    if name is not None and (len(parts) > 1 or known(use.image) is not None):
        return Registry(host="docker.io")
    made = platform.resource_behind(use.value, "aws_ecr_repository")
    owner = made.account_or_none if made is not None else None
    if owner is None:
        raise _open(use)
    return Registry(owner, owner.number)


def _open(use: ImageUse) -> Undecided:
    reason = f"whose image `{use.resource.address}` runs is not known: `{use.image}`"
    return Undecided(Reason("image-not-known", reason, use.resource.span(*use.place)))
