"""The invented pair as real processes over a real PostgreSQL and RabbitMQ, and what must hold.

One fleet has its own databases and its own virtual host, and ends every process it started.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from grantcase.processes import migrate_databases
from grantcase.servers import PostgresServer, RabbitServer
from shared.bus.envelope_text import to_json
from shared.bus.rpc_client import CallFailed, RpcClient
from shared.bus.settings import ServiceSettings
from shared.bus.topology import declare
from shared.contracts.catalogue import public_types
from shared.eventstore.heads import HeadSigner
from shared.eventstore.verify import verify
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.ids import derived_id
from shared.projection.tables import parked
from tests.support import pair

OFFICER = Actor(id="officer-1", roles=("screening_officer",))
START = datetime(2023, 3, 1, tzinfo=UTC)
PATIENCE_SECONDS = 40


class Fleet:
    """Processes by kind and name: `start("relay", "intake")`, `kill(...)`, `stop(...)`."""

    def __init__(self, folder: Path, postgres: PostgresServer, broker: RabbitServer, name: str):
        self.folder = folder
        self.postgres = postgres
        self.broker = broker
        self.name = name
        self.amqp_url = broker.vhost(name)
        self.credential = secrets.token_hex(8)
        self.processes: dict[tuple[str, str, int], subprocess.Popen[bytes]] = {}
        self.ports: dict[tuple[str, int], int] = {}
        self.extra: dict[tuple[str, str, int], Mapping[str, str]] = {}
        self.killed: set[tuple[str, str, int]] = set()  # by us, and not to be revived
        self._secret("credential", self.credential)
        self._secret("master.key", secrets.token_hex(32))
        self.urls = {service: self._prepare(service) for service in pair.BUILDERS}
        declare(self.amqp_url, pair.LISTENERS)
        self.cores = {name: build(self.settings(name)) for name, build in pair.BUILDERS.items()}
        self.client = RpcClient(self.amqp_url, timeout_seconds=2)
        self._closing = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise)
        self._supervisor.start()

    def _prepare(self, service: str) -> dict[str, str]:
        self._secret(f"{service}.signing.key", secrets.token_hex(32))
        events = self.postgres.create_database(f"{self.name}_{service}")
        keys = self.postgres.create_database(f"{self.name}_{service}_keys")
        migrate_databases(
            service,
            owner_url=events.owner_url,
            app_url=events.app_url,
            keys_owner_url=keys.owner_url,
            keys_url=keys.app_url,
            own_tables=pair.METADATA,
        )
        return {"app": events.app_url, "keys": keys.app_url}

    def settings(self, service: str) -> ServiceSettings:
        return ServiceSettings(
            database_url=self.urls[service]["app"],
            keys_url=self.urls[service]["keys"],
            master_key_file=self.folder / "master.key",
            documents_dir=self.folder,
        )

    def start(self, kind: str, service: str, replica: int = 0, **extra: str) -> None:
        """Start one process; extra environment variables switch on a crash point or a fault."""
        self.extra[kind, service, replica] = extra
        self.killed.discard((kind, service, replica))
        port = self.ports.setdefault((service, replica), _free_port())
        log = (self.folder / f"{kind}-{service}-{replica}.log").open("ab")
        self.processes[kind, service, replica] = subprocess.Popen(
            [sys.executable, "-m", "tests.support.pair_process", kind, service],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={
                "PATH": os.environ["PATH"],
                "GRANTCASE_DATABASE_URL": self.urls[service]["app"],
                "GRANTCASE_KEYS_DATABASE_URL": self.urls[service]["keys"],
                "GRANTCASE_AMQP_URL": self.amqp_url,
                "GRANTCASE_MASTER_KEY_FILE": str(self.folder / "master.key"),
                "GRANTCASE_SIGNING_KEY_FILE": str(self.folder / f"{service}.signing.key"),
                "GRANTCASE_SERVICE_CREDENTIAL_FILE": str(self.folder / "credential"),
                "GRANTCASE_DOCUMENTS_DIR": str(self.folder),
                "GRANTCASE_HTTP_PORT": str(port),
                "GRANTCASE_CLOCK": "simulated",
                **extra,
            },
        )
        log.close()

    def start_all(self, **extra: Mapping[str, str]) -> None:
        """Both services with their sequencers and relays; returns when the services answer.
        extra: more environment by `kind_name`, such as service_review={...}."""
        for service in pair.BUILDERS:
            for kind in ("service", "sequencer", "relay"):
                self.start(kind, service, **extra.get(f"{kind}_{service}", {}))
        self.await_ready()

    def _supervise(self) -> None:
        """Start again what has killed itself."""
        while not self._closing.wait(0.05):
            for (kind, service, replica), process in list(self.processes.items()):
                key = (kind, service, replica)
                if process.poll() == -signal.SIGKILL and key not in self.killed:
                    self.start(kind, service, replica, **self.extra[key])

    def await_ready(self) -> None:
        """Until every started service answers calls."""
        for kind, service, _ in self.processes:
            if kind == "service":
                self.until(lambda name=service: self.call(name, "status"), f"{service} answers")

    def process(self, kind: str, service: str, replica: int = 0) -> subprocess.Popen[bytes]:
        return self.processes[kind, service, replica]

    def kill(self, kind: str, service: str, replica: int = 0) -> None:
        """SIGKILL, as the machine's memory manager does it."""
        self.killed.add((kind, service, replica))
        self.process(kind, service, replica).kill()
        self.process(kind, service, replica).wait()

    def stop(self, kind: str, service: str, replica: int = 0) -> int:
        """SIGTERM; the exit code."""
        self.process(kind, service, replica).terminate()
        return self.process(kind, service, replica).wait(timeout=30)

    def crash(self, step: str, kind: str, service: str, nth: int = 1) -> dict[str, str]:
        """The environment that lets a process kill itself once, at the nth passing of a step."""
        return {
            "GRANTCASE_TEST_CRASH_AT": step,
            "GRANTCASE_TEST_CRASH_NTH": str(nth),
            "GRANTCASE_TEST_MARKER": str(self.marker(kind, service)),
        }

    def marker(self, kind: str, service: str) -> Path:
        """The file that a process leaves when it kills itself."""
        return self.folder / f"crashed-{kind}-{service}"

    def close(self) -> None:
        """End every process, give up databases and virtual host."""
        self._closing.set()
        self._supervisor.join()
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()
        self.client.close()
        for core in self.cores.values():
            core.units.store.close()
        self.broker.start()
        self.broker.drop_vhost(self.name)
        self.postgres.start()  # crash recovery looks at every file that is left behind
        for service in pair.BUILDERS:
            self.postgres.drop_database(f"{self.name}_{service}")
            self.postgres.drop_database(f"{self.name}_{service}_keys")

    def call(self, service: str, method: str, **arguments: Any) -> Any:
        """One call with the credential; the reply document. None when nobody answered."""
        with contextlib.suppress(CallFailed):
            return self.client.call(service, method, credential=self.credential, **arguments)
        return None

    def command(self, case: int, reason: str = "late") -> dict[str, Any]:
        """The envelope of one CloseScreening; the same case gives the same command id."""
        envelope = CommandEnvelope(
            command_id=derived_id(self.name, "command", case),
            name="CloseScreening",
            actor=OFFICER,
            received_at=START + timedelta(minutes=case),
            payload={"case_id": str(self.case(case)), "reason": reason},
        )
        return to_json(envelope, simulated=True)

    def case(self, number: int) -> UUID:
        return derived_id(self.name, "case", number)

    def close_case(self, number: int, reason: str = "late") -> None:
        """Give the command until it is answered: what a client does that lost its connection."""

        def answered() -> bool:
            reply = self.call("intake", "do", envelope=self.command(number, reason))
            if reply is None or reply.get("error") in ("unavailable", "busy"):
                return False
            assert "answer" in reply, reply
            return True

        self.until(answered, f"case {number} is closed")

    def until(
        self, condition: Callable[[], Any], what: str, seconds: int = PATIENCE_SECONDS
    ) -> Any:
        """Poll until the condition is true; its value."""
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {seconds} s: {what}\n{self.log_ends()}")
            time.sleep(0.05)
        return value

    def settled(self, seconds: int = PATIENCE_SECONDS) -> None:
        """Until nothing is unsealed and every cursor stands at its feed's head."""
        self.until(self._is_settled, "all cursors stand at their feeds' heads", seconds)

    def _is_settled(self) -> bool:
        found = {name: self.call(name, "status") for name in self.cores}
        if not all(reply and "answer" in reply for reply in found.values()):
            return False
        status = {name: reply["answer"] for name, reply in found.items()}
        return all(
            one["unsealed"] == 0
            and all(status[source]["public"] == at for source, at in one["cursors"].items())
            for one in status.values()
        )

    def tally(self, service: str) -> dict[str, int]:
        with self.cores[service].units.begin() as unit:
            return dict(self.cores[service].queries["tally"](unit))

    def parked(self, service: str) -> list[Mapping[str, Any]]:
        with self.cores[service].units.begin() as unit:
            return [row._mapping for row in unit.connection.execute(sa.select(parked))]

    def health(self, service: str, replica: int = 0) -> tuple[int, dict[str, Any]]:
        """Status code and page of /health; code 0 when nobody listens there."""
        url = f"http://127.0.0.1:{self.ports[service, replica]}/health"
        try:
            with urllib.request.urlopen(url, timeout=5) as page:
                return page.status, json.loads(page.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())
        except urllib.error.URLError:
            return 0, {}

    def metrics(self, service: str, replica: int = 0) -> str:
        """The Prometheus page."""
        url = f"http://127.0.0.1:{self.ports[service, replica]}/metrics"
        with urllib.request.urlopen(url, timeout=5) as page:
            return str(page.read().decode())

    def check(self, cases: int) -> None:
        """Nothing lost, nothing twice, every log verifies, every projection equals a replay."""
        wanted = {str(self.case(number)): 1 for number in range(cases)}
        for name, core in self.cores.items():
            assert self.tally(name) == wanted, f"{name}: {_difference(self.tally(name), wanted)}"
            assert self._replay(name) == wanted, f"{name}: the log does not say so"
            assert not self.parked(name)
            signer = HeadSigner.from_file(name, self.folder / f"{name}.signing.key")
            report = verify(core.units.store, signer.public_key, public_types=public_types(name))
            assert report.ok, report
        causes = self._ids("intake", "ProposalRejected")
        noted = [
            recorded.event.event_id
            for recorded in self.cores["review"].units.reader.log(0, 100_000)
            if recorded.type == "RejectionNoted"
        ]
        assert sorted(noted) == sorted(causes), "every effect has one cause, every cause one effect"

    def _ids(self, service: str, type: str) -> list[UUID]:
        recorded = self.cores[service].units.reader.log(0, 100_000)
        return [event.id for event in recorded if event.type == type]

    def _replay(self, service: str) -> dict[str, int]:
        counted = {"intake": "ReturnNoted", "review": "RejectionNoted"}[service]
        done: dict[str, int] = {}
        for recorded in self.cores[service].units.reader.log(0, 100_000):
            if recorded.type == counted:
                case = str(recorded.event.case_id)
                done[case] = done.get(case, 0) + 1
        return done

    def log_ends(self) -> str:
        """The last lines of every process's log."""
        return "\n".join(
            f"--- {log.name}\n{os.linesep.join(log.read_text().splitlines()[-8:])}"
            for log in sorted(self.folder.glob("*.log"))
        )

    def _secret(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)


@contextlib.contextmanager
def fleet(
    folder: Path, postgres: PostgresServer, broker: RabbitServer, name: str
) -> Iterator[Fleet]:
    """A fleet whose processes are gone at the end of the block."""
    opened = Fleet(folder, postgres, broker, name)
    try:
        yield opened
    finally:
        opened.close()


def _difference(found: Mapping[str, int], wanted: Mapping[str, int]) -> str:
    lost = [case for case in wanted if case not in found]
    wrong = {case: count for case, count in found.items() if wanted.get(case) != count}
    return f"lost {lost}, wrong {wrong}"


def _free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
