"""What runs in the background gives its result or raises, where that is asked for."""

import threading

import pytest

from botcoin_dpo.files.background import in_background, waited_for


def test_results_and_errors_come_from_another_thread() -> None:
    here = threading.get_ident()
    assert waited_for(threading.get_ident) != here
    assert in_background(lambda: 1).result() == 1
    with pytest.raises(ZeroDivisionError):
        waited_for(lambda: 1 // 0)


def test_a_thread_that_is_no_main_thread_waits_itself() -> None:
    inner = in_background(lambda: (threading.get_ident(), waited_for(threading.get_ident)))
    one, other = inner.result()
    assert one == other
