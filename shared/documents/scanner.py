"""The virus scanner: a command of the operator's choice that reads the document on its input.

Its exit code decides, as that of `clamdscan --fdpass -` or `clamscan -` does: 0 clean, 1 infected;
anything else is a fault of the scanner, and the document is not taken.
"""

from __future__ import annotations

import shlex
import subprocess

from shared.documents.folder import Scan, not_configured
from shared.kernel.errors import DomainError

SECONDS = 120
"""A scanner that takes longer is taken for broken."""


class ScanFailed(DomainError):
    """The scanner gave no verdict; the document is not stored."""

    code = "scan-failed"

    def __init__(self, why: str):
        super().__init__(
            f"掃毒程式無法判定，文件未收下，請稍後再送：{why}",
            f"the virus scanner gave no verdict; the document was not taken: {why}",
            field="file_base64",
        )


class CommandScan:
    """A Scan by a command with its arguments."""

    def __init__(self, arguments: list[str]):
        self._arguments = arguments

    def __call__(self, content: bytes) -> str:
        """clean or infected. Raises ScanFailed."""
        try:
            done = subprocess.run(
                self._arguments, input=content, capture_output=True, timeout=SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ScanFailed(f"{self._arguments[0]}: {error}") from error
        if done.returncode not in (0, 1):
            raise ScanFailed(f"{self._arguments[0]}: exit {done.returncode}")
        return "infected" if done.returncode else "clean"


def scan_with(command: str | None) -> Scan:
    """The scanner of a shell-like command line; without one nothing is scanned, and says so."""
    return CommandScan(shlex.split(command)) if command else not_configured
