"""The comparison of two traces: every step once, in order, and exactly what changed in it."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.viewing import trace_diff
from botcoin_dpo.viewing.trace_diff import DiffLine, Span, changed_parts, compare_traces

_words = st.lists(st.sampled_from(["Alma", "Rose", "crates", "1200", "900", "|"]), max_size=6)
_steps = st.builds(
    lambda action, words: f"{action} {' '.join(words)}",
    st.sampled_from(["> extract:", "> compute:", "> extract: x |", "note", ">", ""]),
    _words,
)
_traces = st.lists(_steps | st.sampled_from(["", " ", "é", "[x]", ">", "a: b"]), max_size=6)
_texts = st.text(st.sampled_from("ab1é \n\t|:.[]-"), max_size=20) | st.text(max_size=20)


def outside(text: str, spans: Sequence[Span]) -> str:
    """What is left of a text without its changed parts."""
    place, left = 0, []
    for start, end in spans:
        left.append(text[place:start])
        place = end
    return "".join([*left, text[place:]])


def inside(text: str, spans: Sequence[Span]) -> list[str]:
    return [text[start:end] for start, end in spans]


def changes(lines: Sequence[DiffLine]) -> Counter[str]:
    return Counter(line.change for line in lines)


def steps(count: int, words: str = "step {}") -> list[str]:
    return [f"> note: {words.format(number)}" for number in range(count)]


@given(_traces, _traces)
def test_every_step_is_in_exactly_one_line_and_in_order(
    rejected: list[str], chosen: list[str]
) -> None:
    lines = compare_traces(rejected, chosen)
    before = [line.rejected for line in lines if line.rejected is not None]
    after = [line.chosen for line in lines if line.chosen is not None]
    assert before == list(range(len(rejected)))
    assert after == list(range(len(chosen)))
    for line in lines:
        has_sides = (line.rejected is not None, line.chosen is not None)
        assert has_sides == (line.change != "added", line.change != "removed")


@given(_traces, _traces)
def test_same_lines_are_equal_and_changed_ones_without_what_changed(
    rejected: list[str], chosen: list[str]
) -> None:
    for line in compare_traces(rejected, chosen):
        if line.rejected is not None and line.chosen is not None:
            before, after = rejected[line.rejected], chosen[line.chosen]
            assert (before == after) == (line.change == "same")
            if line.change == "changed":
                assert line.rejected_parts or line.chosen_parts
                assert outside(before, line.rejected_parts) == outside(after, line.chosen_parts)
        if line.change != "changed":
            assert line.rejected_parts == line.chosen_parts == ()


@given(_texts, _texts)
def test_changed_parts_are_in_order_apart_and_within_their_text(one: str, other: str) -> None:
    ours, theirs = changed_parts(one, other)
    assert outside(one, ours) == outside(other, theirs)
    for text, spans in ((one, ours), (other, theirs)):
        ends = [place for span in spans for place in span]
        assert all(before < after for before, after in pairwise(ends))
        assert all(0 <= place <= len(text) for place in ends)


@given(_texts)
def test_nothing_changed_in_equal_texts(text: str) -> None:
    assert changed_parts(text, text) == ((), ())


@given(
    st.lists(st.sampled_from("abcdef"), max_size=8), st.lists(st.sampled_from("abcdef"), max_size=8)
)
def test_swapped_sides_swap_what_is_added_and_removed(
    rejected: list[str], chosen: list[str]
) -> None:
    forth = changes(compare_traces(rejected, chosen))
    back = changes(compare_traces(chosen, rejected))
    assert forth["same"] == back["same"]
    assert (forth["added"], forth["removed"]) == (back["removed"], back["added"])


@given(_traces)
def test_a_trace_is_the_same_as_itself(trace: list[str]) -> None:
    assert compare_traces(trace, trace) == [DiffLine("same", at, at) for at in range(len(trace))]


def test_a_changed_figure_is_one_changed_step() -> None:
    before = "> extract: Alma Rose | crates | 900 | paragraph_3 | exact"
    after = "> extract: Alma Rose | crates | 1200 | paragraph_2 | exact"
    one, other = ["> note: a", before, "> note: b"], ["> note: a", after, "> note: b"]
    first, line, last = compare_traces(one, other)
    assert (first.change, line.change, last.change) == ("same", "changed", "same")
    assert (line.rejected, line.chosen) == (1, 1)
    assert inside(before, line.rejected_parts) == ["900", "paragraph_3"]
    assert inside(after, line.chosen_parts) == ["1200", "paragraph_2"]


def test_changed_words_are_marked_whole_and_neighbours_as_one() -> None:
    one, other = "add 1200 crates of salt", "add 1300 boxes of salt and"
    ours, theirs = changed_parts(one, other)
    assert inside(one, ours)[0].startswith("1200")
    assert inside(other, theirs)[-1] == " and"
    assert changed_parts("a b c", "c") == (((0, 4),), ())


def test_a_step_between_others_is_added() -> None:
    trace = steps(3)
    lines = compare_traces([trace[0], trace[2]], trace)
    assert [line.change for line in lines] == ["same", "added", "same"]
    assert [line.change for line in compare_traces(trace, [])] == ["removed"] * 3
    assert compare_traces([], []) == []


@given(st.sampled_from(["> note:", "> compute:", ">", "Alma"]), _words)
def test_steps_of_different_actions_are_never_one_step(other: str, words: list[str]) -> None:
    rest = " ".join(["the same words again and again", *words])
    lines = compare_traces([f"> extract: {rest}"], [f"{other} {rest}"])
    assert changes(lines) == {"removed": 1, "added": 1}


@pytest.mark.parametrize(
    ("after", "change"),
    [
        ("> note: a b c d e x y z", "changed"),
        ("> note: p q r s t u v w", "removed"),
        ("> note: a p q r s t u v", "removed"),
    ],
)
def test_steps_that_share_half_of_their_words_are_one_step(after: str, change: str) -> None:
    [line, *_] = compare_traces(["> note: a b c d e f g h"], [after])
    assert line.change == change


def test_the_most_alike_of_two_steps_is_the_one_that_was_changed() -> None:
    before = "> note: a b c d e f"
    lines = compare_traces([before], ["> note: a b c d x y", "> note: a b c d e z"])
    assert [(line.change, line.chosen) for line in lines] == [("added", 0), ("changed", 1)]
    lines = compare_traces([before], ["> note: a b c d e z", "> note: a b c d x y"])
    assert [(line.change, line.chosen) for line in lines] == [("changed", 0), ("added", 1)]


def test_matched_steps_never_cross() -> None:
    one = ["> note: a b c d 1", "> note: p q r s 1"]
    other = ["> note: p q r s 2", "> note: a b c d 2"]
    lines = compare_traces(one, other)
    assert changes(lines) == {"changed": 1, "removed": 1, "added": 1}


def test_changed_steps_that_moved_down_are_still_matched() -> None:
    one, other = steps(20, "a{0} b{0} c{0} 1"), steps(20, "a{0} b{0} c{0} 2")
    lines = compare_traces(one, ["> compute: 3", *other])
    assert changes(lines) == {"added": 1, "changed": 20}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("{0} {0} {0}", "x{0} y{0} z{0}"), {"removed": 300, "added": 300}),
        (("of the trace {}", "of the trace x{}"), {"changed": 300}),
    ],
)
def test_many_different_steps_are_compared_to_the_end(
    words: tuple[str, str], expected: dict[str, int]
) -> None:
    one, other = (steps(300, each) for each in words)
    lines = compare_traces(one, other)
    assert changes(lines) == expected
    assert [line.rejected for line in lines if line.rejected is not None] == list(range(300))


def test_a_step_of_a_megabyte_is_compared_as_a_whole() -> None:
    large = "> note: " + "a " * 500_000
    assert changes(compare_traces([large], [large])) == {"same": 1}
    assert changes(compare_traces([large], [large + "b"])) == {"removed": 1, "added": 1}
    word = "x" * 1_000_000
    assert changes(compare_traces([word], [word + "y"])) == {"removed": 1, "added": 1}


def test_traces_of_very_many_steps_keep_their_equal_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_diff, "_MOST_ALIGNED", 10)
    before = ["a: 1", "a: 2", "b: old", "c: 3", "c: 4"]
    after = ["a: 1", "a: 2", "b: new", "d: more", "c: 3", "c: 4"]
    lines = compare_traces(before, after)
    assert [line.change for line in lines].count("same") == 4
    assert [line.rejected for line in lines if line.rejected is not None] == list(range(5))
    assert [line.chosen for line in lines if line.chosen is not None] == list(range(6))
    for one, other in ((before, before), (before, []), ([], after), (before[:2], before)):
        lines = compare_traces(one, other)
        assert [line.rejected for line in lines if line.rejected is not None] == [*range(len(one))]
        assert [line.chosen for line in lines if line.chosen is not None] == [*range(len(other))]
        assert all(
            one[line.rejected] == other[line.chosen]  # type: ignore[index]
            for line in lines
            if line.change == "same"
        )
