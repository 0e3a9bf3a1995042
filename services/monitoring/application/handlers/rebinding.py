"""A case was moved to a later version of its pack."""

from __future__ import annotations

from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.application.rebinding_commands import NoteExecutionRebinding
from services.monitoring.domain.monitored_case import MonitoredCase
from shared.kernel.rebinding import note


def note_execution_rebinding(command: NoteExecutionRebinding, ports: MonitoringPorts) -> None:
    """Decide by the later version from here on."""
    note(command, ports, MonitoredCase, "monitoring")
