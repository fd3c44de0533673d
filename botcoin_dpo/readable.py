"""How results of functions look in a Python session and in a notebook: by their main facts."""

from collections.abc import Mapping
from html import escape

from botcoin_dpo.errors import in_python

_MOST_SHOWN = 200
"""Characters of a value."""


class Readable:
    """A result that is shown by its main facts, however much it holds."""

    __slots__ = ()

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing, by name; an empty list or text is not shown."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Return the facts on one line."""
        facts = ", ".join(f"{name}={text}" for name, text in self._texts().items())
        return f"{type(self).__name__}({facts})"

    def _repr_html_(self) -> str:
        """Return the facts as a table."""
        rows = "".join(
            f"<tr><th style='text-align: left'>{escape(name.replace('_', ' '))}</th>"
            f"<td style='text-align: left'>{escape(text)}</td></tr>"
            for name, text in self._texts().items()
        )
        return f"<table><caption>{type(self).__name__}</caption>{rows}</table>"

    def _texts(self) -> dict[str, str]:
        facts = self.key_facts().items()
        return {name: _text(value) for name, value in facts if value not in ([], {}, "")}


def _text(value: object) -> str:
    """Return a value on one short line in which no character is hidden."""
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, Mapping):
        text = ", ".join(f"{key}: {of}" for key, of in value.items())
        text = f"{{{text}}}"
    elif isinstance(value, list | tuple):
        text = f"[{', '.join(map(str, value))}]"
    else:
        text = str(value)
    text = in_python(text[: _MOST_SHOWN + 1])
    if not text.isprintable():
        text = ascii(text)[1:-1]
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
