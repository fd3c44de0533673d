"""The last result of a function is kept, unless that would take much memory."""

from botcoin_dpo.last_result import keep_last_result


def test_only_the_last_result_is_kept() -> None:
    asked: list[tuple[str, int]] = []

    @keep_last_result
    def repeated(text: str, times: int) -> str:
        asked.append((text, times))
        return text * times

    for text, times in (("a", 2), ("a", 2), ("a", 3), ("b", 3), ("a", 2)):
        assert repeated(text, times) == text * times
    assert asked == [("a", 2), ("a", 3), ("b", 3), ("a", 2)]


def test_nothing_is_kept_of_a_long_text() -> None:
    asked: list[int] = []

    @keep_last_result
    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    long = "a" * 1_000_001
    assert length("a") == length("a") == 1
    assert length(long) == length(long) == 1_000_001
    assert length("a") == 1
    assert asked == [1, 1_000_001, 1_000_001, 1]
