"""The constructs of `constructs_lib/monitoring/`."""
