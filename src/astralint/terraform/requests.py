"""What a workspace asks of the others, and what it is answered.

Requests are plain and hashable: the parent collects them from all workspaces,
answers them from all exports, and they key the cache.
"""

from __future__ import annotations

import msgspec

from astralint.source.partial import Text
from astralint.source.span import Span
from astralint.terraform.values.value import Reason, Value


class RemoteStateRequest(msgspec.Struct, frozen=True):
    """Whose outputs are in this state? `config` are the backend's arguments, flat and sorted.

    Nested arguments are joined by dots (`workspaces.name`). Arguments whose value
    is unknown are PartialTexts, at the least a single hole.
    """

    backend: str
    config: tuple[tuple[str, Text], ...]
    workspace: Text | None = None


class LookupRequest(msgspec.Struct, frozen=True):
    """Which resource of the platform does this data source find?

    `account` and `region` are those of the data source's provider: a number, a
    symbol, or "" where they are not known.
    """

    type: str
    account: Text
    region: Text
    criteria: tuple[tuple[str, Text | bool | tuple[Text, ...]], ...]


class OrganizationRequest(msgspec.Struct, frozen=True):
    """What does the platform know of its own organization?

    `topic` names the data source, or is `account`, for the number of the account of a
    name. `account` is the account that asks.
    """

    topic: str
    account: Text = ""
    criteria: tuple[tuple[str, Text], ...] = ()


Request = RemoteStateRequest | LookupRequest | OrganizationRequest


class Answer(msgspec.Struct, frozen=True, eq=False):
    """An answer: a value, or the reason why there is none.

    `producer` is the workspace that the value is from. `complete` says that the
    value has all there is: that an output is missing from it proves that there is none.
    Without a value, it says that nobody here has what was asked for.
    """

    value: Value | None = None
    reason: Reason | None = None
    producer: str = ""
    span: Span | None = None
    complete: bool = True
