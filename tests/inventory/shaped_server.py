"""A local server for what moto does not serve: answers that fit botocore's own output shapes, and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Refusal = tuple[int, str]
"""An HTTP status and an error code."""
Answers = Callable[[str, Mapping[str, Any]], Mapping[str, Any] | Refusal]
"""From an operation and its arguments to what is answered."""


def checked(service: str, operation: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an answer; raises where it does not fit the shape that botocore has for it."""
    import botocore.session
    from botocore.validate import ParamValidator

    shape = botocore.session.Session().get_service_model(service).operation_model(operation).output_shape
    report = ParamValidator().validate(dict(answer), shape)
    assert not report.has_errors(), report.generate_report()
    return answer


@contextmanager
def shaped_server(answers: Answers, services: Mapping[str, str]) -> Iterator[str]:
    """Serve on a free port of the loopback interface; `services` are botocore's services by the targets they send."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            prefix, _, operation = self.headers.get("X-Amz-Target", "").rpartition(".")
            service = services.get(prefix, "resource-explorer-2")
            operation = operation or self.path.strip("/")
            told = answers(operation, json.loads(content or b"{}"))
            if isinstance(told, tuple):
                self._send(told[0], {"__type": told[1], "message": "told so"}, told[1])
            else:
                self._send(200, checked(service, operation, told))

        def _send(self, status: int, body: Mapping[str, Any], error: str = "") -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            if error:
                self.send_header("x-amzn-ErrorType", error)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


TARGETS = {
    "CloudApiService": "cloudcontrol",
    "CodeCommit_20150413": "codecommit",
    "StarlingDoveService": "config",
}
"""The prefixes of X-Amz-Target, and the services that send them."""


def nothing(operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer that there is nothing."""
    return {"TypeName": arguments["TypeName"], "ResourceDescriptions": []} if operation == "ListResources" else {}
