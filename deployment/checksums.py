"""Writes the checksum of every file of a folder into it, as `sha256sum --check SHA256SUMS` takes them.

    python3 -m deployment.checksums cdktf.out

A synth of the same commit yields the same bytes on every machine: so does the one that a deployment makes.
"""

import argparse
import hashlib
from pathlib import Path

CHECKSUMS = "SHA256SUMS"


def checksums(folder: Path) -> str:
    """A line for each file."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != CHECKSUMS)
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder)}\n" for file in files)


def main() -> None:
    """Write and show them."""
    parser = argparse.ArgumentParser(
        prog="python3 -m deployment.checksums", description="Write the checksums of files."
    )
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    written = checksums(folder)
    (folder / CHECKSUMS).write_text(written, encoding="utf-8")
    print(written, end="")


if __name__ == "__main__":
    main()
