"""When an answer of ours agrees with terraform's, where something is unknown.

Terraform's own answer is always right. Something else is where it says more than Terraform does, and is proved
by *completions*: what Terraform gives once the unknowns have turned out to be this or that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from .console import GOLDEN

Record = dict[str, Any]

COMPLETIONS: list[dict[str, str]] = json.loads((GOLDEN / "completions.json").read_text())


def same(ours: Record, theirs: Record) -> bool:
    """Say whether the answers are the same; errors are, whatever they say."""
    if "error" in ours or "error" in theirs:
        return "error" in ours and "error" in theirs
    return _comparable(ours) == _comparable(theirs)


def _comparable(record: Record) -> Record:
    # Names of attributes hold spaces too, of which the console's output does not tell everything.
    return {key: "".join(value.split()) if key == "type" else value for key, value in record.items()}


def proved(ours: Record, theirs: Record, completions: Sequence[Record]) -> bool:
    """Say whether an answer that is not Terraform's is right all the same, by what all completions give."""
    given = [each for each in completions if "error" not in each]
    if "error" in ours:
        # It fails whatever the unknowns turn out to be.
        return bool(completions) and not given
    if "error" in theirs or not completions:
        return False
    if "unknown" not in theirs and "unknown" in ours:
        # Terraform's answer is not the one that it gives once it knows.
        return not all(same(theirs, each) for each in given)
    # Terraform forgets here and there that something unknown is sensitive.
    marks = {each.get("sensitive") for each in given}
    if ours.get("sensitive") != theirs.get("sensitive") and marks - {ours.get("sensitive")}:
        return False
    if "unknown" not in ours:
        # There are things that Terraform never knows: what is made of a null without a type.
        known = [each for each in given if "unknown" not in each] or given
        return all(
            ours["type"] == each["type"] if "unknown" in each else same(_unmarked(ours), _unmarked(each))
            for each in known
        )
    return _fits(ours["type"], theirs["type"]) and all(_fits(each["type"], ours["type"]) for each in given)


def _unmarked(record: Record) -> Record:
    return {key: value for key, value in record.items() if key != "sensitive"}


def _fits(type_: str, open_: str) -> bool:
    """Say whether a type is another one but for what is not known of that."""
    pattern = re.escape("".join(open_.split())).replace("dynamic", ".*")
    return re.fullmatch(pattern, "".join(type_.split())) is not None
