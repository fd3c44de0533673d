"""The paragraphs of a document: what follows each `[paragraph_N]` line."""

import pytest

from botcoin_dpo.contract.paragraphs import split_paragraphs


def test_a_document_is_split_at_its_marks() -> None:
    document = "Head\n\n[paragraph_1]\nOne.\n[paragraph_2] \t\r\nTwo.\nMore.\n"
    assert split_paragraphs(document) == (
        "Head\n",
        [(1, "\nOne."), (2, "\nTwo.\nMore.\n")],
    )


@pytest.mark.parametrize("document", ["", "No mark.", "Not a [paragraph_1] line.\n[paragraph_x]"])
def test_a_document_without_marks_is_what_stands_before(document: str) -> None:
    assert split_paragraphs(document) == (document, [])


def test_a_mark_may_stand_first_last_and_again() -> None:
    found = split_paragraphs("[paragraph_2]\n[paragraph_1]\ntext\n[paragraph_2]")
    assert found == ("", [(2, ""), (1, "\ntext"), (2, "")])
