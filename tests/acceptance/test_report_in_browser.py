"""The report in a real browser, from disk: nothing is fetched, nothing of the data runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from botcoin_dpo import build
from botcoin_dpo.html_report.reporter import report
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

    def open(self, path: Path, fragment: str = "") -> Any:
        self.page.goto(path.as_uri() + fragment)
        return self.page


def numbers_shown(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "#table tbody tr:not([hidden])", "rows => rows.map((row) => row.cells[0].textContent)"
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
    assert page.locator("figure svg").count() >= 8
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
    page.select_option("#kind", "prime")
    repaired = page.eval_on_selector_all(
        "#table tbody tr:not([hidden])", "rows => rows.map((row) => row.cells[5].textContent)"
    )
    assert repaired
    assert all("prime" in kinds.split(", ") for kinds in repaired)
    page.select_option("#kind", "")
    page.select_option("#domain", "companies")
    assert 0 < len(numbers_shown(page)) < len(every)
    page.select_option("#domain", "")
    page.focus("th:nth-child(8) button")
    page.keyboard.press("Enter")
    cells = "rows => rows.map((row) => Number(row.cells[7].dataset.value))"
    times = page.eval_on_selector_all("#table tbody tr", cells)
    assert times == sorted(times)
    assert page.get_attribute("th:nth-child(8)", "aria-sort") == "ascending"
    page.click("th:nth-child(8) button")
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
    page.click(f"{pair} .back a")
    page.wait_for_selector("#table", state="visible")
    assert not page.is_visible(f"{pair} h2")
    page.go_back()
    page.wait_for_selector(f"{target}:target")
    assert is_in_view(page, target)
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
        assert page.evaluate("document.querySelectorAll('script, iframe, form').length") == 2
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
