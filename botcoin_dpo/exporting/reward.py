"""Rewards for answers to the prompts of the config `rlvr`, by checks that an audit has decided.

One file that needs nothing but Python 3.10: `export` puts a copy of it beside the configs.

    constraint_reward, all_or_nothing_reward    for GRPOTrainer of TRL, as `reward_funcs`
    compute_score                               for verl, with `checks` as the ground truth

A check is an object with `kind`, `expected` and `parameter`; it holds under the same conditions
as in an audit. An answer without an artifact earns 0, and so does one to a prompt without checks.

How the artifact is found: an export writes `Artifact: "…"` after `</think>`. Models write about
that. What counts is behind the last `</think>`, and before a `<think>` that is opened there; a text
without these tags counts as a whole. There, the last line counts that begins with `Artifact:`, in
either case, perhaps after `the`, `my` or `final` and Markdown marks. If nothing follows the
label, the next line that is neither blank nor a code fence is taken.

- In quotes, straight or typographic, single or double, the artifact ends with the last quote of its
  line if only marks follow; else with the first quote there that is not before a letter or a
  digit; else, over several lines, with the first line that ends in a quote.
- Without quotes, or if the closing one is missing, the rest of the line is the artifact, without
  Markdown marks at its end.
- A blank artifact counts as none.

All of this takes time that is linear in the length of a text.
"""

import json
import re
from collections.abc import Callable
from typing import Any

_LABEL = re.compile(
    r"^[ \t>#*_`-]*(?:(?:the|my|final)[ \t]+)*artifact[ \t*_`]*[:：][ \t*_`]*",
    re.IGNORECASE | re.MULTILINE,
)
_MARKS = " \t\r*_`"
_AFTER_A_QUOTE = _MARKS + ".,;"
_QUOTES = ('"“”„‟«»', "'‘’‚‛‹›")
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]")


def constraint_reward(prompts: Any, completions: Any, checks: Any, **columns: Any) -> list[float]:
    """Return for each completion the share of its checks that hold.

    Args:
        prompts: not looked at.
        completions: texts, or lists of messages.
        checks: for each completion a list of checks, or JSON text that spells one.
        columns: not looked at.
    """
    return [_share(text, of) for text, of in zip(completions, checks, strict=True)]


def all_or_nothing_reward(
    prompts: Any, completions: Any, checks: Any, **columns: Any
) -> list[float]:
    """Return for each completion 1 if all of its checks hold, else 0."""
    return [float(_share(text, of) == 1.0) for text, of in zip(completions, checks, strict=True)]


def compute_score(
    data_source: Any, solution_str: Any, ground_truth: Any, extra_info: Any = None
) -> float:
    """Return the share of checks that hold, as verl asks for it.

    Args:
        data_source: not looked at.
        solution_str: the completion.
        ground_truth: a list of checks, or JSON text that spells one.
        extra_info: not looked at.
    """
    return _share(solution_str, ground_truth)


def artifact_of(completion: Any) -> str | None:
    """Return the artifact of a completion, None if there is none."""
    answer = _text(completion).rpartition("</think>")[2].partition("<think>")[0]
    start = None
    for label in _LABEL.finditer(answer):
        start = label.end()
    if start is None:
        return None
    lines = answer[start:].split("\n")
    first = 0
    while first < len(lines) and _is_empty(lines[first]):
        first += 1
    if first == len(lines):
        return None
    if first:
        lines[first] = lines[first].lstrip(_MARKS)
    artifact = _unquoted(lines[first:])
    return artifact if artifact.strip() else None


def holds(artifact: str, check: dict[str, Any]) -> bool:
    """Return whether an artifact keeps a checked constraint.

    Raises:
        ValueError: the check is of no known kind.
    """
    kind = check["kind"]
    if kind not in HOLDS:
        raise ValueError(f"{kind!r} is no kind of check that is known here")
    return HOLDS[kind](artifact, check["expected"], check.get("parameter"))


def _share(completion: Any, checks: Any) -> float:
    if isinstance(checks, (str, bytes)):
        checks = json.loads(checks)
    artifact = artifact_of(completion)
    if artifact is None or checks is None or len(checks) == 0:
        return 0.0
    return sum(holds(artifact, check) for check in checks) / len(checks)


def _text(completion: Any) -> str:
    """Return the text of a completion: its own, or that of its last message."""
    if isinstance(completion, str):
        return completion
    if isinstance(completion, dict):  # a message
        return _text(completion.get("content"))
    if not isinstance(completion, (list, tuple)) or not completion:
        return ""
    if isinstance(completion[-1], dict) and "role" in completion[-1]:
        return _text(completion[-1])
    parts = [part.get("text") for part in completion if isinstance(part, dict)]
    return "".join(part for part in parts if isinstance(part, str))


def _is_empty(line: str) -> bool:
    line = line.strip()
    return not line.strip(_MARKS) or line.startswith("```")


def _unquoted(lines: list[str]) -> str:
    """Return the artifact at the start of some lines."""
    quotes = next((each for each in _QUOTES if lines[0][0] in each), None)
    if quotes is None:
        return lines[0].rstrip(_MARKS)
    line = lines[0][1:]
    end = _last_quote(line, quotes)
    if end is None:
        found = re.search(rf"[{quotes}](?!\w)", line)
        end = None if found is None else found.start()
    if end is not None:
        return line[:end]
    for number, other in enumerate(lines[1:], start=1):
        end = _last_quote(other, quotes)
        if end is not None:
            return "\n".join([line, *lines[1:number], other[:end]])
    return line.rstrip(_MARKS)


def _last_quote(line: str, quotes: str) -> int | None:
    """Return the place of the quote that ends a line, None if it ends in something else."""
    line = line.rstrip(_AFTER_A_QUOTE)
    return len(line) - 1 if line and line[-1] in quotes else None


def _words(artifact: str) -> list[str]:
    return [word for word in artifact.split(" ") if word]


def _has_words(artifact: str, expected: str, parameter: int | None) -> bool:
    return str(len(_words(artifact))) == expected and _LINE_BREAK.search(artifact) is None


def _lacks_letter(artifact: str, expected: str, parameter: int | None) -> bool:
    return expected not in artifact.lower()


def _includes(artifact: str, expected: str, parameter: int | None) -> bool:
    return expected in artifact


def _spells(artifact: str, expected: str, parameter: int | None) -> bool:
    letters = [word[0] for word in _words(artifact)[: int(parameter or 0)]]
    return "".join(letters).upper() == expected


HOLDS: dict[str, Callable[[str, str, int | None], bool]] = {
    "word_count": _has_words,
    "include": _includes,
    "prime": _includes,
    "equation": _includes,
    "acrostic": _spells,
    "forbidden_letter": _lacks_letter,
}
"""Of each kind, whether an artifact holds what is expected.

The parameter of `acrostic` is how many words are looked at; other kinds have none.
"""

KINDS: tuple[str, ...] = tuple(HOLDS)
"""The kinds of checks."""
