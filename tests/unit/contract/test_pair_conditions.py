"""Conditions by which pairs are chosen: what they hold for, and what is not understood."""

import re
from typing import Any

import pytest

from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.audit_rules import RULES, SIGNALS
from botcoin_dpo.contract.pair_conditions import SIDES, choose_pairs
from botcoin_dpo.contract.pair_signals import ROW_SIGNALS
from botcoin_dpo.contract.verdicts import GROUNDS, STATUSES
from botcoin_dpo.errors import UsageError


def audit(**changes: Any) -> dict[str, Any]:
    """The `audit` object of a row: eight constraints a side, of which the chosen has a weak one."""
    counts = dict.fromkeys(STATUSES, 0)
    return {
        "verdicts": {
            "rejected": counts | {"verified": 7, "unchecked": 1},
            "chosen": counts | {"verified": 7, "consistent": 1},
        },
        "grounds": {
            "rejected": {"verified": {"text": 3, "document": 4}},
            "chosen": {"verified": {"text": 3, "document": 4}, "consistent": {"own_reading": 1}},
        },
        "flags": ["citation_tier", "hidden_text"],
        "found_in": {"rejected": ["citation_tier"], "chosen": ["hidden_text"]},
        "signals": dict.fromkeys(SIGNALS, None) | {"edit_similarity": 0.8, "equal_artifacts": True},
    } | changes


def test_rules_are_named_one_by_one_or_by_level() -> None:
    choice = choose_pairs(["contradicted", "path_claim"], [])
    assert choice.as_json() == {
        "drop_if": [rule for rule, of in RULES.items() if of.level == "contradicted"],
        "keep_if": [],
    }
    assert choice.reason_to_drop({}, audit()) is None
    assert choose_pairs(["suspicious"], []).reason_to_drop({}, audit()) == "citation_tier"
    assert Finding("citation_tier", "e1", "EXACT", "does not match").level == "suspicious"


def test_a_level_of_a_side_stands_for_its_rules_there() -> None:
    choice = choose_pairs(["chosen:suspicious"], [])
    assert choice.as_json()["drop_if"] == sorted(
        f"chosen:{rule}" for rule, of in RULES.items() if of.level == "suspicious"
    )
    assert choice.reason_to_drop({}, audit()) == "chosen:hidden_text"
    slipped = audit(found_in={"rejected": ["citation_tier", "hidden_text"], "chosen": []})
    assert choice.reason_to_drop({}, slipped) is None
    assert choose_pairs(["suspicious"], []).reason_to_drop({}, slipped) == "citation_tier"
    either = choose_pairs(["rejected:suspicious", "suspicious"], [])
    assert either.reason_to_drop({}, slipped) == "citation_tier"
    with pytest.raises(UsageError, match="keep_if chosen:suspicious: a pair has many rules"):
        choose_pairs([], ["chosen:suspicious"])


def test_contradicted_of_a_side_is_a_verdict_on_outcomes_and_no_level() -> None:
    sides = audit(flags=["pass_label"], found_in={"rejected": [], "chosen": ["pass_label"]})
    choice = choose_pairs(["chosen:contradicted"], [])
    assert choice.as_json()["drop_if"] == ["chosen:contradicted"]
    assert choice.reason_to_drop({}, sides) is None
    sides["verdicts"]["chosen"]["contradicted"] = 1
    assert choice.reason_to_drop({}, sides) == "chosen:contradicted"


def test_a_manifest_takes_all_conditions_on_a_side() -> None:
    options = schemas.load("manifest")["properties"]
    dropped = options["funnel"]["properties"]["dropped"]["propertyNames"]["anyOf"]
    listed = [options["options"]["properties"][name]["items"] for name in ("drop_if", "keep_if")]
    patterns = [each["pattern"] for names in (*[each["anyOf"] for each in listed], dropped)
                for each in names if "pattern" in each]  # fmt: skip
    for side in SIDES:
        for name in (*STATUSES, *GROUNDS, *RULES):
            [text] = choose_pairs([f"{side}:{name}"], []).as_json()["drop_if"]
            assert all(re.search(pattern, text) for pattern in patterns[:3])
            assert re.search(patterns[2], f"keep_if:{text}")
        assert not any(re.search(pattern, f"{side}:suspicious") for pattern in patterns)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("citation_tier", True),
        ("pass_label", False),
        ("rejected:citation_tier", True),
        ("chosen:citation_tier", False),
        ("chosen:hidden_text", True),
        ("rejected:hidden_text", False),
        ("chosen:consistent", True),
        ("rejected:consistent", False),
        ("chosen:disputed", False),
        ("chosen:own_reading", True),
        ("chosen:document", True),  # four have the document, and nothing better
        ("rejected:own_reading", True),  # one is not decided at all
        ("edit_similarity:gt:0.8", False),
        ("edit_similarity:ge:0.8", True),
        ("edit_similarity:lt:0.95", True),
        ("edit_similarity:ne:0.8", False),
        ("equal_artifacts:eq:1", True),
        ("length_ratio:lt:9", False),  # it is not known
        ("length_ratio:ge:-9", False),
        ("length_ratio:ne:1", False),
    ],
)
def test_a_condition_holds_or_not_and_null_never_matches(condition: str, holds: bool) -> None:
    assert (choose_pairs([condition], []).reason_to_drop({}, audit()) == condition) is holds
    kept_by = choose_pairs([], [condition]).reason_to_drop({}, audit())
    assert (kept_by is None) is holds
    assert kept_by in (None, f"keep_if:{condition}")


def row(**notes: Any) -> dict[str, Any]:
    """A row, as far as signals look at it: the chosen side has one step and two letters more."""
    shape = {"total_steps": 1, "extract_steps": 1, "compute_steps": 0, "citation_rate_delta": None}
    return {
        "pair_annotations": {
            "constraint_pass_delta": 2,
            "revision_time_ms": None,
            "trace_shape_delta": shape,
        }
        | notes,
        "rejected_metadata": {"trace_stats": {"total_steps": 4}},
        "chosen_metadata": {"trace_stats": {"total_steps": 5}},
        "rejected_text": "12345678",
        "chosen_text": "1234567890",
    }


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("constraint_gain>=2", True),
        ("constraint_gain > 2", False),
        ("revision_time_ms<10000", False),  # it is not known
        ("rejected_steps<=4", True),
        ("chosen_steps<5", False),
        ("steps_gap:eq:1", True),
        ("extract_steps_gap>0.5", True),
        ("compute_steps_gap:ne:0", False),
        ("citation_rate_gap>-9", False),
        ("rejected_length<9", True),
        ("chosen_length<10", False),
        ("length_gap>=2", True),
    ],
)
def test_signals_of_a_row_need_no_audit(condition: str, holds: bool) -> None:
    choice, keeping = choose_pairs([condition], []), choose_pairs([], [condition])
    assert choice.first_that_needs_audit is keeping.first_that_needs_audit is None
    assert (choice.reason_to_drop(row(), None) is not None) is holds
    assert (keeping.reason_to_drop(row(), None) is None) is holds


def test_every_signal_of_a_row_can_be_asked_for() -> None:
    for name in ROW_SIGNALS:
        assert choose_pairs([f"{name}<99"], []).as_json()["drop_if"] == [f"{name}:lt:99"]
        choose_pairs([f"{name}<99"], []).reason_to_drop(row(), None)


def test_signs_are_another_spelling() -> None:
    signs = [
        "edit_similarity<0.950",
        "edit_similarity >= -1",
        "length_ratio<=2",
        "length_ratio>3.0",
    ]
    words = ["edit_similarity:lt:0.95", "edit_similarity:ge:-1", "length_ratio:le:2"]
    assert choose_pairs(signs, []) == choose_pairs([*words, "length_ratio:gt:3"], [])
    choice = choose_pairs(["constraint_gain<1"], ["edit_similarity<1"])
    assert choice.first_that_needs_audit == "--keep-if edit_similarity:lt:1"


def test_a_side_that_is_verified_by_better_grounds_has_nothing_weak() -> None:
    sides = audit()
    sides["verdicts"]["chosen"] |= {"verified": 8, "consistent": 0}
    sides["grounds"]["chosen"] = {"verified": {"text": 3, "document": 4, "answers": 1}}
    for ground in GROUNDS:
        is_weak = choose_pairs([f"chosen:{ground}"], []).reason_to_drop({}, sides) is not None
        assert is_weak is (ground in ("text", "document", "answers"))


def test_all_conditions_to_keep_must_hold_and_the_order_does_not_matter() -> None:
    conditions = ["edit_similarity:lt:0.950", "chosen:consistent"]
    assert choose_pairs([], conditions).reason_to_drop({}, audit()) is None
    more = [*conditions, "edit_similarity:lt:0.5"]
    assert choose_pairs([], more).reason_to_drop({}, audit()) == "keep_if:edit_similarity:lt:0.5"
    assert choose_pairs([], more) == choose_pairs([], [*reversed(more), more[0]])
    assert choose_pairs([], conditions).as_json()["keep_if"] == [
        "chosen:consistent",
        "edit_similarity:lt:0.95",
    ]
    assert not choose_pairs([], [])


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("lies", "drop_if lies: no such rule; choose from contradicted, suspicious"),
        ("chosen", "drop_if chosen: write chosen:VERDICT, a ground or a rule"),
        ("chosen:true", "drop_if chosen:true: true: unknown; choose from verified"),
        ("chosen:verified:3", "drop_if chosen:verified:3: verified:3: unknown"),
        ("edit_similarity", "drop_if edit_similarity: write edit_similarity:lt:NUMBER"),
        ("edit_similarity:over:1", "over: unknown; choose from lt, le, eq, ne, ge, gt"),
        ("edit_similarity:gt:", "'' is not a number"),
        ("edit_similarity:gt:1e3", "'1e3' is not a number"),
        ("edit_similarity<", "drop_if edit_similarity<: '' is not a number"),
        ("edit_similarity<=1e3", "'1e3' is not a number"),
        ("edit_similarity<>1", "'>1' is not a number"),
        ("edit<1", "drop_if edit<1: edit: no such signal; choose from edit_similarity"),
        ("chosen<1", "chosen: no such signal"),
        ("winner:verified", "winner: neither side nor signal; choose from rejected, chosen"),
    ],
)
def test_what_is_not_understood_is_refused(condition: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        choose_pairs([condition], [])
    assert message in str(refused.value)
    with pytest.raises(UsageError, match="keep_if contradicted: a pair has many rules"):
        choose_pairs([], ["contradicted"])
