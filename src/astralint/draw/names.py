"""Names as people say them: not the ARN, but what it is and the account that it is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

_ARN = re.compile(r"arn:[^:/\s]+:(?P<service>[a-z0-9-]+):[^:]*:(?P<account>[^:]*):(?P<rest>.+)", re.DOTALL)
_PROVIDER = re.compile(r"(?:oidc|saml)-provider/(?=.)")


class Names:
    """The names of a graph's accounts by their numbers."""

    def __init__(self, graph: nx.MultiDiGraph[str]) -> None:
        self._accounts = {
            str(data["number"]): str(data.get("name"))
            for _, data in graph.nodes(data=True)
            if data.get("kind") == "account" and data.get("number")
        }

    def short(self, name: str) -> str:
        """Return `role/deploy · production` for an ARN, `production` for its root's; other names as they are."""
        found = _ARN.fullmatch(name)
        if found is None or not found["account"]:
            return name
        account = self._accounts.get(found["account"], found["account"])
        if found["service"] == "iam" and found["rest"] == "root":
            return account
        rest = found["rest"] if found["service"] == "iam" else f"{found['service']}:{found['rest']}"
        return f"{_PROVIDER.sub('', rest)} · {account}"
