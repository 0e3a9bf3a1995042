"""The nameko class of review: entrypoints and nothing else."""
