"""The intake service: calls, packs in force, applicants, proposals, documents, rosters, screening, the register of bars."""
