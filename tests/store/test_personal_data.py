"""Personal fields: ciphertext in the log, erased by destroying a key, proofs untouched."""

from __future__ import annotations

import json
import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from shared.eventstore import personal
from shared.eventstore.memory_keys import MemoryKeyStore
from shared.eventstore.migrate import migrate_keys
from shared.eventstore.proofs import inclusion_receipt, verify_receipt
from shared.eventstore.subject_keys import SqlKeyStore, SubjectErased, load_master_key
from shared.kernel.decisions import Decision
from shared.kernel.envelope import Erased, Personal
from tests.support.stores import NOON, CaseOpened, CaseState, StoreKit, a_command

CASE = UUID(int=4)
NAME = "王小明"


def open_case(kit: StoreKit, contact: Personal | Erased, version: int = 0) -> UUID:
    with kit.factory().begin() as uow:
        uow.streams.append(
            "case",
            CASE,
            [CaseOpened(case_id=CASE, contact=contact)],
            expected_version=version,
            caused_by=a_command(),
            case=CASE,
        )
        uow.commit()
        return uow.recorded[-1].id


def contact_of(kit: StoreKit) -> object:
    with kit.factory().begin() as uow:
        return uow.streams.load(CaseState, "case", CASE)[0].contact


def test_a_personal_value_is_read_back_as_it_was_given(kit: StoreKit):
    given = Personal("subject-1", {"name": NAME, "phones": ["0912", None]})
    open_case(kit, given)
    assert contact_of(kit) == given


def test_the_log_holds_ciphertext_bound_to_subject_and_key(kit: StoreKit):
    open_case(kit, Personal("subject-1", NAME))
    (row,) = kit.store.read_stream(f"case-{CASE}")
    sealed = json.loads(row.data)["contact"]["$personal"]
    assert sorted(sealed) == ["alg", "ct", "key_id", "nonce", "subject"]
    assert (sealed["alg"], sealed["subject"]) == ("A256GCM", "subject-1")
    assert NAME not in row.data
    assert NAME not in row.metadata


def test_destroying_the_key_erases_the_field_and_leaves_every_proof_valid(kit: StoreKit):
    event_id = open_case(kit, Personal("subject-1", NAME))
    kit.sequencer().seal_all()
    before = inclusion_receipt(kit.store, event_id)
    assert kit.keys.destroy("subject-1", NOON)
    assert contact_of(kit) == Erased("subject-1")
    assert str(contact_of(kit)) == "[已刪除 erased]"
    assert inclusion_receipt(kit.store, event_id) == before
    assert verify_receipt(before, kit.signer.public_key).size == 1
    assert kit.verify().ok


def test_erasing_one_subject_leaves_the_others_readable(kit: StoreKit):
    open_case(kit, Personal("subject-1", "甲"))
    open_case(kit, Personal("subject-2", "乙"), 1)
    kit.keys.destroy("subject-1", NOON)
    contacts = [recorded.event.contact for recorded in kit.factory().reader.case_events(CASE)]
    assert contacts == [Erased("subject-1"), Personal("subject-2", "乙")]


def test_destroying_is_repeatable_and_keeps_the_first_instant(kit: StoreKit):
    open_case(kit, Personal("subject-1", NAME))
    assert kit.keys.destroy("subject-1", NOON) is True
    assert kit.keys.destroy("subject-1", NOON.replace(year=2024)) is False
    contact = contact_of(kit)
    assert isinstance(contact, Erased)
    assert str(contact.at).startswith("2023-03-16T12:00")


def test_nothing_new_is_stored_about_an_erased_subject(kit: StoreKit):
    for subject in ("known", "never seen"):
        if subject == "known":
            open_case(kit, Personal(subject, NAME))
        kit.keys.destroy(subject, NOON)
        with pytest.raises(SubjectErased):
            open_case(kit, Personal(subject, NAME), 1)
    assert len(kit.store.read_stream(f"case-{CASE}")) == 1


def test_an_erased_value_can_be_copied_into_a_later_event(kit: StoreKit):
    open_case(kit, Erased("subject-1"))
    assert contact_of(kit) == Erased("subject-1")


def test_personal_values_in_a_decision_are_sealed_too(kit: StoreKit):
    decision = Decision(
        programme="p", digest="d", moment=None, values={"signer": Personal("subject-1", NAME)}
    )
    with kit.factory().begin() as uow:
        uow.streams.append(
            "case",
            CASE,
            [CaseOpened(case_id=CASE)],
            expected_version=0,
            caused_by=a_command(),
            decision=decision,
        )
        uow.commit()
    assert NAME not in kit.store.read_stream(f"case-{CASE}")[0].metadata
    (recorded,) = kit.factory().reader.history("case", CASE)
    assert recorded.metadata.decision["values"] == {"signer": Personal("subject-1", NAME)}


def test_a_key_is_committed_before_the_event_that_uses_it(kit: StoreKit):
    with kit.factory().begin() as uow:
        uow.streams.append(
            "case",
            CASE,
            [CaseOpened(case_id=CASE, contact=Personal("subject-1", NAME))],
            expected_version=0,
            caused_by=a_command(),
        )
        # rolled back: the key stays, and is the same the next time
    first = kit.keys.key_for("subject-1")
    open_case(kit, Personal("subject-1", NAME))
    assert kit.keys.key_for("subject-1") == first


def test_ciphertext_moved_to_another_place_does_not_open():
    keys, event_id = MemoryKeyStore(), uuid4()
    sealed = personal.seal({"a": Personal("s", 1), "b": 2}, "case-1", event_id, keys.key_for)
    states = keys.find(set(personal.key_ids(sealed)))
    assert personal.open_sealed(sealed, "case-1", event_id, states)["a"] == Personal("s", 1)
    for tree, stream, id in (
        ({"b": sealed["a"], "a": 2}, "case-1", event_id),
        (sealed, "case-2", event_id),
        (sealed, "case-1", uuid4()),
    ):
        with pytest.raises(InvalidTag):
            personal.open_sealed(tree, stream, id, states)


def test_ciphertext_length_says_only_the_bucket():
    keys, event_id = MemoryKeyStore(), uuid4()

    def length(value: object) -> int:
        sealed = personal.seal({"a": Personal("s", value)}, "case-1", event_id, keys.key_for)
        return len(sealed["a"]["$personal"]["ct"])

    assert length("") == length("x" * 50) == length(NAME)
    assert length("x" * 60) == length("x" * 100) != length("")
    assert length("x" * 3000) == length("x" * 2100)


def test_the_marks_of_the_store_cannot_be_forged_by_event_data():
    with pytest.raises(ValueError, match="belong to the store"):
        personal.seal({"f": {"$personal": {}}}, "case-1", uuid4(), MemoryKeyStore().key_for)


def test_keys_are_stored_wrapped_and_need_the_master_key(tmp_path: Path):
    url, master = f"sqlite:///{tmp_path}/keys.db", os.urandom(32)
    migrate_keys(url)
    keys = SqlKeyStore(url, master)
    secret = keys.key_for("s").secret
    keys.close()
    assert all(secret not in path.read_bytes() for path in tmp_path.iterdir())
    again, other = SqlKeyStore(url, master), SqlKeyStore(url, os.urandom(32))
    assert again.key_for("s").secret == secret
    with pytest.raises(InvalidTag):
        other.key_for("s")
    again.close()
    other.close()


def test_a_destroyed_key_leaves_no_trace_in_the_sqlite_files(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/keys.db"
    migrate_keys(url)
    keys = SqlKeyStore(url, os.urandom(32))
    keys.key_for("s")
    with sa.create_engine(url).connect() as connection:
        wrapped = connection.scalar(sa.text("SELECT wrapped FROM subject_keys"))
        connection.engine.dispose()
    keys.destroy("s", NOON)
    assert all(wrapped not in path.read_bytes() for path in tmp_path.iterdir())
    keys.close()


def test_a_master_key_file_must_hold_32_bytes(tmp_path: Path):
    path = tmp_path / "master.key"
    for text in ("ab" * 31, "not hex", ""):
        path.write_text(text)
        with pytest.raises(ValueError, match=r"master\.key"):
            load_master_key(path)
    path.write_text("ab" * 32 + "\n")
    assert load_master_key(path) == bytes.fromhex("ab" * 32)
