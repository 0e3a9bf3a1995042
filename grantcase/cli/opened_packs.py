"""Packs, facts and decisions that `grantcase rules` works on, or the words why there are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grantcase.backend import SERVICES, Backend, Refused
from grantcase.cli.opening import console, fail, problems
from shared.programmes.location import NoSuchProgramme, programme_folder, programme_folders
from shared.programmes.pack import Pack, load_pack
from shared.programmes.reading import UnreadablePack
from shared.programmes.validation import validate


def valid(folder: Path) -> bool:
    """Tell every fault of a pack, or its figures when there is none."""
    faults = validate(folder)
    for fault in faults:
        place = f"{folder.name}/{fault.file}:{fault.line}:{fault.column}"
        problems.print(f"{place}: {fault.field or '/'}", style="red", markup=False)
        problems.print(f"    {fault.reason_zh}\n    {fault.reason_en}", markup=False)
    if faults:
        problems.print(f"✗ {folder.name}：{len(faults)} 處錯誤 faults", markup=False)
        return False
    pack = load_pack(folder)
    console.print(
        f"✓ {pack.id} v{pack.version}：{len(pack.rules)} 條規則 rules、"
        f"{len(pack.clauses)} 款 clauses、{len(pack.moments)} 個時點 moments；digest {pack.digest}",
        markup=False,
        soft_wrap=True,
    )
    return True


def folder_of(programme: str) -> Path:
    """The folder of a programme; ends the program when there is none."""
    try:
        return programme_folder(programme)
    except NoSuchProgramme:
        known = "、".join(folder.name for folder in programme_folders()) or "-"
        fail(
            f"沒有計畫 {programme}；現有：{known}",
            f"there is no programme {programme}; there are: {known}",
        )


def pack_of(programme: str) -> Pack:
    """The pack of a programme; ends the program when it cannot be read."""
    try:
        return load_pack(folder_of(programme))
    except UnreadablePack as error:
        fail(f"計畫無法讀取：{error}", f"the pack cannot be read: {error}")


def no_moment(pack: Pack, moment: str) -> None:
    """End the program: the pack has no such moment."""
    known = "、".join(pack.moments)
    fail(
        f"{pack.id} 沒有時點 {moment}；現有：{known}",
        f"there is no moment {moment}; there are: {known}",
    )


def facts_of(text: str) -> dict[str, Any]:
    """The facts on standard input; ends the program when they are no JSON object."""
    try:
        given = json.loads(text)
    except ValueError as error:
        fail(f"標準輸入不是 JSON：{error}", f"unusable input: standard input is not JSON: {error}")
    if not isinstance(given, dict):
        fail("輸入應為物件", "unusable input: the facts are one object")
    return given


def event_of(services: Backend, event_id: str) -> dict[str, Any]:
    """A stored event of any service; ends the program when there is none."""
    for service in SERVICES:
        try:
            event = services.query(service, "event", event_id=event_id)
        except (Refused, ValueError):
            continue
        if event is not None:
            return dict(event)
    fail(f"找不到事件 {event_id}", f"there is no event {event_id}")
    raise AssertionError


def pack_then(services: Backend, event: dict[str, Any]) -> Pack | None:
    """The pack that decided an event, as its service stored it; None when no rule decided."""
    if not event.get("decision"):
        return None
    digest = event["decision"]["pack_digest"]
    return Pack(services.query(event["service"], "pack", digest=digest), digest)
