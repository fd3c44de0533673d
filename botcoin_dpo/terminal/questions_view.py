"""The questions of a pair in the terminal, each as one text that no line break of ours cuts."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from botcoin_dpo.contract.sanitize import sanitize_start
from botcoin_dpo.viewing.humanize import answer_words
from botcoin_dpo.viewing.questions import QuestionLine

_MOST_OF_A_QUESTION = 2_000
_MOST_OF_AN_ANSWER = 60
_INDENT = 4


def questions_view(questions: list[QuestionLine], *, is_wrapped: bool) -> Iterator[RenderableType]:
    """Yield the questions, numbered from 1, each with the answers that are known.

    Args:
        questions: of the pair.
        is_wrapped: break long lines here; else the terminal does, and a search finds them whole.
    """
    for question in questions:
        text = Text(style="" if question.asked_by else "dim")
        text.append(f"{question.index + 1:>2}  ", style="dim")
        text.append(sanitize_start(question.text, _MOST_OF_A_QUESTION))
        if not is_wrapped:
            text.no_wrap, text.overflow = True, "ignore"
        yield text
        if question.asked_by:
            words = answer_words(question, lambda name: sanitize_start(name, _MOST_OF_AN_ANSWER))
            yield Padding(Text(words, style="dim"), (0, 0, 0, _INDENT))
