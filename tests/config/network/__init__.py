"""The settings of the network."""
