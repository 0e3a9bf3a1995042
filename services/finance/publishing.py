"""Domain event to public event of finance: what shared.contracts.finance promises, no more."""

from __future__ import annotations

from shared.bus.publication import Publication

publish = Publication(
    "finance",
    left_out={
        "InstalmentApproved": ("disbursement_id", "revision", "digest", "checker", "approved_on"),
        "FundsDisbursed": ("disbursement_id", "bank_reference"),
        "PaymentReturned": ("instalment_no", "returned_on"),
        "RecoveryDemanded": ("account", "checker", "demanded_on"),
        "RecoveryReceived": ("bank_reference", "received_on"),
    },
)
"""recorded event -> (short name, data) of a public event, or None for a private one."""
