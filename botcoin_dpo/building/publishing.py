"""Publishes a build, unless a gate keeps it back.

Contract: schemas/README.md, "Gates".
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from botcoin_dpo.building.built import Built, write_rest
from botcoin_dpo.building.gates import BuildGates, require_attempts
from botcoin_dpo.building.options import BuildOptions
from botcoin_dpo.building.result import BuildResult, why_no_pairs
from botcoin_dpo.dataset.manifest import BUILD
from botcoin_dpo.files.current import published_in
from botcoin_dpo.files.input_file import LogFile, display_name, large_indivisible
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.remote_staging import staging_in
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.files.staging import Staging, staging_paths

_FIRST_QUARANTINED = 20


def own_places(out: Path | RemotePath) -> frozenset[str]:
    """Return what belongs to an output, and is passed over where logs are looked for."""
    return frozenset(map(str, [out] if isinstance(out, RemotePath) else staging_paths(out)))


@contextmanager
def staging_of(
    target: Path | RemotePath | None, *, overwrite: bool
) -> Iterator[tuple[Staging | None, Path]]:
    """Yield where a dataset is made, or, for a dry run, only a scratch folder."""
    if target is None:
        with scratch_folder() as scratch:
            yield None, scratch
    else:
        with staging_in(target, BUILD, overwrite=overwrite) as staging:
            yield staging, staging.scratch


def publish_built(
    built: Built,
    staging: Staging | None,
    options: BuildOptions,
    *,
    gates: BuildGates,
    allow_empty: bool,
    arguments: Sequence[object],
    files: Sequence[LogFile],
    out: Path | RemotePath,
) -> BuildResult:
    """Write the rest of a dataset and publish it, and return what became of it.

    Args:
        built: what was made; the files that hold lines are in the staging folder.
        staging: the staging folder; without one, nothing is written.
        options: what shaped the build.
        gates: what it must be like.
        allow_empty: publish it even if the logs hold no attempt.
        arguments: the log arguments, as messages name them.
        files: the log files.
        out: where it is published, and the previous build is.

    Raises:
        InputError: there is no attempt, or the previous build is damaged.
        OutputError: it cannot be published.
    """
    first_quarantined = built.quarantine.first(_FIRST_QUARANTINED)
    named = {entry["file"] for entry in first_quarantined}
    places = {
        file.name: display_name(file.path) for file in files if file.path and file.name in named
    }
    if not allow_empty:
        require_attempts(built.funnel, arguments, first_quarantined, places)
    refusals = gates.refusals(built.funnel, _previous_build(out))
    if staging and not refusals:
        write_rest(staging.dataset, built, options)
        staging.publish(files)
    return BuildResult(
        funnel=built.funnel,
        shards=built.shards,
        facts=built.facts,
        out=out if staging and not refusals else None,
        refusals=refusals,
        first_quarantined=first_quarantined,
        places=places,
        advice=None if built.funnel.rows else why_no_pairs(built.funnel, options),
        unsafe_prompts=built.unsafe_prompts,
        large_files=large_indivisible(files),
    )


def _previous_build(out: Path | RemotePath) -> Path | RemotePath:
    return published_in(out) if isinstance(out, RemotePath) else staging_paths(out)[0]
