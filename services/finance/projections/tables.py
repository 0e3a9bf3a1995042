"""The tables of finance's read models."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

contracts = sa.Table(
    "finance_contracts",
    METADATA,
    sa.Column("case_id", sa.String(36), primary_key=True),
    sa.Column("case_number", sa.String(40), nullable=False, unique=True),
    sa.Column("call_id", sa.String(36), nullable=False),
    sa.Column("programme_id", sa.String(64), nullable=False),
    sa.Column("applicant_ubn", sa.String(8), nullable=False),
    sa.Column("applicant_name", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("amount_twd", sa.BigInteger, nullable=False),  # approved, then the contract's
    sa.Column("contract_number", sa.String(60)),
    sa.Column("signing_due_on", sa.String(10), nullable=False),
    sa.Column("signed_on", sa.String(10)),
)

journal = sa.Table(
    "finance_journal",
    METADATA,
    sa.Column("event_id", sa.String(36), primary_key=True),
    sa.Column("line_no", sa.Integer, primary_key=True),  # 1, 2, ... in the event
    sa.Column("journal_no", sa.Integer, nullable=False),  # lines of one number balance
    sa.Column("event_type", sa.String(80), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # of the event in its stream
    sa.Column("case_id", sa.String(36), index=True),  # null: the budget of a call
    sa.Column("case_number", sa.String(40)),
    sa.Column("programme_id", sa.String(64), nullable=False, index=True),
    sa.Column("fiscal_year", sa.Integer, nullable=False, index=True),  # ROC year of occurred_on
    sa.Column("occurred_on", sa.String(10), nullable=False),
    sa.Column("account", sa.String(40), nullable=False),
    sa.Column("party_ubn", sa.String(8)),  # null: the contract has one party
    sa.Column("debit_twd", sa.BigInteger, nullable=False),
    sa.Column("credit_twd", sa.BigInteger, nullable=False),
)

invoices = sa.Table(
    "finance_invoices",
    METADATA,
    sa.Column("invoice_number", sa.String(20), primary_key=True),  # guards the set of all cases
    sa.Column("case_id", sa.String(36), nullable=False),
    sa.Column("claim_id", sa.String(36), nullable=False),
    sa.Column("case_number", sa.String(40), nullable=False),
)

enterprises = sa.Table(
    "finance_enterprises",
    METADATA,
    sa.Column("case_id", sa.String(36), primary_key=True),
    sa.Column("ubn", sa.String(8), primary_key=True),
    sa.Column("call_id", sa.String(36), nullable=False),
    sa.Column("case_number", sa.String(40), nullable=False),
    sa.Index("finance_enterprise_by_number", "call_id", "ubn"),
)

vouchers = sa.Table(
    "finance_vouchers",
    METADATA,
    sa.Column("case_id", sa.String(36), primary_key=True),
    sa.Column("voucher_id", sa.String(36), primary_key=True),
    sa.Column("case_number", sa.String(40), nullable=False),
    sa.Column("party_ubn", sa.String(8), nullable=False),
    sa.Column("line", sa.String(60), nullable=False),
    sa.Column("voucher_on", sa.String(10), nullable=False),
    sa.Column("item_name", sa.Text, nullable=False),
    sa.Column("claimed_twd", sa.BigInteger, nullable=False),
    sa.Column("outcome", sa.String(10)),  # null until it is audited
    sa.Column("net_twd", sa.BigInteger),
    sa.Column("government_twd", sa.BigInteger),
    sa.Column("person_ref", sa.String(60)),
    sa.Column("person_month", sa.String(7)),
    sa.Column("person_bp", sa.Integer),  # of the month, while accepted
    sa.Index("finance_voucher_by_person", "person_ref", "person_month"),
)

voucher_keys = sa.Table(
    "finance_voucher_keys",
    METADATA,
    sa.Column("key", sa.String(120), primary_key=True),  # guards the set of all cases
    sa.Column("voucher_id", sa.String(36), nullable=False),
    sa.Column("case_number", sa.String(40), nullable=False),
)

accounts = sa.Table(
    "finance_account_movements",
    METADATA,
    sa.Column("case_id", sa.String(36), primary_key=True),
    sa.Column("movement_id", sa.String(36), primary_key=True),
    sa.Column("party_ubn", sa.String(8), nullable=False),
    sa.Column("origin", sa.String(10), nullable=False),
    sa.Column("moved_on", sa.String(10), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("amount_twd", sa.BigInteger, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
)
