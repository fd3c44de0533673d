"""One finding of an audit; the rules are the contract's.

Contract: schemas/README.md, "Audit".
"""

from typing import Any, NamedTuple

from botcoin_dpo.contract.audit_rules import RULES, Level, RuleId


class Finding(NamedTuple):
    """One thing that a record says and that is not so."""

    rule: RuleId
    subject: str
    """The step, constraint or field that is meant."""
    recorded: Any
    recomputed: Any

    @property
    def level(self) -> Level:
        """Of the rule."""
        return RULES[self.rule].level
