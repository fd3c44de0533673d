"""The server of a page: who gets an answer, and what of the dataset it is."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from botcoin_dpo import InputError, build
from botcoin_dpo.dataset import folding
from botcoin_dpo.errors import OutputError, UsageError
from botcoin_dpo.html_report.reporter import report
from botcoin_dpo.html_report.serving import PageServer, open_server
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.viewing import catalogue
from botcoin_dpo.viewing.catalogue import open_catalogue
from botcoin_dpo.viewing.list_query import COLUMNS, FILTERS
from tests.builders import read_rows
from tests.hostile import hostile_rows


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serving")
    simulate(folder / "logs", challenges=12, miners=4, seed=7)
    build(folder / "logs", folder / "out", pairs=["sequential", "bookend"], audit=True)
    return folder / "out"


@contextmanager
def serving(path: Path, **options: Any) -> Iterator[PageServer]:
    """Serve a dataset from another thread, and end it whatever happens."""
    with open_server(path, **options) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[PageServer]:
    with serving(built) as server:
        yield server


class Answer:
    """What came back."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode()

    @property
    def numbers(self) -> list[int]:
        return [int(number) for number in re.findall(r'<tr data-pair="(\d+)"', self.text)]

    @property
    def fitting(self) -> int:
        found = re.search(r'data-fitting="(\d+)"', self.text)
        assert found is not None
        return int(found[1])

    def values(self, name: str) -> list[str]:
        return re.findall(rf'<tr [^>]*data-{name}="([^"]*)"', self.text)


def ask(
    server: PageServer, rest: str = "", *, method: str = "GET", path: str | None = None,
    **headers: str,
) -> Answer:  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    try:
        connection.putrequest(
            method, path or f"/{server.token}/{rest}", skip_host="Host" in headers
        )
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        return Answer(connection.getresponse())
    finally:
        connection.close()


def listed(server: PageServer, **query: str | int) -> Answer:
    answer = ask(server, f"list?{urlencode(query)}")
    assert answer.status == 200, answer.text
    return answer


class TestWhoGetsAnAnswer:
    def test_it_listens_on_this_machine_alone(self, server: PageServer) -> None:
        assert server.socket.getsockname() == ("127.0.0.1", server.server_port)
        assert server.address == f"http://127.0.0.1:{server.server_port}/{server.token}/"
        assert len(server.token) >= 32

    @pytest.mark.parametrize(
        "host", ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "", "[::1]:{port}"]
    )
    def test_another_host_is_refused(self, server: PageServer, host: str) -> None:
        answer = ask(server, Host=host.format(port=server.server_port))
        assert (answer.status, answer.text) == (421, "Open the address that botcoin-dpo printed.")

    @pytest.mark.parametrize(
        "path",
        ["/", "/pair?number=1", "//", "/{token}", "/{token}x/", "/x/{token}/", "/{token}/../x", "x",
         "/{token}/etc/passwd", "/{token}/%2e%2e/", "/{token}/pair/1", "/{upper}/",
         "/{token}/manifest.json"],
    )  # fmt: skip
    def test_any_other_address_is_none(self, server: PageServer, path: str) -> None:
        named = path.format(token=server.token, upper=server.token.swapcase())
        answer = ask(server, path=named)
        assert (answer.status, answer.text) == (404, "no such page")

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X"])
    def test_nothing_can_be_written(self, server: PageServer, method: str) -> None:
        answer = ask(server, method=method)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            (b"GET\r\n\r\n", b" 400 "),
            (b"\x16\x03\x01\x02\x00 \x01 HTTP/1.1\r\n\r\n", b" 405 "),
            (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b" 414 "),
            (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n", b" 431 "),
            (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b" 421 "),
            (b"GET <script>\r\n\r\n", b" 421 "),
        ],
    )
    def test_what_is_no_request_is_refused_and_not_repeated(
        self, server: PageServer, sent: bytes, status: bytes
    ) -> None:
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as client:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        first = answer.splitlines()[0]
        # In HTTP 0.9 there is no head.
        assert status in first or first in (
            b"This is no request.",
            b"Open the address that botcoin-dpo printed.",
        )
        assert b"aaaa" not in answer
        assert b"<script>" not in answer
        assert ask(server).status == 200

    def test_head_has_no_body(self, server: PageServer) -> None:
        answer, page = ask(server, method="HEAD"), ask(server)
        assert (answer.status, answer.text) == (200, "")
        assert answer.headers["Content-Length"] == str(len(page.text.encode()))

    @pytest.mark.parametrize("rest", ["", "list", "ids", "pair?number=1", "nothing"])
    def test_every_answer_forbids_all_but_its_own(self, server: PageServer, rest: str) -> None:
        headers = ask(server, rest).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"].split("; ")
        assert policy[0] == "default-src 'none'"
        assert {"connect-src 'self'", "frame-ancestors 'none'", "form-action 'none'"} <= {*policy}
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Server"] == "botcoin-dpo"

    @pytest.mark.parametrize(
        "rest",
        ["pair", "pair?number=x", "pair?number=-1", "pair?number=1&id=0123456789abcdef",
         "pair?id=../../etc", "pair?number=1&x=1", "list?sort=file", "list?sort=number;",
         "list?x=1", "list?start=-1", "list?start=1e3", "list?ids=x", "list?flag=a&flag=b",
         "list?q=" + "a" * 201, "list?ids=" + "0123456789abcdef," * 2001, "ids?start=1", "?x=1",
         "list?" + "&".join(f"a{n}=1" for n in range(30))],
    )  # fmt: skip
    def test_a_query_that_makes_no_sense_is_refused(self, server: PageServer, rest: str) -> None:
        assert ask(server, rest).status == 400

    def test_a_pair_that_is_not_there(self, server: PageServer) -> None:
        for rest in ("pair?number=0", "pair?number=999999", "pair?id=0123456789abcdef"):
            answer = ask(server, rest)
            assert (answer.status, answer.text) == (404, "no such pair")


class TestWhatItAnswers:
    def test_the_page_has_the_numbers_of_a_written_one(
        self, server: PageServer, built: Path, tmp_path: Path
    ) -> None:
        report(built, tmp_path / "report.html", pairs=0)
        written = (tmp_path / "report.html").read_text(encoding="utf-8")
        start, end = '<div id="overview"', '<section id="pairs"'
        part = written[written.index(start) : written.index(end)]
        assert part in ask(server).text

    def test_a_pair_is_that_of_a_written_page(
        self, server: PageServer, built: Path, tmp_path: Path
    ) -> None:
        report(built, tmp_path / "report.html", pairs=20)
        written = (tmp_path / "report.html").read_text(encoding="utf-8")
        for number in listed(server).numbers[:5]:
            pair = ask(server, f"pair?number={number}").text
            assert f'id="pair-{number}"' in pair
            assert pair in written

    def test_a_row_of_the_list_is_that_of_a_written_page(
        self, server: PageServer, built: Path, tmp_path: Path
    ) -> None:
        report(built, tmp_path / "report.html", pairs=2000)
        written = (tmp_path / "report.html").read_text(encoding="utf-8")
        rows = re.findall(r"<tr data-pair.*?</tr>", listed(server).text, re.DOTALL)
        assert len(rows) == listed(server).fitting > 10
        assert [row for row in rows if row not in written] == []
        numbers = [int(number) for number in re.findall(r'<tr data-pair="(\d+)"', written)]
        assert listed(server).numbers == numbers[:100]

    def test_a_pair_is_found_by_its_id(self, server: PageServer) -> None:
        answer = listed(server)
        pair_id, number = answer.values("id")[3], answer.numbers[3]
        assert f'id="pair-{number}"' in ask(server, f"pair?id={pair_id}").text

    @pytest.mark.parametrize("name", FILTERS)
    def test_each_filter_keeps_what_has_its_value(self, server: PageServer, name: str) -> None:
        every = listed(server)
        assert every.fitting <= 100
        choices = re.search(rf'<select name="{name}">(.*?)</select>', ask(server).text)
        assert choices is not None
        values = re.findall(r'<option value="([^"]+)"', choices[1])
        found = [each.split() for each in every.values(name)]
        assert {*values} == {value for each in found for value in each}
        for value in values:
            wanted = [n for n, has in zip(every.numbers, found, strict=True) if value in has]
            answer = listed(server, **{name: value})
            assert (answer.numbers, answer.fitting) == (wanted, len(wanted))
        assert listed(server, **{name: "nothing"}).numbers == []

    @pytest.mark.parametrize("column", COLUMNS)
    def test_lists_are_sorted_with_what_is_not_known_last(
        self, server: PageServer, column: str
    ) -> None:
        up, down = listed(server, sort=column), listed(server, sort=column, down=1)
        cell = rf'data-label="{column}"(?: class="found")?(?: data-value="([^"]*)")?>([^<]*)<'
        orders = []
        for answer in (up, down):
            cells = [value or text for value, text in re.findall(cell, answer.text)]
            known = [each for each in cells if each]
            assert cells[: len(known)] == known
            orders.append(known)
        if 'class="number" data-label="' + column in up.text and column != "pair":
            assert [*map(float, orders[0])] == sorted(map(float, orders[0]))
            assert [*map(float, orders[1])] == sorted(map(float, orders[1]), reverse=True)
        assert sorted(up.numbers) == sorted(down.numbers)

    def test_words_are_searched_for(self, server: PageServer) -> None:
        every = listed(server)
        domain, model = every.values("domain"), every.values("model")
        pair_id = every.values("id")[0]
        both = [*zip(domain, model, strict=True)]
        found = listed(server, q=f"{domain[0].upper()}  {model[0]}")
        assert found.fitting == both.count(both[0]) < len(both)
        assert listed(server, q=pair_id).numbers == every.numbers[:1]
        assert listed(server, q="%").numbers == listed(server, q="' OR 1 --").numbers == []

    def test_parts_of_a_list_follow_each_other(
        self, built: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("botcoin_dpo.html_report.served_dataset.LISTED", 7)
        with serving(built) as server:
            parts = [listed(server, start=start) for start in range(0, 14, 7)]
            assert len({number for part in parts for number in part.numbers}) == 14
            assert listed(server, start=10**9).numbers == []
            assert 'data-size="7"' in ask(server).text
            marked = [part.values("id")[0] for part in parts]
            only = listed(server, ids=",".join(marked))
            assert only.numbers == [part.numbers[0] for part in parts]
            assert listed(server, ids="").fitting == 0
            ids = ask(server, "ids?split=train")
            assert len(ids.text.split()) == listed(server, split="train").fitting
            assert ids.headers["Content-Type"] == "text/plain; charset=utf-8"


class TestHostileRows:
    def test_texts_of_the_data_are_only_ever_text(self, built: Path, tmp_path: Path) -> None:
        rows = hostile_rows(read_rows(built)[0])
        path = tmp_path / "rows.jsonl"
        path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
        with serving(path) as server:
            texts = [ask(server).text, listed(server).text]
            texts += [
                ask(server, f"pair?number={number}").text for number in range(1, len(rows) + 1)
            ]
            for domain in re.findall(r'data-domain="([^"&]+)"', texts[1]):
                assert listed(server, domain=domain).fitting > 0
        for text in texts[1:]:
            assert not re.search(r"<(script|iframe|img|svg/|object|style|a href=.java)", text, re.I)
            assert "\u202e" not in text
            assert "\x1b" not in text


class TestChanges:
    @pytest.fixture
    def copy(self, built: Path, tmp_path: Path) -> Path:
        shutil.copytree(built, tmp_path / "out")
        return tmp_path / "out"

    def test_a_build_that_is_replaced_is_not_served_any_more(self, copy: Path) -> None:
        with serving(copy) as server:
            assert ask(server).status == 200
            shutil.move(copy, copy.with_name("before"))
            shutil.copytree(copy.with_name("before"), copy)
            for rest in ("", "list", "pair?number=1", "ids"):
                answer = ask(server, rest)
                assert answer.status == 409
                assert answer.text == (
                    "The dataset has changed since it was opened; start botcoin-dpo report --serve "
                    "again."
                )

    def test_a_file_that_changes_in_place_is_noticed(self, copy: Path) -> None:
        with serving(copy) as server:
            number = listed(server).numbers[0]
            for shard in copy.glob("*/*.jsonl"):
                lines = shard.read_bytes().splitlines(keepends=True)
                shard.write_bytes(b"".join(reversed(lines)))
            assert ask(server, f"pair?number={number}").status == 409

    def test_a_text_that_changes_in_place_is_noticed(self, copy: Path) -> None:
        with serving(copy) as server:
            for shard in copy.glob("*/*.jsonl"):
                text = shard.read_bytes()
                changed = text.replace(b'"document":"The', b'"document":"Eht').replace(
                    b" is ", b" si "
                )
                assert len(changed) == len(text)
                assert changed != text
                shard.write_bytes(changed)
            assert ask(server, f"pair?number={listed(server).numbers[0]}").status == 409

    def test_a_file_of_rows_that_grows_or_goes_is_noticed(self, copy: Path) -> None:
        path, source = copy.with_name("rows.jsonl"), next(copy.glob("*/*.jsonl"))
        path.write_bytes(source.read_bytes())
        with serving(path) as server:
            assert ask(server, "list").status == 200
            path.write_bytes(source.read_bytes() * 2)
            assert ask(server, "list").status == 409
            path.unlink()
            assert ask(server, "pair?number=1").status == 409


class TestStart:
    def test_a_large_dataset_is_read_once(
        self, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalogue, "_SMALL", 0)
        with serving(built, cache=tmp_path) as server:
            first = ask(server).text, listed(server).text
        assert sorted(path.suffix for path in tmp_path.iterdir()) == [".html", ".sqlite"]

        def refuse(*_: Any) -> Any:
            raise AssertionError("rows were read again")

        monkeypatch.setattr(folding, "_fold_segment", refuse)
        with serving(built, cache=tmp_path) as server:
            assert (ask(server).text, listed(server).text) == first
        [kept] = tmp_path.glob("*.html")
        kept.write_text(kept.read_text() + "damage")
        with pytest.raises(AssertionError, match="read again"), serving(built, cache=tmp_path):
            raise AssertionError("it was served")

    def test_what_cannot_be_served_is_one_line(self, built: Path, tmp_path: Path) -> None:
        (tmp_path / "empty.jsonl").touch()
        with pytest.raises(InputError, match="has no rows; there is nothing to report"):
            open_server(tmp_path / "empty.jsonl").__enter__()
        with pytest.raises(InputError, match="no such file or folder"):
            open_server(tmp_path / "nothing").__enter__()
        with pytest.raises(UsageError, match="port 70000: must be from 0 to 65,535"):
            open_server(built, 70_000).__enter__()

    def test_a_port_that_is_taken_is_named(self, server: PageServer, built: Path) -> None:
        with pytest.raises(
            OutputError, match=rf"port {server.server_port}: address already in use"
        ):
            open_server(built, server.server_port).__enter__()

    def test_choices_are_what_rows_have(self, built: Path) -> None:
        with open_catalogue(built) as pairs:
            choices = pairs.choices()
        assert {*choices} == {*FILTERS}
        rows = read_rows(built) + read_rows(built, "bookend")
        assert choices["domain"] == sorted({row["challenge_domain"] for row in rows})
        assert choices["type"] == ["bookend", "sequential"]
