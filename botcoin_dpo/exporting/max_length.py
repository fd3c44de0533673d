"""The one `max_length` that is recommended for the pairs of a dataset, by cards and reports."""

from collections.abc import Mapping

from botcoin_dpo.exporting.configs.preferences import DPO_REASONING


def recommended_max_length(by_config: Mapping[str, int]) -> int | None:
    """Return the `max_length` that keeps every pair as strings, of whatever pair type.

    Args:
        by_config: the `max_length` that keeps every example of a config.

    Returns:
        None without a config of pairs as strings.
    """
    of_pairs = [most for name, most in by_config.items() if name.startswith(DPO_REASONING)]
    return max(of_pairs, default=None)
