"""How cases end: closed and followed up, forfeited, terminated, rescinded, barred."""

from __future__ import annotations

from typing import Any

from grantcase.demo import people
from grantcase.demo.innovation.cast import Cast, Plan
from shared.kernel.ids import derived_id


def forfeit(cast: Cast, plan: Plan) -> None:
    """Nobody came to the desk, and the window is over."""
    cast.do(people.OFFICER, plan.key, "LapseSelection", reason="預約時段未到場，亦未改期")
    cast.tell(plan.key, "未到場，視同放棄補助 nobody came to the slot: forfeited")


def find(cast: Cast, plan: Plan, kind: str, facts: str, *, notice: bool) -> None:
    """Something is found; with `notice` the company is asked to answer or cure."""
    finding = {"finding_id": _finding(plan), "facts": facts, "rules": []}
    cast.do(people.OFFICER, plan.key, "OpenFinding", **finding, kind=kind, evidence=[])
    if notice:
        effects = ["終止契約", "追回款項"]
        cast.do(people.OFFICER, plan.key, "GiveSanctionNotice", **finding, effects=effects)
    cast.tell(plan.key, f"異常情事 finding: {kind}", facts)


def decide(
    cast: Cast, plan: Plan, effect: str, rule: str, *, bar: bool, **figures: int
) -> dict[str, int]:
    """The sanction; what is owed by kind of recovery (NT$), as the rules give it."""
    cast.do(
        people.OFFICER,
        plan.key,
        "DecideSanction",
        finding_id=_finding(plan),
        effect=effect,
        recover_twd=0,
        bar=bar,
        force_majeure=False,
        facts="查證屬實",
        rules=[rule],
        remedy="得於三十日內提起訴願",
        figures=figures,
    )
    owed = {row["kind"]: row["amount_twd"] for row in _recoveries(cast, plan)}
    if bar:
        barred = cast.events(plan.key, "finance", "ApplicantBarred")[-1]
        years = ", ".join(str(year) for year in barred.get("years_roc") or ())
        told = f"{years} 年度不得申請 barred for ROC year {years}"
        cast.tell(plan.key, told if years else f"停權至 barred until {barred['until']}")
    return owed


def recover(cast: Cast, plan: Plan) -> None:
    """Everything that is owed is demanded by two people and received."""
    for row in _recoveries(cast, plan):
        named = {"recovery_id": row["recovery_id"]}
        made = cast.do(
            people.MAKER,
            plan.key,
            "DemandRecovery",
            **named,
            amount_twd=row["amount_twd"],
            account="004-000000000001",
        )
        cast.do(people.CHECKER, plan.key, "ApproveRecovery", **named, digest=made["digest"])
    for row in _recoveries(cast, plan):
        cast.do(
            people.MAKER,
            plan.key,
            "ReceiveRecovery",
            recovery_id=row["recovery_id"],
            amount_twd=row["amount_twd"],
            received_on=cast.script.backend.now().date(),
            bank_reference=f"back-{plan.lead.ubn}-{row['kind']}",
        )
        cast.tell(plan.key, f"繳還 received ({row['kind']}): NT${row['amount_twd']:,}")


def close(cast: Cast, plan: Plan) -> None:
    """Close the case; the follow-up begins."""
    cast.do(people.OFFICER, plan.key, "ApproveClosing")
    cast.tell(plan.key, "結案 closed; 追蹤三年 follow-up of three years begins")


def follow_up(cast: Cast, plan: Plan, year: int) -> None:
    """One year's tracking data of every company."""
    rows = [
        {
            "ubn": company.ubn,
            "alive": True,
            "still_using": True,
            "renewed": True,
            "revenue_change_bp": 400,
            "employees": 20,
        }
        for company in plan.companies
    ]
    cast.do(plan.lead.actor, plan.key, "FileFollowUp", year=year, rows=rows)
    cast.tell(plan.key, f"追蹤填報第 {year} 年 follow-up of year {year}")


def _finding(plan: Plan) -> Any:
    return derived_id("innovation", plan.key, "finding")


def _recoveries(cast: Cast, plan: Plan) -> list[Any]:
    return cast.events(plan.key, "finance", "RecoveryOpened")
