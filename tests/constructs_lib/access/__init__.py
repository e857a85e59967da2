"""The constructs of `constructs_lib/access/`."""
