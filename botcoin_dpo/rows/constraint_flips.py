"""How the outcome of each constraint changed from the rejected attempt to the chosen one."""

from collections.abc import Sequence

FLIP_NAMES = {
    (False, True): "flipped_to_pass",
    (True, False): "flipped_to_fail",
    (True, True): "stayed_pass",
    (False, False): "stayed_fail",
}


def constraint_flips(
    rejected: Sequence[bool | None], chosen: Sequence[bool | None]
) -> dict[str, list[int]]:
    """Return the four ascending lists of constraint indices, tips included.

    Takes the outcomes of both sides, by index and equally long.
    """
    flips: dict[str, list[int]] = {name: [] for name in FLIP_NAMES.values()}
    for index, (before, after) in enumerate(zip(rejected, chosen, strict=True)):
        flips[FLIP_NAMES[bool(before), bool(after)]].append(index)
    return flips
