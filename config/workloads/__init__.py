"""The settings of the workloads stack: a module for each key of `[workloads]`."""
