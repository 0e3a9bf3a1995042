"""Claims and payments by two people; a contract given up, one terminated, its money recovered."""

from __future__ import annotations

from typing import Any

from grantcase.demo import people
from grantcase.demo.mobile.cast import BY_KEY, Cast
from shared.kernel.ids import derived_id


def pay(cast: Cast, key: str, no: int) -> None:
    """Claimed, prepared, approved by a second person, paid."""
    project = BY_KEY[key]
    amount_twd = (project.midterm_twd, project.closing_twd)[no - 1]
    ids = {name: derived_id("mobile", key, name, no) for name in ("claim", "pay", "bank")}
    claim = {"claim_id": ids["claim"], "instalment_no": no, "amount_twd": amount_twd}
    cast.do(project.actor, key, "SubmitClaim", **claim, attachments=[])
    given = {"claim_id": ids["claim"], "amount_twd": amount_twd, "payee_account": "004-110000001"}
    named = {"disbursement_id": ids["pay"]}
    made = cast.do(people.MAKER, key, "PrepareDisbursement", **named, **given)
    cast.do(people.CHECKER, key, "ApproveDisbursement", **named, digest=made["digest"])
    today = cast.script.backend.now().date()
    told = {"payment_id": ids["bank"], "paid_on": today, "bank_reference": f"{today}-{key}-{no}"}
    cast.do(people.MAKER, key, "ConfirmPayment", **named, **told)
    cast.tell(key, f"撥付第 {no} 期 instalment {no} paid: NT${amount_twd:,}")


def give_up(cast: Cast, key: str) -> None:
    """The contractor cannot go on, and proves why: what is unpaid lapses, nothing is recovered."""
    cast.do(
        BY_KEY[key].actor,
        key,
        "AbandonContract",
        reason="示範場域因震災封閉，無法繼續推廣",
        force_majeure_claimed=True,
        proofs=[{"kind": "certificate", "document": "場域封閉公告.pdf"}],
    )
    cast.do(
        people.OFFICER,
        key,
        "DecideForceMajeure",
        force_majeure=True,
        reason="附地方政府公告，認屬不可抗力",
    )
    cast.tell(key, "放棄執行，認屬不可抗力 given up, force majeure: the rest lapses")


def find_breach(cast: Cast, key: str) -> None:
    """An app went public without its certificate: finding, notice, hearing."""
    finding = {"finding_id": _finding_id(key), "facts": "App 未取得第三方檢測證明即公開上架"}
    rules = ["MA-COP-08", "MA-SAN-02"]
    evidence = [{"kind": "screenshot", "document": "應用程式商店頁面.pdf"}]
    cast.do(
        people.OFFICER, key, "OpenFinding", **finding, kind="breach", rules=rules, evidence=evidence
    )
    effects = ["終止契約", "追回款項"]
    cast.do(people.OFFICER, key, "GiveSanctionNotice", **finding, rules=rules, effects=effects)
    answer = {"finding_id": _finding_id(key), "text": "為趕展期先行上架，檢測延後。"}
    cast.do(BY_KEY[key].actor, key, "AnswerSanctionNotice", **answer)
    cast.tell(key, f"查獲違失，已陳述意見 breach found and heard: {', '.join(rules)}")


def terminate(cast: Cast, key: str) -> None:
    """Terminated; what was paid is demanded back by two people."""
    paid_twd = BY_KEY[key].midterm_twd
    decision: dict[str, Any] = {
        "finding_id": _finding_id(key),
        "effect": "terminate",
        "recover_twd": paid_twd,
        "facts": "查證屬實",
        "rules": ["MA-SAN-02"],
        "remedy": "得於三十日內申請復查",
    }
    cast.refuse(people.OFFICER, key, "DecideSanction", **decision, bar=True)  # none is printed
    cast.do(people.OFFICER, key, "DecideSanction", **decision, bar=False)
    cast.tell(key, f"終止契約 terminated, 追回 recover NT${paid_twd:,}")
    named = {"recovery_id": _recovery_id(cast, key)}
    given = {"amount_twd": paid_twd, "account": "004-000000000001"}
    made = cast.do(people.MAKER, key, "DemandRecovery", **named, **given)
    cast.do(people.CHECKER, key, "ApproveRecovery", **named, digest=made["digest"])


def receive(cast: Cast, key: str) -> None:
    """The money comes back."""
    amount_twd, today = BY_KEY[key].midterm_twd, cast.script.backend.now().date()
    cast.do(
        people.MAKER,
        key,
        "ReceiveRecovery",
        recovery_id=_recovery_id(cast, key),
        amount_twd=amount_twd,
        received_on=today,
        bank_reference=f"back-{key}-{today}",
    )
    cast.tell(key, f"繳還 recovered NT${amount_twd:,}")


def _finding_id(key: str) -> Any:
    return derived_id("mobile", key, "finding")


def _recovery_id(cast: Cast, key: str) -> str:
    events = cast.script.backend.query("finance", "case_events", case_id=str(cast.case(key)))
    opened = next(event for event in events if "recovery_id" in event["data"])
    return str(opened["data"]["recovery_id"])
