"""Command door, relay, inbox, parked lanes, feeds; nameko only in entrypoints and serve."""
