"""Errors of intake.

DomainError
├── UnknownThing       UnknownCall, UnknownDraft, NotRegistered
└── WrongState         AlreadyPublished, AlreadyOpen, OtherEntry, NotADraft, CannotRebind, ...
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.kernel.errors import UnknownThing, WrongState


class NotRegistered(UnknownThing):
    """The organisation is not registered as an applicant."""

    def __init__(self, ubn: str):
        super().__init__(
            f"統一編號 {ubn} 尚未登錄為提案單位",
            f"{ubn} is not registered as an applicant",
            field="applicant_ubn",
        )


class UnknownCall(UnknownThing):
    """No call of that id is published."""

    def __init__(self, call_id: object):
        super().__init__(
            f"查無徵案（年度） {call_id}", f"there is no call {call_id}", field="call_id"
        )


class UnknownDraft(UnknownThing):
    """No case has this id."""

    def __init__(self, case_id: object):
        super().__init__(f"查無案件 {case_id}", f"there is no case {case_id}", field="case_id")


class AlreadyPublished(WrongState):
    """A version or call is published once; corrections are new versions."""

    def __init__(self, what: str):
        super().__init__(f"{what} 已公告", f"{what} is already published")


class AlreadyOpen(WrongState):
    """The case id is taken."""

    def __init__(self, case_number: str):
        super().__init__(
            f"案件 {case_number} 已開立", f"case {case_number} is already open", field="case_id"
        )


class OtherEntry(WrongState):
    """The programme takes its cases in at another place of the line (the pack's `entry`)."""

    _WORDS = {
        "call": ("公開徵案受理（OpenDraft）", "by a call: OpenDraft"),
        "award": ("核定後登錄（RegisterCase）", "at the award: RegisterCase"),
        "contract": ("以契約登錄（RegisterCase）", "with the contract: RegisterCase"),
    }

    def __init__(self, programme: str, entry: str):
        zh, en = self._WORDS[entry]
        super().__init__(
            f"計畫 {programme} 之案件{zh}",
            f"cases of {programme} come in {en}",
            field="call_id",
        )


class UnknownSubject(UnknownThing):
    """No personal field of that data subject is stored."""

    def __init__(self, subject_id: str):
        super().__init__(
            f"查無當事人 {subject_id}",
            f"there is no data subject {subject_id}",
            field="subject_id",
        )


class LegalHold(WrongState):
    """The data is still needed: an open case, or its follow-up, names the subject."""

    code = "legal-hold"

    def __init__(self, subject_id: str, case_numbers: Sequence[str]):
        names = "、".join(case_numbers)
        super().__init__(
            f"當事人 {subject_id} 尚有進行中或追蹤中的案件，依法保留：{names}",
            f"the data of subject {subject_id} is held: cases still open or followed up: {names}",
            field="subject_id",
        )


class NotADraft(WrongState):
    """Only a draft may be edited (CP-CALL-08: nothing is returned or replaced after submission)."""

    def __init__(self, case_number: str, state: str):
        super().__init__(
            f"案件 {case_number} 狀態為「{state}」，已不得修改、抽換或撤回",
            f"case {case_number} is {state}: nothing may be changed, replaced or withdrawn",
            field="case_id",
        )


class LettersOpen(WrongState):
    """The screening is closed only after the grace window for letters has."""

    def __init__(self, case_number: str):
        super().__init__(
            f"案件 {case_number} 之意向書補件期間尚未截止，不得結束資格審查",
            f"letters may still come in for case {case_number}: the screening cannot be closed",
            field="case_id",
        )


class NotSubmitted(WrongState):
    """The step needs a submitted proposal."""

    def __init__(self, case_number: str, state: str):
        super().__init__(
            f"案件 {case_number} 狀態為「{state}」，尚非已送件",
            f"case {case_number} is {state}, not submitted",
            field="case_id",
        )


class CannotRebind(WrongState):
    """The case is not moved to that version of its pack; field `to_digest` or `case_id`."""

    @classmethod
    def unknown(cls, case_number: str, digest: str) -> CannotRebind:
        """No pack of that digest was published."""
        return cls(
            f"案件 {case_number}：查無已公告之規則包 {digest[:16]}",
            f"case {case_number}: no pack {digest[:16]} was published",
            field="to_digest",
        )

    @classmethod
    def other_programme(cls, case_number: str, programme: str) -> CannotRebind:
        """A case stays in its programme."""
        return cls(
            f"案件 {case_number} 不屬計畫 {programme}，不得移轉",
            f"case {case_number} is not of programme {programme}",
            field="to_digest",
        )

    @classmethod
    def not_later(cls, case_number: str, now: object, later: object) -> CannotRebind:
        """Only a higher version takes over."""
        return cls(
            f"案件 {case_number} 適用第 {now} 版，第 {later} 版並非後續版本",
            f"case {case_number} is bound to version {now}; version {later} is not a later one",
            field="to_digest",
        )

    @classmethod
    def ended(cls, case_number: str, state: str) -> CannotRebind:
        """What is over is not decided again."""
        return cls(
            f"案件 {case_number} 已終結（{state}），不得移轉",
            f"case {case_number} is over ({state}): it keeps its version",
            field="case_id",
        )

    @classmethod
    def lacks(cls, case_number: str, missing: Sequence[str]) -> CannotRebind:
        """The case uses what the version does not have."""
        return cls(
            f"案件 {case_number} 所用之項目，新版未訂：{'、'.join(missing)}",
            f"case {case_number} uses what the version lacks: {', '.join(missing)}",
            field="to_digest",
        )
