"""Snapshots of the synthesised JSON, and how the stacks are wired."""
