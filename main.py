"""Builds every environment's stacks and writes their Terraform JSON; `cdktf synth` runs it, and so can a person."""

import os
from pathlib import Path

from command_line.faults import faults_in_one_sentence, require_node
from command_line.output_folder import renewed
from config.loading import load_or_exit


def main() -> None:
    """Synthesise the environments that `ENVIRONMENTS` names, or all.

    Exits with 2 if their settings are wrong, or if something is missing on the machine.
    """
    environments = load_or_exit(os.environ)
    with faults_in_one_sentence():
        require_node()

        # Imported when the settings are known to be right, as it starts Node.
        import provider_loading  # noqa: F401 - acts before the first import of cdktf

        # isort: split
        from cdktf import App

        from stacks.environments import build
        from stacks.provider_lock import lay_beside

        with renewed(Path(os.environ.get("CDKTF_OUTDIR") or "cdktf.out")) as folder:
            app = App(outdir=str(folder))
            build(app, environments)
            app.synth()
            lay_beside(folder)


if __name__ == "__main__":
    main()
