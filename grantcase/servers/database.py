"""A private PostgreSQL: durable as in production (fsync on), crashable for fault tests.

(Longer than a page: what PostgreSQL needs to run unattended stays in one module.)
"""

from __future__ import annotations

import re
import secrets
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from grantcase.servers.handle import ServerHandle
from grantcase.servers.place import ServerError, free_ports, same_port_if_free
from grantcase.servers.process import Process, wait_until
from grantcase.servers.programs import postgres_bin

_ADMIN = "grantcase_admin"
_SAFE_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %d ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database with its two roles; URLs as SQLAlchemy reads them (postgresql+psycopg://)."""

    name: str
    owner_url: str
    app_url: str
    owner: str
    app: str


def postgres(name: str = "postgres", run_dir: Path | None = None) -> PostgresServer:
    """The named server, created and started when it is not. Raises ServerError."""
    server = PostgresServer(name, run_dir)
    server.start()
    return server


class PostgresServer(ServerHandle):
    """A handle on one named PostgreSQL."""

    KIND = "postgres"

    @property
    def admin_url(self) -> str:
        """The superuser's URL, database `postgres`."""
        return self._url(_ADMIN, self._place.state()["password"], "postgres")

    def stop(self) -> bool:
        """Orderly: sessions are ended, a checkpoint is written. False when it did not run."""
        with self._place.locked():
            process = self._place.recorded_process()
            if process is None:
                return False
            process.kill(signal.SIGINT)  # "fast" shutdown
            return True

    def kill(self) -> None:
        """As a power cut: SIGKILL for the server and every session, no checkpoint, no goodbye."""
        with self._place.locked():
            process = self._place.recorded_process()
            if process is not None:
                for member in (process, *process.children()):
                    member.kill(signal.SIGKILL)
                # all are gone, but a zombie's id would still count as a running server
                (self._place.directory / "data" / "postmaster.pid").unlink(missing_ok=True)

    def connect(self) -> psycopg.Connection[Any]:
        """A superuser session in autocommit mode, for tests that look behind the scenes."""
        return psycopg.connect(_libpq(self.admin_url), autocommit=True)

    def create_database(self, name: str) -> Database:
        """The database `name` with roles `<name>_owner` (may migrate) and `<name>_app` (may only
        connect), random passwords; an existing one is returned as it stands."""
        if not _SAFE_NAME.fullmatch(name):
            raise ValueError(f"not a database name: {name!r} (a-z, 0-9, _; at most 50)")
        with self._place.locked():
            state = self._place.state()
            if name not in state["databases"]:
                passwords = {"owner": secrets.token_urlsafe(24), "app": secrets.token_urlsafe(24)}
                self._make_database(name, passwords)
                state["databases"][name] = passwords
                self._place.record(state)
            return self._database(name, state["databases"][name])

    def drop_database(self, name: str) -> None:
        """Remove a database and its roles, ending their sessions; unknown names are ignored."""
        with self._place.locked():
            state = self._place.state()
            with self.connect() as connection:
                for statement in (
                    "DROP DATABASE IF EXISTS {name} WITH (FORCE)",
                    "DROP ROLE IF EXISTS {app}",
                    "DROP ROLE IF EXISTS {owner}",
                ):
                    connection.execute(sql.SQL(statement).format(**_names(name)))
            state["databases"].pop(name, None)
            self._place.record(state)

    def _database(self, name: str, passwords: dict[str, str]) -> Database:
        owner, app = f"{name}_owner", f"{name}_app"
        return Database(
            name=name,
            owner_url=self._url(owner, passwords["owner"], name),
            app_url=self._url(app, passwords["app"], name),
            owner=owner,
            app=app,
        )

    def _make_database(self, name: str, passwords: dict[str, str]) -> None:
        names = _names(name)
        with self.connect() as connection:
            for role in ("owner", "app"):
                # CREATE ROLE takes no parameters: the password is composed as a literal
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                        names[role], sql.Literal(passwords[role])
                    )
                )
            for statement in (
                "CREATE DATABASE {name} OWNER {owner} TEMPLATE template0",
                "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
                "GRANT CONNECT ON DATABASE {name} TO {app}",
            ):
                connection.execute(sql.SQL(statement).format(**names))
        admin = _libpq(self._url(_ADMIN, self._place.state()["password"], name))
        with psycopg.connect(admin, autocommit=True) as connection:
            # before version 15 everybody could create tables in the schema public
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            connection.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {owner}").format(**names))

    def _create(self) -> None:
        """Initialise the data folder once; asks nobody, tells nobody the password."""
        place = self._place
        if place.state():
            return
        place.create()
        password = secrets.token_urlsafe(24)
        secret = place.directory / "initial-password"
        secret.write_text(password)
        secret.chmod(0o644)  # the folder itself is closed to others; initdb's account reads it
        argv = [
            str(postgres_bin() / "initdb"),
            *("-D", str(place.directory / "data")),
            *("-U", _ADMIN, "--pwfile", str(secret), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C", "--no-instructions"),
        ]
        done = place.account.run(argv, env=self._environment(), cwd=place.directory)
        secret.unlink()
        if done.returncode:
            raise ServerError(f"initdb failed:\n{done.stdout}\n{done.stderr}")
        (port,) = free_ports(1)
        place.record({"kind": "postgres", "port": port, "password": password, "databases": {}})

    def _launch(self) -> None:
        place, state = self._place, self._place.state()
        state["port"] = same_port_if_free(state["port"])
        settings = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        process = place.account.start(
            [
                str(postgres_bin() / "postgres"),
                *("-D", str(place.directory / "data"), "-p", str(state["port"])),
                *settings,
            ],
            env=self._environment(),
            cwd=place.directory,
            log=place.log,
        )
        place.record({**state, "process": [process.pid, process.started]})
        try:
            wait_until(lambda: self._answers(process), 60, "PostgreSQL did not answer")
        except TimeoutError as error:
            raise ServerError(f"{error}; end of its log:\n{place.log_end()}") from error

    def _answers(self, process: Process) -> bool:
        if not process.alive():
            raise ServerError(f"PostgreSQL ended; end of its log:\n{self._place.log_end()}")
        try:
            psycopg.connect(_libpq(self.admin_url), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{postgres_bin()}:/usr/bin:/bin",
            "HOME": str(self._place.directory),
            "LC_ALL": "C",
        }

    def _url(self, user: str, password: str, database: str) -> str:
        port = self._place.state()["port"]
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{port}/{database}"


def _libpq(url: str) -> str:
    """The same URL as libpq and psycopg read it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _names(name: str) -> dict[str, sql.Identifier]:
    return {
        "name": sql.Identifier(name),
        "owner": sql.Identifier(f"{name}_owner"),
        "app": sql.Identifier(f"{name}_app"),
    }
