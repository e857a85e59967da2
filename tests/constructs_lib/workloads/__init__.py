"""The constructs of `constructs_lib/workloads/`."""
