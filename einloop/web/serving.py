"""The page on this machine: 127.0.0.1 only, behind a secret path, and for no other page of the browser.

A request is refused unless its `Host` is this server's, its `Origin`, where there is one, too, and its path begins with
the secret: pages elsewhere know neither, also where a name of theirs is pointed at 127.0.0.1 (DNS rebinding).
"""

from __future__ import annotations

import json
import secrets
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ..core.errors import OptionError
from .answer import answer
from .arrays import MAX_BYTES, HeldArrays

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""What a browser on this machine may call the server."""
SECRET_BYTES = 16
MAX_BODY = MAX_BYTES * 4 // 3 + 1_000_000
"""Bytes of a request: a file in base64, and what is around it."""
SECONDS = 30.0
"""What a client may take to send a request."""
SITES = ("same-origin", "none")
"""What browsers say of a request of the page itself, or of a person's own; of other pages they say otherwise."""
JSON = "application/json"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PageServer(ThreadingHTTPServer):
    """Serves one page and answers its questions, each request in a thread of its own."""

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, page: str, held: HeldArrays, port: int) -> None:
        self.page, self.held = page.encode(), held
        self.secret = secrets.token_urlsafe(SECRET_BYTES)
        super().__init__((HOST, port), PageHandler)

    @property
    def url(self) -> str:
        """Return the address of the page."""
        return f"http://{HOST}:{self.server_address[1]}/{self.secret}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser that closes a connection is no news."""


class PageHandler(BaseHTTPRequestHandler):
    """Answers one request of a browser."""

    server: PageServer
    protocol_version = "HTTP/1.1"
    server_version = "einloop"
    sys_version = ""
    timeout = SECONDS

    def do_GET(self) -> None:
        """Send the page."""
        if self._admitted("/"):
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", self.server.page)

    def do_POST(self) -> None:
        """Send the answer to a question."""
        if not self._admitted("/answer"):
            return
        if self.headers.get_content_type() != JSON:
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            return
        body = self._body()
        if body is None:
            return
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            request = None
        found = answer(request, self.server.held)
        self._send(HTTPStatus.OK, JSON, json.dumps(found, allow_nan=False).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _body(self) -> bytes | None:
        """Return what was sent with a request; None where it was refused."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or self.headers.get("Transfer-Encoding"):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            return self.rfile.read(int(length))
        return None

    def _admitted(self, path: str) -> bool:
        """Return whether a request is one of this server's own page; refuse it where it is not."""
        port = self.server.server_address[1]
        hosts = [f"{name}:{port}" for name in NAMES]
        origin = self.headers.get("Origin")
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        right = f"/{self.server.secret}{path}"
        if self.headers.get("Host") not in hosts or len(self.headers.get_all("Host", [])) != 1:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        elif origin not in (None, *(f"http://{host}" for host in hosts)) or site not in SITES:
            self._refuse(HTTPStatus.FORBIDDEN)
        elif not secrets.compare_digest(self.path.encode(), right.encode()):
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            return True
        return False

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._send(status, "text/plain; charset=utf-8", status.phrase.encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **HEADERS}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def start(page: str, held: HeldArrays, port: int) -> PageServer:
    """Return a server that listens on a port, 0 for any that is free. Raises OptionError where it cannot."""
    if not 0 <= port <= 65535:
        raise OptionError("EL479", f"port {port}", hint="a number from 0 to 65535; 0 takes one that is free")
    try:
        return PageServer(page, held, port)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = "--port 0 takes one that is free"
        raise OptionError("EL489", f"port {port} cannot be used: {reason}", hint=hint) from None
