"""Golden parts of the documents, made by the program itself. Run: python tests/refresh.py.

In README.md the command reference is the help, and the worked pair is a row of the sample data; in
schemas/README.md the rules of validation are those of the code.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CONTRACT = ROOT / "schemas" / "README.md"
COMMANDS = (
    (), ("build",), ("validate",), ("stats",), ("audit",), ("show",), ("report",), ("export",),
    ("simulate",),
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
        f"### `{' '.join(('botcoin-dpo', *command))}`\n\n```text\n{_help(command)}```\n"
        for command in COMMANDS
    )


def rules() -> str:
    """Return the rules of validation as a table."""
    from botcoin_dpo.validation.findings import RULES

    rows = "".join(f"| `{rule}` | {meaning} |\n" for rule, meaning in RULES.items())
    return f"| rule | finds that |\n| --- | --- |\n{rows}"


def configs() -> str:
    """Return the configs of exports as a table."""
    from botcoin_dpo.exporting.configs import available_configs

    rows = "".join(
        f"| `{config.name.replace('sequential', '<pair_type>')}` "
        f"| {config.meaning.replace('sequential ', '')} | {config.trainer or '-'} "
        f"| {'those of the row' if config.is_archive else ', '.join(config.columns.fields)} |\n"
        for config in available_configs(("sequential",))
    )
    return f"| config | holds | TRL | columns |\n| --- | --- | --- | --- |\n{rows}"


def worked_pair() -> str:
    """Return one row of the sample data in short."""
    from botcoin_dpo import build

    with TemporaryDirectory() as folder:
        build(ROOT / "sample_data" / "logs", Path(folder, "out"))
        rows = [
            json.loads(line)
            for path in sorted(Path(folder, "out").glob("sequential/*.jsonl"))
            for line in path.read_bytes().splitlines()
        ]
    row = next(
        row
        for row in rows
        if row["chosen_metadata"]["record_id"] == "71c5af5a-54eb-464f-944c-3ca7cea2b708"
    )
    notes, rejected, chosen = (
        row[key] for key in ("pair_annotations", "rejected_metadata", "chosen_metadata")
    )
    flipped = notes["constraint_flips"]["flipped_to_pass"]
    shown: dict[str, Any] = {
        "rejected": row["rejected"]["artifact"],
        "chosen": row["chosen"]["artifact"],
        "constraints passed": f"{rejected['constraint_pass_count']} -> "
        f"{chosen['constraint_pass_count']} of {notes['constraint_total']}",
        "flipped to pass": "; ".join(row["constraints"][index] for index in flipped),
        "feedback": json.dumps(notes["feedback_between_attempts"]),
        "revision time": f"{notes['revision_time_ms']} ms",
        "split": row["split"],
    }
    width = max(map(len, shown))
    lines = (f"{key:<{width}}  {value}" for key, value in shown.items())
    return "```text\n" + "\n".join(lines) + "\n```\n"


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


def audit_reasons() -> str:
    """Return why outcomes are unchecked as a table."""
    from botcoin_dpo.auditing.checks.constraint_outcomes import UNCHECKED_REASONS

    return _two_columns("reason", "because", UNCHECKED_REASONS.items())


def audit_signals() -> str:
    """Return the signals of pairs as a table."""
    from botcoin_dpo.contract.audit_rules import SIGNALS

    return _two_columns("signal", "is", SIGNALS.items())


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


PARTS = {
    "reference": reference,
    "pair": worked_pair,
    "rules": rules,
    "configs": configs,
    "hidden-characters": hidden_characters,
    "audit-rules": audit_rules,
    "audit-reasons": audit_reasons,
    "audit-signals": audit_signals,
}
"""What makes each of the parts, by the name that marks it."""


if __name__ == "__main__":
    for document in (README, CONTRACT):
        document.write_text(refreshed(document.read_text(encoding="utf-8")), encoding="utf-8")
