"""The scanner over clamd's own protocol: what it says, and everything that is no verdict."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shared.documents.place import UnusableSetting
from shared.documents.scanner import CHUNK, ClamdScan, ScanFailed, not_configured, scan_with

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_MAX = 3 * CHUNK


class Clamd(socketserver.BaseRequestHandler):
    """What clamd does with zINSTREAM: chunks with their length before them, one answer, hang up."""

    def handle(self) -> None:
        connection: socket.socket = self.request
        if self._exactly(10) != b"zINSTREAM\0":
            connection.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack("!I", self._exactly(4))[0]:
            content += self._exactly(length)
            if len(content) > STREAM_MAX:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(CHUNK):
                    pass
                return
        if b"CRASH" in content:
            return
        verdict = b"Win.Test.EICAR_HDB-1 FOUND" if EICAR in content else b"OK"
        for part in (b"stream: ", verdict, b"\0"):
            connection.sendall(part)

    def _exactly(self, count: int) -> bytes:
        received = b""
        while len(received) < count:
            part = self.request.recv(count - len(received))
            if not part:
                return received + b"\0" * (count - len(received))
            received += part
        return received


@contextmanager
def running(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClamdScan]:
    if request.param == "tcp":
        with running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)) as server:
            yield ClamdScan(f"127.0.0.1:{server.server_address[1]}")
    else:
        path = str(tmp_path / "clamd.ctl")
        with running(socketserver.ThreadingUnixStreamServer(path, Clamd)):
            yield ClamdScan(path)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, STREAM_MAX])
def test_a_clean_document_of_any_size_is_clean(clamd: ClamdScan, size: int) -> None:
    assert clamd(b"a" * size) == "clean"


def test_a_virus_is_found_across_the_border_of_two_chunks(clamd: ClamdScan) -> None:
    assert clamd(b"a" * (CHUNK - 10) + EICAR) == "infected"


def test_a_document_longer_than_clamd_takes_gets_no_verdict(clamd: ClamdScan) -> None:
    with pytest.raises(ScanFailed, match="size limit"):
        clamd(b"a" * (STREAM_MAX + 1))


def test_no_answer_is_no_verdict(clamd: ClamdScan) -> None:
    with pytest.raises(ScanFailed, match="no answer"):
        clamd(b"CRASH")


def test_a_clamd_that_is_not_there_is_no_verdict(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for address in (f"127.0.0.1:{port}", str(tmp_path / "none.ctl")):
        with pytest.raises(ScanFailed) as caught:
            ClamdScan(address)(b"a")
        assert address in caught.value.zh


def test_a_clamd_that_stays_silent_is_no_verdict() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        scan = ClamdScan(f"127.0.0.1:{silent.getsockname()[1]}", seconds=1)
        with pytest.raises(ScanFailed):
            scan(b"a")


@pytest.mark.parametrize("address", ["clamd", "clamd:", ":3310", "host:port"])
def test_an_address_that_is_none_is_refused_by_name(address: str) -> None:
    with pytest.raises(UnusableSetting, match=address):
        scan_with(None, address)


def test_without_a_scanner_nothing_is_scanned_and_it_says_so() -> None:
    assert scan_with(None) is not_configured
    assert scan_with(None)(b"a") == "not-configured"
