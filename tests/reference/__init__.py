"""The pages that are made from the code say what the code does."""
