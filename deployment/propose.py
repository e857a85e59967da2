"""Commits one file on a branch of its own, pushes it, and opens a pull request to `main`.

    python3 -m deployment.propose image/dev/42 "Deploy shop/orders of run 42 to dev" environments/dev.toml

`AZURE_DEVOPS_EXT_PAT` lets `az` and its extension `azure-devops` speak to Azure DevOps.
"""

import argparse
import subprocess

# Whoever commits in a pipeline is no person.
_AUTHOR = ["-c", "user.name=pipeline", "-c", "user.email=pipeline@localhost"]


def propose(branch: str, title: str, file: str) -> None:
    """Open the pull request; does nothing if the file is as it was."""
    if subprocess.run(["git", "diff", "--quiet", "--", file], check=False).returncode == 0:  # noqa: S603, S607
        print(f"{file}: is as it was")
        return
    from_to = ["--source-branch", branch, "--target-branch", "main"]
    for command in (
        ["git", "switch", "--create", branch],
        ["git", *_AUTHOR, "commit", "--message", title, "--", file],
        ["git", "push", "origin", branch],
        ["az", "repos", "pr", "create", "--detect", "true", *from_to, "--title", title, "--output", "none"],
    ):
        subprocess.run(command, check=True)  # noqa: S603 - the arguments are this module's own


def main() -> None:
    """Open it; fails if git or az does."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.propose", description="Open a pull request.")
    parser.add_argument("branch")
    parser.add_argument("title")
    parser.add_argument("file")
    arguments = parser.parse_args()
    propose(arguments.branch, arguments.title, arguments.file)


if __name__ == "__main__":
    main()
