"""Running the application: one process, its own server or another's, until it is told to stop."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
import uvicorn

from api.calls import House
from api.main import application

GRACE_SECONDS: Final = 15  # longer than the 5 s that a statement may take


def server_for(house: House) -> uvicorn.Server:
    settings = house.settings
    config = uvicorn.Config(
        application(house, api_page=settings.api_page),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        limit_concurrency=512,
        server_header=False,
        h11_max_incomplete_event_size=16384,
    )
    return uvicorn.Server(config)


@contextmanager
def in_background(server: uvicorn.Server) -> Iterator[None]:
    """Serve from a thread until the block ends; the block starts when the first request would be answered."""
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    try:
        while not server.started and thread.is_alive():
            threading.Event().wait(0.01)
        if not server.started:
            raise OSError(f"cannot listen on {server.config.host}:{server.config.port}: is the port taken?")
        yield
    finally:
        server.should_exit = True
        thread.join()


def wait_for_signal() -> None:
    """Sleep until Ctrl-C or SIGTERM."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


def client_of(house: House) -> httpx.Client:
    """A client of this very server, for the demonstration."""
    return httpx.Client(base_url=f"http://127.0.0.1:{house.settings.port}", timeout=30)
