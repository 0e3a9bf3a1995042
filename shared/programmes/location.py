"""Where the programmes of this installation lie."""

from __future__ import annotations

import os
from pathlib import Path

ENVIRONMENT = "GRANTCASE_PROGRAMMES"


class NoSuchProgramme(LookupError):
    """No pack of that name in the programmes folder."""


def programmes_folder() -> Path:
    """GRANTCASE_PROGRAMMES, else `programmes` beside the packages (a checkout, or an editable
    installation), else `programmes` in the present folder."""
    if named := os.environ.get(ENVIRONMENT):
        return Path(named)
    beside = Path(__file__).resolve().parents[2] / "programmes"
    return beside if beside.is_dir() else Path("programmes")


def programme_folder(name: str) -> Path:
    """The folder of a pack, by its id or by a path. Raises NoSuchProgramme."""
    path = Path(name)
    if (path / "pack.yaml").is_file():
        return path
    folder = programmes_folder() / name
    if not (folder / "pack.yaml").is_file():
        raise NoSuchProgramme(name)
    return folder


def programme_folders() -> list[Path]:
    """Every pack of the installation, by id."""
    return sorted(path.parent for path in programmes_folder().glob("*/pack.yaml"))
