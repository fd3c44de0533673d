"""Exports a build as a folder for the Hugging Face Hub and for TRL.

    rows ─▶ texts ─▶ examples of each config ─▶ lengths ─▶ Parquet or JSON lines ─▶ card

Contract: schemas/README.md, "Exports".
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from botcoin_dpo.building.gates import Refusal
from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.contract.pair_conditions import choose_pairs
from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.dataset.excluded_pairs import read_excluded
from botcoin_dpo.dataset.front_matter import CARD
from botcoin_dpo.dataset.local_copy import local_copy
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.engines.progress import Progress, ProgressCounter, listening
from botcoin_dpo.errors import InputError, UsageError, choice_of, count_of
from botcoin_dpo.exporting.attempts import BuiltAttempts
from botcoin_dpo.exporting.card.card import make_card
from botcoin_dpo.exporting.card.facts import CardFacts, require_name
from botcoin_dpo.exporting.configs.catalogue import available_configs, choose_configs
from botcoin_dpo.exporting.croissant import make_croissant
from botcoin_dpo.exporting.example_writer import ExampleWriter
from botcoin_dpo.exporting.folder import CROISSANT, DATASET_INFO, EXPORT, REWARD, files_beside
from botcoin_dpo.exporting.lengths import Estimate, HubTokenizer, TokenCounter
from botcoin_dpo.exporting.licenses import DEFAULT_LICENSE, check_license
from botcoin_dpo.exporting.llama_factory import make_dataset_info
from botcoin_dpo.exporting.losses import loss_of_all_rows, refusal_of, warning_of
from botcoin_dpo.exporting.miner_digests import read_key
from botcoin_dpo.exporting.options import ExportOptions
from botcoin_dpo.exporting.result import ExportedConfig, ExportResult
from botcoin_dpo.exporting.rows import BuiltRows
from botcoin_dpo.exporting.tables import (
    TABLE_FORMATS,
    TableFormat,
    require_format,
)
from botcoin_dpo.exporting.template_check import TemplateCheck
from botcoin_dpo.exporting.template_remedies import template_refusal, template_warning
from botcoin_dpo.exporting.text_statistics import warnings_of
from botcoin_dpo.exporting.texts import TEXT_STYLES, TextStyle
from botcoin_dpo.exporting.thinking import (
    THINKING_STYLES,
    ThinkingStyle,
)
from botcoin_dpo.files.current import published_in
from botcoin_dpo.files.hashed_file import HashedFile
from botcoin_dpo.files.local_paths import input_path, input_place, output_place
from botcoin_dpo.files.named_files import reading
from botcoin_dpo.files.remote_staging import staging_in

DEFAULT_NAME = "BOTCOIN preference pairs"


def export(
    build: str | Path = "out",
    out: str | Path = "hub",
    *,
    configs: Sequence[str] | str = (),
    format: TableFormat = "parquet",
    text: TextStyle = "clean",
    license: str = DEFAULT_LICENSE,
    name: str = DEFAULT_NAME,
    anonymize_miners: str | Path | None = None,
    tokenizer: str | None = None,
    thinking: ThinkingStyle = "inline",
    strict_template: bool = False,
    max_tokens: int | None = None,
    drop_if: Sequence[str] | str = (),
    keep_if: Sequence[str] | str = (),
    exclude: str | Path | None = None,
    allow_empty: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> ExportResult:
    """Export a build as a folder that `datasets` loads and TRL trains on.

    Args:
        build: the built folder, local or by URL; of a remote one a copy is made.
        out: the folder to publish, local or in a store, by URL.
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
    place, target = input_place(build, "BUILD"), output_place(out, "--out")
    key_file = (
        None if anonymize_miners is None else input_path(anonymize_miners, "--anonymize-miners")
    )
    if tokenizer is not None:
        input_path(tokenizer, "--tokenizer")
    source = published_in(place)
    unchanged = Unchanged(source)
    with unchanged:
        manifest = read_manifest(source)
    condition = choice.first_that_needs_audit
    if condition and not manifest["options"].get("audit"):
        raise InputError(f"{place}: has no audit for {condition} to go by; build it with --audit")
    key = None if key_file is None else read_key(key_file)
    pair_types = list(dict.fromkeys(shard["pair_type"] for shard in manifest["shards"]))
    has_attempts = _has_attempts(manifest, is_chosen=bool(choice or excluded))
    if not pair_types and not has_attempts:
        raise InputError(f"{place}: has no rows to export; see its README.md for what was dropped")
    chosen = choose_configs(
        available_configs(
            pair_types,
            has_attempts=has_attempts,
            has_verdicts=has_attempts and bool(manifest["options"].get("audit")),
        ),
        configs,
    )
    require_format(format)
    used = frozenset[PairType]().union(*(config.pair_types for config in chosen))
    shards = [shard for shard in manifest["shards"] if shard["pair_type"] in used]
    has_attempts = has_attempts and any(config.is_of_attempts for config in chosen)
    options = ExportOptions(format, text, thinking, key, max_tokens, choice, excluded)
    counter: TokenCounter = Estimate() if tokenizer is None else HubTokenizer(tokenizer)
    with (
        staging_in(target, EXPORT, overwrite=overwrite) as staging,
        local_copy(source, progress) as folder,
    ):
        rows = BuiltRows(folder, shards)
        attempts = BuiltAttempts(folder, manifest) if has_attempts else None
        size = sum(shard["bytes"] for shard in shards)
        size += attempts.size * len(SPLITS) if attempts else 0
        done = ProgressCounter(progress, "exporting", size)
        writer = ExampleWriter(chosen, counter, options, staging.dataset)
        with unchanged, listening(done.add):
            for split in SPLITS:
                writer.export_split(rows, attempts, split)
            with reading(folder / MANIFEST, "try again") as file:
                manifest_sha256 = sha256(file.read()).hexdigest()
        kept = [each for each in writer.exported if each.files]
        left_out = [each for each in writer.exported if not each.files]
        refusals, more_warnings = _judge(left_out, configs)
        warnings += more_warnings + warnings_of({each.config.name: each.texts for each in kept})
        wrong = [] if strict_template else [template_warning(*each) for each in _checked(kept)]
        warnings += filter(None, wrong)
        is_smaller = attempts is None and "attempt_files" in manifest
        if is_smaller and any(each.config.attempt_examples for each in kept):
            warnings.append(_ATTEMPTS_OF_PAIRS)
        if missing := len(excluded.ids - writer.excluded_ids):
            warnings.append(
                f"--exclude: {missing:,} of {count_of(len(excluded.ids), 'id')} "
                f"{'is' if missing == 1 else 'are'} of no pair in these configs"
            )
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
            rows_dropped=writer.rows_dropped,
            refusals=[],
            warnings=warnings,
        )
        refusals = [*(() if allow_empty else refusals), *template_refusals]
        if refusals:
            return replace(result, out=None, refusals=refusals)
        if not kept:
            raise InputError(f"{place}: nothing is left to export: {_why(writer.exported)}")
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
            rows_dropped=writer.rows_dropped,
        )
        with HashedFile(staging.dataset / CARD) as card:
            card.write(make_card(facts).encode())
        for name in files_beside({each.config.name for each in kept}):
            with HashedFile(staging.dataset / name) as beside:
                beside.write(_BESIDE[name](facts))
            if target.name == Path(REWARD).stem == Path(name).stem:
                warnings.append(
                    f"{target}: `datasets` takes {name} in a folder of this name for a script and "
                    "does not load it; name the folder otherwise"
                )
        staging.publish()
    return result


_ATTEMPTS_OF_PAIRS = (
    "configs of attempts hold only attempts of the pairs that are left, and configs of tasks and "
    "steps are left out, since pairs are dropped; export these without a condition"
)

_BESIDE: dict[str, Callable[[CardFacts], bytes]] = {
    CROISSANT: make_croissant,
    DATASET_INFO: make_dataset_info,
    REWARD: lambda facts: (files("botcoin_dpo.exporting") / REWARD).read_bytes(),
}
"""What makes the files beside the tables."""


def _has_attempts(manifest: JsonObject, *, is_chosen: bool) -> bool:
    """Return whether configs of attempts are made of a build's attempts, not of its rows.

    An attempt object does not say what the audit found or in which pairs it is, so where pairs are
    dropped by that, here or by the build, only attempts of the pairs that are left are wanted.
    """
    options = manifest["options"]
    is_chosen = is_chosen or any(
        options.get(option) for option in ("drop_if", "keep_if", "exclude")
    )
    return "attempt_files" in manifest and not is_chosen


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


def _checked(configs: Sequence[ExportedConfig]) -> Iterator[tuple[str, TemplateCheck]]:
    """Yield the configs whose examples were rendered, by name."""
    for each in configs:
        if each.template is not None:
            yield each.config.name, each.template


def _why(exported: Sequence[ExportedConfig]) -> str:
    dropped: Counter[str] = Counter()
    for each in exported:
        dropped.update(each.losses)
    counts = ", ".join(f"{count} {reason}" for reason, count in sorted(dropped.items()) if count)
    return f"dropped are {counts}" if counts else "no row fits the chosen configs"
