"""The report in a real browser, from disk: nothing is fetched, nothing of the data runs."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from botcoin_dpo import build
from botcoin_dpo.html_report import served_dataset
from botcoin_dpo.html_report.reporter import report
from botcoin_dpo.html_report.serving import PageServer, open_server
from botcoin_dpo.simulation.simulator import simulate
from tests.hostile import ESCAPES, MARKUP, hostile_rows

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed (the extra browser)"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.timeout(300),
]

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    simulate(folder / "logs", challenges=12, miners=4, seed=7)
    build(folder / "logs", folder / "out", audit=True)
    return folder / "out"


@pytest.fixture(scope="module")
def page_file(rows: Path) -> Path:
    report(rows, rows.parent / "report.html")
    return rows.parent / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@contextmanager
def serving(path: Path) -> Iterator[PageServer]:
    """Serve a dataset from another thread, and end it whatever happens."""
    with open_server(path) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def server(rows: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageServer]:
    """A server whose lists have several parts."""
    monkeypatch.setattr(served_dataset, "LISTED", 4)
    monkeypatch.setattr(served_dataset, "MOST_IDS", 6)
    with serving(rows) as server:
        yield server


def wait_for_count(page: Any, *, start: str = "", end: str = "") -> None:
    """Wait until the list says that it shows some pairs of so many."""
    count = "document.getElementById('count').textContent"
    wait_until(page, f"{count}.startsWith('{start}') && {count}.endsWith('{end}')")


class Opened:
    """A page with all that went wrong on it."""

    def __init__(self, browser: Any, size: tuple[int, int] = SIZES["desktop"], **more: Any) -> None:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **more)
        self.page = context.new_page()
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("dialog", lambda dialog: self.problems.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: Path | PageServer, fragment: str = "") -> Any:
        address = path.as_uri() if isinstance(path, Path) else path.address
        self.page.goto(address + fragment)
        return self.page


def wait_until(page: Any, expression: str) -> None:
    """Wait until something holds; Playwright's own way needs an eval, which the page forbids."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    raise AssertionError(expression)


def numbers_shown(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "#table tbody tr:not([hidden])", "rows => rows.map((row) => row.cells[1].textContent)"
    )
    return found


def is_in_view(page: Any, selector: str) -> bool:
    inside: bool = page.eval_on_selector(
        selector,
        """element => {
          const box = element.getBoundingClientRect();
          const seen = document.elementFromPoint(box.left + box.width / 2, box.top + 5);
          return box.height > 0 && (seen === element || element.contains(seen));
        }""",
    )
    return inside


@pytest.mark.parametrize("size", SIZES)
def test_it_opens_from_disk_and_asks_for_nothing(browser: Any, page_file: Path, size: str) -> None:
    opened = Opened(browser, SIZES[size])
    page = opened.open(page_file)
    assert page.title().endswith("preference pairs")
    assert page.is_visible("#overview h1")
    assert page.locator("figure h2").count() >= 6
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert opened.problems == []
    assert opened.requests == [page_file.as_uri()]


def test_the_table_filters_and_sorts(browser: Any, page_file: Path) -> None:
    opened = Opened(browser)
    page = opened.open(page_file)
    every = numbers_shown(page)
    page.fill("#search", "exoplanets")
    some = numbers_shown(page)
    assert 0 < len(some) < len(every)
    assert page.inner_text("#count") == f"{len(some)} of {len(every)} pairs"
    page.fill("#search", "")
    page.select_option("[name=kind]", "prime")
    repaired = page.eval_on_selector_all(
        "#table tbody tr:not([hidden])", "rows => rows.map((row) => row.cells[6].textContent)"
    )
    assert repaired
    assert all("prime" in kinds.split(", ") for kinds in repaired)
    page.select_option("[name=kind]", "")
    page.select_option("[name=domain]", "companies")
    assert 0 < len(numbers_shown(page)) < len(every)
    assert page.evaluate("location.hash") == "#pairs?domain=companies"
    page.click("#reset")
    wait_until(page, "location.hash === '#pairs'")
    assert numbers_shown(page) == every
    page.focus("th:nth-child(11) button")
    page.keyboard.press("Enter")
    cells = "rows => rows.map((row) => Number(row.cells[10].dataset.value))"
    times = page.eval_on_selector_all("#table tbody tr", cells)
    assert times == sorted(times)
    assert page.get_attribute("th:nth-child(11)", "aria-sort") == "ascending"
    page.click("th:nth-child(11) button")
    times = page.eval_on_selector_all("#table tbody tr", cells)
    assert times == sorted(times, reverse=True)
    assert opened.problems == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("has_script", [True, False])
def test_a_cited_step_leads_to_its_paragraph(
    browser: Any, page_file: Path, size: str, has_script: bool
) -> None:
    opened = Opened(browser, SIZES[size], java_script_enabled=has_script)
    page = opened.open(page_file)
    number = page.locator("#table tbody tr:nth-child(3) a")
    pair = f"#pair-{number.inner_text()}"
    number.click()
    page.wait_for_selector(f"{pair} h2")
    assert page.is_visible(f"{pair} h2")
    assert not page.is_visible("#table")
    cite = page.locator(f"{pair} .cite:visible").last
    target = cite.get_attribute("href")
    cite.click()
    page.wait_for_selector(f"{target}:target")
    assert page.is_visible(f"{pair} h2")
    assert is_in_view(page, target)
    page.click(f"{pair} .back a:first-child")
    page.wait_for_selector("#table", state="visible")
    assert not page.is_visible(f"{pair} h2")
    page.go_back()
    page.wait_for_selector(f"{target}:target")
    assert is_in_view(page, target)
    assert opened.problems == []


FILTERS = ("flag", "ground", "sign", "kind", "gain", "gap", "domain", "model", "type", "split")


def values_of(page: Any, name: str) -> list[str]:
    """What the pairs that are listed have of a filter."""
    found: list[str] = page.eval_on_selector_all(
        "#table tbody tr:not([hidden])", f"rows => rows.map((row) => row.dataset.{name})"
    )
    return found


def test_each_filter_keeps_the_pairs_that_have_its_value(browser: Any, page_file: Path) -> None:
    opened = Opened(browser)
    page = opened.open(page_file)
    every = {name: values_of(page, name) for name in FILTERS}
    for name in FILTERS:
        choices = page.eval_on_selector_all(
            f"[name={name}] option", "options => options.map((option) => option.value)"
        )[1:]
        for value in choices:
            page.select_option(f"[name={name}]", value)
            has = [value == each or value in each.split() for each in every[name]]
            assert len(numbers_shown(page)) == sum(has) > 0
        page.select_option(f"[name={name}]", "")
    assert len(numbers_shown(page)) == len(every["flag"])
    assert opened.problems == []


def test_a_warning_leads_to_its_pairs(browser: Any, page_file: Path) -> None:
    opened = Opened(browser)
    page = opened.open(page_file)
    page.click(".passed summary")
    links = page.locator("a.which")
    assert links.count() > 2
    for number in range(links.count()):
        page.goto(page_file.as_uri() + "#overview")
        link = links.nth(number)
        told = int(link.inner_text().split("(")[1].split()[0])
        link.click()
        wait_until(page, "location.hash.startsWith('#pairs?')")
        wait_until(
            page, f"document.querySelectorAll('#table tbody tr:not([hidden])').length === {told}"
        )
        name, _, value = page.evaluate("location.hash").partition("?")[2].partition("=")
        assert all(value in each.split() for each in values_of(page, name)) or name in (
            "domain", "model",
        )  # fmt: skip
    assert opened.problems == []


def test_marked_pairs_are_handed_out_by_their_ids(
    browser: Any, rows: Path, page_file: Path, tmp_path: Path
) -> None:
    opened = Opened(browser, accept_downloads=True)
    opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened.open(page_file)
    assert page.is_hidden("#save")
    ids = page.eval_on_selector_all("#table tbody tr", "rows => rows.map((row) => row.dataset.id)")
    page.check("#table tbody tr:nth-child(2) .mark input")
    page.click("#table tbody tr:nth-child(4) a")
    page.wait_for_selector(".pair button.mark:visible")
    page.click(".pair button.mark:visible")
    assert page.get_attribute(".pair button.mark:visible", "aria-pressed") == "true"
    page.click(".pair .back a:visible >> nth=0")
    assert page.inner_text("#marked-count") == "2 pairs are marked."
    with page.expect_download() as caught:
        page.click("#save")
    caught.value.save_as(tmp_path / "marked.txt")
    assert (tmp_path / "marked.txt").read_text().split() == sorted([ids[1], ids[3]])
    page.click("#copy")
    wait_until(page, "document.getElementById('marks-told').textContent === 'Copied.'")
    assert page.evaluate("navigator.clipboard.readText()").split() == sorted([ids[1], ids[3]])
    page.check("#only-marked")
    assert len(numbers_shown(page)) == 2
    page.reload()
    assert page.inner_text("#marked-count") == "2 pairs are marked."
    assert len(numbers_shown(page)) == 2
    page.click("#unmark")
    assert numbers_shown(page) == []
    assert opened.problems == []
    result = build(rows.parent / "logs", tmp_path / "out", exclude=tmp_path / "marked.txt")
    assert result.funnel.dropped["excluded"] == 2


def test_keys_lead_from_pair_to_pair(browser: Any, page_file: Path) -> None:
    opened = Opened(browser)
    page = opened.open(page_file)
    page.select_option("[name=domain]", "companies")
    numbers = numbers_shown(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == numbers[0]
    page.keyboard.press("x")
    assert page.is_checked("#table tbody tr:not([hidden]) .mark input >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#head-{numbers[0]}")
    assert page.is_hidden(f"#pair-{numbers[0]} .previous")
    page.keyboard.press("j")
    page.wait_for_selector(f"#head-{numbers[1]}")
    assert page.evaluate("location.hash") == f"#pair-{numbers[1]}"
    page.click(f"#pair-{numbers[1]} .previous")
    page.wait_for_selector(f"#head-{numbers[0]}")
    page.click(f"#pair-{numbers[0]} .next")
    page.wait_for_selector(f"#head-{numbers[1]}")
    page.keyboard.press("k")
    page.wait_for_selector(f"#head-{numbers[0]}")
    page.keyboard.press("u")
    page.wait_for_selector("#table", state="visible")
    assert numbers_shown(page) == numbers
    page.keyboard.press("/")
    wait_until(page, "document.activeElement.id === 'search'")
    page.keyboard.type("jk?x")
    assert page.input_value("#search") == "jk?x"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    assert page.is_hidden("#help")
    assert opened.problems == []


@pytest.mark.parametrize("has_script", [True, False])
def test_only_cited_paragraphs_can_be_shown(
    browser: Any, page_file: Path, has_script: bool
) -> None:
    opened = Opened(browser, java_script_enabled=has_script)
    page = opened.open(page_file)
    first, second = [row.inner_text() for row in page.locator("#table tbody a").all()[:2]]
    page.goto(f"{page_file.as_uri()}#pair-{first}")
    page.wait_for_selector(f"#head-{first}")
    every = page.locator(f"#pair-{first} .document p:visible").count()
    page.check(f"#pair-{first} .only-cited")
    cited = page.locator(f"#pair-{first} .document p:visible")
    assert 0 < cited.count() < every
    for paragraph in cited.all():
        assert paragraph.locator(".tag.rejected, .tag.chosen").count()
    if has_script:
        page.keyboard.press("j")
        page.wait_for_selector(f"#head-{second}")
        assert page.is_checked(f"#pair-{second} .only-cited")
        page.keyboard.press("c")
        assert not page.is_checked(f"#pair-{second} .only-cited")
    assert opened.problems == []


def test_nothing_is_cut_on_a_phone(browser: Any, page_file: Path) -> None:
    opened = Opened(browser, SIZES["phone"])
    page = opened.open(page_file)
    number = page.inner_text("#table tbody tr:first-child a")
    cut = """() => [...document.querySelectorAll("main *")].filter((element) => {
      const box = element.getBoundingClientRect();
      const isSeen = element.checkVisibility() && getComputedStyle(element).position !== "absolute";
      return isSeen && (box.right > innerWidth + 1 || element.scrollWidth > element.clientWidth + 1
        && getComputedStyle(element).overflowX !== "visible");
    }).map((element) => [element.tagName, element.className, element.textContent.slice(0, 40)])"""
    for fragment in ("#overview", "#pairs", f"#pair-{number}"):
        page.goto(page_file.as_uri() + fragment)
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]
        assert page.evaluate(cut) == []
    page.goto(page_file.as_uri() + "#pairs")
    row = page.locator("#table tbody tr:first-child")
    assert page.is_hidden("#table thead")
    assert row.evaluate("row => getComputedStyle(row).display") == "flex"
    label = "cell => getComputedStyle(cell, '::before').content"
    assert row.locator("td[data-label=model]").evaluate(label) == '"model "'
    assert opened.problems == []


def test_a_pair_has_an_address_that_stays(browser: Any, page_file: Path) -> None:
    first = Opened(browser).open(page_file).locator("#table tbody tr:nth-child(2)")
    number, pair_id = first.get_attribute("data-pair"), first.get_attribute("data-id")
    opened = Opened(browser)
    page = opened.open(page_file, f"#{pair_id}")
    page.wait_for_selector(f"#head-{number}")
    assert page.evaluate("location.hash") == f"#pair-{number}"
    assert page.title().startswith(f"Pair {number}, ")
    page.goto(f"{page_file.as_uri()}#0123456789abcdef")
    wait_until(page, "!document.getElementById('missing').hidden")
    told = page.inner_text("#missing")
    assert "is not among those shown here" in told
    assert re.search(r"To see it: botcoin-dpo show \S+ 0123456789abcdef$", told)
    assert opened.problems == []


def test_an_address_leads_to_a_pair_and_to_a_paragraph(browser: Any, page_file: Path) -> None:
    number = Opened(browser).open(page_file).inner_text("#table tbody tr:nth-child(2) a")
    opened = Opened(browser)
    page = opened.open(page_file, f"#pair-{number}-5")
    page.wait_for_selector(f"#pair-{number}-5:target")
    assert page.is_visible(f"#pair-{number} h2")
    assert is_in_view(page, f"#pair-{number}-5")
    assert opened.problems == []


@pytest.mark.parametrize("has_script", [True, False])
def test_nothing_of_the_data_runs(
    browser: Any, rows: Path, tmp_path: Path, has_script: bool
) -> None:
    shard = next(iter(rows.glob("sequential/*.jsonl")))
    row = orjson.loads(shard.read_bytes().splitlines()[0])
    hostile = tmp_path / "hostile.jsonl"
    hostile.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in hostile_rows(row)))
    report(hostile, tmp_path / "report.html")
    opened = Opened(browser, java_script_enabled=has_script)
    page = opened.open(tmp_path / "report.html")
    count = len(hostile_rows(row))
    assert len(numbers_shown(page)) == count if has_script else True
    told = []
    for number in range(1, count + 1):
        page.goto(f"{(tmp_path / 'report.html').as_uri()}#pair-{number}")
        page.wait_for_selector(f"#pair-{number} h2")
        told.append(page.text_content(f"#pair-{number}"))
        for cite in page.locator(f"#pair-{number} .cite").all():
            cite.click()
    for text, shown in zip([*MARKUP, *ESCAPES], told, strict=False):
        start = text.split("\x1b")[0].split("\x9b")[0].split("\u202e")[0].split("\u2028")[0]
        assert start in shown
        assert "\u202e" not in shown
    if has_script:
        assert page.evaluate("window.ran") is None
        assert page.evaluate("document.querySelectorAll('script, iframe, form').length") == 3
        assert page.evaluate("document.scripts.length") == 1
    assert opened.problems == []
    assert {url.partition("#")[0] for url in opened.requests} == {
        (tmp_path / "report.html").as_uri()
    }


def test_it_can_be_read_with_a_keyboard_and_in_the_dark(browser: Any, page_file: Path) -> None:
    opened = Opened(browser, color_scheme="dark")
    page = opened.open(page_file)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    contrast = """() => {
      const luminance = (color) => {
        const parts = color.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255)
          .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
      };
      const backOf = (element) => {
        for (; element; element = element.parentElement) {
          const color = getComputedStyle(element).backgroundColor;
          if (!/, 0\\)$/.test(color)) return color;
        }
      };
      const low = [];
      for (const element of document.querySelectorAll("p, td, th, dt, dd, a, li, ins, del, span")) {
        if (!element.textContent.trim() || !element.getClientRects().length) continue;
        const [one, other] = [luminance(getComputedStyle(element).color),
          luminance(backOf(element))].sort((a, b) => b - a);
        const ratio = (one + 0.05) / (other + 0.05);
        if (ratio < 4.5) low.push([element.className, element.textContent.slice(0, 30), ratio]);
      }
      return low;
    }"""
    assert page.evaluate(contrast) == []
    page.click("#table tbody tr:nth-child(1) a")
    page.wait_for_selector(".pair h2")
    assert page.evaluate(contrast) == []
    light = Opened(browser, color_scheme="light").open(page_file)
    assert light.evaluate(contrast) == []
    light.click("#table tbody tr:nth-child(1) a")
    light.wait_for_selector(".pair h2")
    assert light.evaluate(contrast) == []


class TestServed:
    """The same page, asked of a server."""

    def all_pairs(self, page: Any) -> list[str]:
        """Turn the list to its end, and return the numbers of all pairs."""
        found: list[str] = []
        while True:
            wait_for_count(page, start=f"{len(found) + 1} ")
            found += numbers_shown(page)
            if page.is_hidden("#turn") or page.is_disabled("#after"):
                return found
            page.click("#after")

    @pytest.mark.parametrize("size", SIZES)
    def test_all_pairs_are_listed_part_by_part(
        self, browser: Any, server: PageServer, page_file: Path, size: str
    ) -> None:
        every = numbers_shown(Opened(browser).open(page_file))
        opened = Opened(browser, SIZES[size])
        page = opened.open(server)
        assert page.is_visible("#overview h1")
        assert self.all_pairs(page) == every
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        page.click("#before")
        wait_until(page, f"document.querySelector('#table tbody tr').dataset.pair === '{every[4]}'")
        assert opened.problems == []
        assert all(url.startswith(server.address) for url in opened.requests)

    def test_filters_and_order_are_those_of_the_whole_list(
        self, browser: Any, server: PageServer, page_file: Path
    ) -> None:
        whole = Opened(browser).open(page_file)
        cells = "rows => rows.map((row) => Number(row.cells[10].dataset.value))"
        every = sorted(whole.eval_on_selector_all("#table tbody tr", cells))
        for name, value in (("domain", "companies"), ("gap", "longer"), ("split", "train")):
            whole.goto(f"{page_file.as_uri()}#pairs?{name}={value}")
            page = Opened(browser).open(server, f"#pairs?{name}={value}")
            assert self.all_pairs(page) == numbers_shown(whole)
            assert page.input_value(f"[name={name}]") == value
        opened = Opened(browser)
        page = opened.open(server)
        wait_for_count(page, start="1 to 4 of ")
        page.click("th:nth-child(11) button")
        first = "document.querySelector('#table tbody tr').cells[10].dataset.value"
        wait_until(page, f"{first} === '{every[0]}'")
        assert page.eval_on_selector_all("#table tbody tr", cells) == every[:4]
        page.click("th:nth-child(11) button")
        wait_until(page, f"{first} === '{every[-1]}'")
        assert page.eval_on_selector_all("#table tbody tr", cells) == every[:-5:-1]
        page.fill("#search", "no such thing")
        wait_for_count(page, start="0 pairs")
        assert opened.problems == []

    def test_keys_lead_over_the_edges_of_parts(self, browser: Any, server: PageServer) -> None:
        every = self.all_pairs(Opened(browser).open(server))
        opened = Opened(browser)
        page = opened.open(server, f"#pair-{every[0]}")
        page.wait_for_selector(f"#head-{every[0]}")
        for number in every[1:]:
            page.keyboard.press("j")
            page.wait_for_selector(f"#head-{number}")
        page.wait_for_selector(f"#pair-{every[-1]} .next", state="hidden")
        page.wait_for_selector(f"#pair-{every[-1]} .previous")
        page.keyboard.press("u")
        page.wait_for_selector("#table", state="visible")
        assert every[-1] in numbers_shown(page)
        page.click(f"#table tr[data-pair='{every[-1]}'] a")
        for number in reversed(every[:-1]):
            page.wait_for_selector(".pair .previous:visible")
            page.keyboard.press("k")
            page.wait_for_selector(f"#head-{number}")
        page.wait_for_selector(f"#pair-{every[0]} .previous", state="hidden")
        page.keyboard.press("u")
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.textContent") == every[0]
        for _ in range(4):
            page.keyboard.press("j")
            page.wait_for_timeout(50)
        wait_until(page, f"document.activeElement.textContent === '{every[4]}'")
        assert opened.problems == []

    def test_a_pair_and_its_paragraph_have_addresses(
        self, browser: Any, server: PageServer
    ) -> None:
        row = Opened(browser).open(server).locator("#table tbody tr:nth-child(2)")
        number, pair_id = row.get_attribute("data-pair"), row.get_attribute("data-id")
        opened = Opened(browser)
        page = opened.open(server, f"#{pair_id}")
        page.wait_for_selector(f"#head-{number}")
        assert page.evaluate("location.hash") == f"#pair-{number}"
        page = opened.open(server, f"#pair-{number}-5")
        page.wait_for_selector(f"#pair-{number}-5:target")
        assert is_in_view(page, f"#pair-{number}-5")
        assert opened.problems == []

    def test_marks_are_kept_over_parts_and_handed_out(
        self, browser: Any, server: PageServer, tmp_path: Path
    ) -> None:
        opened = Opened(browser, accept_downloads=True)
        page = opened.open(server)
        wait_until(page, "document.querySelectorAll('#table tbody tr').length === 4")
        ids = [page.get_attribute("#table tbody tr:nth-child(2)", "data-id")]
        page.check("#table tbody tr:nth-child(2) .mark input")
        page.click("#after")
        wait_for_count(page, start="5 ")
        page.click("#table tbody tr:nth-child(1) a")
        page.wait_for_selector(".pair button.mark:visible")
        page.keyboard.press("x")
        assert page.get_attribute(".pair button.mark:visible", "aria-pressed") == "true"
        ids.append(page.get_attribute(".pair:visible", "data-id"))
        page.reload()
        page.click(".pair .back a:visible >> nth=0")
        assert page.inner_text("#marked-count") == "2 pairs are marked."
        with page.expect_download() as caught:
            page.click("#save")
        caught.value.save_as(tmp_path / "marked.txt")
        assert (tmp_path / "marked.txt").read_text().split() == sorted(map(str, ids))
        page.check("#only-marked")
        wait_for_count(page, start="1 to 2 of 2 pairs")
        page.click("#unmark")
        wait_for_count(page, start="0 pairs")
        page.uncheck("#only-marked")
        page.select_option("[name=domain]", "companies")
        wait_until(page, "location.hash === '#pairs?domain=companies'")
        page.wait_for_timeout(400)
        count = page.inner_text("#count").split()[-2]
        page.click("#mark-all")
        wait_until(
            page, f"document.getElementById('marked-count').textContent.startsWith('{count} ')"
        )
        page.click("#reset")
        wait_until(page, "location.hash === '#pairs'")
        wait_for_count(page, end="of 9 pairs")
        page.click("#mark-all")
        told = "document.getElementById('marks-told').textContent"
        wait_until(page, f"{told} === 'Only the first 6 are marked.'")
        assert opened.problems == []

    def test_a_build_that_changes_is_told_of(
        self, browser: Any, rows: Path, tmp_path: Path
    ) -> None:
        shutil.copytree(rows, tmp_path / "out")
        with serving(tmp_path / "out") as server:
            page = Opened(browser).open(server)
            wait_until(page, "document.querySelectorAll('#table tbody tr').length > 4")
            number = numbers_shown(page)[0]
            (tmp_path / "out").rename(tmp_path / "before")
            shutil.copytree(rows, tmp_path / "out")
            page.click("#table tbody tr:nth-child(1) a")
            wait_until(page, "!document.getElementById('trouble').hidden")
            assert page.inner_text("#trouble") == served_dataset.CHANGED
            assert page.locator(f"#pair-{number}").count() == 0
        page.fill("#search", "x")
        wait_until(
            page, "document.getElementById('trouble').textContent.startsWith('The server does')"
        )

    def test_nothing_of_the_data_runs(self, browser: Any, rows: Path, tmp_path: Path) -> None:
        shard = next(iter(rows.glob("sequential/*.jsonl")))
        row = orjson.loads(shard.read_bytes().splitlines()[0])
        hostile = tmp_path / "hostile.jsonl"
        hostile.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in hostile_rows(row)))
        with serving(hostile) as server:
            opened = Opened(browser)
            page = opened.open(server)
            wait_until(page, "document.querySelectorAll('#table tbody tr').length > 4")
            for number in range(1, len(hostile_rows(row)) + 1):
                page.goto(f"{server.address}#pair-{number}")
                page.wait_for_selector(f"#pair-{number} h2")
            assert page.evaluate("window.ran") is None
            assert page.evaluate("document.scripts.length") == 1
            assert page.evaluate("document.querySelectorAll('iframe').length") == 0
            assert opened.problems == []
