"""What a wrapper around Terraform makes of a directory before Terraform runs there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.requests import Answer, Request
from astralint.terraform.results import RemoteStateRead, StateIdentity
from astralint.terraform.values.value import Reason
from astralint.terraform.workspace import GivenVariable, WorkspaceSpec

Ask = Callable[[Request], Answer]
"""Notes a request and returns its answer, or a pending one."""


class AddedFile(msgspec.Struct, frozen=True):
    """A file that a wrapper writes into the root.

    `written` is where its content stands in the tree, `offset` where there the text begins, so that
    places in it are places there; without an offset every place is `written`.
    """

    name: str
    text: str
    written: Span
    offset: int | None = None
    replaces: bool = True


class Prepared(msgspec.Struct, frozen=True, eq=False):
    """A root as a wrapper hands it to Terraform.

    `directory` holds its files (None: they can't be read, for the `reasons`), `overlay` those that lie
    over them, `files` those that are written, `sources`
    those that are something else in the tree, read as Terraform's. `copied` is the directory outside of which nothing is
    there for it. `inputs` are given as environment variables are, `variables` as a last variable file is, `unknowns` stand for what is not known in `files`. `state` is where it is kept, if the
    wrapper says so. `modules` are what modules hold that are not at hand, by the address of their source.
    """

    directory: TreePath | None
    overlay: TreePath | None = None
    copied: TreePath | None = None
    files: tuple[AddedFile, ...] = ()
    sources: tuple[tuple[str, SourceFile], ...] = ()
    inputs: dict[str, GivenVariable] = {}
    variables: dict[str, GivenVariable] = {}
    unknowns: dict[str, GivenVariable] = {}
    variable_files: tuple[TreePath, ...] = ()
    state: StateIdentity | None = None
    reasons: tuple[Reason, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    reads: tuple[RemoteStateRead, ...] = ()
    paths: tuple[TreePath, ...] = ()
    modules: dict[str, str] = {}


class Wrapper(Protocol):
    """Prepares the roots of workspaces whose layout is not plain."""

    def prepare(self, spec: WorkspaceSpec, loader: ModuleLoader, ask: Ask) -> Prepared:
        """Return the root as the wrapper would make it; never raises, and writes nothing."""
        ...
