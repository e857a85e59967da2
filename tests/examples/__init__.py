"""Checks of `examples/` that need no compiler."""
