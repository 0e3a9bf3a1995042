"""Finding PostgreSQL, RabbitMQ and docker-compose on the machine, or installing them with apt-get.

Installing never starts a service: for its duration a policy-rc.d answers 101 (forbidden).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

PACKAGES = ("postgresql", "rabbitmq-server", "docker-compose")
_POLICY = Path("/usr/sbin/policy-rc.d")
_DENY = "#!/bin/sh\nexit 101\n"
_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


F = TypeVar("F")


class ProgramMissing(Exception):
    """A program is not on the machine and cannot be installed here; says what to install."""


def postgres_bin() -> Path:
    """The folder that holds postgres and initdb, the newest version first."""
    return _found_or_installed(_find_postgres, "PostgreSQL")


def rabbitmq_bin() -> Path:
    """The folder that holds RabbitMQ's own scripts (not the wrappers that switch users)."""
    return _found_or_installed(_find_rabbitmq, "RabbitMQ")


def compose_command() -> tuple[str, ...]:
    """How docker compose is called here: ("docker-compose",) or ("docker", "compose")."""
    return _found_or_installed(_find_compose, "docker-compose")


def program(name: str) -> str:
    """The path of a program, also when sbin is missing from PATH. Raises ProgramMissing."""
    found = shutil.which(name, path=_search_path())
    if found is None:
        raise ProgramMissing(f"{name} is not on this machine")
    return found


def ensure_all() -> None:
    """Install whatever of the three is missing."""
    postgres_bin()
    rabbitmq_bin()
    compose_command()


def _found_or_installed(find: Callable[[], F | None], what: str) -> F:
    found = find()
    if found is None:
        install(what)
        found = find()
    if found is None:
        raise ProgramMissing(f"{what} was installed but cannot be found")
    return found


def _find_postgres() -> Path | None:
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("postgres", path=_search_path())
    candidates = [*versions, *([Path(on_path).resolve()] if on_path else [])]
    for candidate in candidates:
        if (candidate.parent / "initdb").exists():
            return candidate.parent
    return None


def _find_rabbitmq() -> Path | None:
    folders = [
        *sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"), reverse=True),
        Path("/usr/lib/rabbitmq/bin"),
        Path("/usr/sbin"),
    ]
    for folder in folders:
        if (folder / "rabbitmq-server").exists() and (folder / "rabbitmqctl").exists():
            return folder
    return None


def _find_compose() -> tuple[str, ...] | None:
    for command in (("docker-compose",), ("docker", "compose")):
        path = shutil.which(command[0], path=_search_path())
        if path and _succeeds([path, *command[1:], "version"]):
            return (path, *command[1:])
    return None


def install(what: str) -> None:
    """apt-get install everything the tests need, saying so. Raises ProgramMissing."""
    names = " ".join(PACKAGES)
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        raise ProgramMissing(f"{what} is missing: install it, for example: apt-get install {names}")
    print(f"{what} is missing: apt-get install {names} (no service is started)", file=sys.stderr)
    environment = {"PATH": _SYSTEM_PATH, "DEBIAN_FRONTEND": "noninteractive", **_proxies()}
    with service_starts_denied():
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
            subprocess.run(
                ["apt-get", "-q", *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno(),
                check=True,
            )


@contextlib.contextmanager
def service_starts_denied(policy: Path = _POLICY) -> Iterator[None]:
    """Debian asks policy-rc.d before starting a service; whatever stood there is put back."""
    kept = policy.with_name(policy.name + ".kept-by-grantcase")
    if policy.exists() or policy.is_symlink():
        policy.rename(kept)
    try:
        policy.write_text(_DENY)
        policy.chmod(0o755)
        yield
    finally:
        policy.unlink(missing_ok=True)
        if kept.exists() or kept.is_symlink():
            kept.rename(policy)


def _proxies() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}


def _search_path() -> str:
    return os.environ.get("PATH", "") + ":" + _SYSTEM_PATH


def _succeeds(argv: list[str]) -> bool:
    done = subprocess.run(
        argv, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60
    )
    return done.returncode == 0
