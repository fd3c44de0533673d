"""What the credited attempts of other miners have in their artifacts, by constraint.

A vote is a miner's, however many attempts it makes. Contract: schemas/README.md, "Verdicts on
outcomes".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.from_document import known_text
from botcoin_dpo.auditing.expected_texts.from_trace import expected_texts, superseded_values
from botcoin_dpo.constraints.constraint import Constraint

_ENOUGH = 2
"""Other miners that must have a text."""


@dataclass
class Consensus:
    """The miners whose credited attempts at a challenge have a text, by constraint."""

    _miners: dict[int, dict[str, set[str]]] = field(default_factory=dict)
    _answers: dict[int, dict[str, set[str]]] = field(default_factory=dict)
    """The miners whose records expect an answer, by question."""

    @classmethod
    def of(cls, subjects: Iterable[AuditedAttempt]) -> "Consensus":
        """Return the votes of some attempts at the same input."""
        consensus = cls()
        for subject in subjects:
            consensus.add(subject)
        return consensus

    def add(self, subject: AuditedAttempt) -> None:
        """Add the votes of an attempt, if it was credited."""
        if not subject.is_credited:
            return
        if subject.answers is not None and subject.answers_are_ordered:
            for number, answer in enumerate(subject.answers, start=1):
                if answer is not None:
                    miners_by_answer = self._answers.setdefault(number, {})
                    miners_by_answer.setdefault(answer, set()).add(subject.miner_id)
        for index, constraint in enumerate(subject.constraint_set.constraints):
            if constraint is None or not constraint.needs or not subject.outcomes[index]:
                continue
            text = _text_for(subject, index, constraint)
            if text is not None:
                miners_by_text = self._miners.setdefault(index, {})
                miners_by_text.setdefault(text, set()).add(subject.miner_id)

    def texts(self, index: int) -> Mapping[str, set[str]]:
        """Return the miners that have each text for a constraint."""
        return self._miners.get(index, {})

    def leading(self, index: int, miner: str) -> str | None:
        """Return the text that more miners have than any other, two of them not this one."""
        return _leading(self.texts(index), miner)

    def answer(self, question: int, miner: str) -> str | None:
        """Return the answer that more miners' records expect than any other, two not this one's."""
        return _leading(self._answers.get(question, {}), miner)


def _leading(miners_by_text: Mapping[str, set[str]], miner: str) -> str | None:
    """Return the text that more miners have than any other, two of them not this one."""
    if not miners_by_text:
        return None
    most = max(map(len, miners_by_text.values()))
    leading = [text for text, miners in miners_by_text.items() if len(miners) == most]
    text = leading[0]
    is_enough = len(miners_by_text[text] - {miner}) >= _ENOUGH
    return text if len(leading) == 1 and is_enough else None


def _text_for(subject: AuditedAttempt, index: int, constraint: Constraint) -> str | None:
    """Return the text that a credited artifact has for a constraint, None if it is not clear."""
    artifact = subject.artifact
    known = known_text(subject, constraint)
    if known is not None and constraint.holds(artifact, known.text):
        return known.text
    superseded = superseded_values(subject)
    texts = {
        each.text
        for each in expected_texts(subject, index)
        if each.is_close and not each.rests_on(superseded) and constraint.holds(artifact, each.text)
    }
    if texts:
        return texts.pop() if len(texts) == 1 else None
    return constraint.candidates(artifact).only
