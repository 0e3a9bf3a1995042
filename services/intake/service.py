"""The nameko class of intake: entrypoints and nothing else."""
