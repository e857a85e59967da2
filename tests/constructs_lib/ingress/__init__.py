"""The constructs of `constructs_lib/ingress/`."""
