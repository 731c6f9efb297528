"""A private PostgreSQL server for one data folder: made, started, recovered and stopped by us alone."""

import os
import secrets
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import URL, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from services.cluster_home import (
    ClusterHome,
    PostgresUnavailable,
    find_home,
    forget_home,
    make_private_folder,
)
from services.postgres_programs import (
    Patience,
    Phase,
    flush_folder,
    is_alive,
    open_lock,
    pg_ctl,
    pid_in,
    run_program,
    taken,
    works_in,
)

SUPERUSER: Final = "postgres"
PORT: Final = 5432
PATIENCE_SECONDS: Final = 300.0
STOP_SECONDS: Final = 120.0

INITDB_OPTIONS: Final = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    # PostgreSQL itself sorts by code point: an upgrade of the system's C library cannot break an index.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)
SETTINGS: Final = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "lc_messages": "C",
    # The driver writes values into the statement, so a logged statement or detail would be personal data.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    # Seven files, one per weekday, each written over after a week.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_timezone": "UTC",
}
# Commits still reach the system before they are answered, so that a killed server loses nothing.
FORGETFUL_SETTINGS: Final = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """A server that has answered. `folder` is the data folder that it was started for, `home` its places."""

    folder: Path
    home: ClusterHome
    password: str = field(repr=False)

    @property
    def admin_url(self) -> str:
        """The superuser's address, password included: never log it."""
        return self.url_for(SUPERUSER, self.password, SUPERUSER)

    def url_for(self, role: str, password: str, database: str) -> str:
        """The address of `database` for `role`, for SQLAlchemy with psycopg2. Creates nothing."""
        address = {"host": str(self.home.sockets), "port": str(PORT)}
        url = URL.create("postgresql+psycopg2", role, password, database=database, query=address)
        return url.render_as_string(hide_password=False)


def start(
    folder: Path, *, durable: bool = True, progress: Callable[[Phase, float], None] | None = None
) -> EmbeddedPostgres:
    """Return the server of `folder`, made and started if need be, once it has answered a query.

    Idempotent: a server that answers is used as it is, and of two starters at once the second waits for the
    first. After a crash the recovery is waited for, up to five minutes; `progress(phase, seconds)` is called
    once a second. `durable=False` trades safety against power loss for speed, and has no effect on a server
    that already runs.
    Raises PostgresUnavailable with the reason and what to do.
    """
    home = find_home(folder)
    patience = Patience(PATIENCE_SECONDS, progress)
    with _starting_lock(home, patience):
        if not home.cluster.exists():
            _create(home, durable=durable, patience=patience)
        server = EmbeddedPostgres(home.folder, home, _read_password(home))
        if not _answers(server):
            _launch(server, durable=durable, patience=patience)
    return server


def stop(server: EmbeddedPostgres, *, progress: Callable[[Phase, float], None] | None = None) -> None:
    """Shut down cleanly: clients are cut off, open transactions rolled back, all data written.

    Returns when the last process is gone; at once when nothing runs.
    Raises PostgresUnavailable after two minutes.
    """
    patience = Patience(STOP_SECONDS, progress)
    with _starting_lock(server.home, patience):
        if _runs(server.home):
            command = pg_ctl("stop", "--mode=fast", patience=patience)
            run_program(server.home, command, patience, phase=Phase.STOPPING)
        with open_lock(server.home.path / "alive.lock") as alive:
            while not taken(alive):
                patience.pause(Phase.STOPPING)


def discard(server: EmbeddedPostgres) -> None:
    """Stop the server and delete its data for good. For tests and for a user who asked for exactly this."""
    stop(server)
    forget_home(server.home)


def _create(home: ClusterHome, *, durable: bool, patience: Patience) -> None:
    """Made beside its place and moved in whole: a start that is cut off leaves nothing like a cluster."""
    draft = home.path / "cluster.new"
    shutil.rmtree(draft, ignore_errors=True)
    make_private_folder(draft, home.account)
    _write_password(home)
    options = [*INITDB_OPTIONS, *(() if durable else ("--no-sync",))]
    places = [f"--username={SUPERUSER}", f"--pwfile={home.password_file}", f"--pgdata={draft}"]
    run_program(home, ["initdb", *options, *places], patience, phase=Phase.CREATING)
    draft.rename(home.cluster)
    flush_folder(home.path)


def _launch(server: EmbeddedPostgres, *, durable: bool, patience: Patience) -> None:
    """Every server process inherits `alive.lock`: when it is free, none of an earlier server is left."""
    home = server.home
    with open_lock(home.path / "alive.lock") as alive:
        while not taken(alive):
            if _answers(server):
                return
            patience.pause(Phase.EARLIER_SERVER)
        _forget_foreign_pid(home, home.cluster / "postmaster.pid")
        _forget_foreign_pid(home, home.sockets / f".s.PGSQL.{PORT}.lock")
        options = f"--options={_server_options(home, durable=durable)}"
        command = pg_ctl("start", "--log=cluster/start.log", options, patience=patience)
        run_program(home, command, patience, phase=Phase.STARTING, keep_open=alive)
    while not _answers(server):
        patience.pause(Phase.STARTING)


def _server_options(home: ClusterHome, *, durable: bool) -> str:
    """On the command line, where no ALTER SYSTEM can undo them."""
    settings = SETTINGS | {"unix_socket_directories": str(home.sockets)}
    if not durable:
        settings |= FORGETFUL_SETTINGS
    return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())


def _answers(server: EmbeddedPostgres) -> bool:
    """Ask the server behind our socket which data it serves. Nothing else counts as running."""
    engine = create_engine(server.admin_url, poolclass=NullPool, connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            served = connection.execute(text("SHOW data_directory")).scalar_one()
    except DBAPIError as error:
        if "password authentication failed" in str(error):
            raise PostgresUnavailable(
                f"{server.home.password_file} is not the password of its own database."
            ) from None
        return False
    if Path(served) != server.home.cluster:
        raise PostgresUnavailable(f"{server.home.sockets} leads to another database: {served}.")
    return True


def _runs(home: ClusterHome) -> bool:
    """Whether the process that the pid file names is really this cluster's server: it works in its folder."""
    pid = pid_in(home.cluster / "postmaster.pid")
    return pid is not None and works_in(pid, home.cluster)


def _forget_foreign_pid(home: ClusterHome, file: Path) -> None:
    """PostgreSQL refuses to start while the pid in a left-over file is alive, even as another program's."""
    pid = pid_in(file)
    if pid is None or not is_alive(pid):
        return
    if works_in(pid, home.cluster):
        raise PostgresUnavailable(
            f"Process {pid}, which we did not start, serves {home.cluster}. Stop it first."
        )
    file.unlink(missing_ok=True)


def _write_password(home: ClusterHome) -> None:
    home.password_file.unlink(missing_ok=True)
    descriptor = os.open(home.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        if home.account is not None:
            os.fchown(descriptor, home.account.uid, home.account.gid)
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(descriptor)


def _read_password(home: ClusterHome) -> str:
    try:
        return home.password_file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise PostgresUnavailable(f"Cannot read {home.password_file}: {error.strerror}.") from error


@contextmanager
def _starting_lock(home: ClusterHome, patience: Patience) -> Iterator[None]:
    with open_lock(home.path / "starting.lock") as descriptor:
        while not taken(descriptor):
            patience.pause(Phase.ANOTHER_STARTER)
        yield
