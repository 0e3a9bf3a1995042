"""The intake service: calls, applicants, proposals, rosters, screening, the register of bars."""
