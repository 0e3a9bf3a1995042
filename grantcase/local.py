"""The distributed run on this machine: `make up`, `make down`, `--against local`.

Twelve processes (service, sequencer and relay of each service; with replicas more) over a
PostgreSQL and a RabbitMQ of our own. Everything lies under .run/local/: secrets/, documents/,
logs/, and local.json, which says which clock runs and where it stands.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grantcase.auditing import Verdict, verify_stores
from grantcase.backend import SERVICES
from grantcase.children import Children
from grantcase.local_client import LocalBackend
from grantcase.local_servers import Tell, forget, start_broker, start_databases, stop_servers
from grantcase.local_state import (
    NotStarted,
    NotUp,
    clock_of,
    folder,
    give_ports,
    new_state,
    read_state,
    write_state,
)
from grantcase.servers import ServerError
from grantcase.servers.process import wait_until
from shared.bus.inbox import INFRASTRUCTURE
from shared.bus.process_settings import read_secret
from shared.kernel.clock import instant_text

KINDS = ("sequencer", "relay", "service")
READY_SECONDS = 60


def up(
    *,
    simulated_clock: bool = False,
    fresh: bool = False,
    replicas: int = 1,
    tell: Tell = lambda line: None,
) -> dict[str, Any]:
    """Start what does not run yet and return when all of it is ready: {replica: health page}, the
    replicas being `intake`, `intake-2` and so on.

    fresh: throw away the databases and queues of an earlier run first. Raises NotStarted, also
    when it runs, or has data, on the other clock.
    """
    try:
        return _up(simulated_clock, fresh, replicas, tell)
    except (ServerError, TimeoutError) as error:
        raise NotStarted(f"無法啟動 it did not start: {error}") from error


def _up(simulated_clock: bool, fresh: bool, replicas: int, tell: Tell) -> dict[str, Any]:
    clock = "simulated" if simulated_clock else "system"
    if fresh:
        down(tell=tell, servers=False)
        forget()
        (folder() / "local.json").unlink(missing_ok=True)
    state = read_state() or new_state(clock)
    if state["clock"] != clock:
        raise NotStarted(
            f"本機資料使用 {state['clock']} 時鐘；改用另一時鐘須以 up --fresh 清空資料\n"
            f"the local data are on the {state['clock']} clock; the other one needs `up --fresh`, "
            "which throws them away"
        )
    tell("PostgreSQL, RabbitMQ")
    state["urls"], state["amqp_url"] = start_databases(tell), start_broker()
    started = [replica for name in SERVICES for replica in _replicas(name, replicas)]
    give_ports(state, started)
    write_state(state)
    children = Children(folder())
    for replica in started:
        tell(replica)
        for kind in KINDS:
            children.start(
                process_name(kind, replica),
                ["-m", "grantcase", "run", kind, _service(replica)],
                environment(state, replica),
            )
    pages = {replica: _await_ready(children, state, replica) for replica in started}
    for replica in started:
        tell(f"{replica}: http://127.0.0.1:{state['ports'][replica]}/health")
    return pages


def down(*, servers: bool = True, tell: Tell = lambda line: None) -> tuple[str, ...]:
    """Stop what up() started, nothing else; data stay. The names of what ran."""
    stopped = list(Children(folder()).stop_all()) if folder().exists() else []
    if servers:
        stopped += stop_servers()
    for name in stopped:
        tell(name)
    return tuple(stopped)


@contextmanager
def open_local() -> Iterator[LocalBackend]:
    """The running services as a Backend. Raises NotUp, also when a single service is missing."""
    state = read_state()
    if state is None:
        raise NotUp
    _must_run()
    clock = clock_of(state)
    credential = read_secret(folder() / "secrets" / "credential")
    backend = LocalBackend(state["amqp_url"], credential, clock, _must_run)
    try:
        yield backend
    finally:
        if clock.simulated:
            write_state({**state, "now": instant_text(clock.now())})
        backend.close()


def verify_local() -> list[Verdict]:
    """Verify the four logs in their databases, whether or not the services run. Raises NotUp
    without a local run and while PostgreSQL does not answer."""
    state = read_state()
    if state is None:
        raise NotUp
    stores = {
        name: (state["urls"][name]["app"], folder() / "secrets" / f"{name}.signing.key")
        for name in SERVICES
    }
    try:
        return verify_stores(stores)
    except INFRASTRUCTURE as error:
        raise NotUp from error


def process_name(kind: str, replica: str) -> str:
    """What a process is called in processes.json and logs/: `intake-2-service`."""
    return f"{replica}-{kind}"


def _replicas(name: str, count: int) -> list[str]:
    return [name, *(f"{name}-{number}" for number in range(2, count + 1))]


def _service(replica: str) -> str:
    return replica.partition("-")[0]


def _must_run() -> None:
    """Raises NotUp naming the services without a living replica."""
    children = Children(folder())
    living = {
        _service(n) for n in children.names() if n.endswith("-service") and children.running(n)
    }
    missing = [name for name in SERVICES if name not in living]
    if missing:
        raise NotUp(missing if living else ())


def environment(state: dict[str, Any], replica: str) -> dict[str, str]:
    """The settings of a replica's processes (shared.bus.settings, process_settings)."""
    secrets, name = folder() / "secrets", _service(replica)
    return {
        "GRANTCASE_DATABASE_URL": state["urls"][name]["app"],
        "GRANTCASE_KEYS_DATABASE_URL": state["urls"][name]["keys"],
        "GRANTCASE_AMQP_URL": state["amqp_url"],
        "GRANTCASE_MASTER_KEY_FILE": str(secrets / f"{name}.master.key"),
        "GRANTCASE_SIGNING_KEY_FILE": str(secrets / f"{name}.signing.key"),
        "GRANTCASE_SERVICE_CREDENTIAL_FILE": str(secrets / "credential"),
        "GRANTCASE_DOCUMENTS_DIR": str(folder() / "documents" / name),
        "GRANTCASE_HTTP_PORT": str(state["ports"][replica]),
        "GRANTCASE_CLOCK": state["clock"],
    }


def _await_ready(children: Children, state: dict[str, Any], replica: str) -> dict[str, Any]:
    def ready() -> bool:
        for kind in KINDS:
            name = process_name(kind, replica)
            if children.running(name) is None:
                text = children.log(name).read_text(errors="replace")
                raise NotStarted(f"{name} 已結束 ended:\n{text[-2000:]}")
        return _health(state["ports"][replica]) is not None

    log = children.log(process_name("service", replica))
    wait_until(ready, READY_SECONDS, f"{replica} was not ready; see {log}")
    return _health(state["ports"][replica]) or {}


def _health(port: int) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as page:
            body: dict[str, Any] = json.loads(page.read())
    except (urllib.error.URLError, OSError):
        return None
    return body
