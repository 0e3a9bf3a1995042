"""What a process of the distributed run needs beside its store: broker, credential, port, clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shared.bus.settings import MissingSetting, required
from shared.kernel.clock import Clock, SimulatedClock, SystemClock

_BEFORE_EVERYTHING = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSettings:
    """From the environment, without defaults; the credential is read from its file."""

    amqp_url: str
    credential: str
    http_port: int
    clock: Clock

    @classmethod
    def from_environment(cls) -> ProcessSettings:
        """Read once at start. Raises MissingSetting naming the variable."""
        return cls(
            amqp_url=required("GRANTCASE_AMQP_URL"),
            credential=read_secret(Path(required("GRANTCASE_SERVICE_CREDENTIAL_FILE"))),
            http_port=int(required("GRANTCASE_HTTP_PORT")),
            clock=clock_named(required("GRANTCASE_CLOCK")),
        )


def clock_named(name: str) -> Clock:
    """`system`, or `simulated`: one that stands still until the driver moves it."""
    if name == "system":
        return SystemClock()
    if name == "simulated":
        return SimulatedClock(_BEFORE_EVERYTHING)
    raise MissingSetting(f"GRANTCASE_CLOCK is {name!r}: system or simulated is wanted")


def read_secret(path: Path) -> str:
    """The text of a secret file. Raises MissingSetting naming the file when it is empty."""
    text = path.read_text().strip()
    if not text:
        raise MissingSetting(f"the secret file {path} is empty")
    return text
