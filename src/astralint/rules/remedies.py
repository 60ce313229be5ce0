"""What would make the most known: of all that is unknown, what a few lines of configuration can change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from astralint.estate.model import Workspace
from astralint.rules.finding import UndecidedSubject
from astralint.terraform.values.value import Reason, Unknown

MAXIMUM = 10
SHOWN = 3


class Remedies:
    """Counts what is unknown by what would make it known."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._variables: dict[str, Counter[str]] = {}

    def workspace(self, workspace: Workspace) -> None:
        """Count the unknown attributes of a workspace's resources."""
        for resource in (*workspace.resources, *workspace.data_sources):
            raw = resource.instance.values.raw
            for attribute in raw.values() if isinstance(raw, dict) else ():
                if isinstance(attribute.raw, Unknown) and attribute.raw.reasons:
                    self.reason(attribute.raw.reasons[0], workspace.name)

    def reason(self, reason: Reason, workspace: str) -> None:
        """Count a reason for which something is unknown."""
        name = _quoted(reason.message)
        if reason.code == "variable-without-value":
            self._variables.setdefault(workspace, Counter())[name] += 1
        elif reason.code in ("account-number-not-known", "module-not-read"):
            self._counts[reason.code, name] += 1
        elif reason.code == "account-not-known":
            self._counts[reason.code, workspace] += 1
        elif reason.code == "organization-not-known":
            self._counts[reason.code, ""] += 1

    def undecided(self, subjects: Iterable[UndecidedSubject]) -> None:
        """Count verdicts that hang on a variable's value."""
        for subject in subjects:
            if subject.workspace in self._variables and subject.reason.startswith("variable `"):
                self._variables[subject.workspace][_quoted(subject.reason)] += 1

    def listed(self) -> tuple[tuple[str, int], ...]:
        """Return the remedies with their counts, the most telling first."""
        found = [*self._of_variables(), *((_told(code, name), count) for (code, name), count in self._counts.items())]
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:MAXIMUM])

    def _of_variables(self) -> Iterator[tuple[str, int]]:
        for workspace, counts in self._variables.items():
            names = [f"`{name}`" for name, _ in counts.most_common(SHOWN)]
            more = f" and {len(counts) - SHOWN} more" if len(counts) > SHOWN else ""
            message = f"give workspace `{workspace}` values of {', '.join(names)}{more}: `var_files` or `variables`"
            yield message, counts.total()


def _told(code: str, name: str) -> str:
    return {
        "account-number-not-known": f"give account `{name}` its `id`",
        "module-not-read": f'fetch the module `{name}` (`terraform get`), or name its code: `module_source "{name}"`',
        "account-not-known": f"say which account workspace `{name}` is for: a `workspace` block in an `account` block",
        "organization-not-known": "give `platform` its `organization_id`",
    }[code]


def _quoted(message: str) -> str:
    """Return the name that a reason speaks of."""
    return message.partition("`")[2].partition("`")[0]
