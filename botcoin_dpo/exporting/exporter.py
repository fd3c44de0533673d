"""Exports a build as a folder for the Hugging Face Hub and for TRL.

    rows ─▶ texts ─▶ examples of each config ─▶ lengths ─▶ Parquet or JSON lines ─▶ card

Nothing is held but one row group of each config. Contract: schemas/README.md, "Exports".
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from botcoin_dpo.building.gates import Refusal
from botcoin_dpo.contract.identifiers import normalize_miner
from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.contract.pair_conditions import PairChoice, choose_pairs
from botcoin_dpo.contract.pair_types import EXCLUDED, PairType
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import SPLITS, Split
from botcoin_dpo.dataset.excluded_pairs import ExcludedPairs, read_excluded
from botcoin_dpo.dataset.front_matter import CARD
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.engines.progress import Progress, ProgressCounter, listening
from botcoin_dpo.errors import InputError, UsageError, choice_of
from botcoin_dpo.exporting.attempts import BuiltAttempt, BuiltAttempts, BuiltInput
from botcoin_dpo.exporting.card.card import make_card
from botcoin_dpo.exporting.card.facts import CardFacts, require_name
from botcoin_dpo.exporting.chat_templates import TemplateFailure
from botcoin_dpo.exporting.configs.catalogue import available_configs, choose_configs
from botcoin_dpo.exporting.configs.config import Config
from botcoin_dpo.exporting.croissant import make_croissant
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.folder import CROISSANT, EXPORT, REWARD, files_beside
from botcoin_dpo.exporting.lengths import Estimate, HubTokenizer, Lengths, TokenCounter
from botcoin_dpo.exporting.licenses import DEFAULT_LICENSE, check_license
from botcoin_dpo.exporting.losses import DROP_IF, loss_of_all_rows, refusal_of, warning_of
from botcoin_dpo.exporting.result import ExportedConfig, ExportResult
from botcoin_dpo.exporting.rows import BuiltRows
from botcoin_dpo.exporting.safety import unsafe_text_in
from botcoin_dpo.exporting.tables import (
    TABLE_FORMATS,
    TableFormat,
    TableWriter,
    require_format,
)
from botcoin_dpo.exporting.template_check import TemplateCheck
from botcoin_dpo.exporting.template_remedies import template_refusal, template_warning
from botcoin_dpo.exporting.texts import TEXT_STYLES, Texts, TextStyle, attempt_text
from botcoin_dpo.exporting.thinking import (
    THINKING_STYLES,
    ThinkingStyle,
    carried,
    has_messages,
    with_thoughts,
)
from botcoin_dpo.files.hashed_file import HashedFile
from botcoin_dpo.files.local_paths import input_path, output_path
from botcoin_dpo.files.named_files import reading
from botcoin_dpo.files.staging import StagingFolder

DEFAULT_NAME = "BOTCOIN preference pairs"

_SHORTEST_KEY = 16
_LONGEST_KEY = 10**6


def export(
    build: str | Path = "out",
    out: str | Path = "hub",
    *,
    configs: Sequence[str] = (),
    format: TableFormat = "parquet",
    text: TextStyle = "clean",
    license: str = DEFAULT_LICENSE,
    name: str = DEFAULT_NAME,
    anonymize_miners: str | Path | None = None,
    tokenizer: str | None = None,
    thinking: ThinkingStyle = "inline",
    strict_template: bool = False,
    max_tokens: int | None = None,
    drop_if: Sequence[str] = (),
    keep_if: Sequence[str] = (),
    exclude: str | Path | None = None,
    allow_empty: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> ExportResult:
    """Export a build as a folder that `datasets` loads and TRL trains on.

    Args:
        build: the built folder.
        out: the folder to publish.
        configs: names of configs; all that the build can have if empty.
        format: `parquet` or `jsonl`.
        text: `clean` leaves out what the coordinator added to traces and what speaks of an
            attempt that a prompt does not show; `canonical` is the row's own text.
        license: for the card, as the Hub spells it; the result warns of one that it does not know.
        name: for the card.
        anonymize_miners: a file with a key; miner ids become keyed digests.
        tokenizer: name or folder of the tokenizer that counts tokens; an estimate without it.
        thinking: how messages carry the trace: `inline`, between think tags, or in a field of
            this name.
        strict_template: publish nothing if the tokenizer's chat template does not leave examples
            of messages whole.
        max_tokens: drop examples that are longer.
        drop_if: conditions on pairs; a row that one of them holds for is dropped.
        keep_if: conditions on pairs; a row that one of them does not hold for is dropped.
        exclude: a file of pair ids; their rows are dropped.
        allow_empty: leave out configs that lose all their rows, instead of publishing nothing.
        overwrite: replace a previous export.
        progress: called with bytes read.

    Raises:
        UsageError: an option makes no sense, or a library that it needs is missing.
        InputError: the build cannot be used.
        OutputError: the folder cannot be written.
    """
    choice_of("--format", format, TABLE_FORMATS)
    choice_of("--text", text, TEXT_STYLES)
    choice_of("--thinking", thinking, THINKING_STYLES)
    if strict_template and tokenizer is None:
        raise UsageError("--strict-template: needs --tokenizer, whose chat template it is about")
    warnings = check_license(license)
    require_name(name)
    if max_tokens is not None and max_tokens < 1:
        raise UsageError("--max-tokens: must be at least 1")
    choice, excluded = choose_pairs(drop_if, keep_if), read_excluded(exclude)
    folder, target = input_path(build, "BUILD"), output_path(out, "--out")
    key_file = (
        None if anonymize_miners is None else input_path(anonymize_miners, "--anonymize-miners")
    )
    if tokenizer is not None:
        input_path(tokenizer, "--tokenizer")
    unchanged = Unchanged(folder)
    with unchanged:
        manifest = read_manifest(folder)
    condition = choice.first_that_needs_audit
    if condition and not manifest["options"].get("audit"):
        raise InputError(f"{folder}: has no audit for {condition} to go by; build it with --audit")
    key = None if key_file is None else _read_key(key_file)
    pair_types = list(dict.fromkeys(shard["pair_type"] for shard in manifest["shards"]))
    attempts = _attempts_of(folder, manifest, is_chosen=bool(choice or excluded))
    if not pair_types and attempts is None:
        raise InputError(f"{folder}: has no rows to export; see its README.md for what was dropped")
    chosen = choose_configs(
        available_configs(
            pair_types,
            has_attempts=attempts is not None,
            has_verdicts=attempts is not None and bool(manifest["options"].get("audit")),
        ),
        configs,
    )
    require_format(format)
    used = frozenset[PairType]().union(*(config.pair_types for config in chosen))
    shards = [shard for shard in manifest["shards"] if shard["pair_type"] in used]
    if not any(config.is_of_attempts for config in chosen):
        attempts = None
    size = sum(shard["bytes"] for shard in shards) + (attempts.size if attempts else 0) * len(
        SPLITS
    )
    done = ProgressCounter(progress, "exporting", size)
    rows = BuiltRows(folder, shards)
    counter: TokenCounter = Estimate() if tokenizer is None else HubTokenizer(tokenizer)
    with StagingFolder(target, overwrite=overwrite, product=EXPORT) as staging:
        exporter = _Exporter(
            chosen,
            counter,
            format,
            text,
            thinking,
            key,
            max_tokens,
            choice,
            excluded,
            staging.dataset,
        )
        with unchanged, listening(done.add):
            for split in SPLITS:
                exporter.export_split(rows, attempts, split)
            with reading(folder / MANIFEST, "try again") as file:
                manifest_sha256 = sha256(file.read()).hexdigest()
        kept = [each for each in exporter.exported if each.files]
        left_out = [each for each in exporter.exported if not each.files]
        refusals, more_warnings = _judge(left_out, configs)
        warnings += more_warnings
        wrong = [] if strict_template else [template_warning(*each) for each in _checked(kept)]
        warnings += filter(None, wrong)
        refused = [template_refusal(*each) for each in _checked(kept)] if strict_template else []
        template_refusals = [*filter(None, refused)]
        result = ExportResult(
            out=target,
            configs=kept,
            left_out=left_out,
            tokenizer=counter.name,
            text=text,
            thinking=thinking,
            has_all_attempts=attempts is not None,
            rows_dropped=exporter.rows_dropped,
            refusals=[],
            warnings=warnings,
        )
        refusals = [*(() if allow_empty else refusals), *template_refusals]
        if refusals:
            return replace(result, out=None, refusals=refusals)
        if not kept:
            raise InputError(f"{folder}: nothing is left to export: {_why(exporter.exported)}")
        facts = CardFacts(
            name=name,
            license=license,
            manifest=manifest,
            manifest_sha256=manifest_sha256,
            configs=kept,
            format=format,
            text=text,
            thinking=thinking,
            tokenizer=counter.name,
            max_tokens=max_tokens,
            is_anonymized=key is not None,
            has_all_attempts=attempts is not None,
            rows_dropped=exporter.rows_dropped,
        )
        with HashedFile(staging.dataset / CARD) as card:
            card.write(make_card(facts).encode())
        for name in files_beside({each.config.name for each in kept}):
            with HashedFile(staging.dataset / name) as beside:
                if name == CROISSANT:
                    beside.write(make_croissant(facts))
                    continue
                beside.write((files("botcoin_dpo.exporting") / name).read_bytes())
            if target.name == Path(REWARD).stem:
                warnings.append(
                    f"{target}: `datasets` takes {name} in a folder of this name for a script and "
                    "does not load it; name the folder otherwise"
                )
        staging.publish()
    return result


def _attempts_of(folder: Path, manifest: JsonObject, *, is_chosen: bool) -> BuiltAttempts | None:
    """Return the attempts of a build; None where configs of attempts are to be made of rows.

    An attempt object does not say what the audit found or in which pairs it is, so where pairs are
    dropped by that, here or by the build, only attempts of the pairs that are left are wanted.
    """
    options = manifest["options"]
    is_chosen = is_chosen or any(
        options.get(option) for option in ("drop_if", "keep_if", "exclude")
    )
    if "attempt_files" not in manifest or is_chosen:
        return None
    return BuiltAttempts(folder, manifest)


def _judge(
    empty: Sequence[ExportedConfig], named: Sequence[str]
) -> tuple[list[Refusal], list[str]]:
    """Return what is an error and what is a warning of configs without a row."""
    refusals, warnings = [], []
    for each in empty:
        name = each.config.name
        loss = loss_of_all_rows(each.losses, is_named=name in named)
        if loss == "error":
            refusals.append(refusal_of(name, each.losses))
        elif loss == "warning":
            warnings.append(warning_of(name, each.losses))
    return refusals, warnings


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


class _Exporter:
    """Hands each row to every config that uses it."""

    def __init__(
        self,
        configs: Sequence[Config],
        counter: TokenCounter,
        table_format: TableFormat,
        style: TextStyle,
        thinking: ThinkingStyle,
        key: bytes | None,
        max_tokens: int | None,
        choice: PairChoice,
        excluded: ExcludedPairs,
        folder: Path,
    ) -> None:
        self.exported = [
            _begun(with_thoughts(config, thinking), counter, thinking) for config in configs
        ]
        self._format, self._style, self._key = table_format, style, key
        self._max_tokens, self._folder = max_tokens, folder
        self._choice, self._excluded = choice, excluded
        self.rows_dropped: Counter[str] = Counter()
        """By the condition that drops them, or `excluded`."""

    def export_split(self, rows: BuiltRows, attempts: BuiltAttempts | None, split: Split) -> None:
        """Write the files of one split."""
        with ExitStack() as stack:
            writers = [
                stack.enter_context(
                    TableWriter(
                        self._folder, each.config.name, split, each.config.columns, self._format
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
            if (reason := self._reason_to_drop(row)) is not None:
                self.rows_dropped[reason] += 1
                for each in self.exported:
                    if pair_type in each.config.pair_types:
                        each.rows_dropped[EXCLUDED if reason == EXCLUDED else DROP_IF] += 1
                continue
            texts = Texts(row if self._key is None else anonymous(row, self._key), self._style)
            for (each, writer), identities in zip(tables, seen.by_table, strict=True):
                if pair_type in each.config.pair_types:
                    self._add(each.config.examples(texts), each, writer, identities)

    def _export_attempts(
        self, attempts: BuiltAttempts, tables: Sequence[_Table], split: Split
    ) -> None:
        seen = _Seen(len(tables))
        for challenge, built in attempts.of_split(split):
            seen.begin(challenge)
            text = "" if isinstance(built, BuiltInput) else attempt_text(built.facts, self._style)
            for (each, writer), identities in zip(tables, seen.by_table, strict=True):
                self._add(_examples_of(each.config, built, text), each, writer, identities)

    def _reason_to_drop(self, row: JsonObject) -> str | None:
        """Return why a row is in no config, None if it stays; as in a build, conditions first."""
        reason = self._choice.reason_to_drop(row, row.get("audit"))
        if reason is None and self._excluded.holds(row):
            return EXCLUDED
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
                if each.template is not None:
                    each.template.look_at(example.values)

    def _fits(self, values: JsonObject, each: ExportedConfig) -> bool:
        """Return whether an example is short enough, and note its length if it is."""
        if each.lengths is None:
            return True
        try:
            lengths = each.lengths.measure(values)
        except TemplateFailure as error:
            if self._max_tokens is not None or each.template is None:
                raise
            each.template.note_failure(error.reason)
            each.lengths = None
            return True
        if self._max_tokens is not None and lengths["whole"] > self._max_tokens:
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
    return ExportedConfig(config, None if config.is_archive else Lengths(counter), style, template)


def _checked(configs: Sequence[ExportedConfig]) -> Iterator[tuple[str, TemplateCheck]]:
    """Yield the configs whose examples were rendered, by name."""
    for each in configs:
        if each.template is not None:
            yield each.config.name, each.template


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


def anonymous(row: JsonObject, key: bytes) -> JsonObject:
    """Return a row whose miner is a digest that only who has the key can make."""
    miner = normalize_miner(row["metadata"]["miner_id"])
    digest = hmac.digest(key, miner.encode(), "sha256").hex()[:32]
    return {**row, "metadata": {**row["metadata"], "miner_id": f"miner_{digest}"}}


def _size_of(value: Any) -> int:
    """Return about how many bytes the texts of a value take."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(inner) for inner in value.values() if isinstance(inner, str))
    return sum(map(_size_of, value)) if isinstance(value, list) else 8


def _read_key(path: Path) -> bytes:
    with reading(path, "name a file with a secret key") as file:
        key = file.read(_LONGEST_KEY).strip()
    if len(key) < _SHORTEST_KEY:
        raise InputError(
            f"{path}: a key of {len(key)} bytes can be guessed; "
            f"write at least {_SHORTEST_KEY} random ones into it"
        )
    return key


def _why(exported: Sequence[ExportedConfig]) -> str:
    dropped: Counter[str] = Counter()
    for each in exported:
        dropped.update(each.losses)
    counts = ", ".join(f"{count} {reason}" for reason, count in sorted(dropped.items()) if count)
    return f"dropped are {counts}" if counts else "no row fits the chosen configs"
