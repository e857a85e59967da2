"""The constructs of `constructs_lib/cluster/`."""
