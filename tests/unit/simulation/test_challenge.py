"""Challenges are true: one answer to each question, one way out of each trap, every fact stated."""

import re
from functools import cache
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from botcoin_dpo.attempts.citations import paragraphs_of
from botcoin_dpo.constraints.kinds import constraint_kind, parse
from botcoin_dpo.contract.trace_text import value_text
from botcoin_dpo.simulation.challenge import Challenge, make_challenge
from botcoin_dpo.simulation.constraint_making import _are_told_apart
from botcoin_dpo.simulation.coordinator import SolvingSession, verify
from botcoin_dpo.simulation.document import Statement
from botcoin_dpo.simulation.domain import Number, Series
from botcoin_dpo.simulation.domain_files import built_in_domains
from botcoin_dpo.simulation.miners import PROFILES
from botcoin_dpo.simulation.mistakes import Mistakes
from botcoin_dpo.simulation.questions import QUESTION_KINDS, Question
from botcoin_dpo.simulation.random_stream import RandomStream
from botcoin_dpo.simulation.solving import solve
from botcoin_dpo.simulation.table import Cell, Table

seeds = st.integers(0, 10**6)
domains = st.sampled_from(sorted(built_in_domains()))


@cache
def challenge_of(domain: str, seed: int) -> Challenge:
    return make_challenge(built_in_domains()[domain], seed, 0)


def best(table: Table, question: Question) -> list[int]:
    """Answer a question by looking at every entity, in words of the table alone."""
    everyone = range(len(table.entities))

    def number(entity: int, key: str, quarter: int | None = None) -> float:
        return table.columns[key, quarter][entity]  # type: ignore[return-value]

    def sum_of(entity: int, key: str) -> float:
        return sum(number(entity, key, quarter) for quarter in (1, 2, 3, 4))

    key, other, value = question.key, question.other or "", question.value
    asked = list(everyone)
    scores = [0.0] * len(asked)
    if isinstance(table.domain.by_key[key], Number):
        scores = [number(entity, key) for entity in everyone]
    match question.kind:
        case "filtered":
            asked = [e for e in everyone if table.columns[other, None][e] == value]
        case "above_threshold":
            assert isinstance(value, int)
            asked = [e for e in everyone if number(e, other) > value]
        case "two_hop":
            leader = max(everyone, key=lambda e: number(e, other))
            column = table.columns[str(value), None]
            asked = [e for e in everyone if column[e] == column[leader]]
        case "ratio":
            scores = [number(e, key) / sum_of(e, other) for e in everyone]
        case "total":
            scores = [sum_of(e, key) for e in everyone]
        case "quarter":
            scores = [number(e, key, question.quarter) for e in everyone]
        case "rise":
            scores = [number(e, key, 4) - number(e, key, 1) for e in everyone]
        case "declined":
            asked = [e for e in everyone if number(e, other, 1) > number(e, other, 4)]
        case "count_quarters":
            assert isinstance(value, int)
            scores = [len([q for q in (1, 2, 3, 4) if number(e, key, q) > value]) for e in everyone]
    ranked = sorted({scores[e] for e in asked}, reverse=question.direction == "highest")
    place = 1 if question.kind == "second" else 0
    if question.kind == "second":
        assert len([e for e in asked if scores[e] == ranked[0]]) == 1
    return [e for e in asked if scores[e] == ranked[place]]


@given(domains, seeds)
def test_every_question_has_one_answer_found_by_brute_force(domain: str, seed: int) -> None:
    challenge = challenge_of(domain, seed)
    assert len({question.identifier for question in challenge.questions}) == 10
    assert len({question.kind for question in challenge.questions}) >= 8
    for question in challenge.questions:
        assert best(challenge.table, question) == [question.answer]


def test_every_kind_of_question_is_asked_in_every_domain() -> None:
    for domain in built_in_domains():
        asked = {q.kind for seed in range(12) for q in challenge_of(domain, seed).questions}
        assert asked == set(QUESTION_KINDS)


@given(domains, seeds)
def test_the_right_artifact_passes_and_the_trapped_one_passes_path_a_alone(
    domain: str, seed: int
) -> None:
    challenge = challenge_of(domain, seed)
    session = SolvingSession(challenge, "0x1", 0)
    everything = {at: question.answer for at, question in enumerate(challenge.questions)}
    trapped = Mistakes(traps={trap.cell for trap in challenge.binding.traps})
    outcomes = {}
    for name, mistakes in (("right", Mistakes()), ("trapped", trapped)):
        submission = solve(challenge, PROFILES[0], mistakes, [], RandomStream(seed, "solve"))
        record = verify(session, submission, everything, 1000, None).record
        outcomes[name] = (
            record["pass"],
            record["acceptance_path"],
            record["credit_eligible"],
            bool(record["constraints_failed"]),
            record["path_a_would_have_passed"],
        )
    assert outcomes["right"] == (True, "B", True, False, False)
    assert outcomes["trapped"] == (True, "A", False, True, True)


def test_wrong_and_right_texts_must_not_contain_each_other() -> None:
    assert _are_told_apart(["Nara", "23", "10+5=15"], ["Nara", "29", "10+5=15"])
    assert not _are_told_apart(["Nara", "23", "10+5=15"], ["Nara", "29", "23+5=28"])
    assert not _are_told_apart(["Nara", "13"], ["Nara", "113"])
    assert not _are_told_apart(["Nara", "13"], ["Nara", "13"])


@given(domains, seeds)
def test_the_document_has_the_size_of_a_real_one(domain: str, seed: int) -> None:
    challenge = challenge_of(domain, seed)
    text = challenge.document.text
    assert 60 <= paragraphs_of(text).total == challenge.context["paragraph_count"] <= 110
    assert 12_500 <= len(text.encode()) <= 25_000  # 12,915 to 23,181 in 12,000 seeds
    assert re.findall(r"^\[paragraph_(\d+)\]$", text, re.MULTILINE) == [
        str(number + 1) for number in range(challenge.context["paragraph_count"])
    ]
    assert not re.search(r"[{}]|None", text)
    assert 15 <= len(challenge.table.entities) <= 30
    attributes = challenge.domain.attributes
    assert 8 <= len(attributes) <= 13
    assert any(isinstance(attribute, Series) for attribute in attributes)


@given(domains, seeds)
def test_what_the_document_states_leads_to_every_value(domain: str, seed: int) -> None:
    challenge = challenge_of(domain, seed)
    table, document = challenge.table, challenge.document
    known: dict[Cell, float | str | int] = {}
    relative: list[Statement] = []
    for statements in document.statements.values():
        for statement in statements:
            paragraph = document.paragraphs[statement.paragraph - 1]
            printed = re.sub(r"(?<=\d),(?=\d)", "", paragraph)
            said = statement.value
            if isinstance(said, int | float):
                said = abs(said)  # "fell 3%"
            assert value_text(said) in paragraph or value_text(said) in printed
            if statement.other is None:
                known[statement.cell] = statement.value
            else:
                relative.append(statement)
    while relative:
        left = []
        for statement in relative:
            entity, key, quarter = statement.cell
            assert statement.other is not None
            base = known.get(Cell(statement.other, key, quarter))
            if base is None:
                left.append(statement)
                continue
            assert isinstance(base, int | float)
            assert isinstance(statement.value, int | float)
            known.setdefault(statement.cell, round(base + statement.sign * statement.value, 6))
        assert len(left) < len(relative), "statements lean on one another in a circle"
        relative = left
    for (key, quarter), column in table.columns.items():
        for entity, value in enumerate(column):
            assert known[Cell(entity, key, quarter)] == value


@given(domains, seeds)
def test_constraints_are_of_the_known_kinds_and_can_be_read(domain: str, seed: int) -> None:
    challenge = challenge_of(domain, seed)
    *checked, tip = challenge.context["constraints"]
    kinds = [constraint_kind(text) for text in checked]
    assert kinds == [
        "word_count", "include", "include", "include", "prime", "equation", "acrostic",
        "forbidden_letter",
    ]  # fmt: skip
    assert [parse(text) for text in checked] == challenge.binding.constraints
    assert constraint_kind(tip) == "tip"


@given(domains, seeds)
@example("battery_materials", 1871)  # an aside tells one quarter, and the trap is in another
def test_traps_lie_where_their_metadata_says(domain: str, seed: int) -> None:
    challenge = challenge_of(domain, seed)
    metadata = challenge.trap_metadata
    assert 1 <= metadata["trap_count"] == len(metadata["traps"]) <= 2
    for trap in metadata["traps"]:
        assert trap["wrong_value"] != trap["correct_value"]
        assert trap["path_a_derived"] != trap["path_b_derived"]
        places = [(number, trap["wrong_value"]) for number in trap["wrong_paragraphs"]]
        for number, value in [*places, (trap["correct_paragraph"], trap["correct_value"])]:
            paragraph = challenge.document.paragraphs[number]  # counted from 0
            assert str(value) in paragraph.replace(",", "")


def test_no_name_of_the_real_records_is_used(reference: Path) -> None:
    real = (reference / "attempts_v2.jsonl").read_text(encoding="utf-8")
    for domain in built_in_domains():
        for name in challenge_of(domain, 1).table.entities:
            assert name not in real
