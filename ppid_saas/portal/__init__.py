"""The public site and the public API. Reads plane publication and nothing else."""
