"""Sessions for accounts: the caller's own, and those of the roles that it assumes."""

from __future__ import annotations

from threading import Lock
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.loaders import Loader

SESSION_NAME = "astralint-inventory"
ATTEMPTS = 10
"""How often a call is tried; `adaptive` slows all calls of a client down when AWS throttles."""


class Access:
    """The credentials of one account, and clients made with them. Clients are made one at a time, and may be shared."""

    def __init__(self, session: botocore.session.Session, region: str, threads: int) -> None:
        self._session = session
        self._region = region
        self._lock = Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._config = Config(
            retries={"total_max_attempts": ATTEMPTS, "mode": "adaptive"},
            max_pool_connections=max(10, threads),
            connect_timeout=10,
            read_timeout=60,
            user_agent_extra=SESSION_NAME,
        )

    def client(self, service: str, region: str = "") -> Any:
        """Return the client of a service."""
        key = service, region or self._region
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._session.create_client(service, region_name=key[1], config=self._config)
            return self._clients[key]

    def forget(self, region: str) -> None:
        """Let go of the clients of a region that is done."""
        with self._lock:
            for key in [key for key in self._clients if key[1] == region and region != self._region]:
                del self._clients[key]

    def assuming(self, role: str, external_id: str, threads: int) -> Access:
        """Return the access by a role, whose credentials are renewed as long as the collection takes."""
        credentials = self._session.get_credentials()
        extra = {"RoleSessionName": SESSION_NAME} | ({"ExternalId": external_id} if external_id else {})
        fetcher = AssumeRoleCredentialFetcher(self._make, credentials, role, extra_args=extra)
        session = _session(self._session.get_component("data_loader"))
        session._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")  # noqa: SLF001 - botocore's own way
        return Access(session, self._region, threads)

    def _make(self, service: str, **arguments: Any) -> Any:
        with self._lock:
            return self._session.create_client(service, **{"region_name": self._region, **arguments})

    def available(self, service: str, partition: str) -> frozenset[str]:
        """Return the regions that have a service, as far as is known; none where that is not."""
        return frozenset(self._session.get_available_regions(service, partition))


def own_access(region: str, profile: str | None, threads: int) -> Access:
    """Return the caller's access, by environment, profile, or whatever else AWS's tools take."""
    session = _session(Loader())
    if profile:
        session.set_config_variable("profile", profile)
    return Access(session, region, threads)


def _session(loader: Any) -> botocore.session.Session:
    """Return a session that shares what is read of the services' models, which is the most of what it takes."""
    session = botocore.session.Session()
    if isinstance(loader, Loader):
        loader.search_paths[:] = list(dict.fromkeys([*loader.search_paths, Loader.BUILTIN_DATA_PATH]))
    session.register_component("data_loader", loader)
    return session
