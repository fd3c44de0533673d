"""Records of attempts: what a coordinator that makes no error stores."""

import re
from random import Random
from typing import Any

from tests.oracle.document import NARROW_SPACE
from tests.oracle.world import Need, Record, Value, World, next_prime


def trace_of(
    world: World,
    values: dict[Need, Value],
    owners: dict[Need, str],
    slip: int | None,
    dice: Random,
) -> list[Record]:
    """The steps by which an attempt finds its texts, each cited where the document has it."""
    steps: list[Record] = []
    for index, constraint in enumerate(world.constraints):
        sums: list[str] = []
        for need in constraint.needs:
            name = f"e{len(steps) + 1}"
            steps.append(_extraction(world, name, owners[need], need, values[need], dice))
            if not need.modulus:
                continue
            remainder = int(values[need]) % need.modulus
            result = need.of(int(values[need]))
            if slip == index and not sums:
                result += 1
            steps.append(_step(f"m{len(steps) + 1}", "mod", [name, need.modulus], remainder))
            inputs = [steps[-1]["step_id"], need.offset]
            steps.append(_step(f"a{len(steps) + 1}", "add", inputs, result))
            sums.append(steps[-1]["step_id"])
        if constraint.kind == "prime":
            result = next_prime(int(steps[-1]["result"]))
            steps.append(_step("p", "next_prime", sums, result))
        elif constraint.kind == "equation":
            total = sum(int(step["result"]) for step in steps if step["step_id"] in sums)
            steps.append(_step("s", "add", sums, total))
    return steps


def _step(name: str, operation: str, inputs: list[Any], result: int) -> Record:
    return {
        "step_id": name, "action": "compute_logic", "operation": operation, "inputs": inputs,
        "result": result,
    }  # fmt: skip


def _attribute_read(world: World, entity: str, need: Need, value: Value) -> tuple[str, str]:
    """Where a value was found: perhaps it is another's than the one that is asked for."""
    if value == world.trap["wrong_value"]:
        return "trap", "wrong"
    same = [need.attribute, *world.domain.numbers, *world.domain.texts]
    for attribute in same:
        stated = world.table[entity][attribute]
        if value in (stated if isinstance(stated, list) else [stated, str(stated).split()[-1]]):
            return entity, attribute
    return entity, need.attribute


def _extraction(
    world: World, step_id: str, entity: str, need: Need, value: Value, dice: Random
) -> Record:
    keys, name = world.domain.keys[need.attribute], need.phrase.replace(" ", "_").lower()
    read = _attribute_read(world, entity, need, value)
    place = world.places[read]
    paragraph = world.paragraphs[place]
    spelled = f"{value:,}".replace(",", NARROW_SPACE) if isinstance(value, int) else ""
    if spelled and spelled in paragraph and dice.random() < 0.5:
        value = spelled
    matches = entity.lower() in paragraph.lower() and (
        str(value) in paragraph or str(value) in re.sub(r"(?<=\d),(?=\d)", "", paragraph)
    )
    zone = {world.trap["correct_paragraph"]: "GROUND_TRUTH", world.trap["wrong_paragraphs"][0]:
            "TRAP"} if need.attribute == world.domain.numbers[0] else {}  # fmt: skip
    return {
        "step_id": step_id,
        "action": "extract_fact",
        "targetEntity": entity,
        "attribute": name if dice.random() < 0.7 else dice.choice(keys).format(n=need.quarter),
        "valueExtracted": value,
        "source": f"paragraph_{place}",
        "coordinator_provenance": {
            "paragraph_index": place,
            "paragraph_total": len(world.paragraphs),
            "semantic_zone": zone.get(place - 1, "STANDARD"),
            "quote_match": "EXACT" if matches else "UNVERIFIED",
            "match_method": "paragraph_exact" if matches else "paragraph_unverified",
        },
    }


def make_record(world: World, miner: str, index: int, artifact: str, steps: list[Record]) -> Record:
    """A record, without answers and outcomes."""
    challenge = f"0x{world.seed:04x}"
    extracted = [step for step in steps if step["action"] == "extract_fact"]
    marks = [step["coordinator_provenance"]["quote_match"] == "EXACT" for step in extracted]
    texts = [constraint.text for constraint in world.constraints]
    return {
        "record_id": f"{challenge}-{miner}-{index}",
        "challenge_id": challenge,
        "challenge_domain": world.domain.plural,
        "miner_id": miner,
        "attempt_index": index,
        "submission": {"model": "oracle", "artifact": artifact, "reasoning_trace": steps},
        "attempt_submitted_at": 1_774_000_000_000 + index * 60_000,
        "challenge_context": {
            "document": world.document,
            "questions": world.questions,
            "constraints": [*texts, "Tip: words are split on spaces."],
            "paragraph_count": len(world.paragraphs),
            "question_metadata": [{"id": f"q{at:02}"} for at in _ids(world)],
        },
        "trap_metadata": {"trap_count": 1, "traps": [world.trap]},
        "trace_stats": {
            "total_steps": len(steps),
            "extract_fact_steps": len(extracted),
            "compute_logic_steps": len(steps) - len(extracted),
            "reasoning_steps": 0,
        },
        "trace_validation": {
            "ok": True,
            "citation_match_rate": sum(marks) / len(marks),
            "total_extract_facts": len(marks),
            "matched_extract_facts": sum(marks),
            "resolved_citations": [
                {
                    "stepId": step["step_id"],
                    "paragraphIndex": step["coordinator_provenance"]["paragraph_index"],
                    "matched": mark,
                    "matchMethod": step["coordinator_provenance"]["match_method"],
                    "quoteMatchTier": step["coordinator_provenance"]["quote_match"],
                }
                for step, mark in zip(extracted, marks, strict=True)
            ],
        },
    }


def _ids(world: World) -> list[int]:
    """The numbers by which the answers to questions are stored, in the order of the questions."""
    return Random(f"ids {world.seed}").sample(range(1, 30), len(world.questions))


def answers_of(world: World, owners: dict[Need, str], dice: Random) -> Record:
    """The answers that were handed in: an entity that was taken wrongly is a wrong answer."""
    taken = {need.question: owner for need, owner in owners.items()}
    entries: dict[str, Record] = {}
    for number, identifier in enumerate(_ids(world), start=1):
        expected = world.answers[number - 1]
        given = taken.get(number, expected)
        entries[f"q{identifier:02}"] = {
            "value": given, "expected": expected, "correct": given == expected,
        }  # fmt: skip
    shuffled = dict(sorted(entries.items(), key=lambda _: dice.random()))
    right = sum(entry["correct"] for entry in entries.values())
    return {
        "submitted_answers": shuffled,
        "answer_verification": {
            "correct": right, "total": len(entries), "required": 6, "passed_threshold": right >= 6,
        },
    }  # fmt: skip


def label(record: Record, outcomes: list[bool], path: str | None) -> None:
    """Write outcomes, and all that follows from them, into a record."""
    passed = [at for at, holds in enumerate(outcomes) if holds]
    failed = [at for at, holds in enumerate(outcomes) if not holds]
    record |= {
        "pass": path is not None,
        "credit_eligible": path == "B",
        "acceptance_path": path or "NONE",
        "trap_classification": f"PATH_{path}" if path else "UNKNOWN",
        "session_status": "passed" if path else "active",
        "constraint_total": len(outcomes),
        "constraint_results": {str(at): {"pass": holds} for at, holds in enumerate(outcomes)},
        "constraints_passed": passed,
        "constraints_failed": failed,
        "constraint_pass_count": len(passed),
        "constraint_fail_count": len(failed),
    }
