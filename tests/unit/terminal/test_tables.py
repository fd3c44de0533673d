from io import StringIO

from rich.console import Console

from botcoin_dpo.terminal.tables import make_table

COLUMNS = ("config", "train", "validation", "dropped", "max_length")
ROWS = [("dpo_reasoning_cross_session", 1234567, 89012, 0, 7104), ("kto", 9, 8, 0, None)]


def drawn(width: int) -> str:
    console = Console(file=StringIO(), width=width)
    console.print(make_table("Exported", COLUMNS, ROWS))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_wide_terminal_shows_all_columns() -> None:
    text = drawn(100)
    assert all(column in text for column in COLUMNS)
    assert "too narrow" not in text


def test_columns_of_nothing_go_first_and_then_those_on_the_right() -> None:
    assert "columns left out, all 0: dropped\n" in drawn(70)
    assert "too narrow" not in drawn(70)
    assert "7,104" in drawn(70)
    told = "columns left out, all 0: dropped; too narrow for: max_length"
    assert told in " ".join(drawn(60).split())


def test_no_number_and_no_heading_is_broken_at_any_width() -> None:
    for width in range(45, 101):
        text = drawn(width)
        assert "1,234,567" in text
        assert "dpo_reasoning_cross_session" in text
        for column, number in (("validation", "89,012"), ("max_length", "7,104")):
            assert (number in text) == (column in text.partition("too narrow")[0])
        assert max(map(len, text.splitlines())) <= width
