"""Labelled sentences of several domains, and facts of real documents: what is read, and what not.

Nothing may be read wrongly. What is read may only grow: `READ` has the least share.
"""

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.documents.document import Document, read_document
from tests.builders import REFERENCE

HERE = Path(__file__).parent
READ = {
    "bells": 0.97,
    "companies": 0.95,
    "compilers": 0.95,
    "firms": 1.0,
    "reservoirs": 0.92,
    "vineyards": 0.97,
}
"""Of the expected readings and verdicts, how many the reader gives."""


def _labels(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def _document(labels: dict[str, Any]) -> Document:
    texts = [paragraph["text"] for paragraph in labels["paragraph"]]
    marked = [f"[paragraph_{number}]\n{text}" for number, text in enumerate(texts, start=1)]
    return read_document("\n\n".join(marked), traps=labels.get("traps", ()))


def _compare(document: Document, labels: dict[str, Any]) -> tuple[list[Any], float]:
    """Return what is read and should not be, and the share of what should be and is."""
    wrong: list[Any] = []
    counts: Counter[bool] = Counter()
    for entity, attribute, value in labels.get("reads", ()):
        settled = document.settled(entity, attribute)
        counts[settled is not None] += 1
        if settled is not None and settled.value != value:
            wrong.append((entity, attribute, value, settled))
    for entity, attribute in labels.get("unread", ()):
        settled = document.settled(entity, attribute)
        if settled is not None:
            wrong.append((entity, attribute, settled))
    for entity, attribute, value, expected in labels.get("supports", ()):
        verdict = document.supports(entity, attribute, value).verdict
        counts[verdict == expected] += 1
        if verdict not in (expected, "unknown"):
            wrong.append((entity, attribute, value, expected, verdict))
    return wrong, counts[True] / counts.total()


@pytest.mark.parametrize("name", sorted(READ))
def test_labelled_sentences_are_read_right_or_not_at_all(name: str) -> None:
    labels = _labels(name)
    merged = {
        key: [each for paragraph in labels["paragraph"] for each in paragraph.get(key, ())]
        for key in ("reads", "unread", "supports")
    }
    wrong, share = _compare(_document(labels), merged)
    assert wrong == []
    assert share >= READ[name]


@pytest.mark.parametrize("name", sorted(READ))
def test_the_entities_are_found(name: str) -> None:
    labels = _labels(name)
    assert set(_document(labels).entities) == set(labels["entities"])


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="real records are not at hand")
@pytest.mark.parametrize("number", range(4))
def test_real_documents_are_read_right(number: int) -> None:
    labels = _labels("real_readings")["document"][number]
    lines = (REFERENCE / labels["file"]).read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[labels["record"]])
    traps = record["trap_metadata"]["traps"]
    document = read_document(record["challenge_context"]["document"], traps=traps)
    wrong, share = _compare(document, labels)
    assert wrong == []
    assert share > 0.9
