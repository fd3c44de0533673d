"""Patterns that are compiled when they are first used."""

import subprocess
import sys

from botcoin_dpo.constraints.patterns import Pattern

_PROGRAM = """
import gc
import botcoin_dpo.constraints.kinds
from botcoin_dpo.constraints.patterns import Pattern
patterns = [each for each in gc.get_objects() if isinstance(each, Pattern)]
print(len(patterns) > 20, [each.text for each in patterns if "compiled" in vars(each)])
"""


def test_a_pattern_does_what_a_compiled_one_does() -> None:
    pattern = Pattern("b(.)")
    assert pattern.fullmatch("B\n") and not pattern.fullmatch("abc")
    assert pattern.match("bcd") and not pattern.match("abc")
    assert pattern.search("abc") and not pattern.search("acb")
    assert [match.start() for match in pattern.finditer("bcbdbe", 1, 4)] == [2]
    assert pattern.findall("bcBd") == ["c", "d"]
    assert Pattern(", ").split("a, b") == ["a", "b"]
    assert pattern.sub("x", "bcbd") == "xx" and pattern.sub("x", "bcbd", count=1) == "xbd"


def test_to_import_the_kinds_compiles_none_of_their_patterns() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "True []"
