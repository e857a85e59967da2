"""Tests of config/cluster."""
