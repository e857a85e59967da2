"""Each form in which an issuer writes its secrets is recognised, wherever in a text it stands.

The examples are put together here, so that no scanner takes this file for a leak.
https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
"""

import pytest

from config.refused_text import LONGEST_TEXT, kind_of_secret

MIXED, DIGITS, HEXADECIMAL = "aB3dE5gH7jK9mN1pQ4sT6vX8zA2cD", "23456723456723456723", "0123456789abcdef" * 2
AZURE, AMAZON, GOOGLE = "an Azure or Entra secret", "a key of Amazon's cloud", "a key of Google's cloud"
TOKEN, KEY, HEADER = "an access token", "a private key or a certificate", "a token for a request's header"
PASSWORD = "a connection string or a password"  # noqa: S105 - the name of a kind

AZURE_SIGNATURES = ["AzSe", "AzCa", "AzFu", "AzIo", "+ASt", "+AMC", "+ABa", "+ARm", "+ACR", "ACDb", "APIM", "AIoT"]
AZURE_SIGNATURES += ["ARDZ", "AZDO", "ACRC", "JQQJ"]
BEGINNINGS = [
    *(f"{kind}_{MIXED}" for kind in ("ghp", "gho", "ghu", "ghs", "ghr", "github_pat")),
    *(f"gl{kind}-{MIXED}" for kind in ("pat", "dt", "rt", "cbt", "ptt", "ft", "soat", "agent")),
    *(f"xox{letter}-{DIGITS}" for letter in "abceoprs"),
    *(f"shp{kind}_{HEXADECIMAL}" for kind in ("at", "ca", "pa", "ss")),
    *(f"{key}_{mode}_{MIXED}" for key in ("sk", "rk", "pk") for mode in ("live", "test")),
    *(f"hv{letter}.{MIXED}" for letter in "sb"),
    *(f"sk-{maker}-{MIXED}" for maker in ("ant", "proj")),
    f"npm_{MIXED}",
    f"pypi-{MIXED}",
    f"xapp-1-{MIXED}",
    f"dckr_pat_{MIXED}",
    f"dop_v1_{HEXADECIMAL}",
    f"dapi{HEXADECIMAL}",
    f"hf_{'AbCdEf' * 6}",
    f"glsa_{MIXED}",
    f"lin_api_{MIXED}",
    f"sk-{MIXED}",
    f"whsec_{MIXED}",
    f"SG.{MIXED}",
    f"key-{HEXADECIMAL}",
    f"sq0atp-{MIXED}",
    f"EAAA{MIXED}{MIXED}",
    f"{MIXED[:14]}.atlasv1.{MIXED}",
    f"ops_eyJ{MIXED}",
    f"rubygems_{HEXADECIMAL}",
    f"ATATT3{MIXED}",
    f"ATCTT3{MIXED}",
    f"AGE-SECRET-KEY-{MIXED}",
    f"https://hooks.slack.com/services/{MIXED}",
    f"https://example.webhook.office.com/{MIXED}",
    f"https://discord.com/api/webhooks/{DIGITS}",
    f"https://discordapp.com/api/webhooks/{DIGITS}",
]
EXAMPLES = [
    *((AZURE, f"{signature}{MIXED[:6]}==") for signature in AZURE_SIGNATURES),
    (AZURE, f"abc8Q~{MIXED[:20]}"),
    *((AMAZON, f"{beginning}{DIGITS[:16].replace('1', '2')}") for beginning in ("AKIA", "ASIA", "ABIA", "ACCA")),
    *((GOOGLE, text) for text in (f"AIza{MIXED}aB", f"ya29.{MIXED}", f"GOCSPX-{MIXED}")),
    *((TOKEN, text) for text in BEGINNINGS),
    ("a JSON web token", f"eyJ{MIXED}.eyJ"),
    (KEY, "-----BEGIN " + "OPENSSH PRIVATE KEY-----"),
    (KEY, "PuTTY-User-" + "Key-File-3: ssh-ed25519"),
    ("an address with a password", "postgres://" + "somebody:pass@host"),
    *((HEADER, f"{scheme} {MIXED}") for scheme in ("Bearer", "bearer", "BEARER", "Basic", "basic")),
    *(
        (PASSWORD, f"{word}{sign}x1")
        for word in ("password", "passwd", "passwort", "passphrase", "pass", "kennwort", "pwd", "secret", "token")
        for sign in ("=", ": ")
    ),
    *((PASSWORD, f"{word}=x1") for word in ("AccountKey", "access key", "api_key", "SharedKey", "sig", "Signature")),
]


@pytest.mark.parametrize(
    ("kind", "secret"), EXAMPLES, ids=[f"{number}-{kind}" for number, (kind, _) in enumerate(EXAMPLES)]
)
def test_a_form_that_an_issuer_chose_is_known(kind: str, secret: str) -> None:
    assert kind_of_secret(secret) == kind
    assert kind_of_secret(f"for the team, {secret} until May") == kind


def test_a_secret_is_found_at_the_end_of_the_longest_text() -> None:
    secret = f"ghp_{MIXED}"

    assert kind_of_secret(f" {secret}".rjust(LONGEST_TEXT, ".")) == TOKEN
