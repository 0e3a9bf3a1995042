"""Vouchers handed in and audited, line by line. (Longer than a page: the way of one line from what
was asked to what is accepted.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from services.finance.application import budgets, spending_facts
from services.finance.application import commands as c
from services.finance.application.commands.spending import ROWS_MAX, AuditLine, VoucherRow
from services.finance.application.handlers.loading import load, load_party
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from services.finance.domain.errors import IdReused, UnknownPart
from services.finance.domain.spending import REDUCE, REJECT, Spending
from shared.kernel.clock import taipei_date
from shared.kernel.decisions import Evaluation
from shared.kernel.errors import InvalidInput

CATEGORY = "spending"
WHOLE_MONTH_BP = 10_000
Row = Mapping[str, Any]


def submit_vouchers(command: c.SubmitVouchers, ports: FinancePorts) -> dict[str, Any]:
    """A party's vouchers, if the rules of moment `vouchers` let the batch in; what they say of
    single rows (`blocks: claim`) is for the audit."""
    contract, _ = load_party(ports, command.case_id, command, command.party_ubn)
    contract.must_be_signed()
    if not 0 < len(command.vouchers) <= ROWS_MAX:
        raise InvalidInput(
            f"每批憑證 1 至 {ROWS_MAX} 筆",
            f"a batch has 1 to {ROWS_MAX} vouchers",
            field="vouchers",
        )
    spending, version = ports.streams.load(Spending, CATEGORY, command.case_id)
    rows = tuple(_row(ports, row) for row in command.vouchers)
    batch = e.VouchersSubmitted(
        case_id=command.case_id,
        batch_id=command.batch_id,
        party_ubn=command.party_ubn,
        vouchers=rows,
        submitted_on=taipei_date(command.received_at),
    )
    if not (events := spending.submit(batch)):
        return {"batch_id": str(command.batch_id), "findings": []}
    evaluation, _ = _evaluated(
        command, ports, contract, spending, "vouchers", rows, command.party_ubn
    )
    ports.streams.append(
        CATEGORY,
        command.case_id,
        events,
        expected_version=version,
        caused_by=command,
        case=command.case_id,
        decision=evaluation.decision(),
    )
    return {
        "batch_id": str(command.batch_id),
        "findings": [finding.as_dict() for finding in evaluation.findings],
    }


def audit_vouchers(command: c.AuditVouchers, ports: FinancePorts) -> dict[str, Any]:
    """Line by line: accepted with the pack's net, reduced, or rejected; a row that a rule or a
    register says is not claimable is rejected whatever the line says."""
    contract, _ = load(ports, command.case_id)
    spending, version = ports.streams.load(Spending, CATEGORY, command.case_id)
    batch = spending.batch(command.batch_id)
    if (known := spending.audits.get(command.audit_id)) is not None:
        if [_asked(line) for line in known.lines] != [_line_id(line) for line in command.lines]:
            raise IdReused(command.audit_id, field="audit_id")
        return {"lines": [dict(line) for line in known.lines]}
    rows = [spending.vouchers[_line_of(batch, line)] for line in command.lines]
    evaluation, full = _evaluated(
        command, ports, contract, spending, "audit", rows, batch.party_ubn, command.lines
    )
    refused = _refused(evaluation)
    months: Counter[tuple[str, str]] = Counter()  # of persons, in this audit
    decided = [
        _decided(ports, contract, spending, line, row, refused.get(number, []), months)
        for number, (line, row) in enumerate(zip(command.lines, full, strict=True), 1)
    ]
    event = e.VouchersAudited(
        case_id=command.case_id,
        batch_id=command.batch_id,
        audit_id=command.audit_id,
        party_ubn=batch.party_ubn,
        lines=tuple(_with_shares(ports, contract, spending, batch.party_ubn, decided)),
        auditor=command.actor.id,
        audited_on=taipei_date(command.received_at),
    )
    ports.streams.append(
        CATEGORY,
        command.case_id,
        (event,),
        expected_version=version,
        caused_by=command,
        case=command.case_id,
        decision=evaluation.decision(),
    )
    return {
        "lines": [dict(line) for line in event.lines],
        "findings": [finding.as_dict() for finding in evaluation.findings],
    }


def _evaluated(
    command: c.SubmitVouchers | c.AuditVouchers,
    ports: FinancePorts,
    contract: Contract,
    spending: Spending,
    moment: str,
    rows: Sequence[Row],
    party_ubn: str,
    lines: Sequence[AuditLine] = (),
) -> tuple[Evaluation, list[dict[str, Any]]]:
    budget = budgets.budget_of(ports, contract, party_ubn)
    full = [
        spending_facts.voucher_facts(ports, contract, spending, budget, party_ubn, row)
        for row in rows
    ]
    for row, line in zip(full, lines, strict=False):
        row.update(outcome=line.outcome, note=line.note, net_twd=_net(line, row["full_net_twd"]))
    shares = spending_facts.shares_of(ports, contract, spending, party_ubn)
    offered = spending_facts.vouchers(ports, contract, command, party_ubn, full, shares)
    digest = contract.signing.file.pack_digest
    return ports.rules.enforce(digest, moment, offered), full


def _refused(evaluation: Evaluation) -> dict[int, list[str]]:
    """Row number -> the clauses that say its voucher is not claimable."""
    refused: dict[int, list[str]] = {}
    for finding in evaluation.blocking("claim"):
        number = finding.subject.get("row")
        if isinstance(number, int):
            refused.setdefault(number, []).append(f"{finding.rule}/{finding.clause}")
    return refused


def _decided(
    ports: FinancePorts,
    contract: Contract,
    spending: Spending,
    line: AuditLine,
    row: Row,
    refused: Sequence[str],
    months: Counter[tuple[str, str]],
) -> dict[str, Any]:
    submitted_on = date.fromisoformat(spending.vouchers[row["voucher_id"]]["submitted_on"])
    voucher_on = date.fromisoformat(row["voucher_on"])
    year = budgets.year_of(ports, contract, voucher_on, submitted_on)
    rules = [*refused, *_held_elsewhere(row, months)]
    if year is None:
        rules.append("budget-year")
    outcome, net_twd = line.outcome, row["net_twd"] or 0
    if rules or net_twd == 0:
        outcome, net_twd = REJECT, 0
    elif net_twd < row["claimed_twd"]:
        outcome = REDUCE
    if outcome != REJECT and row["person_ref"] and row["person_month"]:
        months[row["person_ref"], row["person_month"]] += row["person_fraction_bp"] or 0
    return {
        "voucher_id": row["voucher_id"],
        "outcome": outcome,
        "net_twd": net_twd,
        "year": year or 0,
        "self_borne": budgets.self_borne(ports, contract, row),
        "rules": sorted(set(rules)),
        "note": line.note,
        "asked": line.outcome,
    }


def _net(line: AuditLine, most_twd: int) -> int | None:
    """What would be accepted of the voucher; null when it is rejected."""
    if line.outcome == REJECT:
        return None
    return _reduced(line, most_twd) if line.outcome == REDUCE else most_twd


def _held_elsewhere(row: Row, months: Mapping[tuple[str, str], int]) -> list[str]:
    """The sets over all cases that no rule of a pack opens: a voucher once, a month not twice."""
    held = ["voucher-used"] if row["used_by"] else []
    here = months.get((row["person_ref"], row["person_month"]), 0)
    if row["person_months_bp"] + here > WHOLE_MONTH_BP:
        held.append("person-month")
    return held


def _reduced(line: AuditLine, most_twd: int) -> int:
    if line.net_twd is None or not 0 <= line.net_twd <= most_twd:
        raise InvalidInput(
            f"憑證 {line.voucher_id}：核定金額須介於 0 與 {most_twd:,} 元之間",
            f"voucher {line.voucher_id}: the net lies between NT$0 and NT${most_twd:,}",
            field="lines",
        )
    return line.net_twd


def _with_shares(
    ports: FinancePorts,
    contract: Contract,
    spending: Spending,
    party_ubn: str,
    decided: Sequence[Row],
) -> list[dict[str, Any]]:
    more = {line["voucher_id"]: line for line in decided}
    shares = spending_facts.shares_of(ports, contract, spending, party_ubn, more=more)
    lines = []
    for line in decided:
        government = shares.parts.get(line["voucher_id"], 0)
        lines.append(
            {
                **line,
                "government_twd": government,
                "self_twd": line["net_twd"] - government,
            }
        )
    return lines


def _line_of(batch: e.VouchersSubmitted, line: AuditLine) -> str:
    if str(line.voucher_id) not in {row["voucher_id"] for row in batch.vouchers}:
        raise UnknownPart("憑證", "voucher of this batch", line.voucher_id, field="lines")
    return str(line.voucher_id)


def _asked(line: Row) -> tuple[str, str]:
    return line["voucher_id"], line["asked"]


def _line_id(line: AuditLine) -> tuple[str, str]:
    return str(line.voucher_id), line.outcome


def _row(ports: FinancePorts, voucher: VoucherRow) -> dict[str, Any]:
    row = {name: _plain(value) for name, value in asdict(voucher).items()}
    key = _key(voucher)
    used_by = ports.vouchers.used(key, str(voucher.voucher_id)) if key else None
    return {**row, "key": key, "used_by": [used_by] if used_by else []}


def _key(voucher: VoucherRow) -> str | None:
    """What may be claimed once: seller, invoice and date. Months of a person have no key: they are
    shared out by fractions, see _held_elsewhere."""
    if voucher.seller_ubn and voucher.invoice_no:
        return f"{voucher.seller_ubn}|{voucher.invoice_no}|{voucher.voucher_on.isoformat()}"
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
