"""How a rule is written: a function over one subject and the platform.

    @rule("AL101", "iam-user-outside-identity", severity="error", each="aws_iam_user")
    def check(user: Resource, platform: Platform) -> Iterator[Violation]:
        \"\"\"IAM users exist only in the identity account. …\"\"\"
        if user.kind != "identity":
            yield user.finding(f"…")

The docstring is the documentation: its first line is the summary. Reading what is
unknown raises `Undecided`; the runner notes it for that subject and goes on. Rules
that differ only in data are rows of a table (`read_table`); each row is declared in
the same way, with its own `documentation`.

This package is all that a rule imports of astralint. What only some rules need stands
in modules of its own: `trust`, `text`, `aws`, `code`.
"""

from __future__ import annotations

from astralint.estate.model import Account, Resource, Violation, Workspace
from astralint.estate.views import Undecided, undecided
from astralint.platform.platform import Platform
from astralint.rules.declaration import Check, Rule, Subject, Subjects, rule
from astralint.rules.table import read_table
from astralint.source.diagnostic import Severity
from astralint.source.evidence import Evidence
from astralint.terraform.values.value import Reason, Unknown

__all__ = [
    "Account",
    "Check",
    "Evidence",
    "Platform",
    "Reason",
    "Resource",
    "Rule",
    "Severity",
    "Subject",
    "Subjects",
    "Undecided",
    "Unknown",
    "Violation",
    "Workspace",
    "read_table",
    "rule",
    "undecided",
]
