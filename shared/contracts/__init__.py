"""The public events: one module per publishing service."""
