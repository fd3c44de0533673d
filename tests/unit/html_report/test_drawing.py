"""Specs of charts, filled and drawn."""

import json
from pathlib import Path
from typing import Any

import pytest

import botcoin_dpo.html_report
from botcoin_dpo.html_report.drawing import draw

SPECS = Path(botcoin_dpo.html_report.__path__[0]) / "specs"


def bars(**changes: Any) -> str:
    values = [{"name": "ships", "count": 1234}]
    return draw(
        "bars", **{"values": values, "unit": "pairs", "color": "#123456", "height": 60, **changes}
    )


def test_a_spec_is_drawn_with_the_values_that_it_names() -> None:
    svg = bars()
    for part in ("ships", "1,234", "pairs", "#123456"):
        assert part in svg
    assert "<script" not in svg


def test_texts_of_the_data_are_never_names_of_values() -> None:
    svg = bars(values=[{"name": "$unit", "count": 3}])
    assert "$unit" in svg
    assert "<b>&" not in bars(values=[{"name": "<b>&", "count": 3}])


def test_a_value_that_a_spec_names_must_be_given() -> None:
    with pytest.raises(KeyError, match="limits"):
        draw("lengths", values=[], end=1)


@pytest.mark.parametrize("path", sorted(SPECS.glob("*.vl.json")), ids=lambda path: path.name)
def test_a_spec_names_its_data_and_its_size(path: Path) -> None:
    spec = json.loads(path.read_bytes())
    assert {"width", "height"} <= spec.keys()
    assert '"values": "$values"' in path.read_text(encoding="utf-8")
