"""Tests of what stands between a reviewed change and a running platform."""
