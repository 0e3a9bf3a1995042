"""The mobile smart applications of the demo: three contracts, told from registration to archive."""
