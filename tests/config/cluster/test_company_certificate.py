"""A certificate is read as what it is, and what stands in its place is never shown."""

from datetime import date
from pathlib import Path

import pytest

from config.loading import ConfigurationError, load_environment
from config.notices import notices
from tests.config.environment_file import CERTIFICATE_FILE, write_environment
from tests.product import ENVIRONMENTS_OF_THE_TESTS

SETTING = "cluster.kubernetes.company_certificates"
ROOT = (ENVIRONMENTS_OF_THE_TESTS / CERTIFICATE_FILE).read_text(encoding="ascii")
# Of a server: CA:FALSE.
SERVER = """\
-----BEGIN CERTIFICATE-----
MIIBjTCCATKgAwIBAgIUGVBoJuaSJ1eWfy1DR/uqFxvmBUIwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRcHJveHkuZXhhbXBsZS5jb20wIBcNMjYxMTI2MDI0NDAzWhgP
MjEyNjExMDIwMjQ0MDNaMBwxGjAYBgNVBAMMEXByb3h5LmV4YW1wbGUuY29tMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEtEo3o8e6vZ6twhM3x3Bc9AAJ+ZdMxYNB
d1GE5/tcgTUxl0PSUQjbaNXuc3iQ93Z9NfDvwoEZC+t02MvKHHIc/6NQME4wHQYD
VR0OBBYEFLebESxtg6m6vEzO9V5c7CJA/xSxMB8GA1UdIwQYMBaAFLebESxtg6m6
vEzO9V5c7CJA/xSxMAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0EAwIDSQAwRgIhAJG/
na3+qbAHdx+4QGBRgrfcnP9KPvVjprqRcMqyaP9kAiEA3Y4HDC16fP21U5I/1vdj
W3VLgAN8ZmLX1VMCVoVE+to=
-----END CERTIFICATE-----
"""
KEY = "-----BEGIN %s KEY-----\ncanary\n-----END %s KEY-----\n" % (("PRIVATE",) * 2)


def _load(folder: Path, text: str) -> None:
    file = write_environment(folder, "dev", {SETTING: ["other.pem"]})
    file.with_name("other.pem").write_bytes(text.encode())
    load_environment(file)


def test_a_certificate_is_what_it_is_however_the_file_was_saved(tmp_path: Path) -> None:
    file = write_environment(tmp_path, "dev", {SETTING: ["windows.crt"]})
    file.with_name("windows.crt").write_bytes(("\n" + ROOT).replace("\n", "\r\n").encode())
    environment = load_environment(file)

    (certificate,) = environment.cluster.kubernetes.company_certificates
    assert (certificate.pem, certificate.expires) == (ROOT, date(2126, 11, 2))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds 0 certificates"),
        (ROOT + ROOT, "holds 2 certificates; it must be one"),
        (ROOT + KEY, "remove what is no certificate, a key above all"),
        (KEY, "remove what is no certificate, a key above all"),
        (SERVER, "is no authority's certificate (CA:TRUE)"),
        (ROOT.replace("M", "N", 1), "holds no certificate that can be read"),
        (ROOT.replace("END", "ENDE"), "holds no certificate that can be read"),
        ("\N{SNOWMAN}" * 10_000, "is larger than 16 KiB"),
    ],
    ids=lambda value: value[-40:],
)
def test_what_is_no_authoritys_certificate_is_refused_unseen(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        _load(tmp_path, text)

    (line,) = raised.value.lines
    assert line.startswith(f'environments/dev.toml: {SETTING}.0: "other.pem" ')
    assert says in line
    assert "canary" not in line


def test_a_folder_in_the_place_of_a_file_is_none(tmp_path: Path) -> None:
    file = write_environment(tmp_path, "dev", {SETTING: ["other.pem"]})
    file.with_name("other.pem").mkdir()

    with pytest.raises(ConfigurationError, match="is not there; put the file beside this one"):
        load_environment(file)


def test_the_end_of_a_certificate_is_told_in_time(tmp_path: Path) -> None:
    environment = load_environment(write_environment(tmp_path, "dev", {SETTING: [CERTIFICATE_FILE]}))
    told = {
        day: [one for one in notices(environment, day) if SETTING in one]
        for day in (date(2126, 8, 1), date(2126, 8, 6))
    }

    assert told == {
        date(2126, 8, 1): [],
        date(2126, 8, 6): [f"{SETTING}: company-root.pem ends on 2126-11-02; renew it"],
    }
