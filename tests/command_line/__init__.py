"""Tests of how commands are typed, start and end."""
