"""Rules of the audit, named one by one or by level."""

import pytest

from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.audit_rules import RULES, parse_rules
from botcoin_dpo.errors import UsageError


def test_rules_are_named_one_by_one_or_by_level() -> None:
    assert parse_rules(["path_claim"], "--drop-if") == {"path_claim"}
    assert parse_rules(["contradicted"], "--drop-if") == {
        rule for rule, of in RULES.items() if of.level == "contradicted"
    }
    with pytest.raises(UsageError, match="--drop-if lies: no such rule; choose from contradicted"):
        parse_rules(["lies"], "--drop-if")
    assert Finding("citation_tier", "e1", "EXACT", "does not match").level == "suspicious"
