"""What the credited attempts at a challenge confirm: the text that each constraint asks for.

What a credited attempt extracted, and what is in its artifact, counts for the other attempts at the
challenge as well. Contract: schemas/README.md, "Audit".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.from_trace import (
    Expected,
    expected_texts,
    superseded_values,
)
from botcoin_dpo.constraints.constraint import Answer, Constraint

_TELLING = 5
"""Characters of a text that is not in an artifact by chance."""


@dataclass(slots=True)
class _Votes:
    """The credited attempts that have a text, and how sure it is that it is the one asked for."""

    count: int = 0
    are_certain: bool = False
    are_close: bool = False
    are_read: bool = False
    """Whether a reading leads to it."""
    only: int = 0
    """In how many artifacts it is all that the constraint could mean."""
    apart: int = 0
    """In how many it is the only number apart from others that it could mean."""

    def are_found(self, text: str) -> bool:
        """Return whether their text cannot be in the artifacts by chance."""
        if self.only and (self.are_read or self.only > 1):
            return True
        if self.apart and (self.are_close or self.apart > 1):
            return True
        return self.are_close and (self.count > 1 or len(text) >= _TELLING)


class Confirmed(NamedTuple):
    """The text that a constraint asks for, as credited attempts confirm it."""

    text: str
    is_certain: bool
    """Whether nothing in it is a guess.

    A fuzzy attribute match counts as exact once its value was found in a credited artifact.
    """


@dataclass
class Consensus:
    """What credited attempts of a challenge agree on, by constraint."""

    _votes: dict[int, dict[str, _Votes]] = field(default_factory=dict)
    _confirmed: dict[int, Confirmed | None] = field(default_factory=dict)

    @classmethod
    def of(cls, subjects: Iterable[AuditedAttempt]) -> "Consensus":
        """Return what the credited ones among some attempts confirm; all had the same input."""
        consensus = cls()
        for subject in subjects:
            consensus.add(subject)
        return consensus

    def add(self, subject: AuditedAttempt) -> None:
        """Add what an attempt confirms, if it was credited."""
        if not subject.is_credited:
            return
        self._confirmed.clear()
        superseded = superseded_values(subject)
        kept_by_index: dict[int, list[Expected]] = {}
        waiting: list[tuple[int, Constraint]] = []
        for index, constraint in enumerate(subject.constraint_set.constraints):
            if constraint is None or not constraint.needs or not subject.outcomes[index]:
                continue
            own = expected_texts(subject, index)
            if own:
                # What a superseded value leads to may be there for something else.
                kept_by_index[index] = kept = [
                    each
                    for each in own
                    if constraint.holds(subject.artifact, each.text)
                    and not each.rests_on(superseded)
                ]
                self._take(subject, index, constraint, kept)
            elif not constraint.references:  # it needs answers alone, which may be found yet
                waiting.append((index, constraint))
            else:
                self._take_what_is_meant(subject, index, constraint)
        if waiting:
            self._take_of_answers(subject, waiting, kept_by_index.values())

    def _take(
        self, subject: AuditedAttempt, index: int, constraint: Constraint, kept: list[Expected]
    ) -> None:
        """Add the texts that an attempt has read of a constraint and has in its artifact."""
        for text in {expected.text for expected in kept}:
            same = [expected for expected in kept if expected.text == text]
            votes = self._votes_for(index, text)
            votes.count += 1
            votes.are_read = True
            votes.are_certain |= any([expected.is_certain for expected in same])
            if votes.are_certain:
                continue  # no other ground is asked for
            votes.are_close |= any([expected.is_close for expected in same])
            only, apart = constraint.candidates(subject.artifact)
            votes.only += text == only
            votes.apart += text == apart and subject.constraint_set.is_only_of_its_kind(index)

    def _take_what_is_meant(
        self, subject: AuditedAttempt, index: int, constraint: Constraint
    ) -> None:
        """Add what an artifact has for a constraint of which an attempt has read nothing."""
        only = constraint.candidates(subject.artifact).only
        if only is not None:
            votes = self._votes_for(index, only)
            votes.count += 1
            votes.only += 1

    def _take_of_answers(
        self,
        subject: AuditedAttempt,
        waiting: Iterable[tuple[int, Constraint]],
        kept: Iterable[Iterable[Expected]],
    ) -> None:
        """Add the texts that follow from answers which were found on the way."""
        answers = dict(enumerate(subject.answers or (), start=1))
        for expected in chain.from_iterable(kept):
            for reading in expected.readings:
                if answers.get(reading.question) is None and reading.entity:
                    answers[reading.question] = reading.entity
        for index, constraint in waiting:
            asked = [need.question for need in constraint.needs if isinstance(need, Answer)]
            names = [answers.get(question) for question in asked]
            text = None if None in names else constraint.text_of(names)
            if text is not None and constraint.holds(subject.artifact, text):
                self._votes_for(index, text).count += 1

    def _votes_for(self, index: int, text: str) -> _Votes:
        votes_by_text = self._votes.setdefault(index, {})
        votes = votes_by_text.get(text)
        if votes is None:
            votes = votes_by_text[text] = _Votes()
        return votes

    def confirmed(self, index: int) -> Confirmed | None:
        """Return the text that a constraint asks for; None where no credited attempt tells.

        Nor where they do not agree.
        """
        if index not in self._confirmed:
            self._confirmed[index] = _winner(self._votes.get(index, {}))
        return self._confirmed[index]


def _winner(votes_by_text: dict[str, _Votes]) -> Confirmed | None:
    if not votes_by_text:
        return None
    most = max([votes.count for votes in votes_by_text.values()])
    (text, votes), *others = [
        (text, votes) for text, votes in votes_by_text.items() if votes.count == most
    ]
    if others or (votes.count == votes.only == 1 and not votes.are_read):
        return None  # they do not agree, or its own artifact is all that speaks for it
    return Confirmed(text, votes.are_certain or votes.are_found(text))
