"""Registers of who is party to a case and of its vouchers, for papers that print lists of money.

Amounts NT$ (_twd). A voucher says nothing of its audit until it was audited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]
Row = dict[str, Any]


def parties(facts: Facts) -> list[Row]:
    """{no, ubn, name, lead, total_twd, subsidy_twd, self_twd}: of the contract, else of the award
    or the registration; the applicant alone where none are listed."""
    last = facts["last"]
    registered = last.get("CaseRegistered", {})
    sources = [
        last.get("ContractSigned", {}),
        last.get("ContractFileOpened", {}),
        registered.get("registration") or {},
    ]
    rows: list[Row] = next((source["parties"] for source in sources if source.get("parties")), [])
    alone = {"ubn": facts["case"]["ubn"], "name": facts["case"]["applicant"], "lead": True}
    return [{**row, "no": number} for number, row in enumerate(rows or [alone], 1)]


def vouchers(facts: Facts) -> list[Row]:
    """{no, party_ubn, party, line, on, seller_ubn, invoice_no, item_name, person_ref, gross_twd,
    claimed_twd, audited, outcome, year, net_twd, government_twd, self_twd, rules, note}, in the
    order of submission; `net_twd` is what the newest audit accepted."""
    names = {row["ubn"]: row["name"] for row in parties(facts)}
    audited = {
        line["voucher_id"]: line
        for event in facts["all"].get("VouchersAudited", [])
        for line in event["lines"]
    }
    submitted = [
        (event.get("party_ubn"), voucher)
        for event in facts["all"].get("VouchersSubmitted", [])
        for voucher in event["vouchers"]
    ]
    return [
        _voucher(number, ubn, names.get(ubn), voucher, audited.get(voucher["voucher_id"]))
        for number, (ubn, voucher) in enumerate(submitted, 1)
    ]


def of_item(item: Mapping[str, Any], facts: Facts) -> Row:
    """What belongs to the event of a paper: `party` (the one it names, as a keyed step does by its
    key, else the first) and, for an event of an instalment, `instalment`, its register's row."""
    rows = [row for row in facts["instalments"] if row["no"] == item.get("instalment_no")]
    ubn = item.get("party_ubn") or (rows[0]["party_ubn"] if rows else None)
    named = [ubn, item.get("key")]
    known = [row for row in facts["parties"] if row["ubn"] in named] or facts["parties"]
    return {"party": known[0], "instalment": rows[0] if rows else {}}


def _voucher(
    number: int, ubn: str | None, name: str | None, row: Row, audit: Mapping[str, Any] | None
) -> Row:
    told = audit or {}
    return {
        "no": number,
        "party_ubn": ubn,
        "party": name,
        "line": row.get("line"),
        "on": row.get("voucher_on"),
        "seller_ubn": row.get("seller_ubn"),
        "invoice_no": row.get("invoice_no"),
        "item_name": row.get("item_name"),
        "person_ref": row.get("person_ref"),
        "gross_twd": row.get("gross_twd"),
        "claimed_twd": row.get("claimed_twd"),
        "audited": audit is not None,
        "outcome": told.get("outcome"),
        "year": told.get("year"),
        "net_twd": told.get("net_twd"),
        "government_twd": told.get("government_twd"),
        "self_twd": told.get("self_twd"),
        "rules": list(told.get("rules", [])),
        "note": told.get("note") or "",
    }
