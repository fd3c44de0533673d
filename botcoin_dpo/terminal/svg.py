"""What the terminal shows, as a picture for documents."""

import re
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console, RenderableType
from rich.terminal_theme import TerminalTheme

from botcoin_dpo.files.atomic_file import write_atomically

_WIDTH = 132
_MARK = '<svg class="rich-terminal"'
_THEME = TerminalTheme(
    (255, 255, 255),
    (36, 41, 47),
    [(36, 41, 47), (180, 30, 40), (20, 110, 50), (140, 95, 0), (9, 80, 180), (120, 60, 170),
     (0, 110, 120), (110, 119, 129)],
)  # fmt: skip

# Rich's own format would fetch a font.
_FORMAT = re.sub(r"<!--.*?-->|@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def write_svg(view: RenderableType, path: Path) -> None:
    """Write what a terminal of 132 columns would show.

    Raises:
        OutputError: the file cannot be written, or something else is there.
    """
    console = Console(
        width=_WIDTH, record=True, file=StringIO(), force_terminal=True, color_system="truecolor",
        highlight=False, markup=False, emoji=False, no_color=False,
    )  # fmt: skip
    console.print(view)
    picture = console.export_svg(title="", theme=_THEME, code_format=_FORMAT, unique_id="show")
    write_atomically(path, [picture], _MARK, "picture of a pair")
