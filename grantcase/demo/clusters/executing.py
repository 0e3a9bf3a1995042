"""Third act: contract papers, signing, events, checkpoints with a cure, claims and payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grantcase.demo import people
from grantcase.demo.clusters import forms as papers
from grantcase.demo.clusters.cast import BY_KEY, Cast
from shared.kernel.ids import derived_id

_CONTRACT, _EXECUTION = "TakeContractStep", "TakeExecutionStep"


def sign(cast: Cast, key: str, number: int, announced_on: str) -> None:
    """KPI and budget cut anew, originals in, registers looked up again, both parties sign."""
    cluster = BY_KEY[key]
    cut = papers.forms_of(cast, cluster)
    plan = {"D06": cut["D06"], "D09": papers.budget(cut["D09"], cluster.approved_twd)}
    cast.step(cluster.actor, key, _CONTRACT, "plan_papers", plan)
    facts = cast.example("contract")["steps"]
    originals = {
        **facts["originals"]["forms"]["D19"],
        "member_forms": [member.ubn for member in cluster.members],
    }
    cast.step(people.OFFICER, key, _CONTRACT, "originals", {"D19": originals})
    again = facts["signing_recheck"]["forms"]
    cast.step(people.OFFICER, key, _CONTRACT, "signing_recheck", again)
    cast.do(
        cluster.actor,
        key,
        "SubmitContractPlan",
        amount_twd=cluster.approved_twd,
        enterprise_count=cluster.count,
        answers=[{"condition": "c1", "status": "accepted", "text": "已納入計畫"}],
        execution_start=announced_on,
        execution_end="2023-11-30",
        valid_to="2023-12-31",
        payee_ubn=cluster.ubn,
        can_issue_invoice=True,
        usage_standard={},
    )
    cast.do(people.OFFICER, key, "SignContract", contract_number=f"112-群聚-{number:04d}")
    cast.tell(key, f"簽約 signed: NT${cluster.approved_twd:,}")


def events(cast: Cast, key: str, *numbers: str) -> None:
    """Meetings, trainings and the visit of the year, by their number."""
    rows = cast.example("final")["steps"]["activity"]["rows"]
    for row in rows:
        if row["key"] in numbers:
            cast.step(BY_KEY[key].actor, key, _EXECUTION, "activity", row["forms"], row=row["key"])
    cast.tell(key, f"活動 events: {len(numbers)}")


def report(cast: Cast, key: str, checkpoint: str, day: str) -> None:
    """The results of a checkpoint and its briefing."""
    step = f"{checkpoint}_report"
    reached = cast.example(checkpoint)["steps"][step]["forms"]
    actor = BY_KEY[key].actor
    cast.step(actor, key, _EXECUTION, step, reached)
    cast.do(
        actor, key, "ReportCheckpoint", checkpoint=checkpoint, report="成果報告.pdf", actuals=[]
    )
    cast.do(
        people.OFFICER,
        key,
        "RecordBriefing",
        checkpoint=checkpoint,
        held_on=day,
        presenter="PROJECT_MANAGER",
    )


def judge(cast: Cast, key: str, checkpoint: str) -> Mapping[str, Any]:
    """The rules of the checkpoint decide."""
    answer = cast.do(people.OFFICER, key, "DecideCheckpoint", checkpoint=checkpoint)
    blocking = sorted({f["rule"] for f in answer["findings"] if f["severity"] == "block"})
    outcome = "通過 passed" if answer["outcome"] == "passed" else "未達 failed"
    cast.tell(key, f"查核點 checkpoint {checkpoint}: {outcome} {'、'.join(blocking)}".rstrip())
    return answer


def notify(cast: Cast, key: str, cure_by: str) -> None:
    """A written notice to cure."""
    cast.do(
        people.OFFICER,
        key,
        "IssueCureNotice",
        notice_id=derived_id("clusters", key, "notice"),
        subject="期中基本工作項目未達目標",
        cure_by=cure_by,
    )
    cast.tell(key, f"限期改善 notice to cure by {cure_by}")


def pay(cast: Cast, key: str, no: int, invoice: str, day: str) -> int:
    """Claim with invoice, maker, checker, payment; the NT$ paid."""
    cluster, amount = BY_KEY[key], instalments(cast, key)[no - 1]
    ids = {name: derived_id("clusters", key, name, no) for name in ("claim", "pay", "bank")}
    cast.do(
        cluster.actor,
        key,
        "SubmitClaim",
        claim_id=ids["claim"],
        instalment_no=no,
        amount_twd=amount,
        invoice_number=invoice,
        invoice_on=day,
        seller_ubn=cluster.ubn,
        buyer=cast.pack.parameters["invoice_buyer"],
        attachments=[{"kind": "result-report", "document": "成果報告.pdf"}],
    )
    prepared = cast.do(
        people.MAKER,
        key,
        "PrepareDisbursement",
        disbursement_id=ids["pay"],
        claim_id=ids["claim"],
        amount_twd=amount,
        payee_account="004-000000000009",
    )
    cast.do(
        people.CHECKER,
        key,
        "ApproveDisbursement",
        disbursement_id=ids["pay"],
        digest=prepared["digest"],
    )
    cast.do(
        people.MAKER,
        key,
        "ConfirmPayment",
        disbursement_id=ids["pay"],
        payment_id=ids["bank"],
        paid_on=day,
        bank_reference=f"dc-{key}-{no}",
    )
    cast.tell(key, f"撥款 paid: 第 {no} 期 NT${amount:,}")
    return amount


def instalments(cast: Cast, key: str) -> list[int]:
    """NT$ of each instalment, as signed."""
    found = cast.script.backend.query("finance", "case_events", case_id=str(cast.case(key)))
    (signed,) = [event["data"] for event in found if event["type"] == "ContractSigned"]
    return [row["amount_twd"] for row in signed["instalments"]]
