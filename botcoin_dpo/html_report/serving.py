"""A small server of one page, for this machine alone: it reads, and nothing can be written.

It listens on 127.0.0.1. A request must name that host, so that no page of another site reaches it
by a name of its own (DNS rebinding), and it must know the token of the address.
"""

import secrets
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

from botcoin_dpo.contract.sanitize import sanitize
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import OutputError, UsageError, reason_of
from botcoin_dpo.html_report.assets import assets
from botcoin_dpo.html_report.page_requests import IdsRequest, Refusal, parse_request
from botcoin_dpo.html_report.served_dataset import ServedDataset, open_dataset

_HOST = "127.0.0.1"
_MOST_CONNECTIONS = 32
_PATIENCE = 10
"""Seconds that a client may be silent."""


class PageServer(ThreadingHTTPServer):
    """Serves the page of one dataset."""

    daemon_threads = True

    def __init__(self, port: int, dataset: ServedDataset) -> None:
        """Listen on a port of this machine, 0 for any that is free."""
        self.dataset = dataset
        self.token = secrets.token_urlsafe(24)
        self._connections = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        super().__init__((_HOST, port), _Handler)

    @property
    def address(self) -> str:
        """Where a browser finds the page."""
        return f"http://127.0.0.1:{self.server_port}/{self.token}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """What requests call this server."""
        named = f"{_HOST}:{self.server_port}"
        return (named, _HOST) if self.server_port == 80 else (named,)

    def server_bind(self) -> None:
        """Bind without asking anybody for the name of this host."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = _HOST, int(self.server_address[1])

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Refuse a connection while there are too many."""
        return self._connections.acquire(blocking=False)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer one connection, in its own thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._connections.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of a bug; clients that leave are none."""
        if not isinstance(sys.exception(), OSError):
            sys.stderr.write(sanitize(traceback.format_exc()))


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    timeout = _PATIENCE

    def do_GET(self) -> None:
        """Answer a request."""
        try:
            self._check_host()
            request = parse_request(self.path, self.server.token)
            text = self.server.dataset.answer(request)
        except Refusal as refusal:
            self._send(refusal.status, "text/plain", refusal.line)
            return
        except Exception as error:
            self._send(500, "text/plain", f"This is a bug: {type(error).__name__}.")
            raise
        self._send(200, "text/plain" if isinstance(request, IdsRequest) else "text/html", text)

    do_HEAD = do_GET

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request of ours, without repeating any of it."""
        self.close_connection = True
        if code == 501:
            self._send(405, "text/plain", "Only GET and HEAD are answered.")
        else:
            self._send(code, "text/plain", "This is no request.")

    def version_string(self) -> str:
        """Return what the server calls itself; versions are nobody's business."""
        return "botcoin-dpo"

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: addresses hold the token."""

    def _check_host(self) -> None:
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].strip() not in self.server.hosts:
            raise Refusal(421, "Open the address that botcoin-dpo printed.")

    def _send(self, status: int, kind: str, text: str) -> None:
        body = text.encode(errors="replace")
        self.send_response(status)
        for name, value in (
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", f"{assets(is_served=True).policy}; frame-ancestors 'none'"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
        ):
            self.send_header(name, value)
        if status == 405:
            self.send_header("Allow", "GET, HEAD")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def open_server(
    path: str | Path,
    port: int = 0,
    *,
    workers: int = 1,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Iterator[PageServer]:
    """Yield a server of a dataset's page, which listens already; `serve_forever` answers.

    Args:
        path: a built folder or a file of rows.
        port: of 127.0.0.1; 0 takes any that is free.
        workers: processes that share the work before the first answer.
        progress: called with bytes read.
        cache: the folder of what is kept; the user's if not given.

    Raises:
        UsageError: an option makes no sense.
        InputError: the rows cannot be read, there are none, or they change meanwhile.
        OutputError: the port cannot be had.
        UserError: what draws pages is not installed.
    """
    if not 0 <= port <= 65_535:
        raise UsageError(f"--port {port}: must be from 0 to 65,535")
    with open_dataset(path, workers=workers, progress=progress, cache=cache) as dataset:
        try:
            server = PageServer(port, dataset)
        except OSError as error:
            raise OutputError(
                f"--port {port}: {reason_of(error)}; name another one, or none"
            ) from error
        try:
            with server:
                yield server
        finally:
            dataset.end()
