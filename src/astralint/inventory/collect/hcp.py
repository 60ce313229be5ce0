"""HCP Terraform and Terraform Enterprise, by HashiCorp's own client."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from pytfe import TFEClient, TFEConfig
from pytfe.errors import AuthError, NotFound, RateLimited, ServerError, TFEError

from astralint.inventory.collect.pulling import PullError, Remote

PUBLIC = "app.terraform.io"


class HcpOrganizations:
    """Reads with the token of the environment: TFE_TOKEN, or TF_TOKEN_… as Terraform itself takes it.

    The scanned code may name any host: only the one of TFE_ADDRESS (HCP Terraform by default) gets TFE_TOKEN.
    """

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}

    def workspaces(self, hostname: str, organization: str) -> tuple[Remote, ...]:
        """See `Organizations.workspaces`."""
        client = self._client(hostname)
        try:
            found = [self._remote(client, organization, one) for one in client.workspaces.list(organization)]
        except TFEError as error:
            raise _refused(f"organization `{organization}`", error) from error
        return tuple(sorted(found, key=lambda remote: remote.name))

    def state(self, hostname: str, remote: Remote) -> bytes:
        """See `Organizations.state`."""
        client = self._client(hostname)
        try:
            current = client.state_versions.read_current(remote.id)
            content: bytes = client.state_versions.download(current.id)
        except NotFound as error:
            raise PullError(f"`{remote.name}` has no state: nothing was ever applied", missing=True) from error
        except TFEError as error:
            raise _refused(f"`{remote.name}`", error) from error
        return content

    @staticmethod
    def _remote(client: Any, organization: str, found: Any) -> Remote:
        variables = {
            variable.key: variable.value or ""
            for variable in client.variables.list(found.id)
            if variable.key and not variable.sensitive and getattr(variable.category, "value", "") == "terraform"
        }
        return Remote(
            organization,
            found.id,
            found.name or "",
            (found.project.name or found.project.id or "") if found.project is not None else "",
            tuple(found.tag_names or ()),
            found.working_directory or "",
            found.terraform_version or "",
            variables,
        )

    def _client(self, hostname: str) -> Any:
        address = os.environ.get("TFE_ADDRESS") or f"https://{PUBLIC}"
        own = urlsplit(address).netloc
        host = hostname or own
        if host not in self._clients:
            named = f"TF_TOKEN_{host.replace('-', '__').replace('.', '_')}"
            token = os.environ.get(named) or (os.environ.get("TFE_TOKEN", "") if host == own else "")
            if not token:
                either = f"TFE_TOKEN or {named}" if host == own else named
                raise PullError(f"there is no token for `{host}`: set {either}", fatal=not hostname)
            config = TFEConfig(address=address if host == own else f"https://{host}", token=token)
            self._clients[host] = TFEClient(config)
        return self._clients[host]


def _refused(what: str, error: TFEError) -> PullError:
    if isinstance(error, AuthError):
        return PullError(f"{what}: the token is refused, or has no right to it: {error}")
    if isinstance(error, NotFound):
        return PullError(f"{what} does not exist, or the token has no right to see it")
    if isinstance(error, RateLimited):
        return PullError(f"{what}: throttled, however often it was tried")
    if isinstance(error, ServerError):
        return PullError(f"{what}: no answer: {error}")
    return PullError(f"{what}: {error}")
