"""What an environment may choose: strict settings read from `environments/*.toml`, with every mistake reported at once.

Imports pydantic only, so that a bad file is reported, and the unit tests run, without starting Node.
"""
