"""What is heard of the platform: the workspace, and what sends logs to it."""
