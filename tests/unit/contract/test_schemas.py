"""Checking against schemas, as far as no room of its own has it."""

from __future__ import annotations

import signal
import time

import pytest

from botcoin_dpo.contract import schemas


class Interrupted(Exception):
    pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_while_a_schema_is_prepared_or_used_is_not_lost() -> None:
    sent = arrived = 0

    def interrupt(*_: object) -> None:
        nonlocal sent
        sent += 1
        raise Interrupted

    previous = signal.signal(signal.SIGVTALRM, interrupt)
    try:
        end = time.monotonic() + 20
        while sent < 100 and time.monotonic() < end:
            before = sent
            try:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0.002 + 0.0001 * (sent % 20))
                while sent == before:
                    schemas.schema.cache_clear()
                    schemas.is_valid("pair", {})
            except Interrupted:
                arrived += 1
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
    assert sent >= 100
    assert arrived == sent
