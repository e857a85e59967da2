"""The constructs of `constructs_lib/network/`."""
