"""The nameko class of monitoring: entrypoints and nothing else."""
