"""Verifying the logs of a store folder, and the byte that the tamper demonstration changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grantcase.backend import SERVICES
from grantcase.embedded import database_url, signing_key
from shared.bus.settings import open_store
from shared.contracts.catalogue import public_types
from shared.eventstore.heads import HeadSigner
from shared.eventstore.verify import Report, verify


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying one service's log found."""

    service: str
    report: Report


@dataclass(frozen=True, slots=True)
class Change:
    """The byte that was changed: which event, and the text around it before and after."""

    sequence: int
    type: str
    stream: str
    before: str
    after: str


def public_keys(folder: Path) -> dict[str, str]:
    """Service -> the public half of its signing key, as hex."""
    return {
        service: HeadSigner.from_file(service, signing_key(folder, service)).public_key
        for service in SERVICES
    }


def verify_folder(folder: Path) -> list[Verdict]:
    """Verify the four logs of a store folder."""
    return verify_stores(
        {name: (database_url(folder, name), signing_key(folder, name)) for name in SERVICES}
    )


def verify_stores(stores: Mapping[str, tuple[str, Path]]) -> list[Verdict]:
    """Verify logs, each {service: (URL of its store, file of its signing key)}, against the public
    half of their keys."""
    verdicts = []
    for service, (url, key_file) in stores.items():
        store = open_store(url)
        key = HeadSigner.from_file(service, key_file).public_key
        try:
            report = verify(store, key, public_types=public_types(service))
        finally:
            store.close()
        verdicts.append(Verdict(service, report))
    return verdicts


def flip_one_byte(database: Path) -> Change:
    """Change the last digit of an event in the middle of the log, as an intruder with the file
    in hands could: the triggers that forbid it are dropped first."""
    connection = sqlite3.connect(database)
    try:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        sequence, position, type_, stream, data = connection.execute(_VICTIM).fetchone()
        index = max(i for i, character in enumerate(data) if character.isdigit())
        digit = str((int(data[index]) + 1) % 10)
        changed = data[:index] + digit + data[index + 1 :]
        connection.execute("UPDATE events SET data = ? WHERE position = ?", (changed, position))
        connection.commit()
    finally:
        connection.close()
    near = slice(max(index - 30, 0), index + 10)
    return Change(sequence, type_, stream, f"…{data[near]}…", f"…{changed[near]}…")


_VICTIM = """SELECT l.sequence, e.position, e.type, e.stream, e.data
FROM log l JOIN events e ON e.position = l.position
WHERE e.data GLOB '*[0-9]*' AND l.sequence >= (SELECT max(sequence) FROM log) / 2
ORDER BY l.sequence LIMIT 1"""
