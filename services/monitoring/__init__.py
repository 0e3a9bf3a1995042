"""The monitoring service: obligations, checkpoints, KPI, usage logs, plan changes, alerts, closing, follow-up."""
