"""One file per construct: defaults that matter, grants, what is absent."""
