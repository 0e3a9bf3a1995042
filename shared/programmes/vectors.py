"""Test vectors of a pack (vectors/*.yaml): facts and what a moment must say of them.

A vector with `commands` is run through the services; one with `moment` is run here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.kernel.decisions import Evaluation
from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import evaluate
from shared.programmes.examples import changed, example_facts
from shared.programmes.facts import UnusableFacts
from shared.programmes.reading import Fault, UnreadablePack, YamlFile, read_yaml

_KEYS = frozenset(
    {
        "id",
        "rule",
        "says",
        "base",
        "moment",
        "change",
        "expect",
        "commands",
        "mark",
        "call",
        "tries",
    }
)
_EXPECTED = frozenset({"blocked", "findings", "silent", "values", "unusable"})
_TRIES: Mapping[str, tuple[str, ...]] = {
    "passes": ("passes",),
    "fails": ("fails",),
    "both": ("passes", "fails"),
}
_STOPPED = ("refused", "unknown-command", "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One vector; `expect` and `change` as written, `place` is file:line."""

    id: str
    rules: tuple[str, ...]
    says: str
    place: str
    moment: str | None = None
    base: str | None = None
    change: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    commands: tuple[Mapping[str, Any], ...] = ()
    tries: str | None = None

    @property
    def tried(self) -> tuple[str, ...]:
        """The sides that commands show of their rules: as `tries` says; else fails where a step is
        stopped, passes where none is."""
        stopped = any(step.get("expect") in _STOPPED for step in self.commands)
        return _TRIES[self.tries or ("fails" if stopped else "passes")]


def read_vectors(folder: Path) -> list[Vector]:
    """Every vector of the pack in a folder, in file order. Raises UnreadablePack."""
    vectors, faults, seen = [], [], set()
    for path in sorted((folder / "vectors").glob("*.yaml")):
        read = read_yaml(path, path.relative_to(folder).as_posix())
        faults += read.faults
        items = read.value.get("vectors") if isinstance(read.value, dict) else None
        if not isinstance(items, list):
            faults.append(_fault(read, "", "應為 vectors:", "the file must hold `vectors:`"))
            continue
        for index, item in enumerate(items):
            wrong = _wrong(item)
            if not wrong and item["id"] in seen:
                wrong = f"the vector {item['id']} is there twice"
            if wrong:
                faults.append(_fault(read, f"/vectors/{index}", f"向量有誤：{wrong}", wrong))
                continue
            seen.add(item["id"])
            vectors.append(_vector(read, index, item))
    if faults:
        raise UnreadablePack(faults)
    return vectors


def vector_facts(compiled: CompiledPack, folder: Path, vector: Vector) -> dict[str, Any]:
    """The facts of a moment vector: its base (or the moment's example) with its changes."""
    return changed(base_facts(compiled, folder, vector.moment or "", vector.base), vector.change)


def base_facts(
    compiled: CompiledPack, folder: Path, moment: str, base: str | None
) -> dict[str, Any]:
    """The moment's example, or vectors/bases/<moment>/<base>.yaml laid over it. A base may name
    another with the key `base`."""
    if base is None:
        return example_facts(compiled.pack, moment)
    name = f"vectors/bases/{moment}/{base}.yaml"
    read = read_yaml(folder / name, name)
    if read.faults:
        raise UnreadablePack(read.faults)
    changes = dict(read.value)
    return changed(base_facts(compiled, folder, moment, changes.pop("base", None)), changes)


def run_vector(compiled: CompiledPack, folder: Path, vector: Vector) -> tuple[str, ...]:
    """What the moment said otherwise than the vector expects; () where it holds."""
    facts, wrong = vector_facts(compiled, folder, vector), vector.expect.get("unusable")
    try:
        evaluation = evaluate(compiled, vector.moment or "", facts, complete=True)
    except UnusableFacts as fault:
        if wrong is None:
            raise
        return () if fault.path == wrong else (f"{fault.path} is unusable, not {wrong}",)
    if wrong is not None:
        return (f"{wrong} is usable",)
    return tuple(_differences(vector.expect, evaluation))


def _differences(expect: Mapping[str, Any], evaluation: Evaluation) -> Iterator[str]:
    spoke = sorted({f"{f.rule}/{f.clause}" for f in evaluation.findings})
    blocked = bool(evaluation.blocking())
    if "blocked" in expect and expect["blocked"] != blocked:
        refusing = [f"{f.rule}/{f.clause}" for f in evaluation.blocking()]
        yield f"blocked is {blocked} (by {refusing}), not {expect['blocked']}"
    for ref in expect.get("findings") or ():
        if ref not in evaluation.clauses:
            yield f"{ref} is no clause of {evaluation.moment}"
        elif ref not in spoke:
            yield f"{ref} is silent; these spoke: {spoke}"
    for ref in expect.get("silent") or ():
        if ref not in evaluation.clauses:
            yield f"{ref} is no clause of {evaluation.moment}"
        elif ref in spoke:
            yield f"{ref} spoke"
    for name, value in (expect.get("values") or {}).items():
        found = evaluation.values.get(name, "absent")
        if found != value or type(found) is not type(value):
            yield f"value {name} is {found!r}, not {value!r}"


def _vector(read: YamlFile, index: int, item: Mapping[str, Any]) -> Vector:
    rules = item["rule"]
    place = read.place(f"/vectors/{index}")
    return Vector(
        id=item["id"],
        rules=tuple(rules) if isinstance(rules, list) else (rules,),
        says=item["says"],
        place=f"{place.file}:{place.line}",
        moment=item.get("moment"),
        base=item.get("base"),
        change=item.get("change") or {},
        expect=item.get("expect") or {},
        commands=tuple(item.get("commands") or ()),
        tries=item.get("tries"),
    )


def _wrong(item: Any) -> str:
    if not isinstance(item, Mapping):
        return "a vector is a map"
    missing = {"id", "rule", "says"} - set(item)
    unknown = set(item) - _KEYS
    if missing or unknown:
        return f"missing {sorted(missing)}, unknown {sorted(unknown)}"
    if ("moment" in item) == ("commands" in item):
        return "a vector has either a moment or commands"
    if "moment" in item and not item.get("expect"):
        return "a moment vector expects something"
    if "tries" in item and ("commands" not in item or item["tries"] not in _TRIES):
        return "tries (passes, fails or both) is for commands"
    unknown = set(item.get("expect") or {}) - _EXPECTED
    return f"unknown expectation {sorted(unknown)}" if unknown else ""


def _fault(read: YamlFile, path: str, zh: str, en: str) -> Fault:
    place = read.place(path)
    return Fault(read.name, place.line, place.column, path, zh, en)
