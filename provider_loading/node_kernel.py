"""The Node half: jsii's kernel starts with `node_kernel.cjs` preloaded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

PRELOAD = Path(__file__).with_suffix(".cjs")


class KernelStartLoader(SourceFileLoader):
    """Loads the module whose execution starts the kernel."""

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module while Node is told to preload the script; the kernel copies the environment."""
        # Imported here, as it imports jsii, which a program without CDKTF has no use for.
        from jsii._kernel.providers import process

        from provider_loading.early_kernel import EarlyKernel

        process._NodeProcess = EarlyKernel  # type: ignore[misc]
        with preloading(PRELOAD):
            super().exec_module(module)


@contextmanager
def preloading(script: Path) -> Iterator[None]:
    """Add `--require <script>` to NODE_OPTIONS, and what the kernel is else started with; restore what was there."""
    before = os.environ.get("NODE_OPTIONS")
    # Double quotes hold blanks together, and a backslash takes the next character as it is:
    # https://nodejs.org/api/cli.html#node_optionsoptions
    path = str(script).replace("\\", "\\\\").replace('"', '\\"')
    os.environ["NODE_OPTIONS"] = f'{before or ""} --preserve-symlinks --require "{path}"'.lstrip()
    try:
        yield
    finally:
        if before is None:
            del os.environ["NODE_OPTIONS"]
        else:
            os.environ["NODE_OPTIONS"] = before
