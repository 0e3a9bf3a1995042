"""The distributed run on this machine: `make up`, `make down`, `--against local`.

Twelve processes (service, sequencer and relay of each service) over a PostgreSQL and a RabbitMQ
of our own. Everything lies under .run/local/: secrets/, documents/, logs/, and local.json, which
says which clock runs and where it stands.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from grantcase.backend import SERVICES
from grantcase.children import Children
from grantcase.local_client import LocalBackend
from grantcase.local_state import (
    NotStarted,
    NotUp,
    clock_of,
    folder,
    new_state,
    read_state,
    write_state,
)
from grantcase.processes import listeners, migrate_databases
from grantcase.servers import PostgresServer, RabbitServer, ServerError, postgres, rabbitmq
from grantcase.servers.process import wait_until
from shared.bus.process_settings import read_secret
from shared.bus.topology import declare
from shared.kernel.clock import instant_text

KINDS = ("sequencer", "relay", "service")
READY_SECONDS = 60
_POSTGRES, _RABBITMQ, _VHOST = "local-postgres", "local-rabbitmq", "grantcase"

Tell = Callable[[str], None]


def up(
    *, simulated_clock: bool = False, fresh: bool = False, tell: Tell = lambda line: None
) -> dict[str, Any]:
    """Start what does not run yet and return when all of it is ready: {service: health page}.

    fresh: throw away the databases and queues of an earlier run first. Raises NotStarted, also
    when it runs, or has data, on the other clock.
    """
    try:
        return _up(simulated_clock, fresh, tell)
    except (ServerError, TimeoutError) as error:
        raise NotStarted(f"無法啟動 it did not start: {error}") from error


def _up(simulated_clock: bool, fresh: bool, tell: Tell) -> dict[str, Any]:
    clock = "simulated" if simulated_clock else "system"
    if fresh:
        down(tell=tell, servers=False)
        _forget()
    state = read_state() or new_state(clock)
    if state["clock"] != clock:
        raise NotStarted(
            f"本機資料使用 {state['clock']} 時鐘\nthe local data are on the {state['clock']} clock"
        )
    tell("PostgreSQL, RabbitMQ")
    state["urls"], state["amqp_url"] = _databases(tell), rabbitmq(_RABBITMQ).vhost(_VHOST)
    write_state(state)
    declare(state["amqp_url"], listeners())
    children = Children(folder())
    for name in SERVICES:
        tell(name)
        for kind in KINDS:
            children.start(
                f"{name}-{kind}", ["-m", "grantcase", "run", kind, name], _environment(state, name)
            )
    pages = {name: _await_ready(children, state, name) for name in SERVICES}
    for name, port in state["ports"].items():
        tell(f"{name}: http://127.0.0.1:{port}/health")
    return pages


def down(*, servers: bool = True, tell: Tell = lambda line: None) -> tuple[str, ...]:
    """Stop what up() started, nothing else; data stay. The names of what ran."""
    stopped = list(Children(folder()).stop_all()) if folder().exists() else []
    if servers:
        for server, name in (
            (RabbitServer(_RABBITMQ), _RABBITMQ),
            (PostgresServer(_POSTGRES), _POSTGRES),
        ):
            if server.stop():
                stopped.append(name)
    for name in stopped:
        tell(name)
    return tuple(stopped)


@contextmanager
def open_local() -> Iterator[LocalBackend]:
    """The running services as a Backend. Raises NotUp."""
    state = read_state()
    if state is None or Children(folder()).running("intake-service") is None:
        raise NotUp
    clock = clock_of(state)
    backend = LocalBackend(
        state["amqp_url"], read_secret(folder() / "secrets" / "credential"), clock
    )
    try:
        yield backend
    finally:
        backend.close()
        if clock.simulated:
            write_state({**state, "now": instant_text(clock.now())})


def database_urls() -> dict[str, dict[str, str]]:
    """{service: {"app", "keys"}} of the local run: for verify and backups. Raises NotUp."""
    state = read_state()
    if state is None:
        raise NotUp
    urls: dict[str, dict[str, str]] = state["urls"]
    return urls


def _databases(tell: Tell) -> dict[str, dict[str, str]]:
    server, urls = postgres(_POSTGRES), {}
    for name in SERVICES:
        tell(f"{name}: databases")
        events, keys = server.create_database(name), server.create_database(f"{name}_keys")
        migrate_databases(
            name,
            owner_url=events.owner_url,
            app_url=events.app_url,
            keys_owner_url=keys.owner_url,
            keys_url=keys.app_url,
        )
        urls[name] = {"app": events.app_url, "keys": keys.app_url}
    return urls


def _forget() -> None:
    server, broker = postgres(_POSTGRES), rabbitmq(_RABBITMQ)
    for name in SERVICES:
        server.drop_database(name)
        server.drop_database(f"{name}_keys")
    broker.drop_vhost(_VHOST)
    (folder() / "local.json").unlink(missing_ok=True)


def _environment(state: dict[str, Any], name: str) -> dict[str, str]:
    secrets = folder() / "secrets"
    return {
        "GRANTCASE_DATABASE_URL": state["urls"][name]["app"],
        "GRANTCASE_KEYS_DATABASE_URL": state["urls"][name]["keys"],
        "GRANTCASE_AMQP_URL": state["amqp_url"],
        "GRANTCASE_MASTER_KEY_FILE": str(secrets / f"{name}.master.key"),
        "GRANTCASE_SIGNING_KEY_FILE": str(secrets / f"{name}.signing.key"),
        "GRANTCASE_SERVICE_CREDENTIAL_FILE": str(secrets / "credential"),
        "GRANTCASE_DOCUMENTS_DIR": str(folder() / "documents"),
        "GRANTCASE_HTTP_PORT": str(state["ports"][name]),
        "GRANTCASE_CLOCK": state["clock"],
    }


def _await_ready(children: Children, state: dict[str, Any], name: str) -> dict[str, Any]:
    def ready() -> bool:
        for kind in KINDS:
            if children.running(f"{name}-{kind}") is None:
                text = children.log(f"{name}-{kind}").read_text(errors="replace")
                raise NotStarted(f"{name}-{kind} ended:\n{text[-2000:]}")
        return _health(state["ports"][name]) is not None

    wait_until(ready, READY_SECONDS, f"{name} was not ready; see {children.log(name + '-service')}")
    return _health(state["ports"][name]) or {}


def _health(port: int) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as page:
            body: dict[str, Any] = json.loads(page.read())
    except (urllib.error.URLError, OSError):
        return None
    return body
