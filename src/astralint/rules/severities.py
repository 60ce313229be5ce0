"""Severities that the configuration gives to the findings of some paths."""

from __future__ import annotations

from collections.abc import Iterable

from astralint.config.settings import PathSeverity, Settings
from astralint.source.diagnostic import Severity
from astralint.source.tree import TreePath


class PathSeverities:
    """Says how severe a rule's finding in a file is, where that is said for the file or a directory above it."""

    def __init__(self, settings: Settings) -> None:
        self._rules = {rule.name: rule.paths for rule in settings.rules if rule.paths}
        self._contracts = {(c.type, c.title): c.paths for c in settings.contracts if c.paths}

    def of(self, rule: str, name: str, contract: str, file: TreePath) -> Severity | None:
        """Return the severity for the finding of a rule (its id and name), or of a contract, in a file."""
        if not self._rules and not self._contracts:
            return None
        if contract and (paths := self._contracts.get((name, contract))):
            return _nearest(paths, file)
        return _nearest((*self._rules.get(rule, ()), *self._rules.get(name, ())), file)


def _nearest(settings: Iterable[PathSeverity], file: TreePath) -> Severity | None:
    """Return the severity for the longest path that holds a file; of several the first."""
    found: Severity | None = None
    longest = -1
    for setting in settings:
        for path in setting.paths:
            length = 0 if path == "." else len(path)
            if length > longest and (path == "." or file == path or file.startswith(path + "/")):
                found, longest = setting.severity, length
    return found
