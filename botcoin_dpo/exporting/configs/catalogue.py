"""Which configs an export has, in the order of its card."""

from collections.abc import Sequence

from botcoin_dpo.contract.pair_types import PAIR_FAMILIES, PairType
from botcoin_dpo.errors import UsageError, choice_of, one_or_more
from botcoin_dpo.exporting.configs.attempts import (
    grpo_reasoning,
    kto_reasoning,
    sft_messages,
    sft_reasoning,
)
from botcoin_dpo.exporting.configs.config import Config
from botcoin_dpo.exporting.configs.preferences import (
    dpo_chat,
    dpo_messages,
    dpo_reasoning,
    reward_reasoning,
)
from botcoin_dpo.exporting.configs.revision import sft_revision
from botcoin_dpo.exporting.configs.steps import steps_reasoning
from botcoin_dpo.exporting.configs.tasks import rlvr, verl_rlvr
from botcoin_dpo.exporting.configs.whole_rows import pairs


def available_configs(
    pair_types: Sequence[PairType], *, has_attempts: bool = False, has_verdicts: bool = False
) -> list[Config]:
    """Return the configs that a build of these pair types can have; the first is the default.

    Args:
        pair_types: those that the build has rows of.
        has_attempts: whether configs of attempts are made of attempt objects.
        has_verdicts: whether these carry what an audit says.
    """
    rows = frozenset(pair_types)
    rows_of_sessions = frozenset(kind for kind in rows if PAIR_FAMILIES[kind] == "session")
    configs = [
        *(make(kind) for kind in pair_types for make in (dpo_reasoning, dpo_chat, dpo_messages)),
        kto_reasoning(rows),
        reward_reasoning(rows),
        sft_reasoning(rows),
        sft_messages(rows),
        grpo_reasoning(rows),
        *(_of_verdicts() if has_verdicts else ()),
        sft_revision(rows_of_sessions),
        *(pairs(kind) for kind in pair_types),
    ]
    if has_attempts:
        configs = [config.of_attempts() for config in configs]
    return [
        config
        for config in configs
        if config.pair_types or config.attempt_examples or config.input_examples
    ]


def choose_configs(available: Sequence[Config], names: Sequence[str] | str) -> list[Config]:
    """Return the configs of these names; all of them if no name is given.

    Raises:
        UsageError: there is no config of a name.
    """
    names = one_or_more(names)
    known = sorted(config.name for config in available)
    for name in names:
        if name not in known and name in (config.name for config in _of_verdicts()):
            raise UsageError(
                f"--config {name}: is made of the verdicts on all attempts; build with --attempts "
                "and --audit, and drop no pairs with --drop-if, --keep-if or "
                "--exclude"
            )
        choice_of("--config", name, known, "this build has no such config")
    return [config for config in available if not names or config.name in names]


def _of_verdicts() -> tuple[Config, ...]:
    """Return the configs that a build with attempts and an audit has."""
    return steps_reasoning(), rlvr(), verl_rlvr()
