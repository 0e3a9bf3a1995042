"""What the handlers of monitoring may see of the outside; see services/monitoring/wiring.py."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.streams import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPorts(Ports):
    """Bound to one unit of work."""
