"""Errors of monitoring.

DomainError
├── UnknownThing       NotMonitored, UnknownEnterprise, UnknownCheckpoint, UnknownItem
├── InvalidInput       UnreadableUsage
└── WrongState         AlreadyMonitored, NotExecuting, CheckpointNotOpen, NotInFollowUp, SameId
"""

from __future__ import annotations

from shared.kernel.errors import InvalidInput, UnknownThing, WrongState


class NotMonitored(UnknownThing):
    """No contract of this case has been signed."""

    def __init__(self, case_id: object):
        super().__init__(
            f"案件 {case_id} 尚未進入管考",
            f"case {case_id} is not monitored: no contract is signed",
            field="case_id",
        )


class UnknownEnterprise(UnknownThing):
    """The enterprise does not stand in the approved list."""

    def __init__(self, ubn: str, field: str = "ubn"):
        super().__init__(
            f"企業 {ubn} 不在核定輔導名單",
            f"enterprise {ubn} is not in the approved list",
            field=field,
        )


class UnknownCheckpoint(UnknownThing):
    """The programme has no such checkpoint."""

    def __init__(self, checkpoint: str):
        super().__init__(
            f"本計畫沒有查核點「{checkpoint}」",
            f"the programme has no checkpoint {checkpoint}",
            field="checkpoint",
        )


class UnknownItem(UnknownThing):
    """An alert, plan change, KPI or follow-up year that the case does not have."""

    def __init__(self, zh: str, en: str, field: str):
        super().__init__(f"本案沒有{zh}", f"the case has no {en}", field=field)


class UnreadableUsage(InvalidInput):
    """A row of a usage-log batch cannot be read; names row and field."""

    def __init__(self, row: int, name: str, zh: str, en: str):
        super().__init__(
            f"第 {row} 列 {name}：{zh}", f"row {row}, {name}: {en}", field=f"rows/{row - 1}/{name}"
        )


class AlreadyMonitored(WrongState):
    """The case already has a signed contract."""

    def __init__(self, case_number: str):
        super().__init__(
            f"案件 {case_number} 已在管考中", f"case {case_number} is already monitored"
        )


class NotExecuting(WrongState):
    """The step needs a running contract."""

    def __init__(self, case_number: str, state: str):
        super().__init__(
            f"案件 {case_number} 狀態為「{state}」，非執行中",
            f"case {case_number} is {state}, not executing",
            field="case_id",
        )


class CheckpointNotOpen(WrongState):
    """The checkpoint cannot be reported or decided now."""

    def __init__(self, checkpoint: str, zh: str, en: str):
        super().__init__(
            f"查核點 {checkpoint}：{zh}", f"checkpoint {checkpoint}: {en}", field="checkpoint"
        )


class NotInFollowUp(WrongState):
    """Follow-up reports are taken once the case is closed or its contract is terminated."""

    def __init__(self, case_number: str, state: str):
        super().__init__(
            f"案件 {case_number} 狀態為「{state}」，尚未進入追蹤期",
            f"case {case_number} is {state}: its follow-up has not begun",
            field="case_id",
        )


class SameId(WrongState):
    """An id was already used for something else."""

    def __init__(self, field: str):
        super().__init__("編號已用於不同內容", "the id was used for other content", field=field)
