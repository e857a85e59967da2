"""Text that no setting may hold, wherever it stands: secrets, and placeholders that nothing fills in."""

import re

_SECRETS = {
    "a private key or a certificate": r"-----BEGIN ",
    "a connection string or a password": r"(?i)(key|password|pwd|secret|signature|sig|token)\s*=",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{8,}\.",
    "an Entra client secret": r"\dQ~",
    "an access token": r"\b(gh[opsu]_|github_pat_|glpat-)|\b(?![0-9a-f]+\b)[a-z0-9]{52}\b",
    "a storage key": r"[A-Za-z0-9+/]{40,}={1,2}",
    "a generated secret": r"\b(?=\w*[a-z])(?=\w*[A-Z])(?=\w*[0-9])[A-Za-z0-9]{32,}\b",
}
# As long and as random as a secret, and meant to be shown.
_PUBLIC_KEY = re.compile(r"ssh-\w+ AAAA[A-Za-z0-9+/]+={0,2}")
_PLACEHOLDER = re.compile(r"\$\{|\$\(|#\{|\{\{|<[^>]+>")


def kind_of_secret(text: str) -> str | None:
    """What the text looks like, if it looks like a secret."""
    text = _PUBLIC_KEY.sub("", text)
    return next((kind for kind, pattern in _SECRETS.items() if re.search(pattern, text)), None)


def holds_placeholder(text: str) -> bool:
    """Whether some other tool was meant to fill in part of the text."""
    return bool(_PLACEHOLDER.search(text))
