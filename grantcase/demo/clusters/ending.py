"""Fourth act: an abandonment with recovery and bar, closing, follow-up."""

from __future__ import annotations

from grantcase.demo import people
from grantcase.demo.clusters.cast import BY_KEY, Cast
from shared.kernel.ids import derived_id

_ABANDONED = ["DC-SAN-08", "DC-FIN-16"]


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
    cast.do(
        people.OFFICER,
        key,
        "GiveSanctionNotice",
        finding_id=_finding(cast, key),
        facts="無正當理由放棄執行",
        rules=_ABANDONED,
        effects=["追回款項", "停權"],
    )
    cast.tell(key, "放棄執行 abandoned, not force majeure")


def sanction(cast: Cast, key: str, amount_twd: int) -> None:
    """After the answer period: everything paid is claimed back, and two years' bar."""
    cast.do(
        people.OFFICER,
        key,
        "DecideSanction",
        finding_id=_finding(cast, key),
        effect="none",
        recover_twd=amount_twd,
        bar=True,
        facts="查證屬實",
        rules=_ABANDONED,
        remedy="得於三十日內申請復查",
    )
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
    cast.tell(key, f"停權兩年 barred for two years; 追回 recover NT${amount_twd:,}")


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


def _finding(cast: Cast, key: str) -> str:
    """An abandonment without force majeure opens its own finding."""
    return str(derived_id(cast.case(key), "abandoned"))


def _recovery(cast: Cast, key: str) -> str:
    events = cast.script.backend.query("finance", "case_events", case_id=str(cast.case(key)))
    found = (event["data"]["recovery_id"] for event in events if "recovery_id" in event["data"])
    return str(next(found))
