"""The ports of a command that is tried out on the past: rules that listen, nothing that writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from shared.bus.pack_forms import PackForms
from shared.kernel.canonical import digest_of
from shared.kernel.decisions import Evaluation
from shared.kernel.errors import DomainError
from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import PackRules
from shared.programmes.facts import canonical_facts, check_facts

SILENT = ("timers", "documents")
"""Ports that reach beyond the transaction which is taken back."""

Compiled = dict[str, CompiledPack]


class NotRebuilt(Exception):
    """The facts of this decision cannot be had again; says why, in both languages."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.zh = zh
        self.en = en


class Found(Exception):
    """The handler has asked what we waited for."""

    def __init__(self, what: Any):
        super().__init__("found")
        self.what = what


@dataclass(frozen=True, slots=True)
class Verdict:
    """What another version says: its evaluation, or the refusal that came before its rules were
    asked (a moment that it does not have)."""

    evaluation: Evaluation | None
    refusal: DomainError | None = None


class Listening:
    """The version that decided: found when the handler asks about the very facts recorded.

    What is found is how often the rules had been asked about that moment before.
    """

    def __init__(self, bound: Any, decision: Mapping[str, Any]):
        self._bound = bound
        self._rules = bound.rules
        self._decision = decision
        self._asked = 0

    def ports(self, **stand_ins: Any) -> Any:
        """The service's ports with these rules."""
        return silenced(self._bound, rules=self, **stand_ins)

    def evaluate(self, digest: str, moment: str, facts: Mapping[str, Any]) -> Evaluation:
        """See shared.kernel.streams.Rules. Raises Found."""
        self._listen(digest, moment, facts)
        evaluation: Evaluation = self._rules.evaluate(digest, moment, facts)
        return evaluation

    def enforce(self, digest: str, moment: str, facts: Mapping[str, Any]) -> Evaluation:
        """See shared.kernel.streams.Rules. Raises Found."""
        self._listen(digest, moment, facts)
        evaluation: Evaluation = self._rules.enforce(digest, moment, facts)
        return evaluation

    def compute(self, digest: str, expression: str, variables: Mapping[str, Any]) -> Any:
        """See shared.kernel.streams.Rules."""
        return self._rules.compute(digest, expression, variables)

    def found(self, error: Exception | None) -> int:
        """The handler ended without. Raises NotRebuilt."""
        if self._asked:
            raise NotRebuilt(
                "重建之事實與紀錄之摘要不符", "the rebuilt facts are not those of the record"
            )
        because = f": {error}" if error else ""
        raise NotRebuilt(
            f"重演未達此決定{because}", f"the replay does not come to this decision{because}"
        )

    def _listen(self, digest: str, moment: str, facts: Mapping[str, Any]) -> None:
        if (digest, moment) != (self._decision["pack_digest"], self._decision["moment"]):
            return
        shape = self._rules.compiled(digest).moment(moment).shape
        checked = check_facts(shape, facts, complete=False)
        if digest_of(canonical_facts(checked)) == self._decision["facts_digest"]:
            raise Found(self._asked)
        self._asked += 1


class Aliased:
    """Another version in the place of the one that decided, for packs, forms and rules alike."""

    def __init__(
        self, bound: Any, decision: Mapping[str, Any], other: CompiledPack, compiled: Compiled
    ):
        """`compiled` outlives this object and holds `other` under the digest it stands for."""
        self._bound = bound
        self._packs = _Shelf(bound.packs, decision["pack_digest"], other.pack.document)
        self._rules = PackRules(self._packs, compiled)
        self._forms = PackForms(self._packs, compiled)
        self._moment = decision["moment"]
        self._place = 0

    def ports(self, place: int, **stand_ins: Any) -> Any:
        """The service's ports; the evaluation wanted is the one after `place` of its moment."""
        self._place = place
        own = {"rules": self, "packs": self._packs, "forms": self._forms}
        return silenced(self._bound, **own, **stand_ins)

    def evaluate(self, digest: str, moment: str, facts: Mapping[str, Any]) -> Evaluation:
        """See shared.kernel.streams.Rules. Raises Found."""
        return self._heard(self._rules.evaluate(digest, moment, facts))

    def enforce(self, digest: str, moment: str, facts: Mapping[str, Any]) -> Evaluation:
        """As evaluate: what the rules said before, of a whole call perhaps, was recorded as a
        decision of its own and is not this one's refusal."""
        return self.evaluate(digest, moment, facts)

    def compute(self, digest: str, expression: str, variables: Mapping[str, Any]) -> Any:
        """See shared.kernel.streams.Rules."""
        return self._rules.compute(digest, expression, variables)

    def verdict(self, error: Exception | None) -> Verdict:
        """The handler ended before. Raises NotRebuilt when it ended in peace."""
        if isinstance(error, DomainError):
            return Verdict(None, error)
        because = f": {error}" if error else ""
        raise NotRebuilt(
            f"新版於此未作決定{because}", f"the version takes no decision here{because}"
        )

    def _heard(self, evaluation: Evaluation) -> Evaluation:
        if evaluation.moment == self._moment:
            if self._place == 0:
                raise Found(Verdict(evaluation))
            self._place -= 1
        return evaluation


class _Shelf:
    """The Packs port with one pack in another's place."""

    def __init__(self, packs: Any, digest: str, document: Mapping[str, Any]):
        self._packs = packs
        self._digest = digest
        self._document = document

    def document(self, digest: str) -> Mapping[str, Any]:
        """The parsed pack."""
        if digest == self._digest:
            return self._document
        found: Mapping[str, Any] = self._packs.document(digest)
        return found

    def call(self, call_id: UUID) -> Mapping[str, Any]:
        """As it was published."""
        found: Mapping[str, Any] = self._packs.call(call_id)
        return found


class _Nothing:
    """A port that does nothing, however it is asked."""

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **options: None


def silenced(bound: Any, **own: Any) -> Any:
    """The ports of a service, with our own, and without those that would leave traces."""
    names = {field.name for field in fields(bound)}
    silent = {name: _Nothing() for name in SILENT if name in names}
    return replace(bound, **{**silent, **own})
