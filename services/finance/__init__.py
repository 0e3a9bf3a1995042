"""The finance service: contracts, instalments, disbursement, ledger, recovery, sanctions."""
