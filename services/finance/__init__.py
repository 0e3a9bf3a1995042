"""The finance service: contracts, budgets, instalments, disbursement, ledger, recovery, sanctions."""
