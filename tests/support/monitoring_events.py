"""Builders of monitoring's events and of a signed contract, with full defaults."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.monitoring.domain import events as e
from services.monitoring.domain.rows import AdoptionRow, KpiActual, VisitRow
from shared.kernel.clock import TAIPEI
from shared.kernel.envelope import PublicEvent
from shared.kernel.ids import derived_id

CASE = UUID("6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10")
CALL = UUID("0b2f4f6a-7a0e-5a2e-8a64-0d6c2b1f9c11")
APPLICANT = "12345676"
SHOPS = ("22099131", "04595257", "11111115")


def at(day: str, time: str = "10:00:00") -> datetime:
    """An instant in Taipei: at("2023-07-31", "23:59:59")."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=TAIPEI)


def kpi(code: str = "B1", total_centi: int = 300, weight_bp: int = 10_000) -> e.KpiPlan:
    return e.KpiPlan(
        code=code, item=code, total_centi=total_centi, weight_bp=weight_bp, evidence=()
    )


def opened(**changed: Any) -> e.MonitoringOpened:
    fields: dict[str, Any] = {
        "case_id": CASE,
        "case_number": "CP112-0001",
        "contract_number": "CP112-0001-C",
        "call_id": CALL,
        "programme_id": "coprosperity-112",
        "pack_digest": "0" * 64,
        "applicant_ubn": APPLICANT,
        "applicant_name": "共好資訊股份有限公司",
        "track": "POP",
        "amount_twd": 1_000_000,
        "approved_count": len(SHOPS),
        "enterprises": tuple({"ubn": ubn} for ubn in SHOPS),
        "letters": SHOPS,
        "participants": (APPLICANT,),
        "signed_on": date(2023, 4, 20),
        "execution_start": date(2023, 4, 1),
        "execution_end": date(2023, 11, 30),
        "counted_until": date(2023, 11, 30),
        "standard": e.UsageStandard(
            service_item="預約", record_kinds=("LOGIN",), minimum=4, cycle="WEEK", total=100
        ),
        "kpis": (kpi(),),
        "progress": (e.MonthPlan(month=6, work_bp=3000, budget_bp=3000),),
        "checkpoints": (
            e.CheckpointPlan(id="cp1", label={}, due_on=date(2023, 7, 15), moment="cp1"),
            e.CheckpointPlan(id="cp2", label={}, due_on=date(2023, 11, 30), moment="cp2"),
        ),
        "obligations": (),
        "forms": {},
    }
    return e.MonitoringOpened(**{**fields, **changed})


def adopted(*ubns: str, on: datetime | None = None, late: tuple[str, ...] = ()) -> Any:
    rows = tuple(adoption(ubn, on or at("2023-06-05", "00:00:00")) for ubn in ubns or SHOPS)
    return e.AdoptionsRecorded(case_id=CASE, adoptions=rows, late=late)


def adoption(ubn: str, activated_at: datetime) -> AdoptionRow:
    return AdoptionRow(
        ubn=ubn, solution="預約雲", version="1", account=f"acc-{ubn}", activated_at=activated_at
    )


def visit(ubn: str = SHOPS[0], day: str = "2023-06-12", mode: str = "ON_SITE") -> VisitRow:
    return VisitRow(
        ubn=ubn,
        held_on=date.fromisoformat(day),
        start="14:00",
        end="16:00",
        mode=mode,
        consultant_id="staff-3",
        topic="預約",
        content="教學",
        photos=("1.jpg",),
        confirmed=True,
    )


def reported(checkpoint: str = "cp1", progress_bp: int = 3500) -> e.CheckpointReported:
    return e.CheckpointReported(
        case_id=CASE,
        case_number="CP112-0001",
        checkpoint=checkpoint,
        progress_bp=progress_bp,
        reported_on=date(2023, 7, 15),
        report="r.pdf",
        actuals=(KpiActual(kpi_code="B1", actual_centi=300, evidence=()),),
    )


def passed(checkpoint: str = "cp1") -> e.CheckpointPassed:
    return e.CheckpointPassed(
        case_id=CASE,
        case_number="CP112-0001",
        checkpoint=checkpoint,
        progress_bp=3500,
        passed_on=date(2023, 7, 20),
        usage_records=True,
        letters=SHOPS,
    )


def failed(checkpoint: str = "cp1") -> e.CheckpointFailed:
    return e.CheckpointFailed(
        case_id=CASE,
        case_number="CP112-0001",
        checkpoint=checkpoint,
        progress_bp=3499,
        reasons=("CP-MON-04",),
        cure_by=date(2023, 7, 29),
    )


def change(**changed: Any) -> e.PlanChangeRequested:
    fields: dict[str, Any] = {
        "case_id": CASE,
        "change_id": derived_id("change"),
        "kind": "ENTERPRISES",
        "reason": "歇業",
        "before": "甲",
        "after": "乙",
        "amount_effect_twd": 0,
        "schedule_until": None,
        "solution": None,
        "used_from": None,
        "removed_ubns": (SHOPS[0],),
        "added": ({"ubn": "84149961"},),
    }
    return e.PlanChangeRequested(**{**fields, **changed})


def weekly_logins(
    ubns: tuple[str, ...], first: str, weeks: int, per_week: int = 4
) -> list[dict[str, Any]]:
    """Rows of owners' log-ins from a Monday on: per_week on consecutive days of every week."""
    start = at(first, "09:00:00")
    return [
        {
            "ubn": ubn,
            "solution": "預約雲",
            "kind": "LOGIN",
            "actor_side": "OWNER",
            "at": (start + timedelta(days=7 * week + day)).isoformat(),
            "source_id": f"log-{week}-{day}",
            "uses": 1,
        }
        for ubn in ubns
        for week in range(weeks)
        for day in range(per_week)
    ]


def contract_signed(digest: str, **changed: Any) -> PublicEvent:
    """finance.ContractSigned of three shops, as the feed brings it."""
    data: dict[str, Any] = {
        "case_id": str(CASE),
        "case_number": "CP112-0001",
        "contract_number": "CP112-0001-C",
        "call_id": str(CALL),
        "programme_id": "coprosperity-112",
        "pack_digest": digest,
        "applicant_ubn": APPLICANT,
        "applicant_name": "共好資訊股份有限公司",
        "track": "POP",
        "amount_twd": 1_000_000,
        "approved_count": len(SHOPS),
        "enterprises": [{"ubn": ubn, "name": f"店 {ubn}"} for ubn in SHOPS],
        "letters": list(SHOPS),
        "signed_on": "2023-04-20",
        "execution_start": "2023-04-01",
        "execution_end": "2023-11-30",
        "valid_to": "2024-01-31",
        "instalments": [],
        "usage_standard": {
            "service_item": "預約",
            "record_kinds": ["LOGIN"],
            "minimum": 4,
            "cycle": "WEEK",
            "total": 100,
        },
        "forms": forms(),
        "decided_by": {},
    }
    return public("finance", "ContractSigned", {**data, **changed}, at("2023-04-20"))


def forms() -> dict[str, Any]:
    """Two KPIs: enterprises (weight 40 %) and activities (60 %)."""
    return {
        "F09": [{"kpi_code": "B1", "kpi_item": "B1"}, {"kpi_code": "B6", "kpi_item": "B6"}],
        "F13": {
            "items": [{"work_item": "B1", "weight": 4000}, {"work_item": "B6", "weight": 6000}]
        },
        "F14": [
            {"kpi_code": "B1", "total_plan": 300, "evidence": ["彙總表"]},
            {"kpi_code": "B6", "total_plan": 300, "evidence": ["議程"]},
        ],
        "F03": [
            {"month": month, "work_cum_pct": 1000 * (month - 3), "budget_cum_pct": 0}
            for month in range(4, 12)
        ],
    }


def public(source: str, type: str, data: dict[str, Any], occurred_at: datetime) -> PublicEvent:
    """An event of another service's feed."""
    return PublicEvent(
        id=derived_id(source, type, occurred_at.isoformat()),
        source=source,
        type=type,
        schema_version=1,
        feed_sequence=1,
        occurred_at=occurred_at,
        data=data,
        subject=CASE,
    )
