"""Manifests at a real API server, where the machine has one."""
