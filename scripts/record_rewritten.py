"""Record which arguments the AWS provider plans in another form than they are written.

Usage: `python scripts/record_rewritten.py SCHEMA.json SCRATCH` from the project's root, after `record_defaults.py` with
the same directory SCRATCH. Plans each text of each type in variants, and writes src/astralint/aws/data/rewritten.json:
by type and argument what explains all of them, of what `astralint.aws.rewriting` knows. What nothing explains is
printed: texts that are dropped because of other arguments, above all. dropped.json beside it has the words that are
planned as nothing, since they are what AWS does anyway.
"""

from __future__ import annotations

import json
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.planned_sweep import Place, Trials, Tried, body_at, planned, schema_at, with_argument
from scripts.record_defaults import DATA, lines
from tests.oracle.aws.provider_process import UNKNOWN, Provider, provider_process

from astralint.aws.defaults import kept as kept_arguments
from astralint.aws.rewriting import REWRITES

POLICY = '{"Version": "2012-10-17", "Statement": [{"Sid": "", "Effect": "Allow", "Action": "s3:*", "Resource": "*<"}]}'
CONTAINERS = '[{"image": "x", "Name": "b", "environment": [{"value": "1", "name": "B"}, {"name": "A"}]}, {"name": "a"}]'
VARIANTS: dict[str, Any] = {
    "written": lambda text: text,
    "case": str.swapcase,
    "upper": str.upper,
    "lower": str.lower,
    "dot": lambda text: f"{text}.",
    "space": lambda text: f" {text}\n",
    "slash": lambda text: f"{text}/",
    "json": lambda _: '{"b": 1, "a": {"d": [2, 1], "c": "x"}}',
    "policy": lambda _: POLICY,
    "containers": lambda _: CONTAINERS,
    "number": lambda _: "6",
    "all": lambda _: "all",
    "star": lambda _: "*.Example.org",
    "window": lambda _: "Mon:05:00-Mon:06:00",
    "base64": lambda _: "ZWNobw==",
}

POLICIES = re.compile(r"(^|[._])(policy|policies|policy_document)$")
"""Policies are kept as they are written, since what is found in them is shown where it stands. They are compared by what
they mean; how the provider writes them anew makes no difference."""
NO_POLICIES = frozenset(
    {
        "delivery_policy",
        "filter_policy",
        "redrive_policy",
        "redrive_allow_policy",
        "replay_policy",
        "base_policy_document",
    }
)
NOT_MADE_UP = {
    # Rules of a group have to be whole; those that are made up have no protocol.
    "aws_default_security_group": {"egress.protocol": "protocol", "ingress.protocol": "protocol"},
    "aws_security_group": {"egress.protocol": "protocol", "ingress.protocol": "protocol"},
}

Observation = tuple[str, str | None]


def _changed(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    return [_changed(item, change) for item in value] if isinstance(value, list) else value


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _is_textual(cty: Any) -> bool:
    return cty == "string" or (isinstance(cty, list) and cty[0] in ("list", "set") and _is_textual(cty[1]))


def observations(provider: Provider, kind: str, found: Trials) -> Iterator[tuple[str, Observation]]:
    """Yield the path of each text with what was written and what was planned."""
    for path, name, tried in _places(found):
        schema = schema_at(provider.schemas[kind], path).get("attributes", {}).get(name)
        if schema is None:
            continue
        if _is_textual(schema["type"]):
            yield from _of_argument(provider, kind, tried, path, name)
        elif (
            isinstance(schema["type"], list)
            and isinstance(schema["type"][1], list)
            and schema["type"][1][0] == "object"
        ):
            yield from _of_objects(provider, kind, tried, path, name)


def _places(found: Trials) -> Iterator[tuple[Place, str, Tried]]:
    yield from (((), name, found.base) for name in found.base.body)
    for dotted, tried in found.arguments:
        *path, name = dotted.split(".")
        yield tuple(path), name, tried
    for path, tried in found.blocks:
        yield from ((path, name, tried) for name in body_at(tried.body, path) or {})


def _of_argument(
    provider: Provider, kind: str, tried: Tried, path: Place, name: str
) -> Iterator[tuple[str, Observation]]:
    given = (body_at(tried.body, path) or {}).get(name)
    seen = []
    for change in VARIANTS.values():
        value = _changed(given, change)
        if value in seen:
            continue
        seen.append(value)
        plan = planned(provider, kind, with_argument(tried.body, path, name, value))
        made = (body_at(plan, path) or {}).get(name) if plan is not None else None
        written, shown = _texts(value), _texts(made)
        if len(written) == len(shown) == 1:
            yield ".".join((*path, name)), (written[0], shown[0])


def _of_objects(
    provider: Provider, kind: str, tried: Tried, path: Place, name: str
) -> Iterator[tuple[str, Observation]]:
    """Vary the texts of an attribute that holds objects, which may be written as blocks."""
    first = ((body_at(tried.body, path) or {}).get(name) or [{}])[0]
    for field, text in first.items() if isinstance(first, dict) else ():
        for change in VARIANTS.values() if isinstance(text, str) else ():
            value = [{**first, field: change(text)}]
            plan = planned(provider, kind, with_argument(tried.body, path, name, value))
            made = (body_at(plan, path) or {}).get(name) if plan is not None else None
            if isinstance(made, list) and len(made) == 1 and isinstance(made[0].get(field), str):
                yield ".".join((*path, name, field)), (change(text), made[0][field])


def _is_policy(kind: str, path: str) -> bool:
    """Say whether a text is a policy of AWS's."""
    if kind.endswith("_policy") and path == "content":
        return True
    return POLICIES.search(path) is not None and path not in NO_POLICIES


def explained(seen: list[Observation]) -> str | None:
    """Return what makes of each text what was planned; "" where they stay as they are, None where nothing does."""
    if all(written == shown for written, shown in seen):
        return ""
    # A policy that says nothing is planned as no policy.
    telling = [(written, shown) for written, shown in seen if shown or not written]
    for name, change in REWRITES.items():
        if telling and all(change(written) == shown for written, shown in telling):
            return name if any(written != shown for written, shown in telling) else ""
    return None


def dropped(scratch: Path, kind: str) -> dict[str, dict[str, str | None]]:
    """Return the words of arguments that are planned as nothing ("null"), or left to the apply (None)."""
    found: dict[str, dict[str, str | None]] = {}
    stored = scratch / f"{kind}.words.pickle"
    for name, tried in pickle.loads(stored.read_bytes()) if stored.exists() else ():
        word, made = tried.body[name], tried.planned.get(name)
        if isinstance(word, str) and (made is None or made == UNKNOWN) and name not in kept_arguments(kind):
            found.setdefault(name, {})[word] = "null" if made is None else None
    return found


def main() -> None:
    (schemas,) = json.loads(Path(sys.argv[1]).read_text())["provider_schemas"].values()
    scratch = Path(sys.argv[2])
    table = {kind: dict(paths) for kind, paths in NOT_MADE_UP.items()}
    without: dict[str, dict[str, dict[str, str | None]]] = {}
    with provider_process(schemas) as provider:
        for kind in sorted(provider.schemas):
            identifier = provider.schemas[kind]["attributes"].get("id", {})
            kept = scratch / f"{kind}.texts.json"
            if words := dropped(scratch, kind):
                without[kind] = words
            if not identifier.get("optional"):
                # The newer kit keeps to what is written.
                continue
            if not kept.exists():
                found = pickle.loads((scratch / f"{kind}.pickle").read_bytes())
                kept.write_text(json.dumps(list(observations(provider, kind, found)) if found is not None else []))
            by_path: dict[str, list[Observation]] = {}
            for path, observation in json.loads(kept.read_text()):
                by_path.setdefault(path, []).append(tuple(observation))
            for path, seen in sorted(by_path.items()):
                name = explained(seen)
                if name in ("json", "version_first") and _is_policy(kind, path):
                    continue
                if name is None:
                    print(kind, path, [pair for pair in seen if pair[0] != pair[1]][:3])
                elif name:
                    table.setdefault(kind, {})[path] = name
    (DATA / "rewritten.json").write_text(lines(table))
    (DATA / "dropped.json").write_text(lines(without))
    print(sum(map(len, table.values())), "arguments of", len(table), "types")


if __name__ == "__main__":
    main()
