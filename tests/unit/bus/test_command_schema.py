"""From declared fields to schema, JSON Schema and example; and what no store can keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.bus.command_schema import example, json_schema, load_command
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Actor, Command, CommandEnvelope
from shared.kernel.errors import InvalidInput
from shared.kernel.ids import random_id
from tests.unit.bus.conftest import NOON


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    held_on: date = arg("日期", "day", "2023-05-03")
    minutes: int = arg("分鐘", "minutes", 90, minimum=1, maximum=480)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVisits(Command):
    """A command with a field of every kind."""

    case_id: UUID = arg("案件", "case", "11111111-1111-4111-8111-111111111111")
    at: datetime = arg("時間", "instant", "2023-05-03T15:00:00+08:00")
    mode: str = arg("方式", "mode", "ONLINE", choices=("ONLINE", "ON_SITE"))
    done: bool = arg("完成", "done", True)
    visits: tuple[Visit, ...] = arg("輔導", "visits", [{"held_on": "2023-05-03", "minutes": 90}])
    extra: Mapping[str, Any] = arg("其他", "anything else", {"a": 1})
    content: Any = arg("內容", "content", [1, "x"])
    note: str | None = arg("備註", "note", None, default=None, max_length=4)


def load(**changes: Any) -> Any:
    payload = {**example(RecordVisits), **changes}
    return load_command(
        RecordVisits,
        CommandEnvelope(
            command_id=random_id(),
            name="RecordVisits",
            actor=Actor(id="x", roles=()),
            received_at=NOON,
            payload={key: value for key, value in payload.items() if value is not ...},
        ),
    )


def field_of(**changes: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        load(**changes)
    document = refused.value.as_dict()
    assert document["message"]["zh-Hant"]
    assert document["message"]["en"]
    return str(document["field"])


def test_the_example_loads_into_typed_values() -> None:
    command = load()
    assert command.visits == (Visit(held_on=date(2023, 5, 3), minutes=90),)
    assert command.at == datetime.fromisoformat("2023-05-03T15:00:00+08:00")
    assert command.note is None
    assert command.received_at == NOON


def test_the_json_schema_names_every_field_and_those_required() -> None:
    schema = json_schema(RecordVisits)
    assert set(schema["properties"]) == set(example(RecordVisits))
    assert "note" not in schema["required"]
    assert "日期" in str(schema)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"case_id": ...}, "/case_id"),
        ({"case_id": "1"}, "/case_id"),
        ({"at": "2023-05-03T15:00:00"}, "/at"),
        ({"at": "1023-05-03T15:00:00+08:00"}, "/at"),
        ({"mode": "BY_POST"}, "/mode"),
        ({"done": 1}, "/done"),
        ({"done": "true"}, "/done"),
        ({"visits": [{"held_on": "2023-05-03"}]}, "/visits/0/minutes"),
        ({"visits": [{"held_on": "2023-05-03", "minutes": 0}]}, "/visits/0/minutes"),
        ({"visits": [{"held_on": "2023-05-03", "minutes": 481}]}, "/visits/0/minutes"),
        ({"visits": [{"held_on": "2023-05-03", "minutes": True}]}, "/visits/0/minutes"),
        ({"visits": [{"held_on": "9999-12-31", "minutes": 9}]}, "/visits/0/held_on"),
        ({"visits": [{"held_on": "1911-12-31", "minutes": 9}]}, "/visits/0/held_on"),
        ({"visits": {"0": {}}}, "/visits"),
        ({"extra": []}, "/extra"),
        ({"note": "五個字以上"}, "/note"),
        ({"surprise": 1}, "/surprise"),
        ({"content": 1.5}, "/content"),
        ({"content": {"deep": ["x", {"er": 0.1}]}}, "/content/deep/1/er"),
        ({"content": "\0"}, "/content"),
        ({"content": {"\0": 1}}, "/content"),
        ({"content": "\ud800"}, "/content"),
        ({"content": 2**63}, "/content"),
        ({"content": {1: "x"}}, "/content"),
        ({"content": object()}, "/content"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(changes: dict[str, Any], field: str) -> None:
    assert field_of(**changes) == field


def test_a_payload_nested_without_end_is_refused() -> None:
    nested: Any = []
    for _ in range(10_000):
        nested = [nested]
    assert field_of(content=nested).startswith("/content/0")


@pytest.mark.parametrize("value", [0, "", [], {}, 2**63 - 1, -(2**63) + 1, "臺灣 🏪"])
def test_free_content_may_be_any_plain_value(value: Any) -> None:
    assert load(content=value).content == value
