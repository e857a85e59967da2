"""The constructs of `constructs_lib/services/`."""
