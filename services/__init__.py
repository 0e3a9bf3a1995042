"""The four services; they meet only in shared.contracts and on the bus."""
