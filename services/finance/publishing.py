"""Domain event to public event of finance: what shared.contracts.finance promises, no more."""

from __future__ import annotations

from shared.bus.publication import Publication

publish = Publication(
    "finance",
    left_out={
        "InstalmentApproved": (
            "disbursement_id",
            "revision",
            "digest",
            "checker",
            "approved_on",
            "party_ubn",
        ),
        "FundsDisbursed": ("disbursement_id", "bank_reference", "party_ubn"),  # payee_ubn says it
        "PaymentReturned": ("instalment_no", "returned_on", "party_ubn"),
        "RecoveryDemanded": ("account", "checker", "demanded_on", "decided_twd"),
        "RecoveryReceived": ("bank_reference", "received_on"),
    },
)
"""recorded event -> (short name, data) of a public event, or None for a private one."""
