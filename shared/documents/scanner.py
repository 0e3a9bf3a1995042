"""The virus scanner: clamd over its socket, or a command of the operator's choice.

A document without a verdict is not taken. Without a scanner documents are `not-configured`, and
the pack says what that blocks.
"""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
from collections.abc import Callable

from shared.documents.place import UnusableSetting
from shared.kernel.errors import DomainError

SECONDS = 120
"""A scanner that takes longer is taken for broken."""
CHUNK = 64 * 1024
ANSWER_MAX = 4096

Scan = Callable[[bytes], str]
"""clean, infected or not-configured. Raises ScanFailed."""


class ScanFailed(DomainError):
    """The scanner gave no verdict; the document is not stored."""

    code = "scan-failed"

    def __init__(self, why: str):
        super().__init__(
            f"掃毒程式無法判定，文件未收下，請稍後再送：{why}",
            f"the virus scanner gave no verdict; the document was not taken: {why}",
            field="file_base64",
        )


def not_configured(content: bytes) -> str:
    """No scanner is configured; a pack parameter says whether that blocks."""
    return "not-configured"


class CommandScan:
    """A Scan by a command that reads the document on its input. Its exit code decides, as that of
    `clamdscan --fdpass -` or `clamscan -` does: 0 clean, 1 infected, anything else a fault."""

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


class ClamdScan:
    """A Scan by clamd's INSTREAM: `address` is HOST:PORT, or the path of a Unix socket.

    The document goes over in chunks, each with its length before it, and never to a disk. clamd's
    StreamMaxLength has to be above the largest document; what is longer gets no verdict.
    """

    def __init__(self, address: str, seconds: int = SECONDS):
        """Raises UnusableSetting when the address is neither."""
        self._address = address
        self._seconds = seconds
        host, colon, port = address.rpartition(":")
        if not address.startswith("/") and not (host and colon and port.isdigit()):
            raise UnusableSetting(f"{address}: clamd is at HOST:PORT or at the path of its socket")

    def __call__(self, content: bytes) -> str:
        """clean or infected. Raises ScanFailed."""
        try:
            with self._connected() as connection:
                answer = _instream(connection, content)
        except (OSError, UnicodeDecodeError) as error:
            raise ScanFailed(f"clamd {self._address}: {error}") from error
        if answer.endswith(" FOUND"):
            return "infected"
        if answer == "stream: OK":
            return "clean"
        raise ScanFailed(f"clamd {self._address}: {answer or 'no answer'}")

    def _connected(self) -> socket.socket:
        if not self._address.startswith("/"):
            host, _, port = self._address.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), self._seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(self._seconds)
            connection.connect(self._address)
        except OSError:
            connection.close()
            raise
        return connection


def scan_with(command: str | None, clamd: str | None = None) -> Scan:
    """The scanner of a clamd address or else of a shell-like command line; without either nothing
    is scanned, and says so. Raises UnusableSetting for an address that is none."""
    if clamd:
        return ClamdScan(clamd)
    return CommandScan(shlex.split(command)) if command else not_configured


def _instream(connection: socket.socket, content: bytes) -> str:
    """`zINSTREAM` ends commands and answers in a null byte; a chunk of no length ends the stream.
    clamd hangs up in the middle when a stream is too long, and says so first."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # the reason may be waiting to be read
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < ANSWER_MAX:
        received = connection.recv(1024)
        if not received:
            break
        answer += received
    return answer.rstrip(b"\0").decode().strip()
