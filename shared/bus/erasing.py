"""Erasing a data subject in the services that hear of it: recorded, then the key destroyed.

Both happen while the event is handled, before the cursor moves: when anything fails the event
comes again, and both are repeatable (architecture.md 4.7).
"""

from __future__ import annotations

from typing import Any

from shared.bus.service_core import CLOCK, ServiceCore
from shared.kernel.envelope import Command, PublicEvent
from shared.kernel.erasure import ErasureRecorded
from shared.kernel.ids import derived_id

CATEGORY = "subject"


def erase(core: ServiceCore, unit: Any, event: PublicEvent) -> None:
    """Follow intake's SubjectErased; any other event is none of our business."""
    if (event.source, event.type) != ("intake", "SubjectErased"):
        return
    subject = event.data["subject_id"]
    if unit.version_of(CATEGORY, subject) == 0:
        unit.streams.append(
            CATEGORY,
            subject,
            [ErasureRecorded(subject_id=subject, occurred_at=event.occurred_at)],
            expected_version=0,
            caused_by=Command(
                command_id=derived_id(event.id, "erase"),
                actor=CLOCK,
                received_at=event.occurred_at,
                causation_id=event.id,
            ),
        )
    core.units.keys.destroy(subject, event.occurred_at)
