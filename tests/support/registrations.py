"""Cases of the two invented programmes that are entered at the award and at the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from grantcase.store_folder import create_store
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.envelope import Actor
from shared.kernel.ids import derived_id
from shared.programmes.pack import load_pack
from shared.programmes.reading import read_yaml
from tests.support.embedded import Office, opened

PACKS = Path(__file__).parents[1] / "programmes" / "packs"
STARTS = {"award": "2024-01-05T09:00:00+08:00", "contract": "2021-06-01T09:00:00+08:00"}
CALL: UUID = derived_id("registrations", "call")
CASE: UUID = derived_id("registrations", "case")
LEAD, PARTNER = "12345676", "23456781"
OFFICER = Actor(id="olive", roles=("programme_officer",))
LEADER = Actor(id="lin", roles=("applicant",), organisation=LEAD)
PARTNERS = Actor(id="pan", roles=("applicant",), organisation=PARTNER)
STRANGER = Actor(id="sun", roles=("applicant",), organisation="23456786")

Payload = Mapping[str, Any]


def party(ubn: str, name: str, lead: bool, subsidy_twd: int, self_twd: int) -> dict[str, Any]:
    """One row of `parties`."""
    total = subsidy_twd + self_twd
    money = {"total_twd": total, "subsidy_twd": subsidy_twd, "self_twd": self_twd}
    return {"ubn": ubn, "name": name, "lead": lead, **money}


def award(**changes: Any) -> dict[str, Any]:
    """An awarded case of two parties: NT$1,000,000 of 2,500,000."""
    payload = {
        "case_id": CASE,
        "call_id": CALL,
        "applicant_ubn": LEAD,
        "applicant_name": "燈籠股份有限公司",
        "document_no": "113-0001",
        "decided_on": "2024-01-05",
        "total_twd": 2_500_000,
        "approved_twd": 1_000_000,
        "execution_start": "2024-02-01",
        "execution_end": "2024-12-31",
        "parties": [
            party(LEAD, "燈籠股份有限公司", True, 700_000, 1_100_000),
            party(PARTNER, "竹骨有限公司", False, 300_000, 400_000),
        ],
        "conditions": [{"id": "c1", "text": "請補充市場驗證方式"}],
        "forms": {"L01": {"title": "智慧燈籠", "manager": "王小明"}},
    }
    return {**payload, **changes}


def contract(**changes: Any) -> dict[str, Any]:
    """A signed contract of one party: two instalments of its own."""
    payload = {
        "case_id": CASE,
        "call_id": CALL,
        "applicant_ubn": LEAD,
        "applicant_name": "竹藝工作室",
        "document_no": "110-服-7",
        "decided_on": "2021-05-20",
        "total_twd": 800_000,
        "approved_twd": 800_000,
        "execution_start": "2021-06-01",
        "execution_end": "2022-05-31",
        "contract_number": "110-服-7",
        "signed_on": "2021-05-25",
        "instalments": [
            {"no": 1, "checkpoint": "interim", "amount_twd": 300_000},
            {"no": 2, "checkpoint": "closing", "amount_twd": 500_000},
        ],
        "forms": {
            "B01": {"subject": "竹藝", "interim_on": "2021-12-01"},
            "B02": [{"code": "W1", "person": "林美"}],
        },
    }
    return {**payload, **changes}


@contextmanager
def office_of(entry: str, folder: Path) -> Iterator[Office]:
    """The embedded services with the programme of that entry and its call published."""
    create_store(folder, SimulatedClock(parse_instant(STARTS[entry])))
    with opened(folder, starts=STARTS[entry]) as office:
        pack = load_pack(PACKS / entry)
        (path,) = (PACKS / entry / "calls").glob("*.yaml")
        call = read_yaml(path, path.name).value
        office.do(OFFICER, "PublishPack", document=pack.document)
        office.do(
            OFFICER,
            "PublishCall",
            call_id=CALL,
            code=call["code"],
            pack_digest=pack.digest,
            title=call["title"],
            parameters=call["parameters"],
        )
        yield office


def types(office: Office, service: str, case_id: UUID = CASE) -> list[str]:
    """What a service has recorded of the case."""
    return [event["type"] for event in office.events(service, case_id)]


def newest(office: Office, service: str, type: str) -> Payload:
    """The data of the newest event of a type."""
    found = [e["data"] for e in office.events(service, CASE) if e["type"] == type]
    return dict(found[-1])
