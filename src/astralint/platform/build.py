"""From a tree of files to a platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from astralint.assembly.build import Discovery, assemble
from astralint.assembly.workers import Workers
from astralint.config.settings import Settings
from astralint.inventory.given import NOTHING_GIVEN, Given
from astralint.platform.platform import Platform
from astralint.source.diagnostic import Diagnostic
from astralint.source.secrets import NO_SECRETS, Secrets
from astralint.source.tree import TreePath
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.requests import Answer, Request


class Build(msgspec.Struct, frozen=True, eq=False):
    """A platform, and how it came about. `answers` are those that each workspace was last evaluated with."""

    platform: Platform
    discovery: Discovery
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[TreePath, ...]
    answers: Mapping[str, Mapping[Request, Answer]] = {}
    secrets: Secrets = NO_SECRETS

    @property
    def said(self) -> tuple[Diagnostic, ...]:
        """The diagnostics, with what was left out of the trust that somebody asked for."""
        return (*self.diagnostics, *self.secrets.data(self.platform.trust.limits))


def build_platform(
    loader: ModuleLoader,
    settings: Settings,
    starts: Sequence[TreePath],
    workers: Workers,
    given: Given = NOTHING_GIVEN,
) -> Build:
    """Discover, evaluate and assemble; problems are among the result's diagnostics."""
    found = assemble(loader, settings, starts, workers, given.states)
    secrets = Secrets(text for _, result in found.contents.evaluated for text in result.secrets)
    platform = Platform(found.contents)
    platform.inventory = given.inventory
    platform.writes = given.writes
    platform.earlier = given.earlier
    diagnostics = secrets.data((*given.diagnostics, *found.diagnostics))
    return Build(platform, found.discovery, diagnostics, found.files, found.answers, secrets)
