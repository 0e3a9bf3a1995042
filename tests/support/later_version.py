"""Version 2 of the co-prosperity programme: the cap of tier B is lower, nothing else differs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from shared.programmes.location import programme_folder
from tests.support.embedded import PROGRAMME

CAP_NOW, CAP_LATER = 2_000_000, 1_600_000


def later_version(folder: Path, *changes: tuple[str, str]) -> Path:
    """A copy of the programme with the changes to its pack.yaml (pattern, replacement)."""
    shutil.copytree(programme_folder(PROGRAMME), folder)
    usual = (
        (r"(?m)^version: 1$", "version: 2"),
        (rf"pop_cap_b_twd: {{value: {CAP_NOW}", f"pop_cap_b_twd: {{value: {CAP_LATER}"),
    )
    path = folder / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    for pattern, replacement in changes or usual:
        text, found = re.subn(pattern, replacement, text)
        assert found, pattern
    path.write_text(text, encoding="utf-8")
    return folder
