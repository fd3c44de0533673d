"""botcoin-dpo turns raw agent logs into preference data that can be trusted.

These functions return plain objects and print nothing; the command line only renders them.
"""

from typing import TYPE_CHECKING, Any

from botcoin_dpo.version import __version__

if TYPE_CHECKING:
    from botcoin_dpo.attempts.attempt import Attempt
    from botcoin_dpo.auditing.auditor import audit
    from botcoin_dpo.building.build import build
    from botcoin_dpo.building.result import BuildResult
    from botcoin_dpo.dataset.row_stream import iter_rows
    from botcoin_dpo.errors import InputError, OutputError, UsageError, UserError
    from botcoin_dpo.exporting.dataset_dict import to_datasets
    from botcoin_dpo.exporting.exporter import export
    from botcoin_dpo.html_report.reporter import report
    from botcoin_dpo.pairing.step_by_step import AttemptPair, pair_sessions, read_attempts
    from botcoin_dpo.rows.row import make_row
    from botcoin_dpo.simulation.simulator import simulate
    from botcoin_dpo.statistics.stats import stats
    from botcoin_dpo.validation.validate import ValidationResult, validate
    from botcoin_dpo.viewing.show import show

__all__ = [
    "Attempt",
    "AttemptPair",
    "BuildResult",
    "InputError",
    "OutputError",
    "UsageError",
    "UserError",
    "ValidationResult",
    "__version__",
    "audit",
    "build",
    "export",
    "iter_rows",
    "make_row",
    "pair_sessions",
    "read_attempts",
    "report",
    "show",
    "simulate",
    "stats",
    "to_datasets",
    "validate",
]

_HOMES = {
    "Attempt": "attempts.attempt",
    "AttemptPair": "pairing.step_by_step",
    "BuildResult": "building.result",
    "InputError": "errors",
    "OutputError": "errors",
    "UsageError": "errors",
    "UserError": "errors",
    "ValidationResult": "validation.validate",
    "audit": "auditing.auditor",
    "build": "building.build",
    "export": "exporting.exporter",
    "iter_rows": "dataset.row_stream",
    "make_row": "rows.row",
    "pair_sessions": "pairing.step_by_step",
    "read_attempts": "pairing.step_by_step",
    "report": "html_report.reporter",
    "show": "viewing.show",
    "simulate": "simulation.simulator",
    "stats": "statistics.stats",
    "to_datasets": "exporting.dataset_dict",
    "validate": "validation.validate",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then, so that `botcoin-dpo --help` stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"botcoin_dpo.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public API."""
    return sorted(__all__)
