"""Builders for finance: facts with full defaults, a folded contract, and a desk that gives commands
to the real handlers and rules over the in-memory store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.finance import projections
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from services.finance.projections.contracts import EnterpriseTable
from services.finance.projections.invoices import InvoiceTable
from services.finance.publishing import publish
from services.finance.schemas import COMMANDS, REACTIONS
from shared.bus.door import do
from shared.bus.service_core import ServiceCore
from shared.eventstore.memory import MemoryStore
from shared.eventstore.memory_keys import MemoryKeyStore
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.unit_of_work import UnitOfWorkFactory
from shared.kernel.clock import TAIPEI, after_day
from shared.kernel.envelope import Actor, CommandEnvelope, PublicEvent
from shared.kernel.ids import derived_id, seeded_ids
from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import PackRules
from shared.programmes.location import programme_folders
from shared.programmes.pack import load_pack
from shared.projection.packs import PackShelf
from shared.projection.tables import METADATA as SHARED
from shared.projection.timers import TimerTable

CASE = derived_id("finance-test", "case")
CALL = derived_id("finance-test", "call")
NUMBER = "CP112-0001"
UBN = "12345676"
AMOUNT = 1_500_000
APPLICANT = Actor(id="ann", roles=("applicant",), organisation=UBN)
STRANGER = Actor(id="sam", roles=("applicant",), organisation="87654320")
OFFICER = Actor(id="olga", roles=("programme_officer",))
MAKER = Actor(id="mia", roles=("finance_maker",))
CHECKER = Actor(id="carl", roles=("finance_checker",))
CLOCK = Actor(id="clock", roles=("clock",))


def named(name: str) -> UUID:
    """An id that a test can read: the same name gives the same id."""
    return derived_id("finance-test", name)


def at(day: str, hour: int = 10) -> datetime:
    """That day in Taipei."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), TAIPEI) + timedelta(
        hours=hour
    )


def file_opened(**changes: Any) -> e.ContractFileOpened:
    """Selected on 2023-04-06: signing until 04-20, reminder on 04-13."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "call_id": CALL,
        "programme_id": "coprosperity-112",
        "pack_digest": "0" * 64,
        "applicant_ubn": UBN,
        "applicant_name": "共好資訊",
        "track": "POP",
        "approved_twd": AMOUNT,
        "approved_count": 2,
        "enterprises": ({"ubn": "11111111"}, {"ubn": "22222222"}),
        "enterprise_ubns": ("11111111", "22222222"),
        "letters": ("11111111", "22222222"),
        "conditions": ({"id": "c1", "text": "…"},),
        "forms": {"F08": [{}], "F09": [{}], "F14": [{}]},
        "announced_on": date(2023, 4, 6),
        "reminder_on": date(2023, 4, 13),
        "signing_due_on": date(2023, 4, 20),
    }
    return e.ContractFileOpened(**{**values, **changes})


def plan_submitted(**changes: Any) -> e.ContractPlanSubmitted:
    """A complete contract plan, handed in on 2023-04-14."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "amount_twd": AMOUNT,
        "enterprise_count": 2,
        "answers": ({"condition": "c1", "status": "accepted", "text": "ok"},),
        "usage_standard": {
            "service_item": "POS",
            "record_kinds": ["LOGIN"],
            "minimum": 5,
            "cycle": "WEEK",
            "total": 30000,
        },
        "execution_start": date(2023, 4, 6),
        "execution_end": date(2023, 11, 30),
        "valid_to": date(2023, 12, 31),
        "payee_ubn": UBN,
        "can_issue_invoice": True,
        "submitted_at": at("2023-04-14"),
    }
    return e.ContractPlanSubmitted(**{**values, **changes})


def signed(amount_twd: int = AMOUNT, first_twd: int = 525_000, **changes: Any) -> e.ContractSigned:
    """Signed on 2023-04-18, two instalments."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "contract_number": "112-1",
        "call_id": CALL,
        "programme_id": "coprosperity-112",
        "pack_digest": "0" * 64,
        "applicant_ubn": UBN,
        "applicant_name": "共好資訊",
        "track": "POP",
        "amount_twd": amount_twd,
        "approved_count": 2,
        "enterprises": (),
        "letters": (),
        "signed_on": date(2023, 4, 18),
        "execution_start": date(2023, 4, 6),
        "execution_end": date(2023, 11, 30),
        "valid_to": date(2023, 12, 31),
        "instalments": (
            {"no": 1, "checkpoint": "cp1", "amount_twd": first_twd},
            {"no": 2, "checkpoint": "cp2", "amount_twd": amount_twd - first_twd},
        ),
        "usage_standard": {},
        "forms": {},
    }
    return e.ContractSigned(**{**values, **changes})


def became_payable(no: int = 1, **changes: Any) -> e.InstalmentBecamePayable:
    """Checkpoint `no` was passed on 2023-07-26 by olga."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "instalment_no": no,
        "checkpoint": f"cp{no}",
        "amount_twd": 525_000 if no == 1 else AMOUNT - 525_000,
        "passed_on": date(2023, 7, 26),
        "usage_records": True,
        "letters": ("11111111", "22222222"),
        "accepted_by": "olga",
    }
    return e.InstalmentBecamePayable(**{**values, **changes})


def claimed(no: int = 1, amount_twd: int | None = None, **changes: Any) -> e.ClaimSubmitted:
    """A claim of instalment `no`, its id named("claim-<no>")."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "claim_id": named(f"claim-{no}"),
        "instalment_no": no,
        "amount_twd": amount_twd or (525_000 if no == 1 else AMOUNT - 525_000),
        "invoice_number": f"AB1234567{no}",
        "invoice_on": date(2023, 7, 27),
        "seller_ubn": UBN,
        "buyer": "中華民國資訊軟體協會",
        "attachments": (),
        "submitted_at": at("2023-07-28"),
    }
    return e.ClaimSubmitted(**{**values, **changes})


def prepared(no: int = 1, amount_twd: int | None = None, **changes: Any) -> e.DisbursementPrepared:
    """Mia's disbursement of claim `no`, its id named("disbursement-<no>"), digest dddd…"""
    values: dict[str, Any] = {
        "case_id": CASE,
        "disbursement_id": named(f"disbursement-{no}"),
        "revision": 1,
        "claim_id": named(f"claim-{no}"),
        "instalment_no": no,
        "amount_twd": amount_twd or (525_000 if no == 1 else AMOUNT - 525_000),
        "payee_ubn": UBN,
        "payee_account": "004-1",
        "digest": "d" * 64,
        "maker": "mia",
    }
    return e.DisbursementPrepared(**{**values, **changes})


def approved(no: int = 1, amount_twd: int | None = None, **changes: Any) -> e.InstalmentApproved:
    """Carl approved it on 2023-08-01."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "instalment_no": no,
        "claim_id": named(f"claim-{no}"),
        "amount_twd": amount_twd or (525_000 if no == 1 else AMOUNT - 525_000),
        "disbursement_id": named(f"disbursement-{no}"),
        "revision": 1,
        "digest": "d" * 64,
        "checker": "carl",
        "approved_on": date(2023, 8, 1),
    }
    return e.InstalmentApproved(**{**values, **changes})


def disbursed(no: int = 1, amount_twd: int | None = None, **changes: Any) -> e.FundsDisbursed:
    """The bank paid it on 2023-08-10; the payment is named("payment-<no>")."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "payment_id": named(f"payment-{no}"),
        "instalment_no": no,
        "amount_twd": amount_twd or (525_000 if no == 1 else AMOUNT - 525_000),
        "paid_on": date(2023, 8, 10),
        "payee_ubn": UBN,
        "disbursement_id": named(f"disbursement-{no}"),
        "bank_reference": f"B-{no}",
    }
    return e.FundsDisbursed(**{**values, **changes})


def finding_opened(kind: str = "breach", **changes: Any) -> e.FindingOpened:
    """named("finding")."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "finding_id": named("finding"),
        "kind": kind,
        "facts": "未依約執行",
        "rules": ("CP-SAN-02",),
        "evidence": (),
    }
    return e.FindingOpened(**{**values, **changes})


def notice_given(**changes: Any) -> e.SanctionNoticeGiven:
    """Notice of 2023-10-06, to be answered by 10-13."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "finding_id": named("finding"),
        "facts": "未依約執行",
        "rules": ("CP-SAN-02",),
        "effects": ("terminate",),
        "given_on": date(2023, 10, 6),
        "answer_by": date(2023, 10, 13),
    }
    return e.SanctionNoticeGiven(**{**values, **changes})


def folded(*events: object) -> Contract:
    """The contract after these facts."""
    contract = Contract()
    for event in events:
        contract = contract.apply(event)
    return contract


SIGNED: tuple[object, ...] = (file_opened(), plan_submitted(), signed())
PAID_FIRST: tuple[object, ...] = (
    *SIGNED,
    became_payable(),
    claimed(),
    prepared(),
    approved(),
    disbursed(),
)


@cache
def pack() -> CompiledPack:
    """The pack of the Digital Co-prosperity Programme."""
    folder = next(f for f in programme_folders() if f.name == "coprosperity-112")
    return CompiledPack(load_pack(folder))


class _Inline:
    """An inline projection over the desk's own database: the in-memory store has none."""

    def __init__(self, module: Any, connection: sa.Connection):
        self.NAME = module.NAME
        self._module, self._connection = module, connection

    def project(self, connection: Any, recorded: Any) -> None:
        """See shared.eventstore.unit_of_work.InlineProjection."""
        self._module.project(self._connection, recorded)


class Desk:
    """The service without a broker: commands through the door, other services' events as
    reactions, timers fired by hand. `public` holds what was published, checked by contract."""

    def __init__(self) -> None:
        self.connection = sa.create_engine("sqlite://").connect()
        for metadata in (SHARED, projections.METADATA):
            metadata.create_all(self.connection)
        inline = [_Inline(module, self.connection) for module in projections.INLINE]
        shelf = PackShelf(self.connection)
        document = pack().pack.document
        self.digest = pack().pack.digest
        shelf.store(document["id"], document["version"], self.digest, document)
        shelf.store_call(
            CALL, {"call_id": str(CALL), "parameters": pack().pack.calls[0]["parameters"]}
        )
        self.units = UnitOfWorkFactory(
            MemoryStore(),
            TypeRegistry(e.EVENTS),
            MemoryKeyStore(),
            inline,
            seeded_ids("finance-desk"),
        )
        self.core = ServiceCore(
            name="finance",
            commands=COMMANDS,
            reactions=REACTIONS,
            units=self.units,
            bind=self._ports,
            publish=publish,
            queries=projections.QUERIES,
        )
        self.timers = TimerTable(self.connection)
        self._count = 0

    def _ports(self, unit: Any) -> FinancePorts:
        shelf = PackShelf(self.connection)
        return FinancePorts(
            streams=unit.streams,
            rules=PackRules(shelf, {self.digest: pack()}),
            packs=shelf,
            timers=TimerTable(self.connection),
            invoices=InvoiceTable(self.connection),
            enterprises=EnterpriseTable(self.connection),
        )

    def do(self, name: str, actor: Actor, day: str, **payload: Any) -> Mapping[str, Any]:
        """Give one command on that day; ids as UUID, dates as text. case_id is filled in."""
        self._count += 1
        ready = {k: str(v) if isinstance(v, UUID) else v for k, v in payload.items()}
        return do(
            self.core,
            CommandEnvelope(
                command_id=named(f"command-{self._count}"),
                name=name,
                actor=actor,
                received_at=at(day),
                payload={"case_id": str(CASE), **ready},
            ),
        )

    def hear(self, source: str, type: str, day: str, **data: Any) -> None:
        """React to another service's event, as the inbox does."""
        self._count += 1
        event = PublicEvent(
            id=named(f"event-{self._count}"),
            source=source,
            type=type,
            schema_version=1,
            feed_sequence=self._count,
            occurred_at=at(day),
            data=data,
            subject=CASE,
            actor_id="olga",
        )
        with self.units.begin() as unit:
            for command in REACTIONS[source, type](event):
                COMMANDS[command.__class__.__name__].handler(command, self._ports(unit))
            unit.commit()

    def pass_day(self, day: str) -> list[str]:
        """Fire every timer due by the end of that day; their commands' names."""
        fired = []
        for timer in self.timers.due(after_day(date.fromisoformat(day)), 100):
            self.timers.fired(timer.id)
            self._count += 1
            do(
                self.core,
                CommandEnvelope(
                    command_id=timer.id,
                    name=timer.command,
                    actor=CLOCK,
                    received_at=timer.due_at,
                    payload=timer.payload,
                ),
            )
            fired.append(timer.command)
        return fired

    @property
    def contract(self) -> Contract:
        """The contract as it stands."""
        with self.units.begin() as unit:
            return unit.streams.load(Contract, "contract", CASE)[0]

    def history(self) -> list[Any]:
        """All recorded events of the contract."""
        with self.units.begin() as unit:
            return unit.history("contract", CASE)

    def types(self) -> list[str]:
        """Types of all events so far."""
        return [recorded.type for recorded in self.history()]

    def published(self) -> list[tuple[str, Mapping[str, Any]]]:
        """(type, data) of every public event; each has passed its contract."""
        found = (publish(recorded) for recorded in self.history())
        return [event for event in found if event is not None]

    def query(self, name: str, **params: Any) -> Any:
        """A query as the command line gives it."""
        return projections.QUERIES[name](self, **params)

    # --- the way to a state, for tests that are about what comes after it

    def select(self) -> None:
        """review selected the proposal on 2023-04-06."""
        opened = file_opened()
        rows = [dict(row) for row in opened.enterprises]
        self.hear(
            "review",
            "ProposalSelected",
            "2023-04-06",
            case_id=str(CASE),
            case_number=NUMBER,
            call_id=str(CALL),
            programme_id="coprosperity-112",
            pack_digest=self.digest,
            applicant_ubn=UBN,
            applicant_name=opened.applicant_name,
            track="POP",
            tier="A",
            cap_twd=AMOUNT,
            approved_count=2,
            approved_twd=AMOUNT,
            enterprises=rows,
            letters=list(opened.letters),
            conditions=[dict(c) for c in opened.conditions],
            forms=dict(opened.forms),
            announced_on="2023-04-06",
            decided_by={},
        )

    def plan(self, day: str = "2023-04-14", **changes: Any) -> Mapping[str, Any]:
        """The applicant's contract plan."""
        plan = plan_submitted()
        payload = {
            "amount_twd": plan.amount_twd,
            "enterprise_count": plan.enterprise_count,
            "answers": [dict(row) for row in plan.answers],
            "usage_standard": dict(plan.usage_standard or {}),
            "execution_start": "2023-04-06",
            "execution_end": "2023-11-30",
            "valid_to": "2023-12-31",
            "payee_ubn": UBN,
            "can_issue_invoice": True,
        }
        return self.do("SubmitContractPlan", APPLICANT, day, **{**payload, **changes})

    def sign(self) -> None:
        """Selected, planned and signed on 2023-04-18."""
        self.select()
        self.plan()
        self.do("SignContract", OFFICER, "2023-04-18", contract_number="112-1")

    def pass_checkpoint(self, no: int = 1, day: str = "2023-07-26", **changes: Any) -> None:
        """monitoring passed checkpoint `no`."""
        data = {
            "case_id": str(CASE),
            "case_number": NUMBER,
            "checkpoint": f"cp{no}",
            "progress_bp": 3500,
            "passed_on": day,
            "usage_records": True,
            "letters": ["11111111", "22222222"],
            "decided_by": {},
        }
        self.hear("monitoring", "CheckpointPassed", day, **{**data, **changes})

    def claim(self, no: int = 1, day: str = "2023-07-28", **changes: Any) -> Mapping[str, Any]:
        """The applicant's claim of instalment `no`."""
        payload = {
            "claim_id": named(f"claim-{no}"),
            "instalment_no": no,
            "amount_twd": 525_000 if no == 1 else AMOUNT - 525_000,
            "invoice_number": f"AB1234567{no}",
            "invoice_on": day,
            "seller_ubn": UBN,
            "buyer": "中華民國資訊軟體協會",
            "attachments": [
                {"kind": "request-voucher", "document": "a"},
                {"kind": "usage-log", "document": "b"},
                {"kind": "result-report", "document": "c"},
            ],
        }
        return self.do("SubmitClaim", APPLICANT, day, **{**payload, **changes})

    def pay(self, no: int = 1, day: str = "2023-08-10", name: str = "") -> None:
        """Prepared by Mia, approved by Carl, paid, all on that day."""
        disbursement, payment = named(f"disbursement-{no}{name}"), named(f"payment-{no}{name}")
        answer = self.do(
            "PrepareDisbursement",
            MAKER,
            day,
            disbursement_id=disbursement,
            claim_id=named(f"claim-{no}"),
            amount_twd=525_000 if no == 1 else AMOUNT - 525_000,
            payee_account="004-1",
        )
        self.do(
            "ApproveDisbursement",
            CHECKER,
            day,
            disbursement_id=disbursement,
            digest=answer["digest"],
        )
        self.do(
            "ConfirmPayment",
            MAKER,
            day,
            payment_id=payment,
            disbursement_id=disbursement,
            paid_on=day,
            bank_reference=f"B-{no}{name}",
        )

    def pay_first(self) -> None:
        """Signed, checkpoint 1 passed, claimed and paid."""
        self.sign()
        self.pass_checkpoint()
        self.claim()
        self.pay()


def kinds(events: Iterable[object]) -> list[str]:
    """Class names of decided events."""
    return [type(event).__name__ for event in events]
