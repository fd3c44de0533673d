"""What chat templates make of configs of messages, and how these carry traces."""

from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.card.markdown import plain
from botcoin_dpo.exporting.template_remedies import diagnosis, remedy
from botcoin_dpo.exporting.thinking import has_messages

_FAMILIES = """\
| `--thinking` | chat templates that want it |
| --- | --- |
| `inline` | Qwen3 to Qwen3.6, GLM-4.5, Nemotron 3, LFM2.5, and those that know nothing of traces |
| `reasoning_content` | Qwen3.8, Gemma 4 (from July 2026), Muse Glimmer; Qwen3 to Qwen3.6, GLM-4.5 and Nemotron 3 take it too |
| `thinking` | gpt-oss |
"""  # noqa: E501


def chat_templates(facts: CardFacts) -> str:
    """Return how traces are carried and what is wrong; nothing without a config of messages."""
    chats = [
        each
        for each in facts.configs
        if has_messages(each.config.columns)
        and not each.config.is_archive
        and each.config.input_examples is None
    ]
    if not chats:
        return ""
    how = (
        "stands between `<think>` and `</think>` in `content`, with two line breaks behind it"
        if facts.thinking == "inline"
        else f"stands in the field `{facts.thinking}` of an assistant's message, null in all others"
    )
    return f"""\
## Chat templates

In configs of messages the trace {how}.
A chat template decides what of it a model sees, and no style suits every template:

{_FAMILIES}
Many templates (those of Qwen3, GLM-4.5, Nemotron 3 and LFM2.5 among them) drop the traces of
earlier turns, so that `sft_revision` shows the failed attempt without its trace. Those of
DeepSeek-V3 and of the R1 distillations drop every trace; train on configs of strings with them.

{_findings(facts)}
"""


def _findings(facts: CardFacts) -> str:
    checked = [each for each in facts.configs if each.template is not None]
    if not checked:
        return (
            "No template was checked here: look at a rendered row before you train on messages, or "
            "export with\n`--tokenizer`, which checks that of your model."
        )
    lines = []
    for each in checked:
        assert each.template is not None
        found = (
            f"**wrong**: {plain(diagnosis(each.template))}; {plain(remedy(each.template))}"
            if each.template.problems
            else f"right in the {each.template.rendered:,} examples that were rendered"
        )
        lines.append(f"- `{each.config.name}`: {found}")
    return "\n".join(
        ["With the chat template of the tokenizer above, by the tokens that TRL makes:", "", *lines]
    )
