"""Domains below which anybody can have a host, so that a wildcard for one opens the way to everybody."""

from functools import cache
from importlib.resources import files

# What the Public Suffix List lacks: the first label is the name of somebody's resource.
_NOT_LISTED = [
    "azurecr.io",
    "azurehdinsight.net",
    "cloudflarestorage.com",
    "cognitiveservices.azure.com",
    "communication.azure.com",
    "database.windows.net",
    "dev.azure.com",
    "devtunnels.ms",
    "dfs.core.windows.net",
    "documents.azure.com",
    "eventgrid.azure.net",
    "firebaseio.com",
    "ingest.monitor.azure.com",
    "kusto.windows.net",
    "logic.azure.com",
    "managedhsm.azure.net",
    "mysql.database.azure.com",
    "ods.opinsights.azure.com",
    "openai.azure.com",
    "pkg.dev",
    "postgres.database.azure.com",
    "queue.core.windows.net",
    "redis.cache.windows.net",
    "scm.azurewebsites.net",
    "search.windows.net",
    "service.signalr.net",
    "sharepoint.com",
    "storage.googleapis.com",
    "table.core.windows.net",
    "vault.azure.net",
    "visualstudio.com",
]


@cache
def _shared_domains() -> tuple[str, ...]:
    # The list with its private section: https://publicsuffix.org/list/. Read when a rule first needs it.
    text = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text(encoding="utf-8")
    return (*_NOT_LISTED, *(line for line in text.splitlines() if line and not line.startswith("//")))


@cache
def everybody_can_have_one_below(domain: str) -> bool:
    """Whether anybody can have a host below the domain, or below one that is below it."""
    # `*.example` in the list stands for every domain below, `!one.example` for an exception to that.
    return any(
        shared.removeprefix("*.") == domain or shared.endswith(f".{domain}")
        for shared in _shared_domains()
        if not shared.startswith("!")
    )
