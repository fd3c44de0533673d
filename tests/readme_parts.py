"""The generated parts of README.md: one row, and the numbers of docs/numbers.json in sentences."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from botcoin_dpo import build
from tests.builders import ROOT, SAMPLE_LOGS

NUMBERS = ROOT / "docs" / "numbers.json"

_KEYS = (
    "split", "document", "questions", "constraints", "prompt", "rejected", "chosen",
    "pair_annotations", "metadata",
)  # fmt: skip
_ANNOTATIONS = ("constraint_flips", "revision_time_ms", "improvement_basis")
_LONGEST = 44


def numbers() -> dict[str, Any]:
    """Return the values of docs/numbers.json by name."""
    kept = json.loads(NUMBERS.read_text(encoding="utf-8"))
    return {name: number["value"] for name, number in kept.items()}


def row() -> str:
    """Return the pair of the picture as JSON, shortened."""
    with TemporaryDirectory() as folder:
        build(SAMPLE_LOGS, Path(folder, "out"))
        path = min(Path(folder, "out", "sequential").glob("train-*"))
        whole = json.loads(path.read_bytes().splitlines()[0])
    shown = {key: _shortened(whole[key]) for key in _KEYS}
    lines = [f'  "{key}": {_json(value)}' for key, value in shown.items()]
    notes = (f'    "{key}": {_json(shown["pair_annotations"][key])}' for key in _ANNOTATIONS)
    lines[_KEYS.index("pair_annotations")] = (
        '  "pair_annotations": {\n' + ",\n".join(notes) + "\n  }"
    )
    return "```json\n{\n" + ",\n".join(lines) + "\n}\n```\n"


def _shortened(value: Any) -> Any:
    """Return a value whose texts are cut, and whose lists of texts show the first."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    if isinstance(value, dict):
        return {key: _shortened(inner) for key, inner in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [_shortened(value[0]), "…"]
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def sample() -> str:
    """Return what the build of the sample data gives, in a sentence."""
    return (
        "The sample logs have {sample_records} records, many of them damaged on purpose. The build "
        "quarantines {sample_quarantined} and\nmakes {sample_pairs} pairs.\n"
    ).format(**numbers())


def why() -> str:
    """Return what a script of 50 lines does with what logs hold, as a table."""
    rows = "".join(f"| **{what}** | {script} | {ours} |\n" for what, script, ours in _WHY)
    return f"| in the logs | the script | botcoin-dpo |\n| --- | --- | --- |\n{rows}".format(
        **numbers()
    )


_WHY = (
    (
        "broken records",
        "It stops at line {script_stops_at} of the first file. When it skips the lines that make "
        "it stop, it still takes {script_takes} of {quarantined} bad records as good.",
        "It goes on, and lists all {quarantined} with file, line, byte offset and reason.",
    ),
    (
        "duplicates",
        "It keeps all copies of an attempt, even copies that contradict each other.",
        "It counts {duplicates} copies once, and quarantines {conflicting_copies} that contradict "
        "each other.",
    ),
    (
        "mislabelled passes",
        "{script_pairs_without_credit} of its {script_pairs} chosen answers passed with an "
        "outdated value from the document, so the coordinator gave no credit. "
        "{script_pairs_of_bad_records} more pairs use bad records. {script_pairs_missing} good "
        "pairs are missing.",
        "It makes {pairs} pairs. Each chosen answer earned credit.",
    ),
    (
        "wrong labels",
        "It believes every label.",
        "We relabelled {relabelled} failures as passes with all constraints met. `audit` "
        "contradicts {relabelled_found} of them, and {relabelled_others} honest attempts at "
        "the same challenges. When it sees no other attempt at a challenge, it contradicts "
        "{alone_relabelled_found}. Among {honest_attempts:,} attempts with true labels, it "
        "contradicts {honest_contradicted}.",
    ),
    (
        "leaking splits",
        "{script_leaking_documents} of {script_documents} documents are both in train and in "
        "validation or test.",
        "{leaking_documents} of {documents}: the hash of the document decides the split.",
    ),
    (
        "leaking annotations",
        "{script_texts_annotated} of {script_texts} chosen texts hold the coordinator's notes on "
        "each step. In {script_texts_naming_truth}, a note says which paragraph is right. "
        "{script_texts_on_retry} speak of an earlier attempt that the prompt does not show.",
        "`export` removes all of it. Of {texts} chosen texts, {texts_annotated} have notes and "
        "{texts_on_retry} speak of an earlier attempt.",
    ),
    (
        "other file order",
        "The same records give other bytes: {script_rows_moved} rows change or move to another "
        "split.",
        "{builds} builds, in two file orders and with one and two workers, give the same bytes.",
    ),
)
"""What logs hold, what the script does with it, and what this tool does."""
