"""The settings of the network stack: a module for each key of `[network]`."""
