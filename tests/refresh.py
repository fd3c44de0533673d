"""Golden parts of the documents, made by the program itself. Run: python tests/refresh.py.

docs/numbers.json is what benchmarks/readme_numbers.py counts, and README.md quotes it. The command
reference in docs/cli.md is the help. In schemas/README.md the tables of rules are from the code.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONTRACT = ROOT / "schemas" / "README.md"
DOCUMENTS = {"README": ROOT / "README.md", "cli": ROOT / "docs" / "cli.md", "contract": CONTRACT}
NUMBERS = ROOT / "docs" / "numbers.json"
COMMANDS = (
    (), ("build",), ("validate",), ("stats",), ("audit",), ("show",), ("report",), ("export",),
    ("simulate",), ("stage",), ("stage", "clean"),
)  # fmt: skip


def refreshed(text: str) -> str:
    """Return a document with its generated parts made anew."""
    for name, make in PARTS.items():
        if f"<!-- {name} -->" not in text:
            continue
        part = make()
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->\n)", re.DOTALL)
        text = marked.sub(partial(_filled, part), text)
    return text


def _filled(part: str, match: re.Match[str]) -> str:
    """Return a marked part of a document with other content."""
    return f"{match[1]}{part}{match[2]}"


def reference() -> str:
    """Return the help of the program and of each subcommand."""
    return "\n".join(
        f"## `{' '.join(('botcoin-dpo', *command))}`\n\n```text\n{_help(command)}```\n"
        for command in COMMANDS
    )


def exit_codes() -> str:
    """Return the exit codes of the contract as a table."""
    section = CONTRACT.read_text(encoding="utf-8").partition("\n## Exit codes\n\n")[2]
    return section.partition("\n\n")[0] + "\n"


def readme_part(name: str) -> str:
    """Return a part of README.md by its name."""
    from tests import readme_parts

    make: Callable[[], str] = getattr(readme_parts, name)
    return make()


def numbers() -> str:
    """Return docs/numbers.json, counted anew."""
    script = ROOT / "benchmarks" / "readme_numbers.py"
    return subprocess.run(
        [sys.executable, script], stdout=subprocess.PIPE, check=True, text=True
    ).stdout


def rules() -> str:
    """Return the rules of validation as a table."""
    from botcoin_dpo.validation.findings import RULES

    rows = "".join(f"| `{rule}` | {meaning} |\n" for rule, meaning in RULES.items())
    return f"| rule | finds that |\n| --- | --- |\n{rows}"


def configs() -> str:
    """Return the configs of exports as a table."""
    from botcoin_dpo.exporting.configs.catalogue import available_configs

    rows = "".join(
        f"| `{config.name.replace('sequential', '<pair_type>')}` "
        f"| {config.meaning.replace('sequential ', '')} | {config.trainer or '-'} "
        f"| {'those of the row' if config.is_archive else ', '.join(config.columns.fields)} |\n"
        for config in available_configs(("sequential",), has_verdicts=True)
    )
    return f"| config | holds | TRL | columns |\n| --- | --- | --- | --- |\n{rows}"


def _help(command: tuple[str, ...]) -> str:
    process = subprocess.run(
        [sys.executable, "-m", "botcoin_dpo", *command, "--help"],
        env=os.environ | {"COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    return "".join(f"{line.rstrip()}\n" for line in process.stdout.splitlines())


def audit_rules() -> str:
    """Return the rules of the audit as a table."""
    from botcoin_dpo.contract.audit_rules import RULES

    rows = "".join(f"| `{rule}` | {of.level} | {of.meaning} |\n" for rule, of in RULES.items())
    return f"| rule | level | finds that |\n| --- | --- | --- |\n{rows}"


def audit_verdicts() -> str:
    """Return the verdicts on recorded outcomes as a table."""
    from botcoin_dpo.contract.verdicts import STATUS_MEANINGS

    return _two_columns("verdict", "means", STATUS_MEANINGS.items())


def audit_grounds() -> str:
    """Return what verdicts stand on as a table."""
    from botcoin_dpo.contract.verdicts import GROUND_MEANINGS

    return _two_columns("ground", "means", GROUND_MEANINGS.items())


def step_reasons() -> str:
    """Return why steps are not sound as a table."""
    from botcoin_dpo.contract.verdicts import STEP_REASONS

    rows = "".join(f"| `{name}` | {of[0]} | {of[1]} |\n" for name, of in STEP_REASONS.items())
    return f"| reason | verdict | because |\n| --- | --- | --- |\n{rows}"


def audit_reasons() -> str:
    """Return why outcomes are unchecked as a table."""
    from botcoin_dpo.contract.verdicts import UNCHECKED_REASONS

    return _two_columns("reason", "because", UNCHECKED_REASONS.items())


def audit_signals() -> str:
    """Return the signals of pairs as a table."""
    from botcoin_dpo.contract.audit_rules import SIGNALS

    return _two_columns("signal", "is", SIGNALS.items())


def row_signals() -> str:
    """Return the signals of pairs that a row tells by itself as a table."""
    from botcoin_dpo.contract.pair_signals import ROW_SIGNALS

    return _two_columns("signal of a row", "is", ROW_SIGNALS.items())


def hidden_characters() -> str:
    """Return the classes of hidden characters as a table."""
    from botcoin_dpo.contract.hidden_text import CHARACTERS

    rows = "".join(
        f"| `{name}` | {', '.join(f'U+{each}' for each in of.ranges.split())} | {of.meaning} |\n"
        for name, of in CHARACTERS.items()
    )
    return f"| class | code points | are |\n| --- | --- | --- |\n{rows}"


def _two_columns(name: str, meaning: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"| `{key}` | {text} |\n" for key, text in rows)
    return f"| {name} | {meaning} |\n| --- | --- |\n{lines}"


PARTS: dict[str, Callable[[], str]] = {
    "row": partial(readme_part, "row"),
    "sample": partial(readme_part, "sample"),
    "why": partial(readme_part, "why"),
    "reference": reference,
    "exit-codes": exit_codes,
    "rules": rules,
    "configs": configs,
    "hidden-characters": hidden_characters,
    "audit-rules": audit_rules,
    "audit-verdicts": audit_verdicts,
    "audit-grounds": audit_grounds,
    "step-reasons": step_reasons,
    "audit-reasons": audit_reasons,
    "audit-signals": audit_signals,
    "row-signals": row_signals,
}
"""What makes each of the parts, by the name that marks it."""


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # for `tests`
    NUMBERS.write_text(numbers(), encoding="utf-8")
    for document in DOCUMENTS.values():
        document.write_text(refreshed(document.read_text(encoding="utf-8")), encoding="utf-8")
