"""An engine that runs every job in an interpreter of its own: all it moves is pickled."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

_JOB = """
import pickle, sys
function, arguments = pickle.load(sys.stdin.buffer)
try:
    outcome = True, function(*arguments)
except Exception as error:
    outcome = False, error
sys.stdout.buffer.write(pickle.dumps(outcome))
"""


class OtherInterpreters:
    """Starts a Python process for each job."""

    workers = 2

    def __init__(self) -> None:
        self.jobs = 0

    def put(self, value: Any) -> bytes:
        return pickle.dumps(value)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> subprocess.Popen[bytes]:
        self.jobs += 1
        given = [pickle.loads(each) if isinstance(each, bytes) else each for each in arguments]
        process = subprocess.Popen(
            [sys.executable, "-c", _JOB], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdin is not None
        process.stdin.write(pickle.dumps((function, given)))
        process.stdin.close()
        return process

    def get(self, handle: subprocess.Popen[bytes], advance: Callable[[int], None]) -> Any:
        assert handle.stdout is not None
        with handle:
            is_result, outcome = pickle.loads(handle.stdout.read())
        advance(0)
        if not is_result:
            raise outcome
        return outcome

    def release(self) -> None:
        pass
