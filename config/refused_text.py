"""Text that no setting may hold, wherever it stands: secrets, and placeholders that something else would fill in.

An own table: detect-secrets knows neither Azure's keys nor what may stand in these files, and is slow to import. Every
pattern looks at each character a bounded number of times.
"""

import re
from itertools import pairwise

LONGEST_TEXT = 4096
"""Characters; the longest text that any setting takes is the public key of a jump box."""

# What begins in a way that its issuer chose so that it can be found. https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
_ISSUED = {
    "an Azure or Entra secret": r"[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{5}"  # of an app registration
    r"|(?:AzSe|AzCa|AzFu|AzIo|\+ASt|\+AMC|\+ABa|\+ARm|\+ACR|ACDb|APIM|AIoT|ARDZ|AZDO|ACRC|JQQJ)[A-Za-z0-9+/]{4,12}(?:={1,2}|\b)",
    "a key of Amazon's cloud": r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
    "a key of Google's cloud": r"\bAIza[A-Za-z0-9_-]{30}|\bya29\.[A-Za-z0-9_-]{10}|\bGOCSPX-[A-Za-z0-9_-]{10}",
    "an access token": r"\b(?:gh[oprsu]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-|npm_[A-Za-z0-9]{16}"
    r"|pypi-[A-Za-z0-9_-]{16}|xox[abceoprs]-|xapp-[0-9]|dckr_pat_|hv[sb]\.[A-Za-z0-9]{10}|dop_v1_|dapi[0-9a-f]{32}|shp(?:at|ca|pa|ss)_|hf_[A-Za-z]{30}"
    r"|glsa_|lin_api_|sk-(?:ant|proj)-|sk-[A-Za-z0-9]{20}|(?:sk|rk|pk)_(?:live|test)_|whsec_|SG\.[A-Za-z0-9_-]{16}"
    r"|key-[0-9a-f]{32}\b|sq0[a-z]{3}-|EAAA[A-Za-z0-9_-]{40}|[A-Za-z0-9]{14}\.atlasv1\.|ops_eyJ|rubygems_[0-9a-f]{8}|ATATT3|ATCTT3|AGE-SECRET-KEY-)"
    r"|hooks\.slack\.com/services/|\.webhook\.office\.com/|discord(?:app)?\.com/api/webhooks/",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{8}[A-Za-z0-9_-]*\.",
    "a private key or a certificate": r"-----BEGIN |PuTTY-User-Key-File",
    "an address with a password": r"\b[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/:@]{0,100}:[^\s/@]{1,200}@",
    "a token for a request's header": r"\b(?:[Bb]earer|BEARER|[Bb]asic) (?:[\w+/.~=-]{20}"
    r"|(?=\S{0,99}(?:[0-9=]|[a-z][A-Z]))[\w+/.~=-]{8})",
    "a connection string or a password": r"(?i:(?:pass(?:word|wd|wort|phrase)|\bpass|kennwort|pwd|secret|token"
    r"|credentials?)\"?\s{0,8}[=:]\s{0,8}[^\s=:])"
    r"|(?i:(?:(?:account|access|api|shared|private|primary|secondary|master|signing|encryption|client)[ _-]?|\b)"
    r"key\"?\s{0,8}=\s{0,8}[^\s=]|(?:api|access|account|client)[ _-]?key\"?\s{0,8}:\s{0,8}[^\s:])"
    r"|(?i:(?:\bsig|signature)\s{0,8}=\s{0,8}[^\s=])",
}
_ISSUED_PATTERN = re.compile("|".join(f"({pattern})" for pattern in _ISSUED.values()))
# What is random: runs of the letters that encodings of random bytes use, from which some may be secrets.
_RUN = re.compile(r"[A-Za-z0-9+/_-]{32,}(={0,2})")
# As long and as random as a secret, and meant to be shown.
_PUBLIC = re.compile(
    r"(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp\d+) AAAA[A-Za-z0-9+/]+={0,2}"
    r"|\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"
)
_FILLED_IN = re.compile(r"[$%]\{|\$\(|#\{|\{\{")
# What people leave to be written later; within other text, brackets hold an address or a name: Team <team@example.com>.
_LEFT_OPEN = re.compile(r"\s*(?:<[^<>@]+>|TODO|TBD|FIXME|(?i:change[-_ ]?me|replace[-_ ]?me))\s*")


# Of a setting or an environment variable; one that ends in the likes of `_FILE` says where a secret is.
_SECRETS_NAME = re.compile(
    r"(?:pass(?:word|wd|wort|phrase)|pwd|kennwort|secret|token|credential|connection_?string"
    r"|(?:api|access|account|private|storage|shared)_?key)(?!.*_(?:file|path|folder|dir|name|url|uri)$)"
)


def names_a_secret(name: str) -> bool:
    """Whether what has this name is a secret, whatever it looks like."""
    return bool(_SECRETS_NAME.search(name.lower()))


def kind_of_secret(text: str) -> str | None:
    """What the text looks like, if it looks like a secret; of a long one, its first characters are looked at."""
    text = _PUBLIC.sub(" ", text[:LONGEST_TEXT])
    if found := _ISSUED_PATTERN.search(text):
        return list(_ISSUED)[(found.lastindex or 1) - 1]
    return next((kind for run in _RUN.finditer(text) if (kind := _kind_of_run(run[0].rstrip("="), run[1]))), None)


def _kind_of_run(run: str, padding: str) -> str | None:
    """Whether so many letters of base64 are an encoded key; names, paths and digests are not."""
    if padding and len(run) >= 40 and re.fullmatch(r"[A-Za-z0-9+/]+", run):
        return "a storage key"
    if any(len(part) == 52 and re.fullmatch(r"(?![0-9a-f]+$)[a-z0-9]+", part) for part in re.split(r"[+/_-]", run)):
        return "an access token"
    # In random letters two neighbours of three are of different kinds (A, a, 0); in names made of words, one of five.
    kinds = ["A" if letter.isupper() else "0" if letter.isdigit() else "a" for letter in run if letter.isalnum()]
    changes = sum(one != other for one, other in pairwise(kinds))
    return "a generated secret" if len(set(kinds)) == 3 and changes > 0.42 * len(kinds) else None


def holds_placeholder(text: str) -> bool:
    """Whether some tool would fill in part of the text, or all of it was left to be written later."""
    text = text[:LONGEST_TEXT]
    return bool(_FILLED_IN.search(text) or _LEFT_OPEN.fullmatch(text))
