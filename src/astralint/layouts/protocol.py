"""What a layout is: given a tree, which evaluations there are, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from astralint.config.settings import Settings
from astralint.layouts.survey import Survey
from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import TreePath
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import Directory, Root
from astralint.terraform.language.language import Language
from astralint.terraform.root_language import Languages
from astralint.terraform.workspace import WorkspaceSpec


class Ground(msgspec.Struct, frozen=True, eq=False):
    """What layouts look at: all directories below the starts, what reads their files, and the configuration."""

    survey: Survey
    loader: ModuleLoader
    settings: Settings
    starts: Sequence[TreePath]
    languages: Languages

    def language(self, directory: TreePath) -> Language:
        """Return the language of a root module: the configuration's, else what its files tell."""
        return self.settings.language or self.languages.of(directory)


class LayoutCoverage(msgspec.Struct, frozen=True):
    """How far a layout was understood: the line with which a check ends.

    `name` is stable, `title` for people, `unit` what one of its parts is called.
    `undecided` are the reasons why units were not evaluated, each with their number.
    `understood` is false where nothing of the layout is evaluated; `help` says what would help.
    """

    name: str
    title: str
    unit: str
    units: int
    evaluated: int
    undecided: tuple[tuple[str, int], ...] = ()
    understood: bool = True
    help: str = ""


class Found(msgspec.Struct, frozen=True, eq=False):
    """An evaluation that a layout found.

    `root` holds the names that may tell its account. `account_name` and `account_number` are what
    the layout's own files say of it, and `evidence` where. Of one that `is_configured`, the configuration
    says everything.
    """

    spec: WorkspaceSpec
    root: Root
    account_name: str = ""
    account_number: str = ""
    evidence: str = ""
    is_configured: bool = False


class Findings(msgspec.Struct, frozen=True, eq=False):
    """All that a layout found.

    `claimed` are the directories that are part of it, which are no roots of their own, and why.
    `spare_variable_files` are those that no evaluation uses, and what each sets.
    """

    evaluations: tuple[Found, ...] = ()
    coverage: tuple[LayoutCoverage, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    directories: tuple[Directory, ...] = ()
    claimed: dict[TreePath, str] = {}
    spare_variable_files: dict[TreePath, frozenset[str]] = {}


class Layout(Protocol):
    """One way of laying out code."""

    def find(self, ground: Ground) -> Findings:
        """Return the evaluations, and what could not be read; nothing where the layout is not used."""
        ...
