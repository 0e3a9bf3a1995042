"""The demonstration: real cases of one programme, in simulated time."""
