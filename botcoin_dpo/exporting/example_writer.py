"""Writes the examples of an export: of each row and attempt, what every config makes of it.

    rows, attempts ─▶ texts ─▶ examples of each config ─▶ safety, lengths ─▶ files of a split

Nothing is held but one row group of each config, and what was seen of one challenge.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.contract.pair_types import EXCLUDED
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import Split
from botcoin_dpo.exporting.attempts import BuiltAttempt, BuiltAttempts, BuiltInput
from botcoin_dpo.exporting.chat_templates import TemplateFailure
from botcoin_dpo.exporting.configs.config import Config
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.lengths import HubTokenizer, Lengths, TokenCounter
from botcoin_dpo.exporting.losses import DROP_IF
from botcoin_dpo.exporting.miner_digests import anonymous
from botcoin_dpo.exporting.options import ExportOptions
from botcoin_dpo.exporting.result import ExportedConfig
from botcoin_dpo.exporting.rows import BuiltRows
from botcoin_dpo.exporting.safety import unsafe_text_in
from botcoin_dpo.exporting.tables import (
    TableWriter,
)
from botcoin_dpo.exporting.template_check import TemplateCheck
from botcoin_dpo.exporting.texts import Texts, attempt_text
from botcoin_dpo.exporting.thinking import (
    ThinkingStyle,
    carried,
    has_messages,
    with_thoughts,
)

_Table = tuple[ExportedConfig, TableWriter]


class _Seen:
    """What was there before, for each table: of one challenge, as an attempt belongs to one."""

    def __init__(self, tables: int) -> None:
        self.by_table: list[set[bytes]] = [set() for _ in range(tables)]
        self._challenge = b""

    def begin(self, challenge: bytes) -> None:
        """Forget what was seen if this is another challenge."""
        if challenge != self._challenge:
            self._challenge = challenge
            for identities in self.by_table:
                identities.clear()


class ExampleWriter:
    """Hands each row and each attempt to every config that uses it."""

    def __init__(
        self,
        configs: Sequence[Config],
        counter: TokenCounter,
        options: ExportOptions,
        folder: Path,
    ) -> None:
        """Write the examples of some configs.

        Args:
            configs: in the order of the card.
            counter: measures examples.
            options: what is left out, and how the rest is written.
            folder: where the files go.
        """
        self.exported = [_begun(config, counter, options.thinking) for config in configs]
        self._options, self._folder = options, folder
        self.rows_dropped: Counter[str] = Counter()
        """By the condition that drops them, or `excluded`."""
        self.excluded_ids: set[str] = set()
        """Ids of excluded pairs that were there."""
        self._place: tuple[bytes, Split] = b"", "train"
        """Of the examples that come now: the digest of their challenge, and their split."""

    def export_split(self, rows: BuiltRows, attempts: BuiltAttempts | None, split: Split) -> None:
        """Write the files of one split."""
        with ExitStack() as stack:
            writers = [
                stack.enter_context(
                    TableWriter(
                        self._folder,
                        each.config.name,
                        split,
                        each.config.columns,
                        self._options.format,
                    )
                )
                for each in self.exported
            ]
            tables = list(zip(self.exported, writers, strict=True))
            for each in self.exported:
                if each.template is not None:
                    each.template.begin_split()
            self._export_rows(rows, tables, split)
            if attempts is not None:
                of_attempts = [each for each in tables if each[0].config.is_of_attempts]
                self._export_attempts(attempts, of_attempts, split)
            for each, writer in tables:
                each.files += writer.finish()

    def _export_rows(self, rows: BuiltRows, tables: Sequence[_Table], split: Split) -> None:
        seen = _Seen(len(tables))
        for challenge, pair_type, row in rows.of_split(split):
            seen.begin(challenge)
            self._place = challenge, split
            if (reason := self._reason_to_drop(row)) is not None:
                self.rows_dropped[reason] += 1
                for each in self.exported:
                    if pair_type in each.config.pair_types:
                        each.rows_dropped[EXCLUDED if reason == EXCLUDED else DROP_IF] += 1
                continue
            key = self._options.key
            texts = Texts(row if key is None else anonymous(row, key), self._options.text)
            for (each, writer), identities in zip(tables, seen.by_table, strict=True):
                if pair_type in each.config.pair_types:
                    self._add(each.config.examples(texts), each, writer, identities)

    def _export_attempts(
        self, attempts: BuiltAttempts, tables: Sequence[_Table], split: Split
    ) -> None:
        seen = _Seen(len(tables))
        for challenge, built in attempts.of_split(split):
            seen.begin(challenge)
            self._place = challenge, split
            text = (
                ""
                if isinstance(built, BuiltInput)
                else attempt_text(built.facts, self._options.text)
            )
            for (each, writer), identities in zip(tables, seen.by_table, strict=True):
                self._add(_examples_of(each.config, built, text), each, writer, identities)

    def _reason_to_drop(self, row: JsonObject) -> str | None:
        """Return why a row is in no config, None if it stays; as in a build, conditions first."""
        reason = self._options.choice.reason_to_drop(row, row.get("audit"))
        if self._options.excluded.holds(row):
            self.excluded_ids.add(pair_id_of(row))
            return reason or EXCLUDED
        return reason

    def _add(
        self,
        examples: Iterable[Example],
        each: ExportedConfig,
        writer: TableWriter,
        seen: set[bytes],
    ) -> None:
        for example in examples:
            if example.identity is not None:
                if example.identity in seen:
                    continue
                seen.add(example.identity)
            if example.dropped is not None:
                each.dropped[example.dropped] += 1
            elif not each.config.is_archive and unsafe_text_in(example.values or {}):
                each.dropped["unsafe_text"] += 1
            elif example.values is not None:
                values = carried(example.values, each.thinking)
                if not self._fits(values, each):
                    continue
                if _contradicts(values, seen):
                    each.dropped["both_labels"] += 1
                    continue
                writer.add(values, sum(map(_size_of, values.values())))
                each.count_checks(values)
                if not each.config.is_archive:
                    each.texts.add(*self._place, example.values)
                if each.template is not None:
                    each.template.look_at(example.values)

    def _fits(self, values: JsonObject, each: ExportedConfig) -> bool:
        """Return whether an example is short enough, and note its length if it is."""
        if each.lengths is None:
            return True
        most = self._options.max_tokens
        try:
            lengths = each.lengths.measure(values)
        except TemplateFailure as error:
            if most is not None or each.template is None:
                raise
            each.template.note_failure(error.reason)
            each.lengths = None
            return True
        if most is not None and lengths["whole"] > most:
            each.dropped["too_long"] += 1
            return False
        each.lengths.add(lengths)
        return True


def _begun(config: Config, counter: TokenCounter, thinking: ThinkingStyle) -> ExportedConfig:
    """Return a config before its first example."""
    style: ThinkingStyle = thinking if config.input_examples is None else "inline"
    template = None
    if isinstance(counter, HubTokenizer) and not config.is_archive and has_messages(config.columns):
        template = TemplateCheck(counter.template, style)
    config = with_thoughts(config, thinking)
    return ExportedConfig(config, None if config.is_archive else Lengths(counter), style, template)


def _examples_of(
    config: Config, built: BuiltAttempt | BuiltInput, completion: str
) -> Iterable[Example]:
    if isinstance(built, BuiltInput):
        return () if config.input_examples is None else config.input_examples(built)
    return () if config.attempt_examples is None else config.attempt_examples(built, completion)


def _contradicts(values: JsonObject, seen: set[bytes]) -> bool:
    """Return whether an example was there before with the other label, and remember it."""
    if "label" not in values:
        return False
    text = sha256(values["completion"].encode()).digest()
    other, own = (bytes([label]) + text for label in (not values["label"], values["label"]))
    seen.add(own)
    return other in seen


def _size_of(value: Any) -> int:
    """Return about how many bytes the texts of a value take."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(inner) for inner in value.values() if isinstance(inner, str))
    return sum(map(_size_of, value)) if isinstance(value, list) else 8
