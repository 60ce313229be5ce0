"""Answers to what workspaces ask of each other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from astralint.assembly.lookups import ResourceDirectory
from astralint.assembly.organization import OrganizationDirectory
from astralint.config.settings import Settings
from astralint.estate.account_names import AccountNames
from astralint.terraform.remote_state import StateDirectory
from astralint.terraform.requests import Answer, LookupRequest, RemoteStateRequest, Request
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.workspace import WorkspaceSpec


class PlatformAnswers:
    """Answers requests from the results of one round."""

    def __init__(
        self, settings: Settings, specs: Mapping[str, WorkspaceSpec], results: Mapping[str, WorkspaceResult]
    ) -> None:
        self._settings = settings
        self._specs = specs
        self._results = [results[name] for name in sorted(results)]
        self._given: dict[Request, Answer] = {}

    @cached_property
    def _states(self) -> StateDirectory:
        return StateDirectory(self._results, self._specs)

    @cached_property
    def _resources(self) -> ResourceDirectory:
        return ResourceDirectory(self._results, self._names)

    @cached_property
    def _names(self) -> AccountNames:
        return AccountNames(self._settings, self._specs.values())

    @cached_property
    def _organization(self) -> OrganizationDirectory:
        return OrganizationDirectory(self._settings, self._specs, self._results, self._names)

    def __call__(self, request: Request) -> Answer:
        """Return the answer to a request; many workspaces ask the same."""
        answer = self._given.get(request)
        if answer is None:
            answer = self._given[request] = self._answer(request)
        return answer

    def _answer(self, request: Request) -> Answer:
        if isinstance(request, RemoteStateRequest):
            return self._states.answer(request)
        if isinstance(request, LookupRequest):
            return self._resources.answer(request)
        return self._organization.answer(request)
