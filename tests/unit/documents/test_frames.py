"""Texts that a document states outright: what settles them, and what leaves them open."""

import pytest

from botcoin_dpo.documents.document import Document, read_document

NAMES = ("Karo Glass", "Vell Robotics")
OTHERS = (
    "Vell Robotics belongs to the Onyx family.",
    "Vell Robotics is made by the sol-gel route.",
    "Vell Robotics lies in the village of Tessel.",
    "The main grape at Vell Robotics is Tannat.",
    "Onyx, Color, Lifted Product, Tessel, Tannat and Saint Orin recur here.",
    "So do Biased-Z, Pichia, liver, AE-based, solid-state, olivine and carmine.",
)


def _read(*sentences: str) -> Document:
    marked = (
        f"[paragraph_{number}]\n{text}" for number, text in enumerate((*sentences, *OTHERS), 1)
    )
    return read_document("\n\n".join(marked), NAMES)


@pytest.mark.parametrize(
    ("sentence", "attribute", "value"),
    [
        ("Karo Glass belongs to the Color family.", "code family", "Color"),
        ("Karo Glass: a Color-family code benchmarked anew.", "code_family", "Color"),
        ("Classified under the Color family, Karo Glass has 3 sides.", "code family", "Color"),
        ("Karo Glass (Color family, Biased-Z noise model).", "code family", "Color"),
        ("Karo Glass (Color family, Biased-Z noise model).", "noise model", "Biased-Z"),
        ("Karo Glass is tested against Biased-Z noise.", "noise model", "Biased-Z"),
        ("Karo Glass was built using the Lifted Product technique.", "method", "Lifted Product"),
        (
            "Karo Glass was found by the team. They found it by the Pichia method.",
            "method",
            "Pichia",
        ),
        (
            "Karo Glass was built using the Lifted Product technique.",
            "construction method",
            "Lifted Product",
        ),
        ("Karo Glass is\nmade by the\nsolid-state route.", "route", "solid-state"),
        ("Karo Glass, of the olivine family, is hard.", "structure family", "olivine"),
        ("Karo Glass uses cells targeting liver tissue.", "tissue focus", "liver"),
        ("Karo Glass uses Pichia as host.", "expression host", "Pichia"),
        ("Karo Glass lies in the village of Saint Orin.", "village", "Saint Orin"),
        ("Karo Glass, in the village of Saint Orin, is open.", "home village", "Saint Orin"),
        ("The home village of Karo Glass is Tessel.", "village", "Tessel"),
        ("Tannat is the main grape of Karo Glass.", "main grape variety", "Tannat"),
        ("Karo Glass grows Tannat as its main grape.", "main grape", "Tannat"),
        ("At Karo Glass the main grape is Tannat, picked by hand.", "main grape", "Tannat"),
        ("They praise Karo Glass for its main grape, Tannat.", "main grape", "Tannat"),
        ("Karo Glass is made by the sol-gel route, which is not described.", "route", "sol-gel"),
        ("The home city of Karo Glass is Saint Orin.", "headquarters city", "Saint Orin"),
    ],
)
def test_a_text_that_is_stated_outright_is_settled(
    sentence: str, attribute: str, value: str
) -> None:
    document = _read(sentence)
    stated = document.settled("Karo Glass", attribute)
    assert stated is not None
    assert stated.value == value
    assert stated.paragraph == 1
    assert document.supports("Karo Glass", attribute, value).verdict == "stated"


@pytest.mark.parametrize(
    ("sentence", "attribute"),
    [
        ("Karo Glass belongs to the same family.", "code family"),
        ("Karo Glass belongs to the Color family tree.", "code family"),
        ("Karo Glass belongs to the once famous Color family.", "code family"),
        ("Karo Glass belongs to the Color family or the Onyx family.", "code family"),
        ("Karo Glass belongs to the Color family. It is said to be of the Onyx family.", "family"),
        ("Karo Glass might belong to the Color family.", "code family"),
        ("Karo Glass resembles the Color family.", "code family"),
        ("Karo Glass is unlike the Color family. It is of the Onyx kind.", "code family"),
        ("Karo Glass is sold to the Color family.", "code family"),
        ("Karo Glass belongs to the unseen family.", "code family"),
        ("Karo Glass belongs to the AE-based family.", "code family"),
        ("Karo Glass belongs to the Color family, not the Onyx family.", "code family"),
        ("Karo Glass belongs to the Color family.", "code group"),
        ("Karo Glass belongs to the Color family.", "method category"),
        ("Karo Glass belongs to the Color family. Its gene family is small.", "gene family"),
        ("Karo Glass was made by the usual route.", "synthesis route"),
        ("Karo Glass was tested using the Lifted Product technique.", "construction method"),
        ("Karo Glass was prepared by the Lifted Product method.", "detection method"),
        ("Karo Glass was made using the olivine method.", "method"),
        ("Karo Glass was prepared by the olivine laboratory.", "laboratory"),
        ("Karo Glass (olivine laboratory).", "laboratory"),
        ("Karo Glass opened a shop in the village of Tessel.", "village"),
        ("Karo Glass lies in the village of Tessel Bay near Saint Orin Tessel.", "village"),
        ("The main grape at Karo Glass is Tannat noir.", "main grape"),
        ("The main grape at Karo Glass is Tannat, Onyx and Pichia.", "main grape"),
        ("The main grape at Karo Glass is Tannat and Onyx.", "main grape"),
        ("The second grape at Karo Glass is Tannat.", "main grape"),
        ("Tannat is the main grape of a rival of Karo Glass.", "main grape"),
        ("Karo Glass grows Tannat as its main grape. Its second grape is Pichia.", "main grape"),
        ("Karo Glass (once the Color family).", "code family"),
        ("Karo Glass used Pichia as host. Later the host was Tannat.", "expression host"),
        ("Karo Glass belongs to the Color family.", "Q1 family"),
        ("Karo Glass belongs to the Color family.", "family count"),
    ],
)
def test_a_text_that_is_not_stated_outright_is_open(sentence: str, attribute: str) -> None:
    assert _read(sentence).settled("Karo Glass", attribute) is None


def test_a_text_that_stands_once_is_open() -> None:
    assert _read("Karo Glass belongs to the Colro family.").settled("Karo Glass", "family") is None


def test_a_word_that_is_used_of_few_entities_is_open() -> None:
    names = [f"{first} {second}" for first in ("Ada", "Bo", "Cy") for second in ("Mill", "Kiln")]
    text = "Ada Mill belongs to the Color family. " + " ".join(f"{name} is big." for name in names)
    text += " Color recurs."
    assert read_document(text, names[:4]).settled("Ada Mill", "family") is not None
    assert read_document(text, [*names, "Cy Loom"]).settled("Ada Mill", "family") is None


@pytest.mark.parametrize(
    "piece",
    [
        "family ",
        "Karo Glass (",
        "(a, ",
        "the Aa Bb family, ",
        "Aa ",
        "a-family ",
        "in the family of A ",
    ],
)
def test_hostile_sentences_are_read_at_once(piece: str) -> None:
    text = "Karo Glass is big. " + (piece * 1900)[:1900] + ". "
    document = read_document(text * 20, ["Karo Glass"])
    document.settled("Karo Glass", "code family")
    document.supports("Karo Glass", "code family", "Aa Bb")
