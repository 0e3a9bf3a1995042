"""Third act, the work: visits, monthly reports, usage logs, activities, checkpoints.

(Longer than a page: each command of the story with the whole of its form.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from grantcase.demo import people, proposals
from grantcase.demo.contracting import PROMISED_USES, selected
from grantcase.demo.proposing import Stage
from grantcase.demo.script import Script
from shared.kernel.ids import derived_id

RUNNING = ("steady", "cured", "breach", "abandoned")


def start(script: Script, stage: Stage, key: str) -> None:
    """Assessments before, first counselling, every shop activates its tool."""
    ubns, actor = enterprises(script, stage, key), _actor(key)
    script.do(
        actor,
        "RecordAssessment",
        case_id=stage.case(key),
        assessments=[
            {
                "ubn": ubn,
                "phase": "PRE",
                "assessed_at": "2023-05-02T10:00:00+08:00",
                "score_centi": 4200,
            }
            for ubn in ubns
        ],
    )
    visit(script, stage, key, "2023-05-03", "ON_SITE")
    script.do(
        actor,
        "RecordAdoption",
        case_id=stage.case(key),
        adoptions=[
            {
                "ubn": ubn,
                "solution": "美業預約雲",
                "version": "1.0",
                "account": f"shop-{ubn}",
                "activated_at": "2023-05-03T15:00:00+08:00",
                "evidence": [{"kind": "screenshot", "reference": f"{ubn}.png"}],
            }
            for ubn in ubns
        ],
    )


def visit(script: Script, stage: Stage, key: str, day: str, mode: str) -> None:
    """One counselling visit to every shop."""
    script.do(
        _actor(key),
        "RecordCounselling",
        case_id=stage.case(key),
        visits=[
            {
                "ubn": ubn,
                "held_on": day,
                "start": "14:00",
                "end": "15:30",
                "mode": mode,
                "place": "店內" if mode == "ON_SITE" else "線上",
                "consultant_id": "staff-3",
                "topic": "工具操作與數據判讀",
                "content": "設定營業時段、教學並檢視使用紀錄",
                "photos": [f"{day}-{ubn}.jpg"],
                "confirmed": True,
            }
            for ubn in enterprises(script, stage, key)
        ],
    )


def month(script: Script, stage: Stage, key: str, work_bp: int, year: int, number: int) -> None:
    """One month's progress and usage log, handed in on the 8th of the month after."""
    script.do(
        _actor(key),
        "ReportProgress",
        case_id=stage.case(key),
        month=f"{year}-{number:02d}",
        work_bp=work_bp,
        budget_bp=work_bp,
    )
    usage(script, stage, key, year, number)


def usage(script: Script, stage: Stage, key: str, year: int, number: int) -> None:
    """The usage log of one month, as far as it has passed; what was sent before counts once."""
    today, ubns = script.backend.now().date(), enterprises(script, stage, key)
    a_week = PROMISED_USES // (len(ubns) * 25) + 1  # enough for the promised total
    rows = [
        {
            "ubn": ubn,
            "solution": "美業預約雲",
            "kind": "LOGIN",
            "actor_side": "OWNER",
            "at": f"{day.isoformat()}T10:{index % 60:02d}:00+08:00",
            "source_id": f"{ubn}-{day.isoformat()}",
            "uses": a_week,
        }
        for index, ubn in enumerate(ubns)
        for day in _days(year, number)
        if day < today
    ]
    if rows:
        script.do(
            _actor(key),
            "IngestUsageLog",
            case_id=stage.case(key),
            batch_id=derived_id("demo", key, "usage", year, number, today),
            csp_name=proposals.BY_KEY[key].name,
            solution_name="美業預約雲",
            enterprise_name="各店如列",
            time_axis=f"{year}-{number:02d}",
            uses_axis="次",
            plan_file="使用紀錄規劃檔.pdf",
            rows=rows,
        )


def activities(script: Script, stage: Stage, key: str) -> None:
    """Three literacy activities, the showcase, the film and the analysis."""
    done = [("LITERACY", "2023-06-06"), ("LITERACY", "2023-06-20"), ("LITERACY", "2023-09-12")]
    done += [("SHOWCASE", "2023-11-07"), ("FILM", "2023-11-14"), ("ANALYSIS", "2023-11-21")]
    for number, (kind, day) in enumerate(done, start=1):
        if date.fromisoformat(day) > script.backend.now().date():
            continue
        script.do(
            _actor(key),
            "RecordActivity",
            case_id=stage.case(key),
            activity_id=derived_id("demo", key, "activity", number),
            kind=kind,
            title=f"第 {number} 場",
            held_on=day,
            place="臺中市北屯區",
            participants=32,
            evidence=[
                {"kind": name, "reference": f"{name}-{number}.pdf"}
                for name in ("agenda", "sign_in", "photos", "link", "reach_screenshot", "report")
            ],
        )


def report(
    script: Script, stage: Stage, key: str, checkpoint: str, share: Mapping[str, int], day: str
) -> None:
    """A checkpoint report and its briefing; `share` is the percent reached per KPI."""
    forms = proposals.forms_of(proposals.BY_KEY[key], stage.example["forms"], 2023)
    script.do(
        _actor(key),
        "ReportCheckpoint",
        case_id=stage.case(key),
        checkpoint=checkpoint,
        report=f"{checkpoint}-報告.pdf",
        actuals=[_actual(script, stage, key, row, share) for row in forms["F14"]],
    )
    script.do(
        people.OFFICER,
        "RecordBriefing",
        case_id=stage.case(key),
        checkpoint=checkpoint,
        held_on=day,
        presenter="PROJECT_MANAGER",
    )


def accept(script: Script, stage: Stage, key: str, checkpoint: str) -> Mapping[str, Any]:
    """The rules of the checkpoint decide."""
    answer = script.do(
        people.OFFICER, "DecideCheckpoint", case_id=stage.case(key), checkpoint=checkpoint
    )
    passed = any(event["type"] == "CheckpointPassed" for event in answer["events"])
    outcome = "通過 passed" if passed else "未達 failed"
    script.tell(f"{stage.numbers[key]} 查核點 checkpoint {checkpoint}: {outcome}")
    return answer


def enterprises(script: Script, stage: Stage, key: str) -> list[str]:
    """統一編號 of the contract's enterprises."""
    kept = selected(script, stage, key)["approved_count"]
    own = [shop.ubn for shop in proposals.roster_of(proposals.BY_KEY[key])]
    return own[:kept]


def _actual(
    script: Script, stage: Stage, key: str, row: Mapping[str, Any], share: Mapping[str, int]
) -> dict[str, Any]:
    target = row["total_plan"]
    if row["kpi_code"] in ("B1", "B2"):
        target = len(enterprises(script, stage, key)) * 100
    percent = share.get(row["kpi_code"], share["*"])
    return {
        "kpi_code": row["kpi_code"],
        "actual_centi": target * percent // 100,
        "evidence": ["佐證資料.pdf"],
    }


def _actor(key: str) -> Any:
    return people.applicant(proposals.BY_KEY[key].ubn)


def _days(year: int, number: int) -> Iterator[date]:
    """The Wednesdays of a month from the adoption on."""
    day = date(year, number, 1)
    while day.month == number:
        if day.weekday() == 2 and day > date(2023, 5, 3):
            yield day
        day += timedelta(days=1)
