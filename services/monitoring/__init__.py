"""The monitoring service: obligations, checkpoints, usage logs, alerts, closing, follow-up."""
