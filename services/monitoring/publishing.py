"""Domain event to public event of monitoring: what shared.contracts.monitoring promises."""

from __future__ import annotations

from shared.bus.publication import Publication

publish = Publication(
    "monitoring",
    left_out={
        "CheckpointReported": ("report", "actuals"),
        "ComplianceAlertRaised": ("about",),
    },
)
"""recorded event -> (short name, data) of a public event, or None for a private one."""
