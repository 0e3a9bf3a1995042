"""The nameko class of finance: entrypoints and nothing else."""
