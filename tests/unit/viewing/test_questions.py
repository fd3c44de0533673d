"""Which answers each side of a pair worked with, as far as a row tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from botcoin_dpo import build
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.viewing.humanize import answer_words
from botcoin_dpo.viewing.pair_page import PairPage, make_pair_page
from botcoin_dpo.viewing.questions import QuestionLine
from tests.builders import read_rows


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[PairPage]:
    folder: Path = tmp_path_factory.mktemp("questions")
    simulate(folder / "logs", challenges=12, miners=4, seed=7)
    build(folder / "logs", folder / "out")
    rows = read_rows(folder / "out")
    return [make_pair_page(row, number) for number, row in enumerate(rows, start=1)]


def test_a_chosen_side_answers_as_the_document_does(pages: list[PairPage]) -> None:
    both = [
        (question.chosen, question.document)
        for page in pages
        for question in page.questions
        if question.chosen is not None and question.document is not None
    ]
    assert len(both) > 5
    assert sum(chosen == document for chosen, document in both) > 0.9 * len(both)


def test_an_answer_is_told_of_questions_that_constraints_need(pages: list[PairPage]) -> None:
    told = 0
    for page in pages:
        for question in page.questions:
            for index in question.asked_by:
                text = page.constraints[index].text
                number = question.index + 1
                assert f"Question {number}" in text or f"(Q{number})" in text
            answers = (question.document, question.rejected, question.chosen)
            assert question.asked_by or answers == (None, None, None)
            told += question.chosen is not None
    assert told > len(pages)


@pytest.mark.parametrize(
    ("rejected", "chosen", "document", "words"),
    [
        ("Ada", "Ada", None, "both Ada (for constraint 3)"),
        ("Ada", "Bo", "Bo", "rejected Ada · chosen Bo · document Bo (for constraint 3)"),
        (None, "Bo", None, "rejected not known · chosen Bo (for constraint 3)"),
        (None, None, None, "not known on either side (for constraint 3)"),
    ],
)
def test_answers_in_words(
    rejected: str | None, chosen: str | None, document: str | None, words: str
) -> None:
    question = QuestionLine(0, "Who?", [2], document, rejected, chosen)
    assert answer_words(question, str) == words
