"""The registry: stored names, strict codec, upcasting step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import pytest

from shared.eventstore.codec import Undecodable
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.upcasting import UnknownEventType, UnknownSchemaVersion
from shared.kernel.canonical import NotCanonical, canonical_json
from shared.kernel.envelope import Erased, Personal
from tests.support.stores import AmountSet, StoreKit, a_registry, new_events


class Kind(StrEnum):
    A = "a"
    B = "b"


@dataclass(frozen=True, slots=True)
class Row:
    ubn: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    total_twd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    SCHEMA_VERSION: ClassVar[int] = 3
    id: UUID
    at: datetime
    count: int
    ok: bool
    rows: tuple[Row, ...]
    by_id: Mapping[UUID, int]
    forms: Mapping[str, Any]
    name: Personal | Erased | None
    either: Row | Sum
    label: str | int
    kind: Kind
    pairs: tuple[tuple[str, int], ...]
    days: tuple[date, ...] = ()
    note: str | None = None


STEPS = {
    ("Everything", 1): lambda tree: {**tree, "step": 1},
    ("Everything", 2): lambda tree: {key: tree[key] for key in tree if key != "step"},
}
FULL = Everything(
    id=UUID(int=1),
    at=datetime(2023, 3, 16, 9, 0, 0, 123456, tzinfo=UTC),
    count=2,
    ok=True,
    rows=(Row("12345675", date(2023, 1, 1)), Row("00000000")),
    by_id={UUID(int=9): 3},
    forms={"F01": {"name": Personal("s", "王"), "list": [1, {"x": None}], "gone": Erased("t")}},
    name=Erased("s"),
    either=Sum(5),
    label="文",
    kind=Kind.B,
    pairs=(("a", 1),),
    days=(date(2023, 12, 31),),
)


@pytest.fixture
def registry() -> TypeRegistry:
    return TypeRegistry([Everything, Row], STEPS)


def test_what_is_encoded_is_decoded_to_the_same_event(registry: TypeRegistry):
    type, version, tree = registry.encode(FULL)
    assert (type, version) == ("Everything", 3)
    assert registry.decode(type, version, tree) == FULL


def test_the_tree_is_plain_json_but_for_personal_values(registry: TypeRegistry):
    _, _, tree = registry.encode(FULL)
    assert tree["at"] == "2023-03-16T17:00:00.123456+08:00"
    assert tree["rows"] == [
        {"ubn": "12345675", "on": "2023-01-01"},
        {"ubn": "00000000", "on": None},
    ]
    assert tree["forms"]["F01"].pop("name") == Personal("s", "王")
    assert tree["forms"]["F01"].pop("gone") == Erased("t")
    assert tree.pop("name") == Erased("s")
    assert canonical_json(tree)


@pytest.mark.parametrize("bad", [1.5, b"x", object(), {1: "a"}, datetime(2023, 1, 1).time()])  # noqa: DTZ001
def test_floats_and_other_strangers_are_refused(registry: TypeRegistry, bad: object):
    with pytest.raises(NotCanonical):
        registry.encode(replace(FULL, forms={"x": bad}))


def test_an_instant_without_offset_is_refused(registry: TypeRegistry):
    with pytest.raises(ValueError, match="offset"):
        registry.encode(replace(FULL, at=datetime(2023, 1, 1)))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", "2"),
        ("count", True),
        ("count", 2.0),
        ("ok", 1),
        ("label", None),
        ("at", "2023-03-16T17:00:00"),
        ("id", "x"),
        ("kind", "c"),
        ("name", "plain text"),
        ("surplus", 1),
    ],
)
def test_a_tree_that_does_not_fit_is_never_coerced(
    registry: TypeRegistry, field: str, value: object
):
    type, version, tree = registry.encode(FULL)
    with pytest.raises(Undecodable, match="Everything v3"):
        registry.decode(type, version, {**tree, field: value})


def test_upcasters_are_chained_from_the_stored_version(registry: TypeRegistry):
    _, _, tree = registry.encode(FULL)
    assert registry.decode("Everything", 1, tree) == FULL
    assert registry.decode("Everything", 2, {**tree, "step": 1}) == FULL
    with pytest.raises(Undecodable):
        registry.decode("Everything", 3, {**tree, "step": 1})


def test_a_stored_old_shape_is_read_as_the_new_one(kit: StoreKit):
    (new,) = new_events(1)
    old = type(new)(
        id=new.id, type="AmountSet", schema_version=1, data='{"amount":7}', metadata=new.metadata
    )
    kit.store.append_once("case-1", [old], 0, new.id, "d")
    (recorded,) = kit.factory().reader.history("case", "1")
    assert recorded.event == AmountSet(amount_twd=7)
    assert recorded.schema_version == 2
    assert kit.store.read_stream("case-1")[0].data == '{"amount":7}'  # never rewritten


@pytest.mark.parametrize("version", [0, 3, 99])
def test_a_newer_or_impossible_schema_version_is_named(version: int):
    with pytest.raises(UnknownSchemaVersion, match=f"AmountSet: schema version {version}"):
        a_registry().decode("AmountSet", version, {})


def test_an_unknown_type_is_named():
    with pytest.raises(UnknownEventType, match="Vanished"):
        a_registry().decode("Vanished", 1, {})
    with pytest.raises(UnknownEventType, match="Row"):
        a_registry().encode(Row("1"))


def test_a_missing_or_surplus_upcaster_stops_the_start():
    with pytest.raises(ValueError, match="missing: AmountSet 1 -> 2"):
        TypeRegistry([AmountSet])
    with pytest.raises(ValueError, match="nobody needs: Row 1 -> 2"):
        TypeRegistry([Row], {("Row", 1): dict})


def test_two_classes_of_one_name_stop_the_start():
    other = type("Row", (), {})
    with pytest.raises(ValueError, match="Row"):
        TypeRegistry([Row, other])
