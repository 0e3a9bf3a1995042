"""Steps of a monitored case: what a test is not about, done the usual way."""

from __future__ import annotations

from typing import Any

from shared.kernel.ids import derived_id
from tests.support.monitoring_desk import OFFICER, Desk
from tests.support.monitoring_events import SHOPS, at, weekly_logins

PHOTOS = [
    {"kind": kind, "reference": kind}
    for kind in ("agenda", "sign_in", "photos", "link", "reach_screenshot")
]


def adopt(desk: Desk, day: str = "2023-06-05", ubns: tuple[str, ...] = SHOPS) -> Any:
    rows = [
        {
            "ubn": ubn,
            "solution": "預約雲",
            "version": "1",
            "account": f"acc-{ubn}",
            "activated_at": f"{day}T00:00:00+08:00",
        }
        for ubn in ubns
    ]
    return desk.do("RecordAdoption", at(day), adoptions=rows)


def log(desk: Desk, rows: list[dict[str, Any]], day: str, name: str = "batch") -> Any:
    return desk.do(
        "IngestUsageLog",
        at(day),
        batch_id=str(derived_id(name)),
        csp_name="共好雲端",
        solution_name="預約雲",
        enterprise_name="各店",
        time_axis="日",
        uses_axis="次",
        plan_file="plan.pdf",
        rows=rows,
    )


def report(desk: Desk, day: str, b1: int, b6: int, checkpoint: str = "cp1") -> Any:
    actuals = [
        {"kpi_code": code, "actual_centi": reached, "evidence": ["佐證.pdf"]}
        for code, reached in (("B1", b1), ("B6", b6))
    ]
    return desk.do(
        "ReportCheckpoint", at(day), checkpoint=checkpoint, report="r.pdf", actuals=actuals
    )


def brief(desk: Desk, day: str, checkpoint: str = "cp1", **changed: Any) -> Any:
    payload = {"held_on": day, "presenter": "PROJECT_MANAGER", **changed}
    return desk.do("RecordBriefing", at(day), OFFICER, checkpoint=checkpoint, **payload)


def decide(desk: Desk, day: str, checkpoint: str = "cp1") -> Any:
    return desk.do("DecideCheckpoint", at(day), OFFICER, checkpoint=checkpoint)


def assess(desk: Desk, phase: str, day: str) -> None:
    rows = [
        {"ubn": ubn, "phase": phase, "assessed_at": f"{day}T10:00:00+08:00", "score_centi": 6000}
        for ubn in SHOPS
    ]
    desk.do("RecordAssessment", at(day), assessments=rows)


def activity(desk: Desk, kind: str, day: str) -> None:
    desk.do(
        "RecordActivity",
        at(day),
        activity_id=str(derived_id(kind, day)),
        kind=kind,
        title=kind,
        held_on=day,
        place="臺中",
        participants=30,
        evidence=PHOTOS,
    )


def visits(desk: Desk) -> None:
    rows = [
        {
            "ubn": ubn,
            "held_on": day,
            "start": "14:00",
            "end": "16:00",
            "mode": mode,
            "consultant_id": "staff-3",
            "topic": "預約",
            "content": "教學",
            "photos": ["1.jpg"],
            "confirmed": True,
        }
        for ubn in SHOPS
        for day, mode in (
            ("2023-05-10", "ON_SITE"),
            ("2023-06-12", "ONLINE"),
            ("2023-08-12", "PHONE"),
        )
    ]
    desk.do("RecordCounselling", at("2023-08-13"), visits=rows)


def passed_first(desk: Desk) -> Desk:
    adopt(desk)
    log(desk, weekly_logins(SHOPS, "2023-06-05", 6), "2023-07-15")
    report(desk, "2023-07-15", 300, 100)
    brief(desk, "2023-07-15")
    assert decide(desk, "2023-07-20")["outcome"] == "passed"
    return desk


def closed(desk: Desk, day: str = "2023-12-20") -> Desk:
    passed_first(desk)
    assess(desk, "PRE", "2023-05-10")
    assess(desk, "POST", "2023-11-20")
    visits(desk)
    for kind, held in (
        ("LITERACY", "2023-06-20"),
        ("LITERACY", "2023-07-20"),
        ("LITERACY", "2023-08-20"),
        ("SHOWCASE", "2023-10-20"),
        ("FILM", "2023-10-25"),
        ("ANALYSIS", "2023-11-20"),
        ("PORTAL_LISTING", "2023-11-21"),
    ):
        activity(desk, kind, held)
    log(desk, weekly_logins(SHOPS, "2023-07-17", 20), "2023-12-01", "rest")
    report(desk, "2023-12-05", 300, 300, "cp2")
    brief(desk, "2023-12-06", "cp2")
    assert decide(desk, "2023-12-08", "cp2")["outcome"] == "passed"
    desk.do("ApproveClosing", at(day), OFFICER)
    return desk


def alerts(desk: Desk) -> list[tuple[str, str | None]]:
    return [
        (alert.obligation or alert.kind, alert.about) for alert in desk.case().alerts.open.values()
    ]
