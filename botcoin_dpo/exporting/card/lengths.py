"""How long examples are, and what to set for them."""

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.result import max_length_of

_SHARES = (0.5, 0.9, 0.99, 1.0)


def lengths(facts: CardFacts) -> str:
    """Return the lengths of examples; nothing if none was measured."""
    measured = [each for each in facts.configs if each.lengths]
    if not measured:
        return ""
    how = (
        "counted with the tokenizer `"
        + sanitize_line(facts.tokenizer).replace("`", "")
        + "` the way TRL does"
        if facts.tokenizer
        else "**estimated** at three bytes a token, which is on the safe side for most tokenizers; "
        "export with `--tokenizer` to count them"
    )
    lines = [
        "## Lengths in tokens",
        "",
        f"{how[0].upper()}{how[1:]}.",
        "",
        "| config | part | median | 90% | 99% | longest | `max_length` for all | for 99% |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in measured:
        lengths = each.lengths
        assert lengths is not None
        for part in lengths.parts:
            numbers = " | ".join(f"{lengths.quantile(part, share):,}" for share in _SHARES)
            advice = (
                f"**{lengths.max_length(1.0):,}** | {lengths.max_length(0.99):,}"
                if part == "whole"
                else "| "
            )
            lines.append(f"| `{each.config.name}` | {part} | {numbers} | {advice} |")
    lines.append("")
    recommended = max_length_of(measured)
    if recommended is not None:
        lines += [f"**`max_length={recommended}` keeps every pair as strings.**", ""]
    lines += [
        "`whole` is the prompt with its longest completion. TRL's `max_length` is 1024 unless it "
        "is set, and",
        "trainers drop or cut longer examples silently: at 1024 almost no row here is left.",
        "",
    ]
    return "\n".join(lines)
