"""`reward.py` finds artifacts as exports write them, and checks them as an audit does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botcoin_dpo.constraints.acrostic import Acrostic
from botcoin_dpo.constraints.constraint import Constraint, Reference, Term
from botcoin_dpo.constraints.equation import Equation
from botcoin_dpo.constraints.forbidden_letter import ForbiddenLetter
from botcoin_dpo.constraints.include import Include
from botcoin_dpo.constraints.kinds import KINDS
from botcoin_dpo.constraints.prime import Prime
from botcoin_dpo.constraints.word_count import WordCount
from botcoin_dpo.exporting import reward
from botcoin_dpo.exporting.reward import (
    all_or_nothing_reward,
    artifact_of,
    compute_score,
    constraint_reward,
    holds,
)
from botcoin_dpo.rows.prompt import completion_text


def check(kind: str, expected: str, parameter: int | None = None) -> dict[str, Any]:
    return {"index": 0, "kind": kind, "expected": expected, "ground": "text",
            "parameter": parameter}  # fmt: skip


TWO = [check("word_count", "3"), check("include", "Nara")]
_CRATES = Reference("crates", 1)
_PIECES = st.sampled_from(
    [*"aAxspSP19 \"'", " ", " ", "\t", "\n", "\r", "\u2028", "\u2029", "\x0b", "\u00a0", "ß", "İ",
     "ǅ", "é", "e\u0301", "25+18=43", "125+18=430", "25+18=4", "3", "29", "129", "Nara", "nara",
     "Sun Port", "Artifact: ", "**"]
)  # fmt: skip
ARTIFACTS = st.lists(_PIECES, max_size=12).map("".join)


@st.composite
def constraints(draw: st.DrawFn) -> tuple[str, Constraint, str, int | None]:
    """A kind, a constraint of it, its text, and the parameter of the check."""
    number = draw(st.integers(0, 40))
    word = draw(st.sampled_from(["Nara", "a", "\t", "29", "é", "Sun Port"]))
    term = Term(_CRATES, 50, 10)
    acrostic = Acrostic(draw(st.integers(1, 4)), 2, (1,))
    kind, constraint, values, parameter = draw(
        st.sampled_from(
            [
                ("word_count", WordCount(number % 6), (), None),
                ("forbidden_letter", ForbiddenLetter(draw(st.sampled_from("aASsßéİ"))), (), None),
                ("include", Include(_CRATES), (word,), None),
                ("prime", Prime(term), (number,), None),
                ("equation", Equation(term, term), (25, 18), None),
                ("acrostic", acrostic, (word,), acrostic.words),
            ]
        )
    )
    text = constraint.text_of(values)
    if kind == "acrostic":
        text = draw(st.sampled_from(["S", "SP", "A", "SS", "29", "SPS", ""]))
    assert text is not None
    return kind, constraint, text, parameter


@given(constraints(), ARTIFACTS)
@settings(max_examples=500, deadline=None)
def test_a_check_holds_where_the_constraint_does(
    made: tuple[str, Constraint, str, int | None], artifact: str
) -> None:
    kind, constraint, text, parameter = made
    of = check(kind, text, parameter)
    assert holds(artifact, of) == constraint.holds(artifact, text)
    if artifact.strip() and "\n" not in artifact:
        rewards = constraint_reward(
            prompts=["?"], completions=[completion_text("> x", artifact)], checks=[[of]]
        )
        assert rewards == [float(constraint.holds(artifact, text))]


def test_every_kind_has_a_check_and_no_other() -> None:
    assert set(reward.HOLDS) == {kind.name for kind in KINDS}
    with pytest.raises(ValueError, match="'rhyme' is no kind"):
        holds("x", check("rhyme", "x"))


@pytest.mark.parametrize(
    ("kind", "expected", "artifact", "is_held"),
    [
        ("word_count", "2", "a  b ", True),
        ("word_count", "2", "a\tb c", True),
        ("word_count", "2", "a b\u2028", False),
        ("word_count", "1", "a\rb", False),
        ("forbidden_letter", "x", "aXb", False),
        ("forbidden_letter", "x", "ab", True),
        ("include", "Nara", "to nara", False),
        ("equation", "25+18=43", "125+18=430", True),
        ("equation", "25+18=43", "25 +18=43", False),
        ("prime", "29", "129", True),
        ("acrostic", "SP", "sun port x", True),
        ("acrostic", "SP", "sun", False),
    ],
)
def test_checks(kind: str, expected: str, artifact: str, is_held: bool) -> None:
    parameter = 2 if kind == "acrostic" else None
    assert holds(artifact, check(kind, expected, parameter)) == is_held


@pytest.mark.parametrize(
    "answer",
    [
        'Artifact: "sail to Nara"',
        "Artifact: “sail to Nara”",
        "artifact :  'sail to Nara' ",
        "**Artifact:** “sail to Nara”",
        '**Artifact**: "sail to Nara"**',
        "### Final artifact：\n\n```text\nsail to Nara\n```",
        "Artifact:\n\n“sail to Nara”\n",
        "- The artifact: `sail to Nara`",
        "**Artifact: sail to Nara**",
        "Artifact: sail to Nara",
        'Artifact: "sail to Nara\r\n',
        'Artifact: "sail to Nara".\r\nIt has "three" words, as "asked"',
        'Artifact: "sail to Nara" (three words)',
        'Artifact: "sail to Nara"</s>',
        'My artifact: "x"\nNo, wait.\nArtifact: "sail to Nara"\nThe artifact is done.',
        'Artifact: "sail to Nara"\n<think>Artifact: "x"',
    ],
)
def test_an_artifact_is_found_in_whatever_a_model_writes_about_it(answer: str) -> None:
    for thoughts in ("", '<think>\nArtifact: "x"\n</think>\n', "x</think>y</think>\n", "Sure!\n"):
        assert artifact_of(thoughts + answer) == "sail to Nara"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "sail to Nara",
        "The artifact is sail to Nara",
        "Artifact:",
        "Artifact:\n`\n *`",
        'Artifact: ""',
        'Artifact: " "',
        '<think>\nArtifact: "sail to Nara"',
        'Artifact: "sail to Nara"\n</think>',
        'see Artifact: "sail to Nara"',
    ],
)
def test_without_an_artifact_nothing_is_earned(answer: str) -> None:
    assert artifact_of(answer) is None
    assert constraint_reward([""], [answer], [[check("forbidden_letter", "q")]]) == [0.0]


@pytest.mark.parametrize(
    ("line", "artifact"),
    [
        ('say "Nara" now', 'say "Nara" now'),
        ("don't' say \"", "don't' say \""),
        (" *x* ", " *x* "),
        ("a\nb", "a\nb"),
        ("**", "**"),
    ],
)
def test_an_artifact_comes_back_as_it_was_written(line: str, artifact: str) -> None:
    assert artifact_of(completion_text("> x", line)) == artifact


_ANSWERS = st.lists(
    st.sampled_from(
        ["Artifact:", "the ", "**", "`", "```", *"\"'“’»_>.", "\n", "\r\n", " ", "\t", "\u00a0",
         "\x1c", "<think>", "</think>", "a", "9"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(_ANSWERS)
@settings(max_examples=500, deadline=None)
def test_whatever_is_answered_an_artifact_is_a_part_of_it_or_there_is_none(answer: str) -> None:
    artifact = artifact_of(f"Artifact: {answer}")
    assert artifact is None or (artifact.strip() and artifact in answer)


def test_an_apostrophe_does_not_end_an_artifact() -> None:
    assert artifact_of("Artifact: 'don't sail' – done") == "don't sail"
    assert artifact_of('Artifact: "sail" or "stay" - you choose') == "sail"


def test_rewards_of_texts_and_messages_with_checks_in_any_form() -> None:
    def said(text: Any) -> list[dict[str, Any]]:
        return [{"role": "assistant", "content": text}]

    texts = ['Artifact: "sail to Nara"', 'Artifact: "sail to Port Nara"', "none"]
    parts = [{"type": "text", "text": texts[0]}]
    for checks in (TWO, json.dumps(TWO), tuple(TWO)):
        for answers in (texts, [said(text) for text in texts]):
            asked = {"prompts": [""] * 3, "completions": answers, "checks": [checks] * 3}
            assert constraint_reward(**asked, completion_ids=[[1]] * 3) == [1.0, 0.5, 0.0]
            assert all_or_nothing_reward(**asked, trainer_state=None) == [1.0, 0.0, 0.0]
        assert [compute_score("rlvr", text, checks, {}) for text in texts] == [1.0, 0.5, 0.0]
    turns = [{"role": "assistant", "content": texts[0]}, *said(texts[1])]
    answers = [said(parts), said(None), [], turns]
    assert constraint_reward([""] * 4, answers, [TWO] * 4) == [1.0, 0.0, 0.0, 0.5]
    assert constraint_reward(["", ""], texts[:2], [[], None]) == [0.0, 0.0]


@pytest.mark.parametrize(
    "answer",
    [
        "<think>" * 200_000,
        "</think>" * 200_000 + 'Artifact: "x',
        "*" * 1_000_000 + " artifact",
        "artifact" + " " * 1_000_000 + "x",
        "the " * 300_000,
        "final" + "\t" * 1_000_000,
        "Artifact:" * 200_000,
        "Artifact:\n" * 200_000,
        "Artifact: " + '"' * 1_000_000,
        "Artifact: " + '"a' * 500_000,
        "Artifact: '" + "'a\n" * 300_000,
        "Artifact: " + "\n" * 1_000_000,
        "Artifact: \n" + " \t" * 500_000 + "\n" + "`" * 500_000,
        "Artifact: " + "25+18=4" * 150_000,
        "Artifact: " + "9" * 1_000_000,
        "Artifact: " + " *" * 500_000,
    ],
)
def test_hostile_answers_cost_little(answer: str) -> None:
    checks = [
        check("word_count", "9" * 5000), check("equation", "25+18=43"), check("prime", "9" * 50),
        check("acrostic", "SP", 10**9), check("forbidden_letter", "q"),
    ]  # fmt: skip
    (share,) = constraint_reward([""], [answer], [checks])
    assert share < 1


def test_the_file_works_alone(tmp_path: Path) -> None:
    (tmp_path / "reward.py").write_bytes(Path(reward.__file__).read_bytes())
    code = "import sys; sys.path.insert(0, sys.argv[1]); import reward; print(reward.__file__, "
    code += "reward.compute_score('', 'Artifact: a', sys.argv[2]), 'botcoin_dpo' in sys.modules)"
    checks = json.dumps([check("word_count", "1")])
    process = subprocess.run(
        [sys.executable, "-S", "-I", "-c", code, tmp_path, checks], capture_output=True, text=True
    )
    assert process.stdout.split() == [str(tmp_path / "reward.py"), "1.0", "False"], process.stderr
