"""Errors of finance.

DomainError
├── UnknownThing   UnknownContract, UnknownPart
├── InvalidInput   WrongAmount, WrongDay
├── NotPermitted   SamePerson
└── WrongState     NotInState, NotYet (AnswerPeriodRunning), PaymentsStopped, AboveCeiling,
                   IdReused, ApprovedSomethingElse, InvoiceUsed, VoucherUsed
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shared.kernel.clock import roc_date_text
from shared.kernel.errors import InvalidInput, NotPermitted, UnknownThing, WrongState


class UnknownContract(UnknownThing):
    """No selected proposal has opened a contract file under this case id."""

    def __init__(self, case_id: object):
        super().__init__(
            f"查無案件 {case_id} 之簽約檔", f"case {case_id} has no contract file", field="case_id"
        )


class UnknownPart(UnknownThing):
    """The claim, disbursement, payment, recovery, finding or bar does not exist in this case."""

    def __init__(self, zh: str, en: str, id: object, *, field: str):
        super().__init__(f"本案查無{zh} {id}", f"the case has no {en} {id}", field=field)


class WrongAmount(InvalidInput):
    """An amount that is not a positive number of NT$, or above what it may be."""

    def __init__(self, amount_twd: int, limit_twd: int, zh: str, en: str):
        super().__init__(
            f"金額 {amount_twd:,} 元須介於 1 元與{zh} {limit_twd:,} 元之間",
            f"NT${amount_twd:,} must lie between NT$1 and {en} of NT${limit_twd:,}",
            field="amount_twd",
        )


class WrongDay(InvalidInput):
    """A bank day before the approval or in the future."""

    def __init__(self, day: date, first: date, last: date, *, field: str):
        super().__init__(
            f"{roc_date_text(day)} 須介於 {roc_date_text(first)} 與 {roc_date_text(last)} 之間",
            f"{day.isoformat()} must lie between {first.isoformat()} and {last.isoformat()}",
            field=field,
        )


class SamePerson(NotPermitted):
    """Maker and checker are two people; no role exempts from that."""

    def __init__(self, person: str):
        super().__init__(
            f"{person} 為經辦人，不得覆核自己的案件",
            f"{person} made this and may not check it",
            field="actor",
        )


class NotInState(WrongState):
    """The life cycle does not allow the command now."""

    def __init__(self, zh: str, en: str, state: str, *, field: str = "case_id"):
        super().__init__(f"{zh}（目前狀態：{state}）", f"{en} (the state is {state})", field=field)


class NotYet(WrongState):
    """A day has to pass, or somebody has to act, before the command is possible."""

    def __init__(self, zh: str, en: str, *, field: str | None = None):
        super().__init__(zh, en, field=field)


class AnswerPeriodRunning(NotYet):
    """The party heard has not answered and may still do so."""

    def __init__(self, answer_by: date):
        super().__init__(
            f"陳述意見期間至 {roc_date_text(answer_by)} 止，尚不得作成決定",
            f"the party may answer until {answer_by.isoformat()}: no decision before",
            field="finding_id",
        )


class PaymentsStopped(WrongState):
    """Nothing is claimed, approved or paid while a recovery, revocation or termination is open."""

    def __init__(self, reasons: Sequence[str]):
        listed = "、".join(reasons)
        super().__init__(f"本案停止撥款：{listed}", f"payments of this case are stopped: {listed}")


class AboveCeiling(WrongState):
    """Money above the instalment or the contract never leaves."""

    def __init__(self, amount_twd: int, ceiling_twd: int):
        super().__init__(
            f"{amount_twd:,} 元超過可撥上限 {ceiling_twd:,} 元",
            f"NT${amount_twd:,} is above the ceiling of NT${ceiling_twd:,}",
            field="amount_twd",
        )


class IdReused(WrongState):
    """The same id with other content is never taken for a repeat."""

    def __init__(self, id: object, *, field: str):
        super().__init__(
            f"編號 {id} 已用於不同內容", f"id {id} was already used for other content", field=field
        )


class ApprovedSomethingElse(WrongState):
    """The checker saw another version than the one that stands."""

    def __init__(self) -> None:
        super().__init__(
            "覆核之摘要與目前撥款內容不符，請重新檢視後再核准",
            "the digest approved is not that of the disbursement as it stands: look at it again",
            field="digest",
        )


class InvoiceUsed(WrongState):
    """An invoice number pays once, over all cases."""

    def __init__(self, number: str):
        super().__init__(
            f"發票號碼 {number} 已使用過",
            f"invoice {number} was used before",
            field="invoice_number",
        )


class VoucherUsed(WrongState):
    """A voucher is claimed once, over all cases of all programmes."""

    def __init__(self, key: str):
        super().__init__(
            f"憑證 {key} 已申報過", f"the voucher {key} was claimed before", field="vouchers"
        )
