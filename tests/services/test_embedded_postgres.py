"""The embedded PostgreSQL: real servers, really killed."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from services.cluster_home import INSTALLATION, PACKAGE, SHORT_FOLDER, PostgresUnavailable, find_home
from services.embedded_postgres import EmbeddedPostgres, discard, start, stop
from services.postgres_programs import Phase

UNPRIVILEGED = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start as somebody else")
needs_proc = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="processes are found in /proc")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    made = start(tmp_path_factory.mktemp("shared"), durable=False)
    yield made
    discard(made)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    made = start(tmp_path / "own", durable=False)
    yield made
    discard(made)


@pytest.fixture
def durable_server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    made = start(tmp_path / "durable")
    yield made
    discard(made)


def ask(server: EmbeddedPostgres, question: str, *, url: str | None = None) -> object:
    engine = create_engine(url or server.admin_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(text(question))
        return result.scalar() if result.returns_rows else None


def processes_of(server: EmbeddedPostgres) -> list[int]:
    """The first is the oldest, which is the server itself."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink() == server.home.cluster:
                found.append(int(entry.name))
        except OSError:
            continue
    return sorted(found)


def kill_all(server: EmbeddedPostgres) -> None:
    processes = processes_of(server)
    assert len(processes) > 3
    for pid in processes:
        # the server's own death may have been quicker
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_started_server_answers(server: EmbeddedPostgres) -> None:
    assert ask(server, "select 6 * 7") == 42


def test_starting_twice_gives_the_same_server(server: EmbeddedPostgres) -> None:
    before = ask(server, "select pg_postmaster_start_time()")
    again = start(server.folder)
    assert again == server
    assert ask(again, "select pg_postmaster_start_time()") == before


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_version_num", "18"),
        ("server_encoding", "UTF8"),
        ("data_checksums", "on"),
        ("password_encryption", "scram-sha-256"),
        ("listen_addresses", ""),
        ("TimeZone", "UTC"),
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
        ("log_statement", "none"),
    ],
)
def test_the_server_runs_with_our_own_settings(server: EmbeddedPostgres, setting: str, value: str) -> None:
    found = str(ask(server, f"show {setting}"))
    assert found[:2] == value if setting == "server_version_num" else found == value


def test_a_server_is_durable_unless_asked_otherwise(
    server: EmbeddedPostgres, durable_server: EmbeddedPostgres
) -> None:
    assert [ask(durable_server, f"show {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]
    assert ask(server, "show fsync") == "off"


def test_nobody_enters_without_the_password(server: EmbeddedPostgres) -> None:
    wrong = server.url_for("postgres", "wrong", "postgres")
    with pytest.raises(DBAPIError, match="password authentication failed"):
        ask(server, "select 1", url=wrong)


def test_a_role_gets_its_own_address(server: EmbeddedPostgres) -> None:
    ask(server, "create role visitor login password 'a/b@c:d 中'")
    url = server.url_for("visitor", "a/b@c:d 中", "postgres")
    assert make_url(url).drivername == "postgresql+psycopg2"
    assert ask(server, "select current_user", url=url) == "visitor"


def test_the_password_is_not_in_the_repr(server: EmbeddedPostgres) -> None:
    assert server.password not in repr(server)
    assert len(server.password) >= 32


def test_only_the_owner_enters_the_folders(server: EmbeddedPostgres) -> None:
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (server.home.sockets, server.home.cluster)}
    assert set(modes.values()) == {0o700}
    assert stat.S_IMODE(server.home.password_file.stat().st_mode) == 0o600


def test_the_socket_path_fits(server: EmbeddedPostgres) -> None:
    (socket,) = server.home.sockets.glob(".s.PGSQL.5432")
    assert len(os.fsencode(socket)) <= 103


def test_personal_values_stay_out_of_the_log(server: EmbeddedPostgres) -> None:
    ask(server, "create table people (name text primary key)")
    ask(server, "insert into people values ('Quetzalcoatlus')")
    with pytest.raises(DBAPIError):
        ask(server, "insert into people values ('Quetzalcoatlus')")
    stop(server)
    logs = "".join(log.read_text() for log in (server.home.cluster / "log").iterdir())
    start(server.folder, durable=False)
    assert "duplicate key" in logs
    assert "Quetzalcoatlus" not in logs


@needs_root
@needs_proc
def test_started_by_root_the_server_is_not_root(server: EmbeddedPostgres) -> None:
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in processes_of(server)}
    assert server.home.account is not None
    assert owners == {server.home.account.uid}
    assert 0 not in owners


@needs_root
def test_roots_server_cannot_change_its_own_program_files(server: EmbeddedPostgres) -> None:
    for path in (server.home.programs, *server.home.programs.iterdir(), server.home.path):
        assert path.stat().st_uid == 0
        assert not path.stat().st_mode & 0o022


@needs_proc
def test_after_a_kill_the_data_is_there(durable_server: EmbeddedPostgres) -> None:
    ask(durable_server, "create table kept as select generate_series(1, 1000) as number")
    kill_all(durable_server)
    again = start(durable_server.folder)
    assert ask(again, "select count(*) from kept") == 1000


@needs_proc
def test_orphans_of_a_killed_server_are_waited_for(own_server: EmbeddedPostgres) -> None:
    ask(own_server, "create table kept as select 1 as number")
    os.kill(processes_of(own_server)[0], signal.SIGKILL)
    assert ask(start(own_server.folder), "select number from kept") == 1


@needs_proc
def test_a_stopped_orphan_holds_the_start_back(own_server: EmbeddedPostgres) -> None:
    server_pid, *_, orphan = processes_of(own_server)
    os.kill(orphan, signal.SIGSTOP)
    os.kill(server_pid, signal.SIGKILL)
    told: list[Phase] = []

    def wake(phase: Phase, seconds: float) -> None:
        assert seconds >= 1
        told.append(phase)
        with suppress(ProcessLookupError):
            os.kill(orphan, signal.SIGKILL)

    assert ask(start(own_server.folder, progress=wake), "select 1") == 1
    assert told[0] == Phase.EARLIER_SERVER


@needs_proc
def test_a_pid_file_that_names_a_foreign_process_fools_nobody(own_server: EmbeddedPostgres) -> None:
    pid_file = own_server.home.cluster / "postmaster.pid"
    lines = pid_file.read_text().splitlines(keepends=True)
    kill_all(own_server)
    owner = own_server.home.account
    with subprocess.Popen(["/bin/sleep", "15"], user=owner.uid if owner else None) as foreign:
        pid_file.write_text("".join([f"{foreign.pid}\n", *lines[1:]]))
        (own_server.home.sockets / ".s.PGSQL.5432.lock").write_text(f"{foreign.pid}\n")
        assert ask(start(own_server.folder), "select 1") == 1
        stop(own_server)
        assert foreign.poll() is None
        foreign.kill()


@needs_proc
def test_stopping_never_signals_a_foreign_process(own_server: EmbeddedPostgres) -> None:
    kill_all(own_server)
    with subprocess.Popen(["/bin/sleep", "15"]) as foreign:
        (own_server.home.cluster / "postmaster.pid").write_text(f"{foreign.pid}\n")
        stop(own_server)
        assert foreign.poll() is None
        foreign.kill()


@needs_proc
def test_stopping_leaves_no_process_and_keeps_the_data(own_server: EmbeddedPostgres) -> None:
    ask(own_server, "create table kept as select 1 as number")
    stop(own_server)
    assert processes_of(own_server) == []
    stop(own_server)
    assert ask(start(own_server.folder), "select number from kept") == 1


@needs_proc
def test_the_server_is_out_of_reach_of_ctrl_c(server: EmbeddedPostgres) -> None:
    assert all(os.getsid(pid) != os.getsid(0) for pid in processes_of(server))
    assert all(os.getpgid(pid) != os.getpgid(0) for pid in processes_of(server))


def test_two_starters_at_once_share_one_server(tmp_path: Path) -> None:
    started: list[EmbeddedPostgres] = []
    starters = [
        threading.Thread(target=lambda: started.append(start(tmp_path, durable=False))) for _ in range(2)
    ]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    try:
        assert len(started) == 2
        assert started[0] == started[1]
        assert ask(started[0], "select 1") == 1
    finally:
        discard(started[0])


def test_a_start_that_was_cut_off_is_begun_again(tmp_path: Path) -> None:
    home = find_home(tmp_path)
    (home.path / "cluster.new").mkdir()
    (home.path / "cluster.new" / "PG_VERSION").write_text("18\n")
    home.password_file.write_text("half a passw")
    made = start(tmp_path, durable=False)
    try:
        assert ask(made, "select 1") == 1
        assert made.password != "half a passw"
    finally:
        discard(made)


@needs_root
def test_a_copied_folder_is_refused_with_the_way_out(server: EmbeddedPostgres, tmp_path: Path) -> None:
    shutil.copytree(server.folder, tmp_path / "copy")
    with pytest.raises(PostgresUnavailable, match=r"moved or copied.*delete"):
        start(tmp_path / "copy")


@needs_root
def test_a_fresh_folder_at_an_old_path_does_not_meet_the_old_data(tmp_path: Path) -> None:
    old = find_home(tmp_path / "project")
    shutil.rmtree(tmp_path / "project")
    new = find_home(tmp_path / "project")
    try:
        assert new.path != old.path
    finally:
        shutil.rmtree(old.path)
        shutil.rmtree(new.path)


@needs_root
def test_root_refuses_the_data_of_a_plain_user(tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    with pytest.raises(PostgresUnavailable, match="plain user"):
        start(tmp_path)


@pytest.fixture
def plain_user(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Become a plain user for one test, with a folder of that user's own."""
    # A first start loads every module while root's own Python can still be read.
    request.getfixturevalue("server")
    folder = Path(tempfile.mkdtemp(dir=SHORT_FOLDER))
    was_root = os.geteuid() == 0
    groups = os.getgroups()
    if was_root:
        os.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
        os.setgroups([])
        os.setresgid(UNPRIVILEGED, UNPRIVILEGED, 0)
        os.setresuid(UNPRIVILEGED, UNPRIVILEGED, 0)
    try:
        if not os.access(packaged_server_program(), os.X_OK):
            pytest.skip("this project lies where a plain user cannot read it")
        yield folder
    finally:
        if was_root:
            os.setresuid(0, 0, 0)
            os.setresgid(0, 0, 0)
            os.setgroups(groups)
        shutil.rmtree(folder)


def packaged_server_program() -> Path:
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / INSTALLATION / "bin" / "postgres"


def test_spaces_chinese_dollars_quotes_and_length_do_no_harm(plain_user: Path) -> None:
    folder = plain_user / "归途 数据" / "a $HOME 'b' \"c\" `d`" / ("long" * 30)
    made = start(folder, durable=False)
    try:
        assert ask(made, "show data_directory") == str(folder / "cluster")
        assert ask(made, "select 1", url=made.url_for("postgres", made.password, "template1")) == 1
        assert stat.S_IMODE(made.home.sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE(made.home.password_file.stat().st_mode) == 0o600
        assert len(os.fsencode(made.home.sockets / ".s.PGSQL.5432")) <= 103
    finally:
        discard(made)
    assert list(folder.iterdir()) == []
    assert not made.home.sockets.exists()


@pytest.mark.parametrize("mode", [0o755, 0o777, 0o710])
def test_an_open_socket_folder_is_refused(plain_user: Path, mode: int) -> None:
    sockets = find_home(plain_user).sockets
    sockets.chmod(mode)
    try:
        with pytest.raises(PostgresUnavailable, match="not a private folder of this user"):
            start(plain_user)
    finally:
        sockets.rmdir()


def test_a_link_in_place_of_the_socket_folder_is_refused(plain_user: Path) -> None:
    sockets = find_home(plain_user).sockets
    sockets.rmdir()
    (plain_user / "elsewhere").mkdir(mode=0o700)
    sockets.symlink_to(plain_user / "elsewhere")
    try:
        with pytest.raises(PostgresUnavailable, match="not a private folder of this user"):
            start(plain_user)
    finally:
        sockets.unlink()


@needs_root
def test_a_foreign_socket_folder_is_refused(plain_user: Path) -> None:
    sockets = find_home(plain_user).sockets
    os.seteuid(0)
    os.chown(sockets, 1, 1)
    os.seteuid(UNPRIVILEGED)
    try:
        with pytest.raises(PostgresUnavailable, match="not a private folder of this user"):
            start(plain_user)
    finally:
        os.seteuid(0)
        sockets.rmdir()
        os.seteuid(UNPRIVILEGED)


@needs_root
def test_a_plain_user_refuses_the_data_of_root(plain_user: Path) -> None:
    (plain_user / "location").write_text("/var/lib/homeward/somewhere\n")
    with pytest.raises(PostgresUnavailable, match="created by root"):
        start(plain_user)
