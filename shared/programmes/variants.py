"""Variants of example facts that a validator runs expressions on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from shared.programmes.examples import example_of
from shared.programmes.shapes import NUMBERS, ListShape, MapShape, Scalar, Shape

FactPath = tuple[str, ...]
_SHARES_EMPTY = (0, 5, 20, 50, 90)  # percent


def variants(shape: MapShape, facts: Any) -> Iterator[tuple[FactPath, dict[str, Any]]]:
    """The facts with each optional field null and each table empty, one at a time; of a table
    the first row is varied."""
    for path, value in _empties(shape, facts, ()):
        yield path, _with(facts, path, value)


def _empties(shape: Shape, value: Any, path: FactPath) -> Iterator[tuple[FactPath, Any]]:
    if isinstance(shape, MapShape):
        if shape.nullable and value is not None:
            yield path, None
        for name, item in shape.fields.items():
            if value is not None:
                yield from _empties(item, value[name], (*path, name))
    elif isinstance(shape, ListShape):
        if value:
            yield path, []
            yield from _empties(shape.item, value[0], (*path, "0"))
    elif shape.nullable and value is not None:
        yield path, None


def _with(facts: Any, path: FactPath, value: Any) -> Any:
    if not path:
        return value
    step = int(path[0]) if isinstance(facts, list) else path[0]
    copied: Any = list(facts) if isinstance(facts, list) else dict(facts)
    copied[step] = _with(facts[step], path[1:], value)
    return copied


def shuffled(shape: MapShape, facts: Mapping[str, Any], random: Random) -> dict[str, Any]:
    """Facts of the same shape with some share of the optional fields empty, other choices, rows
    more or fewer; in forms, which people fill in, also other numbers. Facts in, facts out: JSON."""
    share = random.choice(_SHARES_EMPTY)
    return {
        name: _Shuffle(random, share, typed=name == "forms").value(item, facts[name])
        for name, item in shape.fields.items()
    }


class _Shuffle:
    def __init__(self, random: Random, share: int, *, typed: bool):
        self.random = random
        self.share = share
        self.typed = typed

    def value(self, shape: Shape, value: Any) -> Any:
        if isinstance(shape, ListShape):
            return [self.value(shape.item, row) for row in self._rows(shape, value)]
        if shape.nullable and self.random.randrange(100) < self.share:
            return None
        if value is None:
            value = example_of(shape)
        if isinstance(shape, MapShape):
            return {name: self.value(item, value[name]) for name, item in shape.fields.items()}
        return self._scalar(shape, value)

    def _rows(self, shape: ListShape, value: list[Any]) -> list[Any]:
        rows = value or [example_of(shape.item)]
        return [self.random.choice(rows) for _ in range(self.random.choice((0, 1, 2, 3)))]

    def _scalar(self, shape: Scalar, value: Any) -> Any:
        if shape.choices:
            return self.random.choice(shape.choices)
        if shape.kind == "bool":
            return self.random.choice((True, False))
        if shape.kind in NUMBERS and self.typed:
            return self.random.choice((value, value, value + 1, 1, 0))
        return value
