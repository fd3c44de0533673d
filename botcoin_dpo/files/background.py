"""Runs what blocks without looking at signals in a thread, so that the main thread still does.

Such a thread ends with the process: nobody waits for a request of a program that was stopped.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from botcoin_dpo.interrupts import held_back

if TYPE_CHECKING:
    from concurrent.futures import Future

Result = TypeVar("Result")


def in_background(call: Callable[[], Result]) -> "Future[Result]":
    """Start a call in a thread of its own, and return its future result."""
    from concurrent.futures import Future  # what reads local files does without it

    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # it is raised where the result is asked for
            future.set_exception(error)

    with held_back():  # signals are for the main thread, and for no other
        threading.Thread(target=run, daemon=True).start()
    return future


def waited_for(call: Callable[[], Result]) -> Result:
    """Return what a call returns; in the main thread, a signal can end the wait."""
    if threading.current_thread() is not threading.main_thread():
        return call()
    return in_background(call).result()
