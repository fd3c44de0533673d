"""What can be wrong with a dataset: the closed list of rules, and one finding of one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Report = Callable[[str, int | None, str, str, str], None]
"""Takes a finding: file, line, pointer, rule and message."""

RULES: dict[str, str] = {
    "malformed_row": "a line is not a JSON object",
    "schema": "a row does not fit schemas/pair.schema.json",
    "prompt": "the prompt is not that of its parts",
    "prompt_metadata": "the prompt's numbers are not those of its parts",
    "side_text": "a side's text is not the rendering of its parts",
    "pair_kind": "example type, family, type and attempt indices do not belong together",
    "label": "chosen is not a credited pass, rejected is one, or both sides are the same",
    "constraint_flips": "the flips do not partition the constraint indices",
    "constraint_counts": "counts or delta do not agree with the flips",
    "trace_shape_delta": "a delta is not chosen - rejected",
    "transition": "a transition does not agree with the metadata",
    "improvement_basis": "the basis is not the first that holds",
    "carried_field": "a field that is given twice differs",
    "audit_flags": "the rules of an audit are not those of its two sides, or out of order",
    "split_hash": "the split is not the one that the document's hash decides",
    "split_file": "a row lies in a file of another split or pair type",
    "split_leak": "a document is in two splits",
    "unsafe_text": "a text holds a token that it must not hold (see Hostile text)",
    "duplicate_pair": "the same pair is there twice",
    "row_order": "rows are not in the order of challenge, miner and attempt",
    "attempt_schema": "an attempt or challenge object does not fit its schema",
    "attempt_facts": "an attempt or challenge object contradicts itself",
    "attempt_order": "attempts or challenges are out of order, or one is there twice",
    "attempt_challenge": "an attempt has no challenge object, or one that is not its own",
    "attempt_of_row": "a side of a row is no attempt object, or one made on something else",
    "manifest": "the manifest does not fit its schema",
    "missing_file": "a file that the manifest or card lists is not there",
    "unlisted_file": "a file is there that the manifest or card does not list",
    "outside_link": "a link leads out of the dataset",
    "file_content": "size, checksum or number of rows differ from the manifest",
    "card": "the head of an export's card lacks something or contradicts itself",
    "features": "what a file of an export holds is not what its card says",
    "example_count": "an export has another number of rows than its card says",
    "funnel": "the funnel does not agree with the rows or does not add up",
}
"""Every rule with what it means when it is broken."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    file: str
    """Relative to the dataset; `-` for standard input."""
    line: int | None
    """1-based, in Parquet the row; None where the file as a whole is meant."""
    pointer: str
    """RFC 6901 JSON pointer into the row or the manifest."""
    rule: str
    """One of `RULES`."""
    message: str

    def as_json(self) -> dict[str, Any]:
        """Return the finding as `--json` prints it."""
        return {
            "file": self.file,
            "line": self.line,
            "pointer": self.pointer,
            "rule": self.rule,
            "message": self.message,
        }
