"""The whole result of an earlier run, where nothing changed that it was concluded from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import msgspec

from astralint.assembly.cache import code_signature
from astralint.rules.finding import CheckResult
from astralint.rules.loader import announced
from astralint.source.pack import Pack
from astralint.source.secrets import NO_SECRETS, Secrets
from astralint.source.tree import LocalTree, Seen, SourceError
from astralint.terraform.codec import fingerprint
from astralint.terraform.configuration.loader import is_native
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.values.value import SENSITIVE, Unknown

SHORT = 4
"""Texts of so few characters are found within any others by chance."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    seen: Seen
    result: CheckResult


class Recall:
    """Finds and keeps the result of a run that was `asked` for in this way (options, settings, day).

    The result counts as long as the tree answers all that was asked of it as it did,
    and this package and the rule packs are the same.
    """

    def __init__(self, pack: Pack, tree: LocalTree, asked: Iterable[object]) -> None:
        self._pack = pack
        self._tree = tree
        self._key = fingerprint("run", *asked, code_signature(_rule_packs()))

    def find(self) -> CheckResult | None:
        """Return the result; None where there is none that still holds."""
        blob = self._pack.get(self._key)
        if blob is None:
            return None
        try:
            kept = msgspec.msgpack.decode(blob, type=_Kept)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self._pack.forget(self._key)
            return None
        return kept.result if self._tree.still(kept.seen) else None

    def _shows(self, file: str, secrets: Secrets) -> bool:
        if is_native(file):
            # What is sensitive by its own code is masked wherever lines of it are shown.
            return False
        try:
            return secrets.stands_in(self._tree.read(file))
        except SourceError:
            return False

    def keep(self, result: CheckResult, sensitive: Iterable[WorkspaceResult], secrets: Secrets = NO_SECRETS) -> None:
        """Keep a result, unless a sensitive text of these workspaces stands in it, or in a file that it shows lines of."""
        if secrets and any(self._shows(file, secrets) for file in _files_of(result)):
            return
        data = msgspec.msgpack.encode(_Kept(self._tree.seen, result))
        # What rules say of themselves is in this package, and no secret.
        written = msgspec.msgpack.encode(msgspec.structs.replace(result, rules=())).decode("utf-8", "replace")
        if not any(_says(written, text) for text in sensitive_texts(sensitive)):
            self._pack.add(self._key, data)


def _files_of(result: CheckResult) -> set[str]:
    """Return the files of which a report may show lines."""
    findings = [*result.findings, *(item.finding for item in result.suppressed)]
    places = [place.span for finding in findings for place in (finding.primary, *finding.evidence, *finding.path)]
    places += [diagnostic.span for diagnostic in result.diagnostics if diagnostic.span is not None]
    places += [label.span for diagnostic in result.diagnostics for label in diagnostic.labels]
    return {place.file for place in places}


def _says(written: str, text: str) -> bool:
    """Say whether a text stands in what is written; a short one counts only as a word, not within others."""
    if text not in written or len(text) > SHORT:
        return text in written
    return re.search(rf"(?<![^\W_]){re.escape(text)}(?![^\W_])", written) is not None


def sensitive_texts(results: Iterable[WorkspaceResult]) -> set[str]:
    """Return the texts and numbers in these results that are sensitive."""
    found: set[str] = set()
    for result in results:
        found.update(result.secrets)
        values = [instance.values for instance in result.resources]
        values += [output.value for output in result.outputs.values()]
        values += [provider.values for provider in result.providers]
        values += list(result.state.config.values())
        pending = [(value, False) for value in values]
        while pending:
            value, marked = pending.pop()
            raw = value.raw
            marked = marked or bool(value.marks & SENSITIVE)
            if isinstance(raw, dict):
                pending.extend((item, marked) for item in raw.values())
            elif isinstance(raw, tuple):
                pending.extend((item, marked) for item in raw)
            elif marked and raw is not None and not isinstance(raw, Unknown | bool) and raw != "":
                found.add(str(raw))
    return found


def _rule_packs() -> list[Path]:
    directories: dict[Path, None] = {}
    for point in announced():
        spec = find_spec(point.module.partition(".")[0])
        for location in (spec.submodule_search_locations or ()) if spec is not None else ():
            directories[Path(location)] = None
    return list(directories)
