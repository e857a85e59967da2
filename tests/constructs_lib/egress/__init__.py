"""The constructs of `constructs_lib/egress/`."""
