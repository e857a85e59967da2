"""What stands between a reviewed change and a running platform: what pipelines and people call around Terraform.

But for the address lock, which `make test` runs, everything here needs Python 3.11 and nothing else: a pipeline's later
stages install nothing.
"""
