"""The ways to run the program: all in one for trying it out, the API, the worker."""

import fcntl
import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from api.calls import House
from api.main import house_of
from api.serving import client_of, in_background, server_for, wait_for_signal
from services import embedded_postgres
from services.database import UnsafeDatabase, check_safe, engine_for
from services.demo import load_demonstration, three_things_to_try
from services.demo_world import world_exists
from services.erasures import erase_again, not_erased_here
from services.installation import check_schema, holds_demonstration, make_keys, migrate, start_embedded
from services.log_keys import LogKeySource
from services.master_key_sources import source_of
from services.master_keys import MasterKeys
from services.retention import everything_due
from services.sealer import Pace, Sealing, run_sealer
from services.server_log import telling_settings
from services.settings import WORKER_ROLE, Settings, SettingsRefused
from services.witnesses import places_of, run_deliveries
from services.worker import Upkeep, run

_log = logging.getLogger("homeward.serve")


def serve_here(settings: Settings, console: Console) -> None:
    """Everything on one machine; what it starts it also stops."""
    if settings.production:
        raise SettingsRefused("`homeward serve` is for trying things out; production runs `homeward api`")
    with _alone_in(settings.data_folder):
        _serve_alone(settings, console, time.monotonic())


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One `serve` a folder: a second one would stop the database of the first when it ends."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsRefused(f"another `homeward serve` is at work in {folder}") from None
        yield


def _serve_alone(settings: Settings, console: Console, started: float) -> None:
    make_keys(settings.master_keys_file.parent)
    server = None
    if settings.database_url is None:
        server, settings = start_embedded(
            settings, lambda line: console.print(f"[dim]PostgreSQL: {line}[/dim]")
        )
    elif settings.admin_database_url is not None:
        migrate(settings.admin_database_url, settings)
    try:
        _serve(settings, console, started)
    finally:
        if server is not None:
            embedded_postgres.stop(server)


def _serve(settings: Settings, console: Console, started: float) -> None:
    assert settings.database_url is not None
    check_schema(settings.database_url)
    house = house_of(settings)
    if settings.worker_database_url is not None:
        erase_again_in(settings)
    # commands that are meant to be copied are not broken into lines
    say = partial(console.print, markup=False, soft_wrap=True)
    with in_background(server_for(house)):
        console.print(f"Serving after {time.monotonic() - started:.1f} s.")
        if settings.demonstration and not world_exists(house.engine):
            with client_of(house) as client:
                load_demonstration(house.engine, house.master_keys, client, say)
        say(three_things_to_try(f"http://{settings.host}:{settings.port}"))
        # only now: the demonstration tells of past days, whose clocks would come due under its hands
        with worker_beside(settings, house.master_keys):
            wait_for_signal()
    console.print("Stopped; everything is kept.")


@contextmanager
def worker_beside(settings: Settings, master_keys: MasterKeys) -> Iterator[None]:
    """The worker in a thread of this program; without its own address nobody watches the clocks here."""
    if settings.worker_database_url is None:
        yield
        return
    engine, stopped = _worker_engine(settings.worker_database_url), threading.Event()
    thread = threading.Thread(
        target=run, args=(engine, master_keys, stopped.is_set, _upkeep(settings)), name="worker"
    )
    with sealer_beside(engine, settings, stopped):
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()
    engine.dispose()


@contextmanager
def sealer_beside(engine: Engine, settings: Settings, stopped: threading.Event) -> Iterator[None]:
    """Sealing and delivering in threads of their own: neither waits for a clock, nor for the other. A key or a place that is
    missing is complained of and stops nothing else: clocks that do not run would harm people sooner."""
    places = places_of(settings)
    if settings.production and len(places) < 2:
        _log.warning(
            "checkpoints go to %d places outside: at least two are needed to vouch for the log", len(places)
        )
    pace = Pace(timedelta(seconds=settings.log.seal_seconds), settings.log.seal_entries)
    sealing = Sealing(LogKeySource(settings), pace, tuple(place.name for place in places))
    threads = [
        threading.Thread(target=run_sealer, args=(engine, sealing, stopped.is_set), name="sealer"),
        threading.Thread(target=run_deliveries, args=(engine, places, stopped.is_set), name="deliveries"),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def _upkeep(settings: Settings) -> Upkeep:
    return Upkeep(settings.erasures_file, timedelta(days=settings.person_key_days))


def _worker_engine(url: str) -> Engine:
    engine = engine_for(url, 4)
    check_safe(engine, WORKER_ROLE)
    return engine


def serve_api(settings: Settings) -> None:
    """The API alone. Production refuses demonstration data."""
    if settings.database_url is None:
        raise SettingsRefused("the API needs DATABASE_URL")
    try:
        check_schema(settings.database_url)
        demonstration = settings.production and holds_demonstration(settings.database_url)
        house = house_of(settings)
        _refuse_what_tells_too_much(house)
        if not_erased_here(house.engine, settings.erasures_file):
            raise SettingsRefused(
                "somebody who was erased is in this database again: run homeward erase-again"
            )
    except OperationalError:
        # the driver's own words name the host and the role
        raise OSError("the database of DATABASE_URL does not answer, or refuses the role") from None
    if demonstration:
        raise SettingsRefused("this database holds the demonstration, whose passwords everybody knows")
    server_for(house).run()


def run_worker(settings: Settings) -> None:
    """The worker, until SIGTERM."""
    if settings.worker_database_url is None:
        raise SettingsRefused("the worker needs WORKER_DATABASE_URL")
    master_keys = MasterKeys.of(source_of(settings))
    engine = _worker_engine(settings.worker_database_url)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with sealer_beside(engine, settings, stopped):
        run(engine, master_keys, stopped.is_set, _upkeep(settings))


def erase_again_in(settings: Settings) -> int:
    """Destroy in a database that was put back what had been erased since its backup; the number of erasures."""
    if settings.worker_database_url is None:
        raise SettingsRefused("this needs WORKER_DATABASE_URL")
    engine = _worker_engine(settings.worker_database_url)
    try:
        return erase_again(engine, MasterKeys.of(source_of(settings)), settings.erasures_file)
    finally:
        engine.dispose()


def retention_report(settings: Settings, by: datetime | None) -> list[str]:
    """One line a category: how many files or rows are due to be erased by then, and how many of them are held."""
    if settings.worker_database_url is None:
        raise SettingsRefused("this needs WORKER_DATABASE_URL")
    engine = engine_for(settings.worker_database_url, 1)
    try:
        found = everything_due(engine, by)
    finally:
        engine.dispose()
    return [
        f"{due.category}: {due.count}{' or more' if due.more else ''}"
        + (f", {sum(file.held for file in due.files)} held" if due.files else "")
        for due in found
    ]


def _refuse_what_tells_too_much(house: House) -> None:
    """Where the server's log would hold statements, it would hold names, and no erasure reaches a log: production does not
    start on such a server; elsewhere it is said."""
    found = telling_settings(house.engine)
    if found and house.settings.production:
        raise UnsafeDatabase(f"the server's log would hold what people said: {'; '.join(found)}")
    if found:
        _log.warning("the server's log would hold what people said: %s", "; ".join(found))
