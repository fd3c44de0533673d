"""One example of a config, or why there is none."""

from typing import Literal, NamedTuple, get_args

from botcoin_dpo.contract.record_types import JsonObject

ExportDrop = Literal[
    "ambiguous_trace",
    "identical_sides",
    "no_feedback",
    "no_checks",
    "both_labels",
    "unsafe_text",
    "too_long",
]
EXPORT_DROPS: tuple[ExportDrop, ...] = get_args(ExportDrop)


class Example(NamedTuple):
    """One row of a config."""

    identity: bytes | None
    """Of two with the same one, the first counts; None where each stands for itself."""
    values: JsonObject | None
    """None where it is dropped."""
    dropped: ExportDrop | None = None
    """Why."""
