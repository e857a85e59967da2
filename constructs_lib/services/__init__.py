"""The services that the platform lives on: vault, registry, database, storage accounts."""
