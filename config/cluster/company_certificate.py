"""Certificates of your own authorities, read from files beside the environment's."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, ValidationInfo

LARGEST_FILE = 16 * 1024
"""Bytes; a certificate needs a tenth of it."""

FOLDER = "folder"
"""Key of the context of a validation, under which the folder of the environment's file is."""

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(pem|crt|cer)")
_BEGIN = "-----BEGIN "


@dataclass(frozen=True)
class CompanyCertificate:
    """Certificate of an authority that nodes are to trust."""

    file: str
    """Name of the file that it was read from."""

    pem: str
    """As PEM, with lines that Azure takes."""

    expires: date

    def __str__(self) -> str:
        return self.file


def _certificate(name: Any, info: ValidationInfo) -> CompanyCertificate:
    """Name of a PEM file beside the environment's file, that holds one authority's certificate."""
    if isinstance(name, CompanyCertificate):
        return name
    if not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
        raise ValueError("must be the name of a file beside this one, such as 'company-root.pem'")
    text = _read((info.context or {})[FOLDER] / name)
    if text.count(_BEGIN) != text.count(f"{_BEGIN}CERTIFICATE-----"):
        # Never shown, and a key must not have been there.
        raise ValueError("holds something else than a certificate; remove what is no certificate, a key above all")
    if text.count(_BEGIN) != 1:
        raise ValueError(f"holds {text.count(_BEGIN)} certificates; it must be one, each in a file of its own")
    import ssl  # here, as it costs a start that has no certificates

    authorities = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        der = ssl.PEM_cert_to_DER_cert(text.strip())
        authorities.load_verify_locations(cadata=der)
    except (ValueError, ssl.SSLError):
        raise ValueError("holds no certificate that can be read; export it again, as PEM") from None
    if not authorities.get_ca_certs():
        raise ValueError("is no authority's certificate (CA:TRUE); give that of the authority that issued it")
    expires = ssl.cert_time_to_seconds(str(authorities.get_ca_certs()[0]["notAfter"]))
    return CompanyCertificate(name, ssl.DER_cert_to_PEM_cert(der), datetime.fromtimestamp(expires, UTC).date())


def _read(path: Path) -> str:
    if not path.is_file():
        raise ValueError("is not there; put the file beside this one")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}; make it a readable file") from None
    if len(content) > LARGEST_FILE:
        raise ValueError(f"is larger than {LARGEST_FILE // 1024} KiB; it must be one certificate, as PEM")
    return content.decode("ascii", errors="replace")


CertificateFile = Annotated[
    CompanyCertificate, PlainValidator(_certificate, json_schema_input_type=str), PlainSerializer(str)
]
"""A certificate, given by the name of its file."""
