"""What the trace of an attempt says: what it extracts, and what it computes from that."""

from functools import cached_property
from typing import Any

from msgspec import Struct

from botcoin_dpo.attempts.citations import Citation, citation_flags, citations_of
from botcoin_dpo.auditing.checks.computations import audit_computations
from botcoin_dpo.auditing.expected_texts.attribute_names import LONGEST_NAME
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import step_id_of


class Fact(Struct, frozen=True, gc=False):
    """What an extraction whose citation matches says."""

    entity: str
    attribute: str
    value: str | int | float


class TraceEvidence:
    """What a trace says of a document; what only some audits need is worked out for the first."""

    def __init__(self, trace: list[JsonObject], document: str) -> None:
        """Find the citations of a trace."""
        self._trace = trace
        self.citations: list[Citation] = citations_of(trace)
        """The steps that extract a fact, and what they cite."""
        self.flags: list[bool] = citation_flags(self.citations, document)
        """Of each of them, whether its citation matches."""
        self.expected: dict[int, list[Any]] = {}
        """By constraint, what `expected_texts` has found in the trace."""

    @cached_property
    def computation_findings(self) -> list[Finding]:
        """What is wrong with the computations of the trace."""
        return list(audit_computations(self._trace))

    @cached_property
    def reduced(self) -> list[Any]:
        """What the computations of the trace take modulo something, extracted or literal."""
        values: dict[str | int, Any] = {}
        for citation in self.citations:
            name = step_id_of(citation.step)
            if name is not None:
                values[name] = citation.step.get("valueExtracted")
        taken = []
        for step in self._trace:
            inputs = step.get("inputs")
            if step.get("operation") == "mod" and isinstance(inputs, list) and inputs:
                first = inputs[0]
                taken.append(values.get(first, first) if type(first) in (str, int) else first)
        return taken

    @cached_property
    def facts(self) -> dict[str, list[Fact]]:
        """What extractions whose citation matches say, by `entity_key`."""
        facts: dict[str, list[Fact]] = {}
        for citation, matches in zip(self.citations, self.flags, strict=True):
            if not matches:
                continue
            step = citation.step
            entity, attribute = step.get("targetEntity"), step.get("attribute")
            value = step.get("valueExtracted")
            if not isinstance(entity, str) or not isinstance(attribute, str):
                continue
            if isinstance(value, (str, int, float)) and len(attribute) <= LONGEST_NAME:
                fact = Fact(entity, attribute, value)
                facts.setdefault(entity_key(entity), []).append(fact)
        return facts


def entity_key(name: str) -> str:
    """Return the form of an entity's name in which equal names are equal."""
    return name.strip().casefold()
