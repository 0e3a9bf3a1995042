"""Fourth act: a breach, an abandonment, recoveries, a bar, closing, follow-up, a second call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grantcase.demo import people, proposals
from grantcase.demo.executing import enterprises
from grantcase.demo.proposing import Stage
from grantcase.demo.script import Script
from shared.kernel.ids import derived_id

_RULES = {"subcontracting": ["CP-SAN-08"], "abandoned": ["CP-SAN-03"]}


def find_breach(script: Script, stage: Stage) -> None:
    """A visit finds the work handed to another firm; the notice of the hearing goes out."""
    _open_finding(
        script, stage, "breach", "subcontracting", "訪視發現推廣工作全部轉由未列名廠商執行"
    )
    script.do(
        people.applicant(proposals.BY_KEY["breach"].ubn),
        "AnswerSanctionNotice",
        case_id=stage.case("breach"),
        finding_id=_finding_id(stage, "breach"),
        text="人力不足，確有委外。",
    )
    script.tell(f"{stage.numbers['breach']} 查獲分包，已陳述意見 subcontracting found and heard")


def terminate(script: Script, stage: Stage, paid_twd: int) -> None:
    """Terminate for breach and claim back what was paid."""
    _decide(script, stage, "breach", effect="terminate", recover_twd=paid_twd, bar=False)
    script.tell(f"{stage.numbers['breach']} 終止契約 terminated, 追回 recover NT${paid_twd:,}")


def abandon(script: Script, stage: Stage) -> None:
    """The grantee gives up after its first payment; the claim of force majeure has no proof."""
    case_id, ubn = stage.case("abandoned"), proposals.BY_KEY["abandoned"].ubn
    script.do(
        people.applicant(ubn),
        "AbandonContract",
        case_id=case_id,
        reason="公司營運方向調整，無力續行",
        force_majeure_claimed=False,
        proofs=[],
    )
    script.do(
        people.OFFICER,
        "DecideForceMajeure",
        case_id=case_id,
        force_majeure=False,
        reason="非屬不可抗力，未附證明",
    )
    _give_notice(script, stage, "abandoned", "abandoned", "無正當理由放棄執行")
    script.tell(f"{stage.numbers['abandoned']} 放棄執行 abandoned, not force majeure")


def sanction(script: Script, stage: Stage, paid_twd: int) -> None:
    """After the answer period: money revoked, and two years' bar."""
    _decide(script, stage, "abandoned", effect="none", recover_twd=paid_twd, bar=True)
    script.tell(f"{stage.numbers['abandoned']} 停權兩年 barred for two years")


def demand(script: Script, stage: Stage, key: str, amount_twd: int) -> None:
    """The recovery is demanded by one person and approved by another."""
    case_id = stage.case(key)
    recovery_id = _recovery_id(script, stage, key)
    made = script.do(
        people.MAKER,
        "DemandRecovery",
        case_id=case_id,
        recovery_id=recovery_id,
        amount_twd=amount_twd,
        account="004-000000000001",
    )
    script.do(
        people.CHECKER,
        "ApproveRecovery",
        case_id=case_id,
        recovery_id=recovery_id,
        digest=made["digest"],
    )


def receive(script: Script, stage: Stage, key: str, amount_twd: int) -> None:
    """Money comes back."""
    script.do(
        people.MAKER,
        "ReceiveRecovery",
        case_id=stage.case(key),
        recovery_id=_recovery_id(script, stage, key),
        amount_twd=amount_twd,
        received_on=script.backend.now().date(),
        bank_reference=f"back-{key}-{script.backend.now().date()}",
    )
    script.tell(f"{stage.numbers[key]} 繳還 recovered NT${amount_twd:,}")


def assess_after(script: Script, stage: Stage, key: str) -> None:
    """The assessments after the counselling."""
    script.do(
        people.applicant(proposals.BY_KEY[key].ubn),
        "RecordAssessment",
        case_id=stage.case(key),
        assessments=[
            {
                "ubn": ubn,
                "phase": "POST",
                "assessed_at": "2023-11-20T10:00:00+08:00",
                "score_centi": 7600,
            }
            for ubn in enterprises(script, stage, key)
        ],
    )


def close(script: Script, stage: Stage, key: str) -> None:
    """Close the case; three years of follow-up begin."""
    script.do(people.OFFICER, "ApproveClosing", case_id=stage.case(key))
    script.tell(f"{stage.numbers[key]} 結案 closed; 追蹤三年 follow-up of three years begins")


def follow_up(script: Script, stage: Stage, key: str, year: int) -> None:
    """One year's tracking data."""
    script.do(
        people.applicant(proposals.BY_KEY[key].ubn),
        "FileFollowUp",
        case_id=stage.case(key),
        year=year,
        rows=[
            {
                "ubn": ubn,
                "alive": True,
                "still_using": index % 7 != 0,
                "renewed": index % 3 != 0,
                "revenue_change_bp": 300,
                "employees": 4,
            }
            for index, ubn in enumerate(enterprises(script, stage, key))
        ],
    )
    script.tell(f"{stage.numbers[key]} 追蹤填報第 {year} 年 follow-up of year {year}")


def _open_finding(script: Script, stage: Stage, key: str, kind: str, facts: str) -> None:
    script.do(
        people.OFFICER,
        "OpenFinding",
        case_id=stage.case(key),
        finding_id=_finding_id(stage, key),
        kind=kind,
        facts=facts,
        rules=_RULES[kind],
        evidence=[{"kind": "visit", "document": "訪視紀錄.pdf"}],
    )
    _give_notice(script, stage, key, kind, facts)


def _give_notice(script: Script, stage: Stage, key: str, kind: str, facts: str) -> None:
    script.do(
        people.OFFICER,
        "GiveSanctionNotice",
        case_id=stage.case(key),
        finding_id=_finding_id(stage, key),
        facts=facts,
        rules=_RULES[kind],
        effects=["終止契約", "追回款項", "停權"],
    )


def _decide(script: Script, stage: Stage, key: str, **decision: Any) -> Mapping[str, Any]:
    rules = {"breach": ["CP-SAN-08", "CP-FIN-19"], "abandoned": ["CP-SAN-03", "CP-FIN-20"]}[key]
    return script.do(
        people.OFFICER,
        "DecideSanction",
        case_id=stage.case(key),
        finding_id=_finding_id(stage, key),
        facts="查證屬實",
        rules=rules,
        remedy="得於三十日內申請復查",
        **decision,
    )


def _finding_id(stage: Stage, key: str) -> Any:
    """An abandonment without force majeure opens its own finding."""
    if key == "abandoned":
        return derived_id(stage.case(key), "abandoned")
    return derived_id("demo", key, "finding")


def _recovery_id(script: Script, stage: Stage, key: str) -> str:
    events = script.backend.query("finance", "case_events", case_id=str(stage.case(key)))
    return str(
        next(event["data"]["recovery_id"] for event in events if "recovery_id" in event["data"])
    )
