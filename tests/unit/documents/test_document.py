"""A read document: places, spellings, traps, doubt, and texts that nobody would write."""

import unicodedata

import pytest

from botcoin_dpo.documents.document import LONGEST_DOCUMENT, Document, read_document


def _read(*paragraphs: str, **more: object) -> Document:
    marked = (f"[paragraph_{number}]\n{text}" for number, text in enumerate(paragraphs, start=4))
    return read_document("\n\n".join(marked), **more)  # type: ignore[arg-type]


NAMES = ("Karo Glass", "Vell Robotics")


def test_a_value_has_its_place_in_the_document() -> None:
    text = "[paragraph_7]\nKaro Glass has 12,408 employees."
    stated = read_document(text, NAMES).settled("Karo Glass", "headcount")
    assert stated is not None
    assert (stated.value, stated.paragraph, stated.is_superseded) == (12408, 7, False)
    assert text[stated.start : stated.end] == "12,408"


def test_places_are_those_of_a_text_with_decomposed_letters() -> None:
    text = unicodedata.normalize("NFD", "Éclair Glass, naïve as ever. Éclair Glass has 31 kilns.")
    document = read_document(text, ["Éclair Glass"])
    stated = document.settled(unicodedata.normalize("NFD", "Éclair Glass"), "kilns")
    assert stated is not None
    assert text[stated.start : stated.end] == "31"
    assert stated.paragraph is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12,408 employees", 12408),
        ("12\u2009408 employees", 12408),
        ("12\u202f408 employees", 12408),
        ("about 12408 employees", 12408),
        ("12.5 employees", 12.5),
        ("12-14 employees", None),
        ("12^3 employees", None),
        ("1.2 million employees", None),
        ("3,5 employees", None),
        ("12 or 14 employees", None),
    ],
)
def test_numbers_are_read_in_their_formats(written: str, value: float | None) -> None:
    stated = _read(f"Karo Glass has {written}.", names=NAMES).settled("Karo Glass", "employees")
    assert (stated and stated.value) == value


def test_a_value_with_a_magnitude_is_borne_out_in_both_forms() -> None:
    document = _read("Karo Glass has 1.2 million employees.", names=NAMES)
    for value in (1_200_000, 1.2, "1.2 million"):
        assert document.supports("Karo Glass", "employees", value).verdict == "stated"


@pytest.mark.parametrize(
    "sentence",
    [
        "Karo Glass has 40 employees more than Vell Robotics.",
        "Karo Glass and Vell Robotics have 40 employees.",
        "Karo Glass might have 40 employees.",
        "Karo Glass has no 40 employees.",
        "If the mill opens, Karo Glass has 40 employees.",
        "Karo Glas has 40 employees.",
        "KG has 40 employees.",
        "Karo Glass feeds 40 people.",
        "Karo Glass hired 40 employees.",
        "Karo Glass is ahead by 40 employees.",
        "Karo Glass lets 40% of employees go.",
        "At Karo Glass the cost of employees is 40.",
        "At Karo Glass the overhead per employee is 40.",
        "Karo Glass names the first 40 employees.",
        "It has 40 employees. Karo Glass has a mill.",
        "Karo Glass has 40 employees. This was never confirmed.",
        "Karo Glass has 40 employees. Karo Glass has 41 employees.",
    ],
)
def test_what_is_doubtful_or_ambiguous_is_not_read(sentence: str) -> None:
    document = _read(sentence, names=NAMES)
    assert document.settled("Karo Glass", "employees") is None
    assert document.supports("Karo Glass", "employees", 40).verdict == "unknown"


@pytest.mark.parametrize(
    ("sentence", "attribute", "value"),
    [
        ("Karo Glass sold 50 jars in the first quarter and 7 in the second.", "Q2 jar sales", 7),
        ("In the first quarter Karo Glass sold 50 jars.", "Q1 jar sales", 50),
        ("Karo Glass stands 1,204 metres\nabove the sea.", "altitude in metres", 1204),
        ("Founded in 1891, Karo Glass has never moved.", "founding year", 1891),
        ("Karo Glass is a mill. Founded in 1891, the mill has never moved.", "founded", 1891),
    ],
)
def test_sentences_that_seem_to_say_something_else_are_read(
    sentence: str, attribute: str, value: int
) -> None:
    stated = _read(sentence, names=NAMES).settled("Karo Glass", attribute)
    assert stated is not None and stated.value == value


@pytest.mark.parametrize(
    ("sentence", "attribute"),
    [
        ("In the first quarter Karo Glass sold 50 jars and broke 7.", "Q1 jar sales"),
        ("Karo Glass sold 50 jars in Q1 and bought 7 jars in Q2.", "Q2 jar sales"),
        ("Karo Glass made 50 jars in the first quarter.", "Q1 jar sales"),
        ("Karo Glass sold 50 jars of ink in the first quarter at 3 dollars.", "Q1 jar sales"),
        ("Karo Glass has a terrace 30 metres above the sea.", "altitude"),
        ("Karo Glass stands 30 metres above Vell Robotics.", "altitude"),
        ("Karo Glass stands 30 metres above the sea wall of its rivals.", "altitude"),
        ("Founded in 1891, Karo Glass has never had 40 employees.", "founded"),
        ("Listed with 40 employees, Karo Glass has never had that many.", "employees"),
        ("Founded in 1891, Karo Glass has not moved; it was never confirmed.", "founded"),
        ("Karo Glass, whose rival has 900 employees, is small.", "employees"),
        ("Karo Glass has room for 40 employees.", "employees"),
        ("The 40 employees of Karo Glass who strike are paid.", "employees"),
        ("Karo Glass runs 40 employee shuttles.", "employees"),
        ("In 2003 Karo Glass had 40 employees.", "employees"),
        ("Karo Glass has 40 part-time employees and 60 full-time employees.", "employees"),
        ("Karo Glass has 40 thousand employees.", "employees"),
        ("Karo Glass wants a D/E ratio of 0.9.", "debt-to-equity"),
        ("Q1 revenue at Karo Glass rose by 40 million dollars.", "revenue.0"),
        ("Karo Glass paid 40 million dollars in tax in the first quarter.", "revenue.0"),
        ("In the first quarter Karo Glass raised 40 million dollars.", "revenue.0"),
        ("Karo Glass runs a hospital established in 1901.", "founded"),
        ("Karo Glass was founded by a miller born in 1940.", "founded"),
        ("Karo Glass bought a mill based in Brell, Ostria. Brell is large.", "hq_city"),
        ("Karo Glass sued CEO Ann Bell of a rival. Bell won.", "ceo.last_name"),
        ("Karo Glass is based in Brell, Ostria.", "hq_city"),
    ],
)
def test_what_only_looks_like_a_value_is_not_read(sentence: str, attribute: str) -> None:
    assert _read(sentence, names=NAMES).settled("Karo Glass", attribute) is None


def test_a_name_is_not_shortened_where_the_document_tells_two_apart() -> None:
    text = "Karo Glass has 9 qubits. Vell Robotics has 80 installed qubits."
    assert _read(text, names=NAMES).settled("Karo Glass", "installed qubits") is None
    text = text.replace("80 installed qubits", "80 qubits")
    stated = _read(text, names=NAMES).settled("Karo Glass", "installed qubits")
    assert stated is not None and stated.value == 9


def test_one_transposition_names_an_entity() -> None:
    document = _read("Kaor Glass has 40 employees.", names=NAMES)
    stated = document.settled("Karo Glass", "employees")
    assert stated is not None and stated.value == 40


def test_a_superseded_value_does_not_stand_anywhere() -> None:
    document = _read(
        "Provisional notes put Karo Glass at 77 employees.",
        "Karo Glass lists 77 employees.",
        "Karo Glass has 81 employees.",
        names=NAMES,
    )
    stated = document.settled("Karo Glass", "employees")
    assert stated is not None and stated.value == 81
    support = document.supports("Karo Glass", "employees", 77)
    assert support.verdict == "superseded"
    assert support.place is not None and support.place.is_superseded


def test_a_trap_tells_what_the_words_do_not() -> None:
    texts = ("Karo Glass lists 77 employees.", "Karo Glass has 81 employees.")
    trap = {"target_entity": "Karo Glass", "attribute": "employees", "wrong_value": 77}
    assert _read(*texts, names=NAMES).settled("Karo Glass", "employees") is None
    document = _read(*texts, names=NAMES, traps=[trap, {}, {"attribute": 3}])
    stated = document.settled("Karo Glass", "employees")
    assert stated is not None and stated.value == 81
    assert document.supports("Karo Glass", "employees", 77).verdict == "superseded"


def test_a_value_of_another_attribute_stands_elsewhere() -> None:
    document = _read("Karo Glass has 40 employees and 7 kilns.", names=NAMES)
    support = document.supports("Karo Glass", "employees", 7)
    assert support.verdict == "elsewhere"
    assert support.place is not None and support.place.paragraph == 4
    assert document.supports("Karo Glass", "employees", 8).verdict == "unknown"
    assert document.supports("Karo Glass", "windows", 7).verdict == "unknown"


def test_what_is_unknown_is_unknown() -> None:
    document = _read("Karo Glass has 40 employees.", names=NAMES)
    assert document.settled("Nobody", "employees") is None
    assert document.settled("Karo Glass", "") is None
    assert document.settled("Karo Glass", "x" * 10_000) is None
    assert document.supports("Nobody", "employees", 40).verdict == "unknown"
    assert document.supports("Karo Glass", "city", "").verdict == "unknown"


@pytest.mark.parametrize(
    "piece",
    [
        "A b. ", "Karo Glass. ", "Karo Glass ", ".", "(", "(a", "1,", "1", "1/", " ", "\n ",
        "\n[paragraph_1]\n", "e\u0301", "\u0301", "Aa ", "A", "A'", "a-", "the year’s ",
        "Karo Glass from Aa Bb ", "Karo Glass CEO Aa Bb Cc. ", "first quarter 5 and ",
    ],
)  # fmt: skip
def test_hostile_documents_are_read_at_once(piece: str) -> None:
    text = piece * (60_000 // len(piece)) + " Karo Glass has 40 kilns."
    document = read_document(text, [*NAMES, "N" * 10_000])
    document.settled("Karo Glass", "kilns")
    document.supports("Karo Glass", "ceo.last_name", "Bb")
    document.supports("Karo Glass", "soil type", "slate")
    assert len(document.entities) <= 200


def test_a_document_that_is_too_long_is_not_read() -> None:
    text = "Karo Glass has 40 kilns. " * (LONGEST_DOCUMENT // 20)
    document = read_document(text, NAMES)
    assert document.entities == ()
    assert document.settled("Karo Glass", "kilns") is None
