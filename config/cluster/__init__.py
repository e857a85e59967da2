"""The settings of the cluster stack: a module for each key of `[cluster]`."""
