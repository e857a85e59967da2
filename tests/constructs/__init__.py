"""One file per construct: defaults that matter, what is granted, what is absent."""
