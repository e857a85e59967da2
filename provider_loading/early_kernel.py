"""The kernel starts, and loads packages, while Python imports; nobody waits for it before it is asked for something."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from jsii._kernel.providers.process import _NodeProcess
from jsii._kernel.types import LoadRequest, LoadResponse


class EarlyKernel(_NodeProcess):
    """jsii's kernel, whose first answers a thread awaits.

    Importing a generated package asks the kernel to load it, and jsii makes no use of the answer but to raise what is
    wrong. Here that is raised by the first request that needs an answer.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # jsii says nothing of it
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._awaited: list[Future[None]] = []

    def handshake(self) -> None:
        """Let the thread wait for Node to start."""
        self._await(super().handshake)

    def send(self, request: Any, response_type: Any) -> Any:
        """Let the thread load a package; send anything else when all was loaded that was asked for."""
        send = super().send
        if isinstance(request, LoadRequest):
            self._await(lambda: send(request, response_type))
            return LoadResponse(assembly=request.name, types=0)
        while self._awaited:
            self._awaited.pop(0).result()
        return send(request, response_type)

    def stop(self) -> None:
        """Stop the kernel when the thread has its answers."""
        self._thread.shutdown()
        super().stop()

    def _await(self, answer: Callable[[], Any]) -> None:
        self._awaited.append(self._thread.submit(answer))
