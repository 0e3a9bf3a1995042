"""deploy/compose.yaml, read by the docker-compose of this machine (1.29 or v2)."""

from __future__ import annotations

import functools
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import yaml

from grantcase.servers.programs import compose_command, postgres_bin
from tests.support.servers import PostgresServer, postgres

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy" / "compose.yaml"
OVERLAYS = tuple(ROOT / "deploy" / f"compose.{name}.yaml" for name in ("s3", "clamav"))
SERVICES = ("intake", "review", "finance", "monitoring")
REQUIRED = sorted(
    set(
        re.findall(
            r"\$\{([A-Z_]+):\?",
            "".join(
                path.read_text() for path in (COMPOSE, *(ROOT / "deploy/config").glob("*.yaml"))
            ),
        )
    )
)


@functools.cache
def settings() -> dict[str, str]:
    """A value for every required variable that names the variable."""
    return {name: f"/secrets/{name}" if name.endswith("_FILE") else name for name in REQUIRED}


def run_config(environment: dict[str, str], *overlays: Path) -> subprocess.CompletedProcess[str]:
    """`docker-compose config` with nothing else in the environment."""
    files = [part for path in (COMPOSE, *overlays) for part in ("-f", str(path))]
    return subprocess.run(
        [*compose_command(), *files, "config"],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
        cwd=COMPOSE.parent,
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.fixture(scope="module")
def config() -> dict:
    done = run_config(settings())
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)


def test_the_secrets_of_every_service_are_required():
    for service in SERVICES:
        for kind in ("OWNER_PASSWORD", "APP_PASSWORD", "MASTER_KEY_FILE", "SIGNING_KEY_FILE"):
            assert f"GRANTCASE_{service.upper()}_{kind}" in REQUIRED


@pytest.mark.parametrize("name", REQUIRED)
def test_config_fails_and_names_the_missing_secret(name: str):
    done = run_config({key: value for key, value in settings().items() if key != name})
    assert done.returncode != 0
    assert f"set {name}" in done.stderr.rpartition(": ")[2]


def test_an_empty_secret_is_as_bad_as_a_missing_one():
    done = run_config({**settings(), "GRANTCASE_RABBITMQ_PASSWORD": ""})
    assert done.returncode != 0
    assert "set GRANTCASE_RABBITMQ_PASSWORD" in done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_its_three_processes_and_a_migration(config: dict, service: str):
    commands = {name: entry.get("command") for name, entry in config["services"].items()}
    assert commands[service] == ["run", "service", service]
    assert commands[f"{service}-sequencer"] == ["run", "sequencer", service]
    assert commands[f"{service}-relay"] == ["run", "relay", service]
    assert commands[f"migrate-{service}"] == ["migrate", service]


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_migration_holds_the_owners_password(config: dict, service: str):
    upper = service.upper()
    holders = {"owner": set(), "app": set()}
    for name, entry in config["services"].items():
        text = str(entry.get("environment"))
        for role, found in holders.items():
            if f"GRANTCASE_{upper}_{role.upper()}_PASSWORD" in text:
                found.add(name)
    processes = {service, f"{service}-sequencer", f"{service}-relay"}
    assert holders == {
        "owner": {f"migrate-{service}", "postgres"},
        "app": {*processes, "postgres"},
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_process_waits_for_its_migration_and_that_for_database_and_broker(
    config: dict, service: str
):
    entries = config["services"]
    for name in (service, f"{service}-sequencer", f"{service}-relay"):
        waits = entries[name]["depends_on"][f"migrate-{service}"]["condition"]
        assert waits == "service_completed_successfully"
    for server in ("postgres", "rabbitmq"):
        waits = entries[f"migrate-{service}"]["depends_on"][server]["condition"]
        assert waits == "service_healthy"


def test_services_and_servers_have_health_checks(config: dict):
    entries = config["services"]
    for name in SERVICES:
        assert "/health" in str(entries[name]["healthcheck"]["test"])
    for name in ("postgres", "rabbitmq"):
        assert entries[name]["healthcheck"]["test"]


@pytest.fixture(scope="module")
def with_overlays() -> dict:
    """With the object store and the scanner."""
    more = {
        "GRANTCASE_DOCUMENTS_S3_URL": "https://store/office",
        "GRANTCASE_DOCUMENTS_S3_KEY_FILE": "/secrets/s3",
    }
    done = run_config({**settings(), **more}, *OVERLAYS)
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)


def test_a_process_reads_every_variable_it_is_given_and_is_given_what_it_requires(
    with_overlays: dict,
):
    given = {
        variable
        for entry in with_overlays["services"].values()
        if "grantcase" in entry.get("image", "")
        for variable in entry["environment"]
    }
    required, optional = set(), set()
    for folder in ("grantcase", "shared"):
        for module in (ROOT / folder).rglob("*.py"):
            text = module.read_text()
            required |= set(re.findall(r'required\(\s*"(GRANTCASE_[A-Z0-9_]+)"', text))
            optional |= set(re.findall(r'environ\.get\(\s*"(GRANTCASE_[A-Z0-9_]+)"', text))
    assert required <= given <= required | optional


def test_the_object_store_is_given_to_intake_with_its_key_as_a_secret(with_overlays: dict):
    entry = with_overlays["services"]["intake"]
    assert entry["environment"]["GRANTCASE_DOCUMENTS_S3_URL"] == "https://store/office/intake"
    mounted = {secret["source"] for secret in entry["secrets"]}
    assert mounted == {"documents_s3_key", "intake_master_key", "service_credential"}


def test_the_scanner_is_off_unless_configured_and_on_beside_clamav(
    config: dict, with_overlays: dict
):
    assert not config["services"]["intake"]["environment"]["GRANTCASE_SCAN_CLAMD"]
    entry = with_overlays["services"]["intake"]
    assert entry["environment"]["GRANTCASE_SCAN_CLAMD"] == "clamav:3310"
    assert entry["depends_on"]["clamav"]["condition"] == "service_healthy"
    assert entry["depends_on"]["migrate-intake"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_mounts_only_its_own_keys(config: dict, service: str):
    for name, entry in config["services"].items():
        mounted = {secret["source"] for secret in entry.get("secrets", [])}
        if f"{service}_master_key" in mounted:
            assert name in (service, f"{service}-relay")
        if f"{service}_signing_key" in mounted:
            assert name == f"{service}-sequencer"


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    server = postgres("test-compose-postgres")
    yield server
    server.stop()


def test_the_database_script_makes_two_databases_and_two_roles_per_service(own_postgres):
    state = psycopg.conninfo.conninfo_to_dict(own_postgres.admin_url.replace("+psycopg", ""))
    passwords = {
        f"{s.upper()}_{r}_PASSWORD": f"{s}-{r}" for s in SERVICES for r in ("OWNER", "APP")
    }
    environment = {
        "PATH": f"{postgres_bin()}:{os.environ['PATH']}",
        "POSTGRES_USER": state["user"],
        "PGHOST": state["host"],
        "PGPORT": str(state["port"]),
        "PGPASSWORD": state["password"],
        **passwords,
    }
    names = [database for s in SERVICES for database in (s, f"{s}_keys")]
    remove(own_postgres, names)
    try:
        script = ROOT / "deploy" / "bin" / "create-databases"
        subprocess.run([script], env=environment, check=True, capture_output=True)
        for name in names:
            service = name.removesuffix("_keys")
            address = {"host": state["host"], "port": state["port"], "dbname": name}
            owner = {"user": f"{service}_owner", "password": f"{service}-OWNER"}
            app = {"user": f"{service}_app", "password": f"{service}-APP"}
            with psycopg.connect(**address, **owner) as connection:
                connection.execute("CREATE TABLE mine (n integer)")
            with (
                psycopg.connect(**address, **app) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute("CREATE TABLE refused (n integer)")
    finally:
        remove(own_postgres, names)


def remove(server, names: list[str]) -> None:
    with server.connect() as connection:
        for name in names:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for service in SERVICES:
            for role in ("owner", "app"):
                connection.execute(f'DROP ROLE IF EXISTS "{service}_{role}"')


def test_make_secrets_satisfies_compose_and_never_overwrites(tmp_path: Path):
    script = ROOT / "deploy" / "bin" / "make-secrets"
    subprocess.run([script, tmp_path / "s"], check=True, capture_output=True)
    written = dict(line.split("=", 1) for line in (tmp_path / "s/.env").read_text().splitlines())
    assert sorted(written) == REQUIRED
    assert run_config(written).returncode == 0
    for name, value in written.items():
        if name.endswith("_FILE"):
            assert re.fullmatch("[0-9a-f]{64}", Path(value).read_text())
    again = subprocess.run([script, tmp_path / "s"], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "nothing was changed" in again.stderr


def test_the_image_takes_its_base_as_an_argument_and_runs_as_nobody_in_particular():
    lines = (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
    first = next(line for line in lines if line and not line.startswith("#"))
    assert first.startswith("ARG BASE=")
    assert all(line.split()[1] == "${BASE}" for line in lines if line.startswith("FROM"))
    users = [line for line in lines if line.startswith("USER")]
    assert users == ["USER 10001:10001"]
    assert 'ENTRYPOINT ["grantcase"]' in lines
