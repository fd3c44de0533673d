"""Draws the Vega-Lite specs of `specs/` to SVG that needs no script.

Vega escapes texts of the data. Text takes the colour of the page, light or dark, and there is room
at the sides, since the letters of a browser may be wider.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any


def draw(name: str, **values: Any) -> str:
    """Return a picture.

    Args:
        name: of the spec.
        values: what stands in it for `"$key"`, by key.
    """
    import vl_convert  # an extra

    spec = {**_filled(_read(f"{name}.vl.json"), values), "config": _read("config.json")}
    svg: str = vl_convert.vegalite_to_svg(spec)
    return svg


def _filled(part: Any, values: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        return {key: _filled(inner, values) for key, inner in part.items()}
    if isinstance(part, list):
        return [_filled(inner, values) for inner in part]
    is_name = isinstance(part, str) and part.startswith("$")
    return values[part[1:]] if is_name else part


@cache
def _read(name: str) -> Any:
    return json.loads((files("botcoin_dpo.html_report") / "specs" / name).read_bytes())
