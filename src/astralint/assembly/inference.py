"""Which account a root is for, told from names: only where names are used to tell accounts apart."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping

import msgspec

from astralint.estate.kinds import kind_of_name, kind_of_whole_name
from astralint.terraform.discovery import Root

CONTAINERS = frozenset({"accounts", "account", "workspaces", "environments", "environment", "envs", "live", "orgs"})
"""Directories whose children are accounts."""

PASSED_OVER = frozenset(
    {"terraform", "tf", "infra", "infrastructure", "aws", "iac", "src", "roots", "root-modules", "org"}
)
"""Directories that only hold others."""

TELLING = frozenset({"management", "production"})
"""Kinds of which one must be among siblings before names of siblings are taken for accounts."""


class InferredAccount(msgspec.Struct, frozen=True):
    """An account that a root's names speak of; `kind` is "" where they do not tell it."""

    name: str
    kind: str
    evidence: str


class _Guess(msgspec.Struct, frozen=True):
    root: str
    parent: str
    name: str
    sure: bool


def infer_accounts(roots: Iterable[Root]) -> dict[str, InferredAccount]:
    """Return the account of each root (by its name) as far as names tell it.

    The HCP workspace's name and the variable file's come first. A directory counts
    as an account below `accounts/`, `environments/` and their like; elsewhere only if
    its siblings are accounts too: at least two are called after a kind and nothing
    else, management or production among them.
    """
    found: dict[str, InferredAccount] = {}
    guesses: list[_Guess] = []
    for root in roots:
        for name, what in ((root.variant, "variable file"), (root.cloud_name, "HCP workspace")):
            kind = kind_of_name(name) if name else None
            if kind is not None:
                found[root.name] = InferredAccount(name, kind, f"the name of its {what}")
                break
        else:
            guess = _directory(root)
            if guess is not None:
                guesses.append(guess)
    siblings: dict[str, set[str]] = {}
    for guess in guesses:
        siblings.setdefault(guess.parent, set()).add(guess.name)
    stripped = {parent: _stripped(names) for parent, names in siblings.items()}
    for guess in guesses:
        names = stripped[guess.parent]
        kinds = {kind for name in names.values() if (kind := kind_of_whole_name(name)) is not None}
        if not guess.sure and not (len(kinds) > 1 and kinds & TELLING):
            continue
        kind = kind_of_name(names[guess.name]) or kind_of_name(guess.name)
        if kind is not None or guess.sure:
            found[guess.root] = InferredAccount(guess.name, kind or "", f"the directory `{guess.name}`")
    return found


def _directory(root: Root) -> _Guess | None:
    parts = [part for part in root.path.split("/") if part != "."]
    for position, part in enumerate(parts):
        parent = "/".join(parts[:position])
        if part.lower() in CONTAINERS and position + 1 < len(parts):
            return _Guess(root.name, "/".join(parts[: position + 1]), parts[position + 1], sure=True)
        if part.lower() not in PASSED_OVER:
            return _Guess(root.name, parent, part, sure=False)
    return None


def _stripped(names: set[str]) -> Mapping[str, str]:
    """Take the prefix off that all siblings share (`acme-prod`, `acme-id`)."""
    prefix = os.path.commonprefix(sorted(names)) if len(names) > 1 else ""  # noqa: RUF071 - names, not paths
    cut = max(prefix.rfind("-"), prefix.rfind("_")) + 1
    return {name: name[cut:] for name in names}
