"""The settings: everything that must be refused, and what is computed from them."""
