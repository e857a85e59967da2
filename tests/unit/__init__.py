"""Settings, addresses and names, without Node: milliseconds."""
