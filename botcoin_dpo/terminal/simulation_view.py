"""What a simulation wrote, in the terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.terminal.tables import make_table

if TYPE_CHECKING:
    from botcoin_dpo.simulation.simulation import Simulation


def simulation_view(result: "Simulation") -> Iterator[RenderableType]:
    """Yield what to print after a simulation."""
    rows = [
        ("challenges", result.challenges),
        ("sessions", result.sessions),
        ("attempts", result.attempts),
        ("  passed with credit", result.credited),
        ("records written", result.records),
        ("  challenge records", result.challenge_records),
        ("  second uploads", result.duplicates),
        ("bytes on disk", result.bytes_written),
    ]
    yield make_table("Simulated logs", ("", ""), rows)
    if result.expected:
        expected = sorted(result.expected.items(), key=lambda item: (-item[1], item[0]))
        yield make_table("A build must quarantine", ("reason", "entries"), expected)
    yield Text(f"wrote {sanitize_line(str(result.out))}")
    yield Text(f"what to expect of them: {sanitize_line(str(result.ledger))}")
