"""Documents: what their bytes are, scanned, encrypted under their hash; and tables as files."""
