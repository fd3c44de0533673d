"""Whether a recorded number is as good as the recomputed one."""

from typing import Any


def is_near(recorded: Any, value: Any, tolerance: float) -> bool:
    """Return whether two values are numbers that differ by at most a tolerance."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and isinstance(recorded, (int, float)) and not isinstance(recorded, bool):
        return bool(abs(recorded - value) <= tolerance)
    return False
