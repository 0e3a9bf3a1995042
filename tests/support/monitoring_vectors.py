"""Running a vector's commands through monitoring in memory, with the pack's own rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.monitoring.domain import cycles
from services.monitoring.domain import events as e
from services.monitoring.domain.usage import Usage
from shared.kernel.clock import parse_instant, taipei_date
from shared.kernel.envelope import Actor
from shared.kernel.errors import DomainError
from shared.kernel.ids import derived_id
from tests.support.monitoring_desk import GRANTEE, OFFICER, Desk
from tests.support.monitoring_events import CASE, SHOPS
from tests.support.monitoring_steps import alerts
from tests.unit.monitoring import test_case_life as life

SHOP = SHOPS[0]
STRANGER = Actor(id="grantee-9", roles=("applicant",), organisation="22099131")
"""Somebody of another proposer."""


class MonitoringRun:
    """One vector: each step's outcome and what the case then shows."""

    def __init__(self) -> None:
        self._desk = Desk()
        self._answer: Mapping[str, Any] = {}

    def step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """What came of it, under the keys that the step expects."""
        at = parse_instant(step["at"])
        before = self._written()
        try:
            self._give(step, at)
            outcome = "ok" if self._written() > before else "nothing"
        except DomainError:
            outcome = "refused"
        found = {"expect": outcome, **self._shown(at)}
        return {key: found[key] for key in step if key in found}

    def _give(self, step: Mapping[str, Any], at: datetime) -> None:
        match step["do"]:
            case "SignContract":
                standard = {"service_item": "預約", "record_kinds": ["LOGIN"], "total": 100}
                agreed = {**standard, "minimum": step["minimum"], "cycle": step["cycle"]}
                self._desk.signed(usage_standard=agreed)
            case "RecordAdoption":
                self._adopt(at)
            case "RecordCounselling":
                self._visit(step, at)
            case "IngestUsageLog":
                self._ingest(step, at)
            case "TakeExecutionStep":
                given = {name: step[name] for name in ("step", "key", "forms")}
                self._desk.do("TakeExecutionStep", at, OFFICER, **given)
            case "Close":
                life.closed(self._desk, at.date().isoformat())
            case "Wait":
                self._desk.advance(at)
            case other:
                raise AssertionError(f"no such step: {other}")

    def _adopt(self, at: datetime) -> None:
        row = {"ubn": SHOP, "solution": "預約雲", "version": "1", "account": "a"}
        adoption = {**row, "activated_at": at.isoformat()}
        self._desk.do("RecordAdoption", at, adoptions=[adoption])

    def _visit(self, step: Mapping[str, Any], at: datetime) -> None:
        visit = {"ubn": SHOP, "end": "16:00", "mode": "ON_SITE", "consultant_id": "staff-3"}
        told = {"topic": "預約排程", "content": "教學", "photos": ["v.jpg"], "confirmed": True}
        visits = [
            {**visit, **told, "held_on": row["on"], "start": row["start"]} for row in step["rows"]
        ]
        actor = STRANGER if step.get("as") == "stranger" else GRANTEE
        self._desk.do("RecordCounselling", at, actor, visits=visits)

    def _ingest(self, step: Mapping[str, Any], at: datetime) -> None:
        self._answer = self._desk.do(
            "IngestUsageLog",
            at,
            batch_id=str(derived_id(step["batch"])),
            csp_name="共好雲端",
            solution_name="預約雲",
            enterprise_name="各店",
            time_axis="日",
            uses_axis="次",
            plan_file="plan.pdf",
            rows=[
                {
                    "ubn": SHOP,
                    "solution": "預約雲",
                    "kind": "LOGIN",
                    "actor_side": row["side"],
                    "at": f"{row['on']}T10:00:00+08:00",
                    "source_id": f"{row['side']}-{row['on']}",
                    "uses": row["uses"],
                    **row.get("more", {}),
                }
                for row in step["rows"]
            ],
        )

    def _shown(self, at: datetime) -> dict[str, Any]:
        case, usage = self._desk.case(), self._usage()
        standard = case.plan.standard
        standings = cycles.regular_enterprises(
            case.adopted(),
            usage.uses,
            cycle=standard.cycle,
            minimum=standard.minimum,
            last_day=taipei_date(at) - timedelta(days=1),
            ratio_bp=10_000,
        )
        return {
            "state": case.state,
            "standing": standings.get(SHOP),
            "counted": cycles.total_traffic(usage.uses),
            "not_counted": self._answer.get("not_counted"),
            "visits": case.records.visit_counts().get(SHOP, (0, 0))[0],
            "overdue": [name for name, _ in alerts(self._desk) if name == "CAL-20"],
            "reminders": len(self._desk.of(e.FollowUpReminderSent)),
            "registered": len(self._desk.of(e.EvaluationRegisterEntered)),
            "follow_up": [d.due_on.isoformat() for d in case.obligations if d.id == "CAL-20"],
        }

    def _usage(self) -> Usage:
        with self._desk.core.units.begin() as unit:
            return unit.streams.load(Usage, "usage", CASE)[0]

    def _written(self) -> int:
        kept = ("monitoring", "usage", "steps")
        return sum(len(self._desk.events(category)) for category in kept)
