"""A private RabbitMQ: one node with its own port mapper, no plugins, no management.

(Longer than a page: what RabbitMQ needs to run unattended stays in one module.)
"""

from __future__ import annotations

import secrets
import signal
from pathlib import Path
from urllib.parse import quote

from kombu import Connection

from grantcase.servers.handle import ServerHandle
from grantcase.servers.place import ServerError, free_ports, same_port_if_free
from grantcase.servers.process import Process, wait_until
from grantcase.servers.programs import program, rabbitmq_bin

_USER = "grantcase"
_START_SECONDS = 90


def rabbitmq(name: str = "rabbitmq", run_dir: Path | None = None) -> RabbitServer:
    """The named broker, created and started when it is not. Raises ServerError."""
    server = RabbitServer(name, run_dir)
    server.start()
    return server


class RabbitServer(ServerHandle):
    """A handle on one named broker. It counts as running after stop_app too: the node stays."""

    KIND = "rabbitmq"

    @property
    def amqp_url(self) -> str:
        """The URL of the default virtual host."""
        return self._url("/")

    def stop(self) -> bool:
        """Orderly stop of the broker and its port mapper. False when it did not run."""
        with self._place.locked():
            process = self._place.recorded_process()
            if process is not None:
                process.kill(signal.SIGTERM, wait_seconds=60)
            mapper = self._place.recorded_process("port_mapper")
            if mapper is not None:
                mapper.kill(signal.SIGTERM)
            return process is not None

    def kill(self) -> None:
        """As a power cut: SIGKILL, connections break, unconfirmed messages may be gone.

        RabbitMQ 3.10 saves its list of quorum queues half a second late and cannot use a queue
        whose entry is missing after a crash, so that list alone is saved first.
        """
        with self._place.locked():
            process = self._place.recorded_process()
            if process is not None:
                self.control("eval", "[dets:sync(Table) || Table <- dets:all()].")
                process.kill(signal.SIGKILL)

    def stop_app(self) -> None:
        """The broker application stops (clients lose it), the Erlang node stays up."""
        self.control("stop_app")

    def start_app(self) -> None:
        """The counterpart of stop_app; returns once clients can connect."""
        self.control("start_app")
        wait_until(self._answers, _START_SECONDS, "RabbitMQ did not answer")

    def vhost(self, name: str) -> str:
        """The AMQP URL of a virtual host of that name, made when there is none."""
        with self._place.locked():
            state = self._place.state()
            if name not in state["vhosts"]:
                self.control("add_vhost", name)
                self.control("set_permissions", "-p", name, _USER, ".*", ".*", ".*")
                self._place.record({**state, "vhosts": [*state["vhosts"], name]})
        return self._url(name)

    def drop_vhost(self, name: str) -> None:
        """Remove a virtual host with all its queues; unknown names are ignored."""
        with self._place.locked():
            state = self._place.state()
            if name in state["vhosts"]:
                self.control("delete_vhost", name)
                left = [other for other in state["vhosts"] if other != name]
                self._place.record({**state, "vhosts": left})

    def control(self, *arguments: str) -> str:
        """What `rabbitmqctl ARGUMENTS` prints. Raises ServerError with its message."""
        argv = [str(rabbitmq_bin() / "rabbitmqctl"), "--quiet", *arguments]
        done = self._place.account.run(argv, env=self._environment(), cwd=self._place.directory)
        if done.returncode:
            raise ServerError(f"rabbitmqctl {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def _create(self) -> None:
        place = self._place
        if place.state():
            return
        place.create()
        amqp, mapper, distribution = free_ports(3)
        place.record(
            {
                "kind": "rabbitmq",
                "port": amqp,
                "mapper_port": mapper,
                "distribution_port": distribution,
                "password": secrets.token_urlsafe(24),
                "vhosts": ["/"],
            }
        )

    def _launch(self) -> None:
        place = self._place
        self._choose_ports()
        self._write_configuration()
        self._start_port_mapper()
        process = place.account.start(
            [str(rabbitmq_bin() / "rabbitmq-server")],
            env=self._environment(),
            cwd=place.directory,
            log=place.log,
        )
        place.record({**place.state(), "process": [process.pid, process.started]})
        try:
            wait_until(lambda: self._came_up(process), _START_SECONDS, "RabbitMQ did not answer")
        except TimeoutError as error:
            raise ServerError(f"{error}; end of its log:\n{place.log_end()}") from error

    def _choose_ports(self) -> None:
        state = self._place.state()
        mapper_runs = self._place.recorded_process("port_mapper") is not None
        for key in ("port", "distribution_port", "mapper_port"):
            if not (key == "mapper_port" and mapper_runs):
                state[key] = same_port_if_free(state[key])
        self._place.record(state)

    def _start_port_mapper(self) -> None:
        """Our own epmd, so that a system broker's is neither used nor stopped."""
        place, state = self._place, self._place.state()
        if place.recorded_process("port_mapper") is None:
            mapper = place.account.start(
                [program("epmd"), "-port", str(state["mapper_port"]), "-address", "127.0.0.1"],
                env=self._environment(),
                cwd=place.directory,
                log=place.directory / "epmd.log",
            )
            place.record({**state, "port_mapper": [mapper.pid, mapper.started]})

    def _came_up(self, process: Process) -> bool:
        if not process.alive():
            raise ServerError(f"RabbitMQ ended; end of its log:\n{self._place.log_end()}")
        return self._answers()

    def _answers(self) -> bool:
        try:
            with Connection(self.amqp_url, connect_timeout=5) as connection:
                connection.connect()
        except (OSError, *Connection(self.amqp_url).connection_errors):
            return False
        return True

    def _write_configuration(self) -> None:
        directory, state = self._place.directory, self._place.state()
        settings = (
            "listeners.tcp.local = 127.0.0.1:{port}\n"
            "default_user = {user}\n"
            "default_pass = {password}\n"
            "loopback_users = none\n"
            "disk_free_limit.absolute = 100MB\n"
            "vm_memory_high_watermark.absolute = 512MB\n"
            "log.console = true\n"
            "log.console.level = warning\n"
            "log.file = false\n"
        ).format(port=state["port"], user=_USER, password=state["password"])
        files = {"rabbitmq.conf": settings, "enabled_plugins": "[].\n", "rabbitmq-env.conf": ""}
        for file, text in files.items():
            path = directory / file
            path.write_text(text)
            path.chmod(0o644)  # the folder itself is closed to others

    def _environment(self) -> dict[str, str]:
        directory, state = self._place.directory, self._place.state()
        return {
            "PATH": f"{rabbitmq_bin()}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(directory),
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": "grantcase@localhost",
            "RABBITMQ_CONF_ENV_FILE": str(directory / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(directory / "data"),
            "RABBITMQ_LOG_BASE": str(directory / "log"),
            "RABBITMQ_DIST_PORT": str(state["distribution_port"]),
            # the script then becomes the broker instead of watching it: one process to know
            "RABBITMQ_ALLOW_INPUT": "1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-noinput +S 2:2 +sbwt none -start_epmd false"
                " -kernel inet_dist_use_interface {127,0,0,1}"
            ),
            "ERL_EPMD_PORT": str(state["mapper_port"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }

    def _url(self, vhost: str) -> str:
        state = self._place.state()
        return f"amqp://{_USER}:{state['password']}@127.0.0.1:{state['port']}/{quote(vhost, '')}"
