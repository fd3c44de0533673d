"""The library function behind `botcoin-dpo show`: one pair, or a list."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import InputError, UsageError, build, show
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.viewing.pair_page import PairPage
from botcoin_dpo.viewing.show import PairList
from tests.builders import read_rows, recovery, write_log


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("show")
    records = [
        *recovery(challenge_id="0xaa1", challenge_domain="ships"),
        *recovery(challenge_id="0xaa2", challenge_domain="harbours"),
        *recovery(challenge_id="0xb", challenge_domain="ships"),
    ]
    for number, record in enumerate(records):
        record["submission"] |= {"model": "small-model"}
        record["id"] = f"record-{number}"
    build(write_log(folder / "a.jsonl", records), folder / "out")
    return folder / "out"


def listed(shown: PairPage | PairList) -> list[str]:
    assert isinstance(shown, PairList)
    return [pair.facts.challenge_id for pair in shown.listed]


@pytest.mark.parametrize("number", [1, "2", 3])
def test_a_number_names_a_pair(built: Path, number: int | str) -> None:
    page = show(built, number)
    assert isinstance(page, PairPage)
    assert page.number == int(number)
    assert page.challenge_id == read_rows(built)[int(number) - 1]["challenge_id"]


def test_the_start_of_an_id_names_a_pair_or_several(built: Path) -> None:
    page = show(built, "0xb")
    assert isinstance(page, PairPage)
    assert page.challenge_id == "0xb"
    assert sorted(listed(show(built, "0xaa"))) == ["0xaa1", "0xaa2"]


def test_the_id_of_a_pair_names_it(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [*recovery("0x1"), *recovery("0x2")])
    build(log, tmp_path / "out")
    pairs = show(tmp_path / "out")
    assert isinstance(pairs, PairList)
    ids = [each["pair_id"] for each in pairs.as_json()["listed"]]
    assert ids == [pair_id_of(row) for row in read_rows(tmp_path / "out")]
    page = show(tmp_path / "out", ids[1].upper())
    assert isinstance(page, PairPage)
    assert (page.number, page.pair_id, page.as_json()["pair_id"]) == (2, ids[1], ids[1])
    for length in (6, 8, 15):
        page = show(tmp_path / "out", ids[1][:length].upper())
        assert isinstance(page, PairPage)
        assert page.pair_id == ids[1]
    for wanted in ("0123456789abcdef", "abcdef0", "f" * 17):
        with pytest.raises(InputError, match=f"has no pair {wanted}"):
            show(tmp_path / "out", wanted)


def test_the_id_of_several_pairs_lists_them(built: Path) -> None:
    """Three challenges have records of the same ids."""
    assert len(listed(show(built, pair_id_of(read_rows(built)[0])))) == 3


def test_all_pairs_are_listed_without_one(built: Path) -> None:
    shown = show(str(built), limit=2)
    assert isinstance(shown, PairList)
    assert (shown.build, len(shown.listed), shown.count, shown.total) == (str(built), 2, 3, 3)
    assert shown.advice is None
    assert shown.as_json().keys() == {"pairs", "fitting", "listed"}


def test_a_list_can_be_filtered_and_sorted(built: Path) -> None:
    assert sorted(listed(show(built, domain="Ships", sort="gain"))) == ["0xaa1", "0xb"]
    assert len(listed(show(built, model="small-model"))) == 3


@pytest.mark.parametrize(
    ("filters", "advice"),
    [
        ({"flipped": "acrostic"}, None),
        ({"flipped": "acrostic", "domain": "SHIPS"}, None),
    ],
)
def test_an_empty_list_says_what_would_fit(
    built: Path, filters: dict[str, Any], advice: str | None
) -> None:
    shown = show(built, **filters)
    assert isinstance(shown, PairList)
    assert (shown.count, shown.listed, shown.advice) == (0, [], advice)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pair": 9}, r"out: has no pair 9; it has 3, from 1 on"),
        ({"pair": "0xc"}, r"out: has no pair 0xc"),
    ],
)
def test_a_pair_that_is_not_there_is_refused(
    built: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        show(built, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"domain": "trains"}, "domain trains: no such domain; choose from harbours, ships$"),
        ({"domain": "Ship"}, r"domain Ship: no such domain; did you mean ships\?$"),
        ({"model": "\udcff"}, "no such model; choose from small-model$"),
        ({"domain": "ships", "model": "smal-model"}, r"did you mean small-model\?$"),
        ({"sort": "time"}, "sort time: no such order; choose from revision-time, gain"),
        ({"flipped": "words"}, "flipped words: no such kind; choose from"),
        ({"pair": "1", "domain": "ships"}, "are for lists; leave pair out"),
        ({"pair": ""}, "pair is empty"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    built: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        show(built, **options)
