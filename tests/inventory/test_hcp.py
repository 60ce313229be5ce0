"""HashiCorp's client against a server that speaks the JSON:API of the calls in use: pages, throttling, errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from astralint.inventory.collect.pulling import PullError, Remote

pytest.importorskip("pytfe", reason="pytfe is not installed")
pytestmark = pytest.mark.oracle

STATE = b'{"version": 4, "serial": 9, "resources": []}'


class Server:
    """Three workspaces on pages of two; the first answer of each path is `first`, where that is given."""

    def __init__(self, first: int = 0, always: int = 0) -> None:
        self.first = first
        self.always = always
        self.address = ""
        self.seen: list[tuple[str, str]] = []

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
        if self.always:
            return self.always, json.dumps({"errors": [{"status": str(self.always), "title": "refused"}]}).encode()
        if self.first and sum(path == one for one, _ in self.seen) == 1:
            return self.first, json.dumps({"errors": [{"status": str(self.first), "title": "later"}]}).encode()
        if path == "/api/v2/organizations/acme/workspaces":
            return 200, self._workspaces(int(query.get("page[number]", ["1"])[0]))
        if path.endswith("/vars"):
            return 200, json.dumps({"data": [_variable("region", "eu-west-1"), _variable("password", None)]}).encode()
        if path == "/api/v2/workspaces/ws-aaaaaaaaaaaaaaa1/current-state-version":
            return 200, self._version()
        if path == "/api/v2/state-versions/sv-aaaaaaaaaaaaaaa1":
            return 200, self._version()
        if path == "/archive/1":
            return 200, STATE
        return 404, json.dumps({"errors": [{"status": "404", "title": "not found"}]}).encode()

    def _workspaces(self, page: int) -> bytes:
        numbers = {1: (1, 2), 2: (3,)}[page]
        data = [
            {
                "id": f"ws-aaaaaaaaaaaaaaa{number}",
                "type": "workspaces",
                "attributes": {
                    "name": f"workspace-{number}",
                    "working-directory": f"roots/{number}",
                    "tag-names": ["live"],
                    "terraform-version": "1.11.4",
                },
                "relationships": {"project": {"data": {"id": "prj-aaaaaaaaaaaaaaaa", "type": "projects"}}},
            }
            for number in numbers
        ]
        pages = {"current-page": page, "next-page": 2 if page == 1 else None, "total-pages": 2, "total-count": 3}
        return json.dumps({"data": data, "meta": {"pagination": pages}}).encode()

    def _version(self) -> bytes:
        attributes = {"serial": 9, "hosted-state-download-url": f"{self.address}/archive/1"}
        return json.dumps(
            {"data": {"id": "sv-aaaaaaaaaaaaaaa1", "type": "state-versions", "attributes": attributes}}
        ).encode()


def _variable(key: str, value: str | None) -> dict[str, Any]:
    attributes = {"key": key, "value": value, "sensitive": value is None, "category": "terraform", "hcl": False}
    return {"id": f"var-{key}", "type": "vars", "attributes": attributes}


@contextmanager
def serving(server: Server) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            server.seen.append((url.path, self.headers.get("Authorization", "")))
            status, content = server.answer(url.path, parse_qs(url.query))
            self.send_response(status)
            self.send_header("Content-Type", "application/vnd.api+json")
            if status == 429:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return None

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.address = f"http://127.0.0.1:{http.server_address[1]}"
    thread = Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


@pytest.fixture
def organizations(monkeypatch: pytest.MonkeyPatch) -> Any:
    from astralint.inventory.collect.hcp import HcpOrganizations

    monkeypatch.setenv("TFE_TOKEN", "a-token")
    return HcpOrganizations()


@pytest.mark.parametrize("first", [0, 429])
def test_pages_and_throttling(organizations: Any, monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    server = Server(first)
    with serving(server):
        monkeypatch.setenv("TFE_ADDRESS", server.address)
        found = organizations.workspaces("", "acme")
        assert [remote.name for remote in found] == ["workspace-1", "workspace-2", "workspace-3"]
        assert found[0] == Remote(
            "acme",
            "ws-aaaaaaaaaaaaaaa1",
            "workspace-1",
            "prj-aaaaaaaaaaaaaaaa",
            ("live",),
            "roots/1",
            "1.11.4",
            {"region": "eu-west-1"},
        )
        assert organizations.state("", found[0]) == STATE
    assert ("/api/v2/organizations/acme/workspaces", "Bearer a-token") in server.seen


def test_a_workspace_without_a_state(organizations: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    with serving(server):
        monkeypatch.setenv("TFE_ADDRESS", server.address)
        with pytest.raises(PullError, match="nothing was ever applied") as raised:
            organizations.state("", Remote("acme", "ws-aaaaaaaaaaaaaaa2", "workspace-2"))
    assert raised.value.missing


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "the token is refused, or has no right to it"),
        (404, "does not exist, or the token has no right to see it"),
        (429, "throttled, however often it was tried"),
        (500, "no answer"),
        (422, "refused"),
    ],
)
def test_errors_are_told(organizations: Any, monkeypatch: pytest.MonkeyPatch, status: int, message: str) -> None:
    server = Server(always=status)
    with serving(server):
        monkeypatch.setenv("TFE_ADDRESS", server.address)
        with pytest.raises(PullError, match=message):
            organizations.workspaces("", "acme")


def test_a_host_that_the_code_names_gets_no_token(organizations: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    with serving(server):
        host = server.address.removeprefix("http://")
        with pytest.raises(PullError, match="there is no token for"):
            organizations.workspaces(host, "acme")
    assert not server.seen
