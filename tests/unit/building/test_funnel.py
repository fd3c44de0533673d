"""A funnel accounts for every record."""

from collections import Counter

import pytest

from botcoin_dpo.building.funnel import Funnel, RecordCounts


def test_a_funnel_that_loses_a_record_cannot_be_made() -> None:
    with pytest.raises(AssertionError, match="lost"):
        RecordCounts(total=3, duplicates=1, quarantined=1)
    none = RecordCounts(total=0, duplicates=0, quarantined=0)
    with pytest.raises(AssertionError, match="lost"):
        Funnel(1, Counter(), 5, 4, none, none, 0, 0, {}, Counter())
