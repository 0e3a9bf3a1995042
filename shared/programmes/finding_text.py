"""What a finding says: its subject, its message in both languages, the facts its clause read.

Personal values never leave the forms: in messages and facts they read as REDACTED, because
decisions are stored beside events in the clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.kernel.decisions import Finding
from shared.programmes.compiled import CompiledClause, CompiledMoment, CompiledPack, FactPath
from shared.programmes.facts import canonical_facts
from shared.programmes.messages import LANGUAGES, render
from shared.programmes.shapes import MapShape, at_path, is_personal

REDACTED = "[個資 personal]"
MOST_FACTS = 12
_MOST_ITEMS = 5
_MOST_TEXT = 200


class FindingWriter:
    """Writes the findings of one evaluation."""

    def __init__(self, compiled: CompiledPack, moment: CompiledMoment, names: Mapping[str, Any]):
        self._names = names
        self._shape = MapShape({**moment.shape.fields, "param": compiled.parameters})

    def finding(self, compiled: CompiledClause, index: int | None) -> Finding:
        """The finding of a clause, for one row (from 0) or for the whole."""
        clause = compiled.clause
        row = None if index is None else _Row(compiled.row_path, index, self._look_up)
        return Finding(
            rule=clause.rule,
            clause=clause.id,
            severity=clause.severity,
            blocks=clause.blocks,
            message=self._message(clause.message, row),
            source=clause.source,
            subject=self._subject(compiled, row),
            facts=self._facts(compiled, row),
            audience=clause.audience,
            role=clause.role,
            evidence=clause.evidence,
        )

    def _subject(self, compiled: CompiledClause, row: _Row | None) -> dict[str, Any]:
        written = compiled.clause.subject
        if row is None:
            if not written and compiled.reads:
                written = _pointer(compiled.reads[0])
            return {"path": written}
        base = _pointer((*row.path, str(row.index)))
        field = written.strip("/").replace(".", "/")
        subject: dict[str, Any] = {"path": f"{base}/{field}" if field else base}
        subject["row"] = row.index + 1
        if isinstance(row.value, Mapping) and row.value.get("ubn") is not None:
            subject["ubn"] = row.value["ubn"]
        return subject

    def _message(self, templates: Mapping[str, str], row: _Row | None) -> dict[str, str]:
        def look_up(path: FactPath) -> Any:
            return self._told(path, row)

        return {language: render(templates[language], language, look_up) for language in LANGUAGES}

    def _facts(self, compiled: CompiledClause, row: _Row | None) -> tuple[dict[str, Any], ...]:
        paths = [path if row is None else row.full(path) for path in compiled.reads]
        return tuple(
            {"path": _pointer(path), "value": self._fact(path)}
            for path in paths
            if path != ("row_number",)
        )[:MOST_FACTS]

    def _fact(self, path: FactPath) -> Any:
        value = self._look_up(path)
        container = isinstance(value, Mapping) or (
            isinstance(value, list) and any(isinstance(item, Mapping) for item in value)
        )
        if not container and is_personal(at_path(self._shape, path)):
            return REDACTED
        return _summary(value)

    def _told(self, path: FactPath, row: _Row | None) -> Any:
        full = path if row is None else row.full(path)
        if is_personal(at_path(self._shape, full)):
            return REDACTED
        if path == ("row_number",):
            return None if row is None else row.index + 1
        return self._look_up(full)

    def _look_up(self, path: FactPath) -> Any:
        value: Any = self._names
        for step in path:
            if isinstance(value, list):
                value = value[int(step)]
            else:
                value = value.get(step) if isinstance(value, Mapping) else None
        return value


class _Row:
    """One row of a for_each."""

    def __init__(self, path: FactPath, index: int, look_up: Any):
        self.path = path
        self.index = index
        self.value = look_up((*path, str(index)))

    def full(self, path: FactPath) -> FactPath:
        """A path as the clause wrote it, with `row` replaced by where the row stands."""
        return (*self.path, str(self.index), *path[1:]) if path[0] == "row" else path


def _pointer(path: FactPath) -> str:
    return "/" + "/".join(path)


def _summary(value: Any) -> Any:
    value = canonical_facts(value)
    if isinstance(value, list) and (
        len(value) > _MOST_ITEMS or any(isinstance(item, dict | list) for item in value)
    ):
        return {"count": len(value)}
    if isinstance(value, dict):
        return {"fields": len(value)}
    if isinstance(value, str) and len(value) > _MOST_TEXT:
        return f"{value[:_MOST_TEXT]}…"
    return value
