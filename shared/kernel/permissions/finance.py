"""Who may give finance's commands."""

from __future__ import annotations

from shared.kernel.permissions.relations import Grants

GRANTS: Grants = {}
