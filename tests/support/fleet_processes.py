"""The processes of a cast of services: started, killed, revived.

One fleet has its own databases and its own virtual host, and ends every process it started.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grantcase.processes import migrate_databases
from grantcase.servers import PostgresServer, RabbitServer
from shared.bus.rpc_client import RpcClient
from shared.bus.settings import ServiceSettings
from shared.bus.topology import declare
from tests.support.casts import Cast

KINDS = ("service", "sequencer", "relay")
PATIENCE_SECONDS = 40


class FleetProcesses:
    """Processes by kind and name: `start("relay", "intake")`, `kill(...)`, `stop(...)`."""

    def __init__(
        self,
        folder: Path,
        postgres: PostgresServer,
        broker: RabbitServer,
        name: str,
        cast: Cast,
    ):
        self.folder = folder
        self.cast = cast
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
        self.urls = {service: self._prepare(service) for service in cast.services}
        declare(self.amqp_url, cast.listeners())
        self.cores = {name: cast.build(name, self.settings(name)) for name in cast.services}
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
            own_tables=self.cast.own_tables,
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
            [sys.executable, "-m", "tests.support.fleet_process", self.cast.name, kind, service],
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

    def _supervise(self) -> None:
        """Start again what has killed itself."""
        while not self._closing.wait(0.05):
            for (kind, service, replica), process in list(self.processes.items()):
                key = (kind, service, replica)
                if process.poll() == -signal.SIGKILL and key not in self.killed:
                    self.start(kind, service, replica, **self.extra[key])

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
            core.units.keys.close()
        self.broker.start()
        self.broker.drop_vhost(self.name)
        self.postgres.start()  # crash recovery looks at every file that is left behind
        for service in self.cast.services:
            self.postgres.drop_database(f"{self.name}_{service}")
            self.postgres.drop_database(f"{self.name}_{service}_keys")

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

    def log_ends(self) -> str:
        """The last lines of every process's log."""
        return "\n".join(
            f"--- {log.name}\n{os.linesep.join(log.read_text().splitlines()[-8:])}"
            for log in sorted(self.folder.glob("*.log"))
        )

    def _secret(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)


def _free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
