"""The pack engine: format, CEL adapter, findings, values, the Rules port."""
