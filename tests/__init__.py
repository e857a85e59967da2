"""What the product promises, shown by tests; see CONTRIBUTING.md for the layers."""
