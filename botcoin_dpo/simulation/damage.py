"""Damage: every way in which a record can be unusable, done on purpose and remembered.

A line that is damaged knows the reason for which a build must set it aside; so do the lines that
suffer with it (the other copy of a conflict, the other attempts of a session whose inputs differ).
`row_schema_violation` is left out: no log is known that leads to one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.rejections import REASONS, Reason
from botcoin_dpo.simulation.random_stream import RandomStream

RECORD_LIMIT_MB = 1
"""Records are made larger than this; a build that is to find them needs this limit."""


@dataclass(slots=True)
class Line:
    """A line of a log file."""

    record: JsonObject
    """What it says, or said before it was damaged."""
    data: bytes
    session: int | None = None
    """Position of its session among those of the challenge; None for challenge records."""
    damage: str | None = None
    reasons: set[Reason] = field(default_factory=set)
    is_duplicate: bool = False

    @property
    def reason(self) -> Reason | None:
        """Why it must be quarantined, the first that applies."""
        return min(self.reasons, key=REASONS.index) if self.reasons else None

    @property
    def record_id(self) -> str | None:
        """The id of the record, as it was before any damage."""
        return self.record.get("record_id")


class Damager(NamedTuple):
    """What it takes to damage the lines of one challenge."""

    encode: Callable[[JsonObject], bytes]
    """Writes a changed record."""
    context: JsonObject
    """The `challenge_context`."""
    rng: RandomStream


def damage_lines(lines: Sequence[Line], share: float, damager: Damager) -> list[Line]:
    """Return the lines of one challenge with a share of them damaged, and lines added.

    Args:
        lines: attempts, and the challenge's record if it is stored apart.
        share: probability for each line.
        damager: what it takes.
    """
    rng = damager.rng
    damaged: list[Line] = []
    for line in lines:
        damaged.append(line)
        if rng.chance(share):
            if line.session is None:
                damaged.append(_second_context(line, damager))
            else:
                damaged.extend(_damage(line, damager))
    is_apart = any(line.session is None for line in lines)
    if not is_apart and rng.chance(share):
        damaged += _conflicting_challenges(lines[0], damager)
    _spread(damaged)
    return [*damaged, *_duplicates(damaged, share, rng)]


def _damage(line: Line, damager: Damager) -> list[Line]:
    """Damage an attempt, and return lines to add."""
    names = [name for name in _KINDS if name != "no_outcomes" or not line.record["pass"]]
    line.damage = damager.rng.pick(names)
    change, reason = _KINDS[line.damage]
    if change is not None:
        line.data = change(line, damager)
    if reason is not None:
        line.reasons.add(reason)
    if line.damage != "changed_copy":
        return []
    copy = dict(line.record, submission=_with_artifact(line.record, "Some other artifact"))
    added = Line(copy, damager.encode(copy), line.session, line.damage, set(line.reasons))
    return [added]


def _spread(lines: Sequence[Line]) -> None:
    """Give reasons to the lines that suffer from the damage of others."""
    contexts = [line for line in lines if line.session is None]
    if any("conflicting_challenges" in line.reasons for line in contexts):
        for line in lines:
            if line.session is not None and "challenge_context" not in line.record:
                line.reasons.add("missing_context")
    for session in {line.session for line in lines if line.damage == "other_input"}:
        left = [line for line in lines if line.session == session and not line.reasons]
        if len({line.damage == "other_input" for line in left}) > 1:  # all alike is no difference
            for line in left:
                line.reasons.add("input_mismatch")


def _duplicates(lines: Sequence[Line], share: float, rng: RandomStream) -> list[Line]:
    """Return second uploads of attempts that nothing is wrong with."""
    return [
        Line(line.record, line.data, line.session, "repeat", is_duplicate=True)
        for line in lines
        if line.session is not None
        and line.damage is None
        and not line.reasons
        and rng.chance(share / 4)
    ]


def _second_context(line: Line, damager: Damager) -> Line:
    """Return a challenge record that contradicts another."""
    line.damage = "second_context"
    line.reasons.add("conflicting_challenges")
    other = dict(line.record, challenge_domain="misfiled")
    return Line(other, damager.encode(other), None, line.damage, set(line.reasons))


def _conflicting_challenges(attempt: Line, damager: Damager) -> list[Line]:
    """Return two challenge records that nobody needs and that contradict each other."""
    record = {
        name: attempt.record[name]
        for name in ("challenge_id", "challenge_seed", "challenge_domain", "challenge_context")
    }
    line = Line(record, damager.encode(record))
    return [line, _second_context(line, damager)]


def _with_artifact(record: JsonObject, artifact: str) -> JsonObject:
    return {**record["submission"], "artifact": artifact}


def _cut_off(line: Line, damager: Damager) -> bytes:
    return line.data[: int(len(line.data) * (0.05 + 0.9 * damager.rng.random()))]


def _not_a_number(line: Line, damager: Damager) -> bytes:
    number = str(line.record["attempt_submitted_at"]).encode()
    other = damager.rng.pick((b"NaN", b"-Infinity", b"1e999"))
    return line.data.replace(b":" + number, b":" + other, 1)


def _lone_surrogate(line: Line, damager: Damager) -> bytes:
    return line.data.replace(b'"artifact":"', b'"artifact":"\\ud83d ', 1)


def _duplicate_key(line: Line, damager: Damager) -> bytes:
    return line.data[:-1] + damager.rng.pick((b',"pass":true}', b',"challenge_id":"0x00"}'))


def _bad_bytes(line: Line, damager: Damager) -> bytes:
    wrong = damager.rng.pick((b"\xff", b"\xc3\x28"))
    return line.data.replace(b'"model":"', b'"model":"' + wrong, 1)


def _in_array(line: Line, damager: Damager) -> bytes:
    return b"[" + line.data + b"]"


def _event(line: Line, damager: Damager) -> bytes:
    return orjson.dumps({"event": "coordinator restarted", "record_id": line.record_id})


def _wrong_type(line: Line, damager: Damager) -> bytes:
    name, value = damager.rng.pick(_WRONG)
    return damager.encode(dict(line.record, **{name: value}))


def _oversized(line: Line, damager: Damager) -> bytes:
    blanks = b" " * (RECORD_LIMIT_MB * 10**6 - len(line.data) + damager.rng.between(1, 5000))
    return line.data[:-1] + blanks + b"}"


def _orphan(line: Line, damager: Damager) -> bytes:
    orphan = {key: value for key, value in line.record.items() if key != "challenge_context"}
    return damager.encode(orphan | {"challenge_id": f"0x{damager.rng.between(0, 2**52):064x}"})


def _no_outcomes(line: Line, damager: Damager) -> bytes:
    gone = ("constraint_results", "constraints_passed", "constraints_failed")
    return damager.encode({key: value for key, value in line.record.items() if key not in gone})


def _contradiction(line: Line, damager: Damager) -> bytes:
    count = line.record["constraint_pass_count"]
    return damager.encode(dict(line.record, constraint_pass_count=count - 1 if count else 1))


def _unsafe(line: Line, damager: Damager) -> bytes:
    token = damager.rng.pick(("<|im_end|>", "</think>", "[INST]", "<s>", "\x1b[2J"))
    artifact = f"{line.record['submission']['artifact']} {token}"
    return damager.encode(dict(line.record, submission=_with_artifact(line.record, artifact)))


def _other_input(line: Line, damager: Damager) -> bytes:
    questions = [*damager.context["questions"][:-1], "Which of them is it?"]
    line.record = line.record | {"challenge_context": damager.context | {"questions": questions}}
    return damager.encode(line.record)


_WRONG: tuple[tuple[str, object], ...] = (
    ("attempt_index", "two"),
    ("attempt_index", 0),
    ("pass", "yes"),
    ("submission", []),
    ("challenge_seed", 7),
    ("constraints_failed", ["3"]),
    ("timestamp", "yesterday"),
    ("record_id", ""),
)

_Change = Callable[[Line, Damager], bytes]
_KINDS: dict[str, tuple[_Change | None, Reason | None]] = {
    "cut_off": (_cut_off, "malformed_json"),
    "not_a_number": (_not_a_number, "malformed_json"),
    "lone_surrogate": (_lone_surrogate, "malformed_json"),
    "duplicate_key": (_duplicate_key, "malformed_json"),
    "bad_bytes": (_bad_bytes, "invalid_utf8"),
    "in_array": (_in_array, "not_an_object"),
    "event": (_event, "unknown_record"),
    "wrong_type": (_wrong_type, "schema_violation"),
    "oversized": (_oversized, "oversized_record"),
    "orphan": (_orphan, "missing_context"),
    "no_outcomes": (_no_outcomes, "unknown_constraint_outcomes"),
    "contradiction": (_contradiction, "inconsistent_outcomes"),
    "unsafe": (_unsafe, "unsafe_text"),
    "changed_copy": (None, "conflicting_attempts"),
    "other_input": (_other_input, None),
}
