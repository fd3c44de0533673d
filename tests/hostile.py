"""Rows whose texts try to act on whatever shows them: markup, scripts, escapes, overrides, size."""

from __future__ import annotations

import copy
from typing import Any

MARKUP = [
    "<script>window.ran = 'script'</script>",
    "<img src=x onerror=\"window.ran = 'onerror'\">",
    '"><svg onload="window.ran = 1"></svg>',
    "</code></p></article></noscript></script></style><script>window.ran = 'closed'</script>",
    "<a href=\"javascript:window.ran = 'link'\">link</a>",
    "javascript:window.ran='address'",
    "{{ window.ran = 'template' }} {% raw %} ${window.ran = 1} <%= 1 %>",
    "<!-- --><iframe srcdoc=\"<script>parent.ran = 'frame'</script>\"></iframe>",
    "&lt;script&gt; &amp; &#60;b&#62; ]]> <![CDATA[",
    "<style>*{display:none}</style><base href='https://example.invalid/'>",
    "<form action='https://example.invalid'><input name=x autofocus onfocus='window.ran=1'></form>",
    "url(https://example.invalid/x.png) @import 'https://example.invalid/x.css'",
]
ESCAPES = [
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;https://example.invalid\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31m \x00 \x08\x08\x08 \r overwritten",
    "[bold red]markup[/] :smile: [link=https://example.invalid]x[/link]",
    "\u202egnirts desrever\u202c \u2066isolate\u2069 \u200e\u200f",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f4 e\u0301\u0301 \uff57\uff49\uff44\uff45",
    "\u2028line\u2029paragraph\ufeff",
    "hidden \u202e\U000e0041\U000e0042\U000e0100\u200b\u2060\u00ad\u034f\u3164\u2063 A\u200dB",
]
TEXTS = [*MARKUP, *ESCAPES, "W" * 1_000_000]


def hostile_rows(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one row for each hostile text, which stands wherever a row has a text of a miner."""
    return [_hostile(row, text, number) for number, text in enumerate(TEXTS)]


def _hostile(row: dict[str, Any], text: str, number: int) -> dict[str, Any]:
    row = copy.deepcopy(row)
    line = " ".join(text.splitlines()) or text
    row |= {
        "challenge_id": f"{number}{text}",
        "challenge_domain": text,
        "document": f"{text}\n\n[paragraph_1]\n{text}\n\n[paragraph_2]\nThe second. {text}",
        "questions": [text, *row["questions"]],
        "constraints": [f"Must include {text}"[:5000], *row["constraints"][1:]],
    }
    step = f"> extract: {line} | {line} | {line} | paragraph_2 | exact | zone:TRAP"
    for side, more in (("rejected", ""), ("chosen", " changed")):
        row[side] = {"think": f"{step}\n> note: {line}{more}", "artifact": f"{text}{more}"}
        row[f"{side}_text"] = f"<think>\n{row[side]['think']}\n</think>\nArtifact: {text}{more}"
        row[f"{side}_metadata"] |= {"record_id": f"{side}{number}{text}", "model": text}
    row["metadata"] |= {"miner_id": text, "model": text}
    row["pair_annotations"] |= {"feedback_between_attempts": {text[:1000]: text}}
    return row
