"""A pair's id: what it is made of, and what spells one."""

import json
from hashlib import sha256
from typing import Any

import pytest

from botcoin_dpo.contract.pair_ids import pair_id_of, parse_pair_id


def row(rejected: str = "r", chosen: str = "c", **changes: Any) -> dict[str, Any]:
    """As much of a row as its id is made of, and some more."""
    return {
        "pair_annotations": {"pair_type": changes.get("pair_type", "sequential")},
        "rejected_metadata": {"record_id": rejected, "attempt_index": changes.get("index", 1)},
        "chosen_metadata": {"record_id": chosen, "attempt_index": changes.get("chosen_index", 2)},
        "split": changes.get("split", "train"),
    }


def test_it_is_the_digest_that_the_contract_tells() -> None:
    told = json.dumps(["sequential", "0xab", 'Ü"\n\x1f/', 1, 2], ensure_ascii=False,
                      separators=(",", ":"))  # fmt: skip
    expected = sha256(told.encode()).hexdigest()[:16]
    assert pair_id_of(row("0XaB", 'Ü"\n\x1f/')) == expected
    assert pair_id_of(row("a", "b")) == sha256(b'["sequential","a","b",1,2]').hexdigest()[:16]


def test_each_of_its_parts_makes_another_one() -> None:
    rows = [
        row(), row("R"), row(chosen="C"), row("c", "r"), row(index=3), row(chosen_index=3),
        row(pair_type="bookend"),
    ]  # fmt: skip
    assert len({pair_id_of(each) for each in rows}) == len(rows)
    assert pair_id_of(row(split="test")) == pair_id_of(row())


@pytest.mark.parametrize(
    ("text", "pair_id"),
    [
        ("0123456789abcdef", "0123456789abcdef"),
        ("0123456789ABCDEF", "0123456789abcdef"),
        ("0123456789abcde", None),
        ("0123456789abcdef0", None),
        ("0123456789abcdef\n", None),
        ("0123456789abcdeg", None),
        ("٠123456789abcdef", None),
    ],
)
def test_sixteen_hexadecimal_digits_spell_one(text: str, pair_id: str | None) -> None:
    assert parse_pair_id(text) == pair_id
