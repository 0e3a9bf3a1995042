"""The invented pair as real processes over a real PostgreSQL and RabbitMQ, and what must hold."""

from __future__ import annotations

import contextlib
import json
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from grantcase.servers import PostgresServer, RabbitServer
from shared.bus.envelope_text import to_json
from shared.bus.rpc_client import CallFailed
from shared.contracts.catalogue import public_types
from shared.eventstore.heads import HeadSigner
from shared.eventstore.verify import verify
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.ids import derived_id
from shared.projection.tables import parked
from tests.support import pair
from tests.support.casts import PAIR
from tests.support.fleet_processes import PATIENCE_SECONDS, FleetProcesses

OFFICER = Actor(id="officer-1", roles=("screening_officer",))
START = datetime(2023, 3, 1, tzinfo=UTC)


class Fleet(FleetProcesses):
    """The processes, what they are asked, and what must hold in the end."""

    def start_all(self, **extra: Mapping[str, str]) -> None:
        """Both services with their sequencers and relays; returns when the services answer.
        extra: more environment by `kind_name`, such as service_review={...}."""
        for service in pair.BUILDERS:
            for kind in ("service", "sequencer", "relay"):
                self.start(kind, service, **extra.get(f"{kind}_{service}", {}))
        self.await_ready()

    def await_ready(self) -> None:
        """Until every started service answers calls."""
        for kind, service, _ in self.processes:
            if kind == "service":
                self.until(lambda name=service: self.call(name, "status"), f"{service} answers")

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


@contextlib.contextmanager
def fleet(
    folder: Path, postgres: PostgresServer, broker: RabbitServer, name: str
) -> Iterator[Fleet]:
    """A fleet whose processes are gone at the end of the block."""
    opened = Fleet(folder, postgres, broker, name, PAIR)
    try:
        yield opened
    finally:
        opened.close()


def _difference(found: Mapping[str, int], wanted: Mapping[str, int]) -> str:
    lost = [case for case in wanted if case not in found]
    wrong = {case: count for case, count in found.items() if wanted.get(case) != count}
    return f"lost {lost}, wrong {wrong}"
