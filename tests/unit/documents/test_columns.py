"""Differences between entities, and the cheap test for what they are differences in."""

import json
from pathlib import Path

from botcoin_dpo import simulate
from botcoin_dpo.documents.attribute import attribute_of
from botcoin_dpo.documents.document import read_document
from botcoin_dpo.documents.matching import is_about

TEXT = """Karo Glass has 400 employees. Karo Glass was founded in 1901.

Vell Robotics{} has 150 more employees than Karo Glass. Vell Robotics is in Brell."""
NAMES = ("Karo Glass", "Vell Robotics")


def test_a_sign_of_mentions_in_the_text_itself_makes_a_comparison_unclear() -> None:
    column = read_document(TEXT.format(""), NAMES).column("employees")
    assert column is not None
    assert column["Vell Robotics"] == 550
    assert read_document(TEXT.format(" (see § B)"), NAMES).column("employees") is None


def test_a_difference_in_an_attribute_may_always_be_about_it(tmp_path: Path) -> None:
    simulate(tmp_path, challenges=8, seed=3)
    lines = [line for log in tmp_path.glob("*.jsonl") for line in log.open("rb")]
    contexts = [json.loads(line).get("challenge_context") for line in lines]
    differences = [
        (comparison, comparison.difference[0])
        for text in {each["document"] for each in contexts if each}
        for comparison in read_document(text)._comparisons
        if comparison.difference is not None
    ]
    names = {" ".join(side.words) for _, of in differences for side in (of.left, of.right)}
    asked = [attribute_of(f"{quarter} {name}") for name in names for quarter in ("", "Q1", "Q4")]
    asked.append(attribute_of("revenue"))
    about = [
        (comparison, attribute)
        for comparison, figure in differences
        for attribute in asked
        if figure.quarter == attribute.quarter and is_about(attribute, figure)
    ]
    assert len(about) > len(differences) > 100
    assert all(comparison.may_be_about(attribute) for comparison, attribute in about)
    held = sum(of.may_be_about(attribute) for of, _ in differences for attribute in asked)
    assert held < len(differences) * len(asked) / 2
