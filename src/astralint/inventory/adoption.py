"""The way back: what nobody manages, as `import` blocks and resources for a workspace of its account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from astralint.aws.schema import resource_schema
from astralint.aws.wildcard import match
from astralint.estate.estate import Estate
from astralint.estate.model import Workspace
from astralint.inventory.judgement import Judged
from astralint.inventory.model import GLOBAL, Live
from astralint.inventory.tables import skeletons
from astralint.terraform.evaluation.builtin import text_of

GENERATE = "terraform plan -generate-config-out=generated.tf"


class Adopted(msgspec.Struct, frozen=True):
    """Something that is taken into a workspace: where, and the text that does it. `written`: with its resource."""

    judged: Judged
    workspace: str
    address: str
    text: str
    written: bool


class LeftOver(msgspec.Struct, frozen=True):
    """Something that no workspace can take, and why."""

    judged: Judged
    reason: str


def chosen(existing: Iterable[Judged], patterns: Iterable[str]) -> tuple[Judged, ...]:
    """Return what is unmanaged for sure, and fits one of the patterns (`account/region/type/id`); all without any."""
    wanted = tuple(patterns)
    found = (one for one in existing if one.verdict == "unmanaged")
    return tuple(one for one in found if not wanted or any(match(pattern, str(one)) is True for pattern in wanted))


class Adoption:
    """Finds a place for what is unmanaged. `workspace` is the name of the one that takes it all, "" for each account's."""

    def __init__(self, estate: Estate, workspace: str = "") -> None:
        self._estate = estate
        self._workspace = workspace
        self._taken = {(r.workspace.name, r.address) for w in estate.workspaces.values() for r in w.resources}

    def adopt(self, judged: Judged) -> Adopted | LeftOver:
        """Return what takes something into its account's workspace."""
        live = judged.live
        if judged.account is None:
            return LeftOver(judged, f"account `{live.account}` is none of the platform's")
        block = resource_schema("managed", live.type)
        if block is None:
            return LeftOver(judged, f"the provider has no `{live.type}`")
        workspaces = self._workspaces(judged)
        if not workspaces:
            return LeftOver(judged, f"no workspace is for account `{judged.account}`")
        for workspace in workspaces:
            provider = self._provider(workspace, judged)
            if provider is not None:
                address = self._address(workspace, live)
                return self._text(judged, workspace, address, provider)
        return LeftOver(judged, f"`{workspaces[0].name}` has no provider configuration for `{live.region}`")

    def _workspaces(self, judged: Judged) -> list[Workspace]:
        """Return the workspaces that may take something, the one first that has most like it."""
        if self._workspace:
            named = self._estate.workspaces.get(self._workspace)
            return [named] if named is not None else []
        assert judged.account is not None
        service = "_".join(judged.live.type.split("_")[:2])

        def likeness(workspace: Workspace) -> tuple[int, int, int, str]:
            own = sum(r.type == judged.live.type for r in workspace.resources)
            near = sum(r.type.startswith(f"{service}_") for r in workspace.resources)
            return (-own, -near, -len(workspace.resources), workspace.name)

        return sorted(self._estate.workspaces_of(judged.account), key=likeness)

    def _provider(self, workspace: Workspace, judged: Judged) -> str | None:
        """Return the provider argument that leads to an account and region, "" for the default; None for none."""
        found: list[str] = []
        for provider in workspace.result.providers:
            if provider.type != "aws" or not provider.address.startswith("provider"):
                continue
            region = text_of(provider.region)
            if self._estate.account_of(provider.account) is judged.account and (
                judged.live.region in (GLOBAL, "") or region == judged.live.region
            ):
                found.append(f"aws.{provider.alias}" if provider.alias else "")
        return min(found, default=None)

    def _address(self, workspace: Workspace, live: Live) -> str:
        base = re.sub(r"[^a-z0-9_]+", "_", (live.name or live.id).lower()).strip("_") or "adopted"
        base = f"_{base}" if base[0].isdigit() else base[:60]
        name, number = base, 1
        while (workspace.name, f"{live.type}.{name}") in self._taken:
            number += 1
            name = f"{base}_{number}"
        self._taken.add((workspace.name, f"{live.type}.{name}"))
        return f"{live.type}.{name}"

    def _text(self, judged: Judged, workspace: Workspace, address: str, provider: str) -> Adopted:
        live = judged.live
        lines = ["import {", f"  to = {address}", f"  id = {quoted(live.attributes.get('import_id') or live.id)}"]
        if provider:
            lines.insert(2, f"  provider = {provider}")
        lines.append("}")
        if live.arguments is not None:
            lines += ["", *_resource(live, address, provider)]
        return Adopted(judged, workspace.name, address, "\n".join(_aligned(lines)) + "\n", live.arguments is not None)


def _resource(live: Live, address: str, provider: str) -> list[str]:
    block = resource_schema("managed", live.type)
    attributes = block.attributes if block is not None else {}
    type_, _, name = address.partition(".")
    lines = [f'resource "{type_}" "{name}" {{']
    if provider:
        lines.append(f"  provider = {provider}")
    for argument, value in (live.arguments or {}).items():
        attribute = attributes.get(argument)
        if isinstance(value, dict | list) and attribute is not None and attribute.type == "string":
            text = f"jsonencode({written(value, 1)})"
        else:
            text = written(value, 1)
        lines.append(f"  {argument} = {text}")
    tags = {key: value for key, value in sorted(live.tags.items()) if not key.startswith("aws:")}
    if tags and "tags" in attributes:
        lines.append(f"  tags = {written(tags, 1)}")
    ignored = [one for one in skeletons()[live.type].ignored if one in attributes] if live.type in skeletons() else []
    if ignored:
        lines += ["", "  lifecycle {", "    # AWS knows nothing of these: the line may go after the first apply."]
        lines += [f"    ignore_changes = [{', '.join(ignored)}]", "  }"]
    return [*lines, "}"]


def written(value: Any, depth: int) -> str:
    """Return a value as HCL writes it."""
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        pad = "  " * (depth + 1)
        pairs = [f"{pad}{_key(str(key))} = {written(inner, depth + 1)}" for key, inner in value.items()]
        return "\n".join(["{", *_aligned(pairs), "  " * depth + "}"])
    if isinstance(value, list | tuple):
        return f"[{', '.join(written(inner, depth) for inner in value)}]"
    if isinstance(value, str):
        return quoted(value)
    return json.dumps(value)


def quoted(text: str) -> str:
    """Return a string literal; nothing in it is a template."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{").replace("\x7f", "\\u007f")


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", text) else quoted(text)


def _aligned(lines: list[str]) -> list[str]:
    """Return lines with the signs of equality of neighbours below each other, as `terraform fmt` sets them."""
    result: list[str] = []
    group: list[tuple[str, str]] = []

    def close() -> None:
        width = max((len(left) for left, _ in group), default=0)
        result.extend(f"{left.ljust(width)} = {right}" for left, right in group)
        group.clear()

    for line in lines:
        found = re.fullmatch(r"( *(?:[\w-]+|\"(?:[^\"\\]|\\.)*\")) = (.*)", line, re.DOTALL)
        if found is None:
            close()
            result.append(line)
            continue
        several = "\n" in found[2]
        if several:
            # A value of several lines stands for itself.
            close()
        group.append((found[1].rstrip(), found[2]))
        if several:
            close()
    close()
    return result


def by_workspace(adopted: Iterable[Adopted]) -> dict[str, list[Adopted]]:
    """Return what is adopted by its workspaces."""
    found: dict[str, list[Adopted]] = {}
    for one in adopted:
        found.setdefault(one.workspace, []).append(one)
    return dict(sorted(found.items()))
