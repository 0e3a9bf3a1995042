"""Fourth act: an abandonment with its bar, a rescission, recoveries, closing, follow-up."""

from __future__ import annotations

from typing import Any

from grantcase.demo import people
from grantcase.demo.clusters.cast import BY_KEY, Cast
from shared.kernel.ids import derived_id

_RULES = {"tidal": ["DC-SAN-08", "DC-FIN-16"], "quarry": ["DC-SAN-03", "DC-SAN-09"]}


def lapse(cast: Cast, key: str) -> None:
    """Reminded and still not signed: the selection lapses."""
    cast.do(people.OFFICER, key, "LapseSelection", reason="催告後仍未於指定期間簽約")
    cast.tell(key, "逾期未簽約，取消入選 not signed in time, the selection lapses")


def abandon(cast: Cast, key: str) -> None:
    """The proposer gives up after its first payment; no force majeure, notice of the sanction."""
    cast.do(
        BY_KEY[key].actor,
        key,
        "AbandonContract",
        reason="輔導團隊解散，無力續行",
        force_majeure_claimed=False,
        proofs=[],
    )
    cast.do(
        people.OFFICER,
        key,
        "DecideForceMajeure",
        force_majeure=False,
        reason="非屬不可抗力，未附證明",
    )
    _give_notice(cast, key, "無正當理由放棄執行", ["追回款項", "停權"])
    cast.tell(key, "放棄執行 abandoned, not force majeure")


def find_subcontracting(cast: Cast, key: str) -> None:
    """A visit finds the tutoring handed on; the proposer is heard."""
    facts = "訪視發現輔導工作全部轉由未列名廠商執行"
    cast.do(
        people.OFFICER,
        key,
        "OpenFinding",
        finding_id=_finding(cast, key),
        kind="subcontracting",
        facts=facts,
        rules=_RULES[key],
        evidence=[{"kind": "visit", "document": "訪視紀錄.pdf"}],
    )
    _give_notice(cast, key, facts, ["解除契約", "追回款項"])
    cast.do(
        BY_KEY[key].actor,
        key,
        "AnswerSanctionNotice",
        finding_id=_finding(cast, key),
        text="人力不足，確有委外。",
    )
    cast.tell(key, "查獲分包，已陳述意見 subcontracting found and heard")


def bar(cast: Cast, key: str, amount_twd: int) -> None:
    """After the answer period: everything paid is claimed back, and two years' bar."""
    _sanction(cast, key, effect="none", recover_twd=amount_twd, bar=True)
    _demand(cast, key, amount_twd)
    cast.tell(key, f"停權兩年 barred for two years; 追回 recover NT${amount_twd:,}")


def rescind(cast: Cast, key: str, amount_twd: int) -> None:
    """The contract is undone from its start: what was paid comes back, damages are reserved."""
    _sanction(cast, key, effect="rescind", recover_twd=amount_twd, bar=False, damages_reserved=True)
    _demand(cast, key, amount_twd)
    cast.tell(key, f"解除契約 rescinded; 追回 recover NT${amount_twd:,}")


def receive(cast: Cast, key: str, amount_twd: int) -> None:
    """The money comes back."""
    day = cast.script.backend.now().date()
    cast.do(
        people.MAKER,
        key,
        "ReceiveRecovery",
        recovery_id=_recovery(cast, key),
        amount_twd=amount_twd,
        received_on=day,
        bank_reference=f"back-{key}-{day}",
    )
    cast.tell(key, f"繳還 recovered NT${amount_twd:,}")


def close(cast: Cast, key: str) -> None:
    """Close the case; three years of follow-up begin."""
    cast.do(people.OFFICER, key, "ApproveClosing")
    cast.tell(key, "結案 closed; 追蹤三年 follow-up of three years begins")


def follow_up(cast: Cast, key: str, year: int) -> None:
    """One year's tracking data of every member."""
    rows = [
        {
            "ubn": member.ubn,
            "alive": True,
            "still_using": index % 6 != 0,
            "renewed": index % 4 != 0,
            "revenue_change_bp": 250,
            "employees": member.employees,
        }
        for index, member in enumerate(BY_KEY[key].members, start=1)
    ]
    cast.do(BY_KEY[key].actor, key, "FileFollowUp", year=year, rows=rows)
    cast.tell(key, f"追蹤填報第 {year} 年 follow-up of year {year}")


def _give_notice(cast: Cast, key: str, facts: str, effects: list[str]) -> None:
    cast.do(
        people.OFFICER,
        key,
        "GiveSanctionNotice",
        finding_id=_finding(cast, key),
        facts=facts,
        rules=_RULES[key],
        effects=effects,
    )


def _sanction(cast: Cast, key: str, **decision: Any) -> None:
    cast.do(
        people.OFFICER,
        key,
        "DecideSanction",
        finding_id=_finding(cast, key),
        facts="查證屬實",
        rules=_RULES[key],
        remedy="得於三十日內申請復查",
        **decision,
    )


def _demand(cast: Cast, key: str, amount_twd: int) -> None:
    recovery_id = _recovery(cast, key)
    demanded = cast.do(
        people.MAKER,
        key,
        "DemandRecovery",
        recovery_id=recovery_id,
        amount_twd=amount_twd,
        account="004-000000000001",
    )
    cast.do(
        people.CHECKER,
        key,
        "ApproveRecovery",
        recovery_id=recovery_id,
        digest=demanded["digest"],
    )


def _finding(cast: Cast, key: str) -> str:
    """An abandonment without force majeure opens its own finding."""
    return str(derived_id(cast.case(key), "abandoned"))


def _recovery(cast: Cast, key: str) -> str:
    events = cast.script.backend.query("finance", "case_events", case_id=str(cast.case(key)))
    found = (event["data"]["recovery_id"] for event in events if "recovery_id" in event["data"])
    return str(next(found))
