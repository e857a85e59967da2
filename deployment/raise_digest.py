"""Writes the digest of a new image into an environment's file, and changes nothing else in it.

python3 -m deployment.raise_digest environments/dev.toml shop/orders sha256:<64 hexadecimal digits>
"""

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class DigestError(Exception):
    """The digest cannot be written; the message says why."""


def raised(text: str, repository: str, digest: str) -> str:
    """The text of the file with the digest wherever the image of this repository is named.

    Raises:
        DigestError: it is no digest, the file names no such image, or more than its digest would change.

    """
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", digest):
        raise DigestError(f"{digest}: is no digest, which is sha256: and 64 hexadecimal digits")
    wanted = tomllib.loads(text)
    images = [table for table in _tables(wanted) if table.get("image_repository") == repository]
    if not images:
        raise DigestError(f"{repository}: is the image_repository of nothing in the file")
    for image in images:
        text = text.replace(f'image_digest = "{image["image_digest"]}"', f'image_digest = "{digest}"')
        image["image_digest"] = digest
    if tomllib.loads(text) != wanted:
        raise DigestError(f"{repository}: write its image_digest by hand, on a line of its own in double quotes")
    return text


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _tables(inner)


def main() -> None:
    """Write it; exits with 2 and a sentence if it cannot."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.raise_digest", description="Name another image.")
    parser.add_argument("file", type=Path, help="file of the environment")
    parser.add_argument("repository", help="the image's image_repository")
    parser.add_argument("digest", help="the image's digest")
    arguments = parser.parse_args()
    try:
        text = raised(arguments.file.read_text(encoding="utf-8"), arguments.repository, arguments.digest)
    except DigestError as error:
        parser.error(str(error))
    arguments.file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
