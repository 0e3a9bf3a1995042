"""Commands of on-site checks (查核): what was seen in the live system beside what was uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.monitoring.application.commands import EXAMPLE_CASE
from services.monitoring.domain.rows import SpotCheckSample
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSpotCheck(Command):
    """A spot check of the usage logs: whether everybody cooperated, and for each enterprise of
    the sample the uses that the live system shows. The uploaded ones are our own count."""

    case_id: UUID = arg("案件編號", "case id", EXAMPLE_CASE)
    check_id: UUID = arg("查核編號", "check id", "0b2f4f6a-7a0e-5a2e-8a64-0d6c2b1f9c11")
    cooperated: bool = arg("配合查核", "cooperated", True)
    note: str = arg("查核紀錄", "record of the visit", "現場調閱後台紀錄", max_length=4000)
    samples: tuple[SpotCheckSample, ...] = arg(
        "抽樣",
        "samples",
        [{"ubn": "12345676", "first_on": "2023-06-05", "last_on": "2023-07-02", "found": 24}],
        default=(),
    )
