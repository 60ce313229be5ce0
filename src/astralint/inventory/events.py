"""CloudTrail's events: who changed what, and whether that was a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

PERSON = re.compile(r"AWSReservedSSO_(?P<set>.+)_[0-9a-f]{16}\Z")
READING = frozenset(
    {
        "cloudtrail:StartQuery",
        "iam:GenerateCredentialReport",
        "iam:GenerateServiceLastAccessedDetails",
        "logs:StartQuery",
        "signin:ConsoleLogin",
        "signin:SwitchRole",
        "sso:Federate",
        "ssm:StartSession",
    }
)
"""Calls that CloudTrail counts as writes, and that change nothing."""
SERVICES_LEFT_OUT = frozenset({"health", "support", "supportapp", "user-subscriptions"})


class EventsError(Exception):
    """A file that holds no events that can be read."""


class Write(msgspec.Struct, frozen=True):
    """A call by which a person changed something, with how often it was made.

    `who` is the session's name, an IAM user's, or "root"; `permission_set` what a session of Identity Center is of.
    """

    account: str
    region: str
    action: str
    who: str
    permission_set: str = ""
    first: str = ""
    last: str = ""
    times: int = 1

    def __str__(self) -> str:
        return f"{self.account}/{self.region}/{self.action}/{self.who}"


def read_events(content: bytes, file: str) -> tuple[Write, ...]:
    """Return what people changed by a file of events; raises EventsError.

    The file is one of CloudTrail's, an answer of `lookup-events`, or a list, or one event a line (as a query of Lake gives).
    """
    found: dict[tuple[str, str, str, str, str], Write] = {}
    for event in _events(content, file):
        write = _write(event)
        if write is None:
            continue
        key = (write.account, write.region, write.action, write.who, write.permission_set)
        other = found.get(key)
        if other is not None:
            write = msgspec.structs.replace(
                other, first=min(other.first, write.first), last=max(other.last, write.last), times=other.times + 1
            )
        found[key] = write
    return tuple(sorted(found.values(), key=lambda w: (w.account, w.who, w.first, w.action, w.region)))


def _events(content: bytes, file: str) -> Iterator[Mapping[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
        try:
            told = json.loads(text)
        except ValueError:
            told = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise EventsError(f"`{file}` holds no events: {error}") from None
    if isinstance(told, dict):
        told = told.get("Records", told.get("Events", [told] if "eventName" in told else None))
    if not isinstance(told, list):
        raise EventsError(f"`{file}` holds no events: it has neither `Records` nor `Events`")
    for one in told:
        event = one
        if isinstance(one, dict) and isinstance(one.get("CloudTrailEvent"), str):
            try:
                event = json.loads(one["CloudTrailEvent"])
            except ValueError as error:
                raise EventsError(f"`{file}` holds an event that is no JSON: {error}") from None
        if not isinstance(event, dict) or "eventName" not in event:
            raise EventsError(f"`{file}` holds something that is no event of CloudTrail")
        yield event


def _write(event: Mapping[str, Any]) -> Write | None:
    """Return a person's successful change; None for everything else."""
    if _is_true(event.get("readOnly")) or event.get("errorCode") or event.get("eventType") == "AwsServiceEvent":
        return None
    service = str(event.get("eventSource", "")).partition(".")[0]
    action = f"{service}:{event['eventName']}"
    identity = event.get("userIdentity")
    if action in READING or service in SERVICES_LEFT_OUT or not isinstance(identity, dict):
        return None
    who, permission_set = _person(identity, console=_is_true(event.get("sessionCredentialFromConsole")))
    if not who:
        return None
    account = str(event.get("recipientAccountId") or identity.get("accountId") or "")
    time = str(event.get("eventTime", ""))
    return Write(account, str(event.get("awsRegion", "")), action, who, permission_set, time, time)


def _person(identity: Mapping[str, Any], *, console: bool) -> tuple[str, str]:
    """Return who a person is, and by which permission set; "" for what is none."""
    kind = identity.get("type")
    if kind == "Root":
        return "root", ""
    if kind == "IAMUser":
        return (str(identity.get("userName", "")), "") if console else ("", "")
    if kind != "AssumedRole":
        return "", ""
    parts = str(identity.get("arn", "")).rpartition(":")[2].split("/")
    role, session = (parts[-2], parts[-1]) if len(parts) >= 3 else ("", "")
    found = PERSON.match(role)
    if found is not None:
        return session, found["set"]
    return (session, role) if console else ("", "")


def _is_true(value: Any) -> bool:
    return value is True or value == "true"
