"""The pipelines' YAML, and the steps that it holds."""
