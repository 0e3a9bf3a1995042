"""Who may give monitoring's commands."""

from __future__ import annotations

from shared.kernel.permissions.relations import Grants

GRANTS: Grants = {}
