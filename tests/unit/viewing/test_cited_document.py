"""A document by paragraph: who cites each, and whether it tells the truth or a trap."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.viewing.cited_document import cited_document
from tests.builders import extract


def cited(document: str, *traps: Any, rejected: Any = (), chosen: Any = ()) -> list[Any]:
    """The paragraphs of a document; who cites is given by paragraph numbers."""
    by_rejected, by_chosen = (
        [extract(paragraph=number) for number in side] for side in (rejected, chosen)
    )
    return cited_document(document, by_rejected, by_chosen, traps)


def of(number: int) -> str:
    return f"[paragraph_{number}]"


THREE = f"{of(1)}\nAlma\n\n{of(2)}\nBeryl\n\n{of(3)}\nCora\n"


class TestCitedDocument:
    def test_who_cites_a_paragraph(self) -> None:
        paragraphs = cited(THREE, rejected=[1, 2, 9], chosen=[2, 2])
        assert [each.text for each in paragraphs] == ["Alma", "Beryl", "Cora"]
        assert [each.by_rejected for each in paragraphs] == [True, True, False]
        assert [each.by_chosen for each in paragraphs] == [False, True, False]

    def test_traps_count_paragraphs_from_0(self) -> None:
        trap = {"wrong_paragraphs": [0], "correct_paragraph": 1}
        assert [each.zone for each in cited(THREE, trap)] == ["trap", "truth", None]

    def test_every_trap_counts_and_the_correct_value_wins(self) -> None:
        traps = [{"wrong_paragraphs": [0, 2, 50]}, {"wrong_paragraphs": [1]},
                 {"wrong_paragraphs": [2], "correct_paragraph": 2}]  # fmt: skip
        assert [each.zone for each in cited(THREE, *traps)] == ["trap", "trap", "truth"]

    @pytest.mark.parametrize(
        "trap",
        [
            None, "trap", [0], {"wrong_paragraphs": "01"}, {"wrong_paragraphs": {"0": 1}},
            {"wrong_paragraphs": ["0", None, 0.5, [0]]}, {"correct_paragraph": "0"},
            {"correct_paragraph": [0], "wrong_paragraphs": 0}, {"wrong_paragraphs": [-5, 10**30]},
        ],
    )  # fmt: skip
    def test_traps_of_other_types_mark_nothing(self, trap: Any) -> None:
        assert [each.zone for each in cited(THREE, trap)] == [None, None, None]

    def test_true_and_false_are_no_paragraphs(self) -> None:
        trap = {"wrong_paragraphs": [True], "correct_paragraph": False}
        assert [each.zone for each in cited(THREE, trap)] == [None, None, None]

    def test_a_number_that_was_there_before_cannot_be_cited_again(self) -> None:
        document = f"{of(1)}\nAlma\n{of(1)}\nBeryl\n{of(2)}\n"
        paragraphs = cited(document, {"correct_paragraph": 0}, rejected=[1], chosen=[1, 2])
        assert [(each.number, each.text) for each in paragraphs] == [
            (1, "Alma"), (None, "Beryl"), (2, ""),
        ]  # fmt: skip
        assert [each.by_rejected for each in paragraphs] == [True, False, False]
        assert [each.by_chosen for each in paragraphs] == [True, False, True]
        assert [each.zone for each in paragraphs] == ["truth", None, None]

    def test_text_before_the_first_paragraph_has_no_number(self) -> None:
        first, second, *_ = cited(f"Log of the boats.\n{THREE}", rejected=[1])
        assert (first.number, first.text, first.by_rejected) == (None, "Log of the boats.", False)
        assert (second.number, second.text, second.by_rejected) == (1, "Alma", True)
        assert cited(f"\n \n{THREE}") == cited(THREE)

    def test_a_document_without_paragraphs_is_one_text(self) -> None:
        [only] = cited("Alma and Beryl\n\nsail.", rejected=[1])
        assert only == (None, "Alma and Beryl\n\nsail.", False, False, None)
        assert cited(" \n") == []

    @pytest.mark.parametrize("line", ["see [paragraph_2]", "[paragraph_2] says", "[paragraph_x]"])
    def test_a_mark_within_a_line_starts_no_paragraph(self, line: str) -> None:
        [only] = cited(f"{of(1)}\n{line}\nend")
        assert only.text == f"{line}\nend"

    @given(
        st.lists(
            st.sampled_from(["[paragraph_1]", "[paragraph_2] \t", "[paragraph_03]\r", "Alma ", "",
                             " [paragraph_1]", "[paragraph_2] x", "\t", "[paragraph_1234567890]"])
            | st.text(max_size=8),
            max_size=10,
        )
    )  # fmt: skip
    def test_nothing_but_blank_space_and_marks_is_lost(self, lines: list[str]) -> None:
        document = "\n".join(lines)
        paragraphs = cited(document)
        mark = re.compile(r"\[paragraph_[0-9]{1,9}\][ \t\r]*")
        kept = [line for line in document.split("\n") if not mark.fullmatch(line)]
        texts = "".join(each.text for each in paragraphs)
        assert "".join(texts.split()) == "".join("".join(kept).split())
        numbers = [each.number for each in paragraphs if each.number is not None]
        assert len(numbers) == len(set(numbers))
