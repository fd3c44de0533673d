"""A web server on this machine, with a certificate of its own."""

import re
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = "127.0.0.1"


class Website:
    """What a web server serves, and what it was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        """Content by path, quoted as in a URL."""
        self.etag: str | None = None
        self.has_ranges = True
        self.queries: set[str] = set()
        self.url = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer a GET."""
        path, _, query = request.path.partition("?")
        self.queries.add(query)
        content = self.files.get(path)
        if content is None:
            request.send_error(404)
            return
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("Range", ""))
        start, last = (int(asked[1]), int(asked[2])) if asked else (0, len(content))
        piece = content[start : last + 1] if self.has_ranges else content
        request.send_response(206 if self.has_ranges else 200)
        if self.has_ranges:
            end = start + len(piece) - 1
            request.send_header("Content-Range", f"bytes {start}-{end}/{len(content)}")
        if self.etag is not None:
            request.send_header("ETag", self.etag)
        request.send_header("Content-Length", str(len(piece)))
        request.end_headers()
        request.wfile.write(piece)


@contextmanager
def running_website(certificate: Path) -> Iterator[Website]:
    """Run a web server; its certificate is written to a file."""
    key = certificate.with_suffix(".key")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-keyout", str(key), "-out", str(certificate), "-subj", "/CN=localhost",
            "-addext", f"subjectAltName=IP:{HERE}", "-addext", "basicConstraints=critical,CA:FALSE",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    website = Website()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            website.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((HERE, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    website.url = f"https://{HERE}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield website
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
