"""ARNs, whole or known in part."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import msgspec

from astralint.aws.kleene import Truth, all_of
from astralint.aws.text import (
    HASH_SYMBOL,
    REGION_SYMBOL,
    Text,
    holes,
    is_account_symbol,
    join,
    known,
    parts,
    split,
    starts_with,
)
from astralint.aws.wildcard import Gap, Token, Wild, literal_tokens, match, match_tokens, pattern_tokens
from astralint.source.partial import Hole

_FIELD_OF_ACCOUNT, _AWS = 4, "aws"
_NUMBERS = ("account:", "generated:account of ")
_FIELDS = 6
_SEPARATOR = ":"
_CROSSING = "*:"
_ACCOUNT = re.compile(r"[0-9]{12}")
_PERMISSION_SET = re.compile(r"AWSReservedSSO_(?P<name>.+)_(?P<hash>[0-9a-f]{16})")
_SSO_PATH = "/aws-reserved/sso.amazonaws.com/"


class Arn(msgspec.Struct, frozen=True):
    """`arn:partition:service:region:account:resource`; each field may have holes."""

    partition: Text
    service: Text
    region: Text
    account: Text
    resource: Text

    @classmethod
    def parse(cls, text: Text) -> Arn | None:
        """Return the ARN that a text is; None where it is none, or too little of it is known.

        A hole is taken to lie within one field: what Terraform puts between two colons is one thing.
        """
        return _parsed(text)

    @property
    def text(self) -> Text:
        """The ARN as text."""
        return join("arn:", self.partition, ":", self.service, ":", self.region, ":", self.account, ":", self.resource)

    def __str__(self) -> str:
        return str(self.text)

    @property
    def resource_type(self) -> Text:
        """What stands before the first `/` or `:` (`role`, `user`, `assumed-role`, `root`)."""
        return split(split(self.resource, "/", 1)[0], ":", 1)[0]

    @property
    def name(self) -> Text:
        """The last part: of a role or user its name, of a session the session's name."""
        return split(self.resource, "/")[-1]

    @property
    def path(self) -> Text:
        """The IAM path, with its slashes: `/` for most."""
        middle = split(self.resource, "/")[1:-1]
        pieces: list[str | Hole | Text] = ["/"]
        for piece in middle:
            pieces += [piece, "/"]
        return join(*pieces)

    @property
    def session_role_name(self) -> Text | None:
        """For `assumed-role/NAME/SESSION`: the role's name, which comes without its path."""
        fields = split(self.resource, "/")
        return fields[1] if len(fields) == 3 and fields[0] == "assumed-role" else None

    @property
    def is_root(self) -> bool:
        """Whether this is an account's root, that is the whole account."""
        return self.service == "iam" and self.resource == "root"


@lru_cache(maxsize=65_536)
def _parsed(text: Text) -> Arn | None:
    fields = split(text, ":", _FIELDS - 1)
    if len(fields) != _FIELDS or fields[0] != "arn":
        return None
    return Arn(*fields[1:])


def account_root(account: Text, partition: Text = "aws") -> Arn:
    """Return the ARN of an account's root."""
    return Arn(partition, "iam", "", account, "root")


def iam_arn(account: Text, kind: str, name: Text, path: Text = "/", partition: Text = "aws") -> Arn:
    """Return the ARN of a role, user, … of IAM."""
    return Arn(partition, "iam", "", account, join(kind, path, name))


def is_account_id(text: Text) -> Truth:
    """Return whether a text is the number of an account; None where that is not known."""
    whole = known(text)
    if whole is not None:
        return _ACCOUNT.fullmatch(whole) is not None
    return (
        True
        if len(holes(text)) == len(parts(text)) == 1 and is_account_symbol(holes(text)[0])
        else match("?" * 12, text)
    )


def permission_set(arn: Arn) -> Text | None:
    """Return the permission set whose role this is, None where it is no role of Identity Center.

    The role's name ends with a hash that nobody can know beforehand; it may be a hole.
    """
    if starts_with(arn.path, _SSO_PATH) is not True:
        return None
    fields = split(arn.name, "_")
    # The region before the name may be a hole, together with its slash.
    if len(fields) < 3 or parts(fields[0])[-1] != "AWSReservedSSO":
        return None
    whole = known(arn.name)
    if whole is not None:
        found = _PERMISSION_SET.fullmatch(whole)
        return found["name"] if found else None
    return join(*_interspersed(fields[1:-1], "_"))


def permission_set_role(account: Text, name: Text, identity: str, partition: Text = "aws") -> Arn:
    """Return the ARN of a permission set's role in an account, with holes for the region and the hash.

    `identity` is what no other role has.
    """
    region = Hole("the region of Identity Center", REGION_SYMBOL)
    digest = Hole("the hash in the name of a permission set's role", f"{HASH_SYMBOL}{identity}")
    return Arn(
        partition,
        "iam",
        "",
        account,
        join("role", _SSO_PATH, region, "AWSReservedSSO_", name, "_", digest),
    )


def match_arn(pattern: Text, value: Text) -> Truth:
    """Return whether a pattern of the `Resource` element matches an ARN; see `match_arn_tokens`."""
    if pattern == "*":
        return True
    if isinstance(pattern, str) and isinstance(value, str):
        patterns, values = pattern.split(_SEPARATOR, _FIELDS - 1), value.split(_SEPARATOR, _FIELDS - 1)
        if len(values) < _FIELDS:
            return False
        if all(match(one, other) for one, other in zip(patterns, values, strict=False)):
            return True
        return None if _CROSSING in pattern and match(pattern, value) else False
    return match_arn_tokens(pattern_tokens(pattern), literal_tokens(value))


def match_arn_tokens(pattern: tuple[Token, ...], value: tuple[Token, ...], *, complete: bool = True) -> Truth:
    """Return whether a pattern matches an ARN.

    The six fields are compared one by one, and wildcards stay within their field; in the last
    one `*` crosses `/` and `:`. With `complete`, as in `Resource`, fields that the pattern lacks
    match anything, and a `*` at the end of a field "can expand to match beyond the colon boundaries"
    (AWS's reference of `Resource`): where it matches only so, that is not certain.
    """
    patterns, values = _fields(pattern), _fields(value)
    partial = any(isinstance(token, Gap) for token in (*pattern, *value))
    if len(values) < _FIELDS or (len(patterns) < _FIELDS and (partial or not complete)):
        return None if partial and match_tokens(pattern, value) is not False else False
    patterns += [(Wild.ANY,)] * (_FIELDS - len(patterns))
    if _is_number(values[_FIELD_OF_ACCOUNT]) and patterns[_FIELD_OF_ACCOUNT] == tuple(_AWS):
        return False
    found = all_of(match_tokens(one, other) for one, other in zip(patterns, values, strict=True))
    if found is False and complete and _crosses(pattern) and match_tokens(pattern, value) is not False:
        return None
    return found


def _is_number(tokens: tuple[Token, ...]) -> bool:
    """Say whether a field is the number of an account that is not known: never that of AWS itself."""
    only = tokens[0] if len(tokens) == 1 else None
    return isinstance(only, Gap) and (only.symbol or "").startswith(_NUMBERS)


def _crosses(pattern: tuple[Token, ...]) -> bool:
    return any(first is Wild.ANY and second == _SEPARATOR for first, second in pairwise(pattern))


def _fields(tokens: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    found: list[tuple[Token, ...]] = []
    start = 0
    for index, token in enumerate(tokens):
        if token == _SEPARATOR:
            found.append(tokens[start:index])
            start = index + 1
            if len(found) == _FIELDS - 1:
                break
    found.append(tokens[start:])
    return found


def _interspersed(fields: list[Text], separator: str) -> list[Text]:
    found: list[Text] = []
    for field in fields:
        found += [separator, field] if found else [field]
    return found
