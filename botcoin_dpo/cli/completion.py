"""What a shell offers for the values of options; all is imported only once a shell asks."""

from collections.abc import Iterable


def strategies(incomplete: str) -> list[str]:
    """Return the strategies that are built in."""
    from botcoin_dpo.contract.pair_types import PAIR_FAMILIES

    return _last_of_list(incomplete, PAIR_FAMILIES)


def configs(incomplete: str) -> list[str]:
    """Return the configs of all pair types."""
    from botcoin_dpo.contract.pair_types import PAIR_FAMILIES
    from botcoin_dpo.exporting.configs.catalogue import available_configs

    available = available_configs(tuple(PAIR_FAMILIES), has_attempts=True, has_verdicts=True)
    return _last_of_list(incomplete, (config.name for config in available))


def conditions(incomplete: str) -> list[str]:
    """Return the levels and rules of the audit, and what longer conditions begin with."""
    from botcoin_dpo.contract.audit_rules import LEVELS, RULES, SIGNALS
    from botcoin_dpo.contract.pair_conditions import SIDES

    return _last_of_list(incomplete, (*LEVELS, *RULES, *SIDES, *SIGNALS))


def levels(incomplete: str) -> list[str]:
    """Return the levels of the audit."""
    from botcoin_dpo.contract.audit_rules import LEVELS

    return _starting(incomplete, LEVELS)


def engines(incomplete: str) -> list[str]:
    """Return where work can run."""
    from botcoin_dpo.engines.names import ENGINE_NAMES

    return _starting(incomplete, ENGINE_NAMES)


def kinds(incomplete: str) -> list[str]:
    """Return the kinds of constraints."""
    from botcoin_dpo.constraints.kinds import KIND_NAMES

    return _starting(incomplete, KIND_NAMES)


def orders(incomplete: str) -> list[str]:
    """Return the orders of a list of pairs."""
    from botcoin_dpo.viewing.catalogue import ORDERS

    return _starting(incomplete, ORDERS)


def licenses(incomplete: str) -> list[str]:
    """Return the licenses that the Hub knows."""
    from botcoin_dpo.exporting.licenses import HUB_LICENSES

    return _starting(incomplete, sorted(HUB_LICENSES))


def domains(incomplete: str) -> list[str]:
    """Return the topics of simulated challenges."""
    from botcoin_dpo.simulation.domain_files import built_in_domains

    return _last_of_list(incomplete, built_in_domains())


def progress_modes(incomplete: str) -> list[str]:
    """Return the ways to show progress."""
    from botcoin_dpo.cli.progress import PROGRESS_MODES

    return _starting(incomplete, PROGRESS_MODES)


def table_formats(incomplete: str) -> list[str]:
    """Return the file formats of exports."""
    from botcoin_dpo.exporting.tables import TABLE_FORMATS

    return _starting(incomplete, TABLE_FORMATS)


def text_styles(incomplete: str) -> list[str]:
    """Return the styles of exported texts."""
    from botcoin_dpo.exporting.texts import TEXT_STYLES

    return _starting(incomplete, TEXT_STYLES)


def log_formats(incomplete: str) -> list[str]:
    """Return the file formats of simulated logs."""
    from botcoin_dpo.simulation.log_files import LOG_FORMATS

    return _starting(incomplete, LOG_FORMATS)


def context_places(incomplete: str) -> list[str]:
    """Return where the documents of simulated logs may be."""
    from botcoin_dpo.simulation.simulation import CONTEXT_PLACES

    return _starting(incomplete, CONTEXT_PLACES)


def rules(incomplete: str) -> list[str]:
    """Return the rules of an audit, and their levels."""
    from botcoin_dpo.contract.audit_rules import LEVELS, RULES

    return _starting(incomplete, (*LEVELS, *RULES))


def _starting(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _last_of_list(incomplete: str, names: Iterable[str]) -> list[str]:
    """Return the comma lists that end in a name."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in _starting(last, names)]
