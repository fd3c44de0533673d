"""An engine that runs every job in an interpreter of its own: all it moves is pickled, by value."""

import pickle
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botcoin_dpo.engines.blobs import BinPlan, Bins, Filled, HeldBlob, JoinedBins

_JOB = """
import pickle, sys
function, arguments = pickle.load(sys.stdin.buffer)
try:
    outcome = True, function(*arguments)
except Exception as error:
    outcome = False, error
sys.stdout.buffer.write(pickle.dumps(outcome))
"""


@dataclass(frozen=True)
class HeldBins:
    content: dict[int, bytes]

    def blob(self, number: int) -> HeldBlob:
        return HeldBlob(self.content.get(number, b""))


class HeldSink:
    scratch = None

    def __init__(self) -> None:
        self.content: defaultdict[int, bytearray] = defaultdict(bytearray)

    def add(self, number: int, data: bytes | bytearray) -> None:
        self.content[number] += data


def fill(function: Callable[..., Any], *arguments: Any) -> Filled:
    sink = HeldSink()
    result = function(*arguments, sink)
    return Filled(result, HeldBins({number: bytes(each) for number, each in sink.content.items()}))


class OtherInterpreters:
    """Starts a Python process for each job."""

    workers = 2
    memory = 10**9
    sees_files = True

    def __init__(self) -> None:
        self.jobs = 0

    def put(self, value: Any) -> bytes:
        return pickle.dumps(value)

    def submit(
        self, function: Callable[..., Any], *arguments: Any, bins: BinPlan | None = None
    ) -> subprocess.Popen[bytes]:
        self.jobs += 1
        given = [pickle.loads(each) if isinstance(each, bytes) else each for each in arguments]
        if bins is not None:
            function, given = fill, [function, *given]
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

    def merge(self, bins: Sequence[Bins], plan: BinPlan) -> Bins:
        return JoinedBins(tuple(bins))

    def release(self) -> None:
        pass
