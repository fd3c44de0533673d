"""A recorded outcome is held against the artifact, and in doubt it is left alone."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.auditing.attempt_audit import audit_attempt
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from tests.audited import (
    ANSWERS,
    EQUATION,
    INCLUDE,
    PRIME,
    constrained,
    one_constraint,
    said_of,
    subjects,
    verdict_on,
)
from tests.builders import compute, extract


@pytest.mark.parametrize(
    ("text", "artifact", "status"),
    [
        ("Write EXACTLY 2 words. Single line.", "Alma sails", "verified"),
        ("Write EXACTLY 2 words. Single line.", "Alma", "contradicted"),
        ('Must NOT contain the letter "x" (case-insensitive).', "Alma", "verified"),
        ('Must NOT contain the letter "x" (case-insensitive).', "AleX", "contradicted"),
        (INCLUDE, "carries 1200 crates", "consistent"),
        (INCLUDE, "carries 900 crates", "contradicted"),
        (PRIME, "prime 11 it is", "consistent"),
        (PRIME, "prime 13 it is", "contradicted"),
        (PRIME, "no number", "contradicted"),
        (EQUATION, "so 10+10=20 it is", "consistent"),
        (EQUATION, "so 10+11=21 it is", "contradicted"),
        (EQUATION, "so 10+10=21 it is", "contradicted"),
        (
            "Acrostic: the first letters of the first 2 words must spell the first 2 letters of "
            "(initials(Q1)+initials(Q2)), uppercased.",
            "alma roses",
            "verified",
        ),
        (
            "Acrostic: the first letters of the first 2 words must spell the first 2 letters of "
            "(initials(Q2)+initials(Q1)), uppercased.",
            "alma roses",
            "contradicted",
        ),
        ("Must include the colour of the ship that answers Question 1.", "Alma", "unchecked"),
        ("Sing a song.", "Alma", "unchecked"),
    ],
)
def test_a_recorded_pass_is_held_against_the_artifact(
    tmp_path: Path, text: str, artifact: str, status: str
) -> None:
    assert verdict_on(tmp_path, one_constraint(text, artifact)).status == status


def test_an_uncertain_name_is_consistent_and_never_contradicts(tmp_path: Path) -> None:
    text = "Must include the loaded crates of the ship that answers Question 1."
    assert verdict_on(tmp_path, one_constraint(text, "has 1200")).status == "consistent"
    verdict = verdict_on(tmp_path, one_constraint(text, "has 900"))
    assert (verdict.status, verdict.reason) == ("unchecked", "uncertain")


def test_who_reads_wrongly_writes_what_it_has_read(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 900")
    record |= {"pass": False, "constraint_results": {"0": {"pass": False}}}
    record["submission"]["reasoning_trace"] = [extract(value=900, paragraph=3)]
    verdict = verdict_on(tmp_path, record)
    assert (verdict.status, verdict.reason) == ("unchecked", "own_reading")
    credited = [one_constraint(INCLUDE, "has 1200", miner=miner) for miner in ("0xbb", "0xcc")]
    assert verdict_on(tmp_path, record, credited[0]).reason == "own_reading"
    assert verdict_on(tmp_path, record, *credited).status == "verified"
    lying = record | {"constraint_results": {"0": {"pass": True}}}
    assert verdict_on(tmp_path, lying).status == "consistent"
    assert verdict_on(tmp_path, lying, credited[0]).status == "disputed"
    verdict = verdict_on(tmp_path, lying, *credited)
    assert (verdict.status, verdict.ground) == ("contradicted", "consensus")


def test_answers_that_are_not_recorded_never_contradict(tmp_path: Path) -> None:
    record = one_constraint(PRIME, "prime 11 it is", submitted_answers=...)
    del record["submitted_answers"]
    assert verdict_on(tmp_path, record).status == "consistent"
    record["submission"]["artifact"] = "prime 13 it is"
    assert verdict_on(tmp_path, record).status == "unchecked"


def test_what_another_constraint_asks_for_is_not_taken_for_a_similar_name(tmp_path: Path) -> None:
    texts = [
        "Must include the home city of the ship that answers Question 1.",
        "Must include the home country of the ship that answers Question 1.",
    ]
    document = "[paragraph_1]\nThe Alma Rose is at home in Nara, in Ziora."
    country = extract(attribute="home.country", value="Ziora", paragraph=1)
    records = []
    for miner, artifact, outcomes in (
        ("0xaa", "Nara in Ziora", [True, True]),
        ("0xbb", "Port in Ziora", [False, True]),
    ):
        record = one_constraint(texts[0], artifact, miner=miner)
        record["challenge_context"] |= {"document": document, "constraints": texts}
        record["submission"]["reasoning_trace"] = [country]
        records.append(
            record
            | {
                "constraint_total": 2,
                "pass": all(outcomes),
                "constraint_results": {str(i): {"pass": held} for i, held in enumerate(outcomes)},
            }
        )
    audited = subjects(tmp_path, *records)
    consensus = Consensus.of(audited)
    for subject in audited:
        city, country_verdict = audit_attempt(subject, consensus).verdicts
        assert (city.status, city.reason) == ("unchecked", "not_known")
        assert country_verdict.status == "consistent"


@pytest.mark.parametrize(
    ("value", "artifact"), [("Petra Lindqvist", "Lindqvist sails"), ("scarlet", "Scarlet sails")]
)
def test_a_part_of_what_was_extracted_may_be_asked_for(
    tmp_path: Path, value: str, artifact: str
) -> None:
    record = one_constraint(INCLUDE, artifact)
    record["challenge_context"]["document"] = f"[paragraph_1]\nAlma Rose: {value}."
    record["submission"]["reasoning_trace"] = [extract(value=value, paragraph=1)]
    assert verdict_on(tmp_path, record).status == "unchecked"


def test_a_superseded_reading_does_not_contradict(tmp_path: Path) -> None:
    record = one_constraint(PRIME, "prime 89 it is")
    trap = {"target_entity": "Alma Rose", "attribute": "crates", "wrong_value": 1200}
    record["trap_metadata"] = {"trap_count": 1, "traps": [trap]}
    assert verdict_on(tmp_path, record).status == "unchecked"


def test_what_is_computed_with_something_else_does_not_contradict(tmp_path: Path) -> None:
    record = one_constraint(PRIME, "prime 89 it is")
    record["submission"]["reasoning_trace"][1]["inputs"] = [977, 100]
    record["submission"]["reasoning_trace"][1]["result"] = 77
    assert verdict_on(tmp_path, record).status == "unchecked"


def on_path_a(artifact: str, outcomes: list[bool]) -> dict[str, Any]:
    """An attempt that was accepted on path A, whose trap makes 89 of what is 11 on path B."""
    trap = {"target_entity": "Alma Rose", "attribute": "crates",
            "wrong_value": 77, "correct_value": 1200}  # fmt: skip
    words = "Write EXACTLY 3 words. Single line."
    record: dict[str, Any] = constrained([PRIME, words], artifact, outcomes)
    return record | {
        "pass": True,
        "acceptance_path": "A",
        "credit_eligible": False,
        "trap_metadata": {"trap_count": 1, "traps": [trap]},
    }


@pytest.mark.parametrize(
    ("artifact", "outcomes", "status"),
    [
        ("prime 11 now", [True, True], "verified"),
        ("prime 89 now", [True, True], "unchecked"),  # it holds by the wrong value
        ("prime 89 now", [True, False], "contradicted"),  # they are those by the correct values
        ("prime 89 now", [False, True], "verified"),
        ("prime 13 now", [True, True], "contradicted"),
        ("prime 11 now", [False, True], "contradicted"),
    ],
)
def test_outcomes_on_path_a_are_judged_by_the_traps(
    tmp_path: Path, artifact: str, outcomes: list[bool], status: str
) -> None:
    verdict = verdict_on(tmp_path, on_path_a(artifact, outcomes))
    assert (verdict.status, verdict.ground) == (status, "traps")


@pytest.mark.parametrize("lacking", ["trap_metadata", "submitted_answers"])
def test_a_pass_on_path_a_whose_wrong_values_are_not_known_is_not_judged(
    tmp_path: Path, lacking: str
) -> None:
    fallen = on_path_a("prime 89 now", [True, True])
    words = fallen["challenge_context"]["constraints"][1]
    others = [
        constrained([PRIME, words], f"prime 11 {miner}", [True, True], miner=miner)
        for miner in ("0xbb", "0xcc")
    ]
    for record in (fallen, *others):
        del record[lacking]
    verdict = verdict_on(tmp_path, fallen, *others)
    assert (verdict.status, verdict.reason) == ("unchecked", "uncertain")
    fallen["acceptance_path"] = "B"
    assert verdict_on(tmp_path, fallen, *others).status == "contradicted"


def test_two_errors_may_give_the_right_number(tmp_path: Path) -> None:
    record = one_constraint(PRIME, "prime 13 it is")
    record["submission"]["reasoning_trace"][1]["result"] = 2  # 1200 mod 100 is 0
    assert verdict_on(tmp_path, record).status == "unchecked"


def test_the_stored_order_of_answers_is_a_guess(tmp_path: Path) -> None:
    text = (
        "Acrostic: the first letters of the first 2 words must spell the first 2 letters of "
        "(initials(Q1)+initials(Q2)), uppercased."
    )
    record = one_constraint(text, "alma roses")
    assert verdict_on(tmp_path, record).status == "verified"
    record["submitted_answers"] = dict(sorted(ANSWERS.items()))  # not the order of questions
    assert verdict_on(tmp_path, record).status == "verified"
    del record["challenge_context"]["question_metadata"]
    assert verdict_on(tmp_path, record).reason == "uncertain"


@pytest.mark.parametrize("text", ["1,200", "1,200 crates", "$1200", "1200%", "12-00"])
def test_a_value_may_be_asked_for_in_another_format(tmp_path: Path, text: str) -> None:
    document = f"[paragraph_1]\nThe Alma Rose carries {text}."
    record = one_constraint(INCLUDE, "has 1200")
    record["submission"]["reasoning_trace"] = [extract(value=text, paragraph=1)]
    assert verdict_on(tmp_path, said_of(document, record)).status != "contradicted"


def test_a_name_that_fits_two_constraints_is_a_guess(tmp_path: Path) -> None:
    document = "[paragraph_1]\nThe Alma Rose is run from Nantes in France."
    texts = [INCLUDE.replace("crates", f"headquarters {what}") for what in ("city", "country")]
    step = extract(attribute="headquarters", value="Nantes", paragraph=1)
    credited = constrained(texts, "Nantes in France", [True, True], trace=[step], miner="0xbb")
    for artifact, held in (("in France", [False, True]), ("the Nantes", [True, False])):
        failing = constrained(texts, artifact, held, trace=[compute()], miner="0x11")
        audited = subjects(tmp_path, said_of(document, failing), said_of(document, credited))
        verdicts = audit_attempt(audited[0], Consensus.of(audited)).verdicts
        assert "contradicted" not in {verdict.status for verdict in verdicts}


@pytest.mark.parametrize("name", ["revenue_{}", "revenue{}"])
def test_a_bare_number_is_no_quarter(tmp_path: Path, name: str) -> None:
    document = "[paragraph_1]\nThe Alma Rose had revenue 111 then 222 then 333."
    record = one_constraint(INCLUDE.replace("crates", "Q2 revenue"), "has 222")
    record["submission"]["reasoning_trace"] = [
        extract(step_id=f"e{n}", attribute=name.format(n), value=111 * n, paragraph=1)
        for n in (1, 2, 3)
    ]
    assert verdict_on(tmp_path, said_of(document, record)).status != "contradicted"


@pytest.mark.parametrize(("value", "wrong"), [(900, 900), ("900", 900), (900, "900")])
@pytest.mark.parametrize("text", [INCLUDE, PRIME])
def test_superseded_values_are_known_in_any_spelling(
    tmp_path: Path, text: str, value: int | str, wrong: int | str
) -> None:
    trap = {"target_entity": "Alma Rose", "attribute": "crates", "wrong_value": wrong}
    traps = {"trap_count": 1, "traps": [trap]}
    trace = [
        extract(value=value, paragraph=3),
        compute(step_id="c1", operation="mod", inputs=["e1", 100], result=0),
    ]
    record = one_constraint(text, "has 1200 and 13") | {"trap_metadata": traps}
    record["submission"]["reasoning_trace"] = trace
    assert verdict_on(tmp_path, record).status != "contradicted"
    honest = one_constraint(text, "has 1200 and 13", miner="0x11") | {"trap_metadata": traps}
    honest["submission"]["reasoning_trace"] = [compute()]
    other = one_constraint(text, "not 900 or 11", miner="0xbb") | {"trap_metadata": traps}
    other["submission"]["reasoning_trace"] = trace
    assert verdict_on(tmp_path, honest, other).status != "contradicted"


@pytest.mark.parametrize(
    ("text", "artifact"),
    [
        (EQUATION, "so 9+34=43+12=55 it is"),
        (EQUATION, "so 22.5+12.5=35 it is"),
        (PRIME, "so " + "0" * 59 + "19 it is"),
        ("Write EXACTLY 2 words. Single line.", "Alma\x85 sails"),
    ],
)
def test_odd_artifacts_may_hold_what_is_asked_for(tmp_path: Path, text: str, artifact: str) -> None:
    record = one_constraint(text, artifact)
    record["submission"]["reasoning_trace"] = [compute()]
    assert verdict_on(tmp_path, record).status != "contradicted"


@pytest.mark.parametrize("artifact", ["Alma\u00a0sails", "Alma sails\tnow", '"Alma sails "'])
def test_an_outcome_that_depends_on_how_words_are_split_is_left_alone(
    tmp_path: Path, artifact: str
) -> None:
    record = one_constraint("Write EXACTLY 2 words. Single line.", artifact)
    verdicts = [
        verdict_on(tmp_path, record | {"pass": held, "constraint_results": {"0": {"pass": held}}})
        for held in (True, False)
    ]
    assert "contradicted" not in {verdict.status for verdict in verdicts}
    assert "spelling" in {verdict.reason for verdict in verdicts}


FLEET = """[paragraph_1]
Alma Rose carries {} crates. Beryl Star has a crew of 44.

[paragraph_2]
Beryl Star carries 900 crates. Corin Gale has a crew of 52.

[paragraph_3]
Corin Gale carries 700 crates. Alma Rose has a crew of 31."""


@pytest.mark.parametrize(
    ("stated", "artifact", "status", "ground"),
    [
        ("1,200", "prime 11 it is", "verified", "document"),
        ("1,200", "prime 89 it is", "contradicted", "document"),
        ("77", "prime 11 it is", "verified", "traps"),  # the document has the wrong value alone
        ("77", "prime 89 it is", "contradicted", "traps"),
    ],
)
def test_a_value_that_a_trap_calls_wrong_is_not_the_documents(
    tmp_path: Path, stated: str, artifact: str, status: str, ground: str
) -> None:
    trap = {"target_entity": "Alma Rose", "attribute": "crates",
            "wrong_value": 77, "correct_value": 1200}  # fmt: skip
    record = one_constraint(PRIME, artifact, trap_metadata={"trap_count": 1, "traps": [trap]})
    record["submission"]["reasoning_trace"] = [compute()]
    verdict = verdict_on(tmp_path, said_of(FLEET.format(stated), record))
    assert (verdict.status, verdict.ground) == (status, ground)
    assert (verdict.place is not None) is (ground == "document")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "contradicted"),
        ({"pass": False, "acceptance_path": "NONE"}, "unchecked"),
        ({"trap_metadata": {"trap_count": 0, "traps": []}}, "unchecked"),
    ],
)
def test_what_no_trap_bears_on_holds_on_a_pass_on_path_a(
    tmp_path: Path, changes: dict[str, Any], status: str
) -> None:
    trap = {"target_entity": "Alma Rose", "attribute": "crates",
            "wrong_value": 77, "correct_value": 1200}  # fmt: skip
    colour = "Must include the colour of the ship that answers Question 1."
    record = constrained([colour, PRIME], "prime 89", [False, False]) | {
        "pass": True,
        "acceptance_path": "A",
        "credit_eligible": False,
        "trap_metadata": {"trap_count": 1, "traps": [trap]},
    }
    assert verdict_on(tmp_path, record | changes).status == status
