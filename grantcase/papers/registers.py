"""Registers of a case that papers print as tables and curves: indicators, progress, checkpoints,
usage by enterprise, instalments, opinions, decisions, chronicle. Each is a list of flat rows.

Amounts NT$ (_twd), shares in basis points (_bp), counts of indicators in hundredths (_centi).
(Longer than a page: one register beside the other.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grantcase.case_picture import picture
from grantcase.papers.case_records import chronicle, decisions
from grantcase.papers.money_register import parties, vouchers
from grantcase.papers.usage_register import usage
from shared.kernel.money import half_up

Facts = Mapping[str, Any]
Row = dict[str, Any]


def registers(facts: Facts, events: Sequence[Mapping[str, Any]]) -> Row:
    """Every register by its name."""
    seen = picture(events)
    made = decisions(events)
    money: Row = {**seen.money, "contract_twd": seen.contract_twd or 0}
    money["recovery_twd"] = money["demanded_twd"] - money["recovered_twd"]
    return {
        "state": {"zh-Hant": seen.state[0], "en": seen.state[-1]},
        "money": money,
        "enterprises": enterprises(facts),
        "kpis": kpis(facts),
        "progress": progress(facts),
        "checkpoints": checkpoints(facts),
        "instalments": instalments(facts),
        "parties": parties(facts),
        "vouchers": vouchers(facts),
        "usage": usage(facts, enterprises(facts)),
        "assessments": assessments(facts),
        "opinions": opinions(facts),
        "decisions": made,
        "quiet_decisions": sum(not row["cited"] for row in made),
        "chronicle": chronicle(events),
        "counts": _counts(facts),
    }


def enterprises(facts: Facts) -> list[Row]:
    """The enterprises of the newest event that lists them, numbered."""
    last = facts["last"]
    for name in ("MonitoringOpened", "ContractSigned", "ProposalSelected", "ProposalAccepted"):
        if last.get(name, {}).get("enterprises"):
            return [
                {**row, "no": i, "name": row.get("name") or row.get("enterprise_name") or ""}
                for i, row in enumerate(last[name]["enterprises"], 1)
            ]
    return []


def kpis(facts: Facts) -> list[Row]:
    """Indicators: {code, name, target_centi, actual_centi, attained_bp, weight_bp, evidence, plan,
    by: [{checkpoint, actual_centi}]}; `plan` is the row of the form that declared it."""
    opened = facts["last"].get("MonitoringOpened", {})
    declared = _rows_by_code(facts, (facts["pack"]["monitoring"].get("kpis") or {}))
    reports = facts["all"].get("CheckpointReported", [])
    rows = []
    for kpi in opened.get("kpis", []):
        plan = declared.get(kpi["code"], {})
        by = [
            {"checkpoint": r["checkpoint"], "actual_centi": a["actual_centi"]}
            for r in reports
            for a in r["actuals"]
            if a["kpi_code"] == kpi["code"]
        ]
        actual = by[-1]["actual_centi"] if by else None
        rows.append(
            {
                **kpi,
                "name": _name(plan) or kpi["code"],
                "unit": plan.get("unit") or "",
                "target_centi": kpi["total_centi"],
                "actual_centi": actual,
                "attained_bp": _share(actual, kpi["total_centi"]),
                "plan": plan,
                "by": by,
            }
        )
    return rows


def progress(facts: Facts) -> list[Row]:
    """Month by month: {month, planned_work_bp, planned_budget_bp, work_bp, budget_bp} (cumulative;
    actual figures are None where nothing was reported)."""
    opened = facts["last"].get("MonitoringOpened", {})
    reported = {row["month"]: row for row in facts["all"].get("ProgressReported", [])}
    year = str(opened.get("execution_end", ""))[:4]
    rows = []
    for plan in opened.get("progress", []):
        month = plan["month"] if isinstance(plan["month"], str) else f"{year}-{plan['month']:02d}"
        told = reported.get(month, {})
        rows.append(
            {
                "month": month,
                "planned_work_bp": plan["work_bp"],
                "planned_budget_bp": plan["budget_bp"],
                "work_bp": told.get("work_bp"),
                "budget_bp": told.get("budget_bp"),
                "note": told.get("note") or "",
            }
        )
    return rows


def checkpoints(facts: Facts) -> list[Row]:
    """{id, label, due_on, reported_on, progress_bp, planned_bp, passed_on, reasons, outcome}."""
    planned = {c["id"]: c.get("cumulative_bp") for c in facts["pack"]["checkpoints"]}
    everything = facts["all"]
    rows = []
    for point in facts["last"].get("MonitoringOpened", {}).get("checkpoints", []):
        report = _newest(everything, "CheckpointReported", "checkpoint", point["id"])
        passed = _newest(everything, "CheckpointPassed", "checkpoint", point["id"])
        failed = _newest(everything, "CheckpointFailed", "checkpoint", point["id"])
        rows.append(
            {
                "id": point["id"],
                "label": point["label"],
                "due_on": point["due_on"],
                "month": int(point["due_on"][5:7]),
                "planned_bp": planned.get(point["id"]),
                "reported_on": report.get("reported_on"),
                "progress_bp": report.get("progress_bp"),
                "passed_on": passed.get("passed_on"),
                "reasons": failed.get("reasons") or [],
                "outcome": "通過" if passed else ("未達" if failed else "－"),
            }
        )
    return rows


def instalments(facts: Facts) -> list[Row]:
    """{no, party_ubn, party, amount_twd, checkpoint, payable_on, payable_twd, review, claimed_on,
    invoice_number, invoice_on, maker, checker, paid_on, paid_twd, bank_reference, outcome};
    `review` is the newest finance review of it, {} without one."""
    everything = facts["all"]
    labels = {point["id"]: point["label"] for point in facts["pack"]["checkpoints"]}
    names = {row["ubn"]: row["name"] for row in parties(facts)}
    rows = []
    for row in facts["last"].get("ContractSigned", {}).get("instalments", []):
        no = row["no"]
        payable = _newest(everything, "InstalmentBecamePayable", "instalment_no", no)
        claim = _newest(everything, "ClaimSubmitted", "instalment_no", no)
        prepared = _newest(everything, "DisbursementPrepared", "instalment_no", no)
        approved = _newest(everything, "InstalmentApproved", "instalment_no", no)
        paid = _newest(everything, "FundsDisbursed", "instalment_no", no)
        cancelled = _newest(everything, "InstalmentCancelled", "instalment_no", no)
        rows.append(
            {
                "no": no,
                "party_ubn": row.get("party_ubn"),
                "party": names.get(row.get("party_ubn")) or facts["case"]["applicant"],
                "amount_twd": row["amount_twd"],
                "checkpoint": row.get("checkpoint"),
                "condition": labels.get(row.get("checkpoint"), row.get("checkpoint")),
                "payable_on": payable.get("on"),
                "payable_twd": payable.get("amount_twd"),
                "review": _newest(everything, "FinanceReviewClosed", "instalment_no", no),
                "claimed_on": claim.get("on"),
                "invoice_number": claim.get("invoice_number"),
                "invoice_on": claim.get("invoice_on"),
                "maker": prepared.get("maker"),
                "checker": approved.get("checker"),
                "paid_on": paid.get("paid_on"),
                "paid_twd": paid.get("amount_twd", 0),
                "bank_reference": paid.get("bank_reference"),
                "outcome": "已撥付" if paid else ("不予撥付" if cancelled else "未撥付"),
            }
        )
    return rows


def assessments(facts: Facts) -> list[Row]:
    """{phase, on, count, mean_centi}: the newest assessments of every enterprise, by phase."""
    found: dict[str, dict[str, Row]] = {}
    for event in facts["all"].get("AssessmentsRecorded", []):
        for one in event["assessments"]:
            found.setdefault(one["phase"], {})[one["ubn"]] = one
    return [
        {
            "phase": phase,
            "on": max(one["assessed_at"] for one in by_ubn.values()),
            "count": len(by_ubn),
            "mean_centi": half_up(sum(one["score_centi"] for one in by_ubn.values()), len(by_ubn)),
        }
        for phase, by_ubn in found.items()
    ]


def opinions(facts: Facts) -> list[Row]:
    """{no, id, text, reply, status}: the committee's opinions, without members, and the replies."""
    last = facts["last"]
    names = ("ProposalSelected", "SelectionDecided", "ContractFileOpened")
    selected: Row = next((last[name] for name in names if name in last), {})
    plan = last.get("ContractPlanSubmitted", {})
    answers = {row["condition"]: row for row in plan.get("answers", [])}
    return [
        {
            "no": number,
            "id": condition["id"],
            "text": condition["text"],
            "reply": answers.get(condition["id"], {}).get("text"),
            "status": answers.get(condition["id"], {}).get("status"),
        }
        for number, condition in enumerate(selected.get("conditions", []), 1)
    ]


def _counts(facts: Facts) -> Row:
    everything = facts["all"]
    visits = [v for e in everything.get("CounsellingRecorded", []) for v in e["visits"]]
    activities = everything.get("ActivityRecorded", [])
    return {
        "visits": len(visits),
        "visited": len({visit["ubn"] for visit in visits}),
        "activities": len(activities),
        "participants": sum(row.get("participants") or 0 for row in activities),
        "documents": len(everything.get("DocumentUploaded", [])),
        "letters": len({row["ubn"] for row in everything.get("LetterAttached", [])}),
        "adopted": len(
            {a["ubn"] for e in everything.get("AdoptionsRecorded", []) for a in e["adoptions"]}
        ),
        "alerts": len(everything.get("ComplianceAlertRaised", [])),
    }


def _rows_by_code(facts: Facts, source: Mapping[str, Any]) -> dict[str, Any]:
    rows = facts["forms"].get(source.get("form"), []) if isinstance(source, Mapping) else []
    code = source.get("code", "code") if isinstance(source, Mapping) else "code"
    return {row[code]: row for row in rows if isinstance(row, Mapping) and code in row}


def _name(plan: Mapping[str, Any]) -> str | None:
    return next((str(v) for k, v in plan.items() if k.endswith("name") and v), None)


def _newest(everything: Mapping[str, Any], kind: str, name: str, value: Any) -> Row:
    rows = [row for row in everything.get(kind, []) if row.get(name) == value]
    return rows[-1] if rows else {}


def _share(part: int | None, whole: int) -> int | None:
    return None if part is None or not whole else part * 10_000 // whole
