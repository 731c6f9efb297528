"""Running PostgreSQL's own programs: as whom, for how long, under which locks, and which process is whose."""

import fcntl
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from services.cluster_home import ClusterHome, PostgresUnavailable

PAUSE_SECONDS: Final = 0.03


class Phase(StrEnum):
    """What a start or stop is waiting for."""

    ANOTHER_STARTER = "another_starter"
    CREATING = "creating"
    EARLIER_SERVER = "earlier_server"
    STARTING = "starting"
    STOPPING = "stopping"


class Patience:
    """How long a start or stop may still take, and whom to tell."""

    __slots__ = ("_began", "_progress", "_seconds", "_told")

    def __init__(self, seconds: float, progress: Callable[[Phase, float], None] | None) -> None:
        self._began = time.monotonic()
        self._seconds = seconds
        self._progress = progress
        self._told = 0.0

    @property
    def left(self) -> float:
        """Seconds, never below one."""
        return max(1.0, self._seconds - (time.monotonic() - self._began))

    def pause(self, phase: Phase) -> None:
        """Sleep a moment, or raise PostgresUnavailable when the time is up."""
        waited = time.monotonic() - self._began
        if waited > self._seconds:
            raise PostgresUnavailable(
                f"The embedded PostgreSQL took longer than {self._seconds:.0f} s ({phase})."
            )
        if self._progress is not None and waited - self._told >= 1:
            self._told = waited
            self._progress(phase, waited)
        time.sleep(PAUSE_SECONDS)


def pg_ctl(action: str, *options: str, patience: Patience) -> list[str]:
    """Relative paths: it hands its own to a shell, which would expand a dollar sign in a folder name."""
    return [
        "pg_ctl",
        action,
        "--pgdata=cluster",
        "--wait",
        f"--timeout={int(patience.left)}",
        "--silent",
        *options,
    ]


def run_program(
    home: ClusterHome, command: list[str], patience: Patience, *, phase: Phase, keep_open: int | None = None
) -> None:
    """Run a program as the owner of the data, in a session of its own, out of reach of the terminal's Ctrl-C.

    `keep_open` is inherited by it and by all that it starts. Raises PostgresUnavailable with its last words.
    """
    account = home.account
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                [str(home.programs / command[0]), *command[1:]],
                cwd=home.path,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
                pass_fds=() if keep_open is None else (keep_open,),
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PostgresUnavailable(f"{command[0]} cannot be run here: {error}.") from error
        _await(process, phase, patience)
        if process.returncode != 0:
            raise PostgresUnavailable(f"{command[0]} failed ({phase}). {_last_lines(output, home)}")


def _await(process: subprocess.Popen[bytes], phase: Phase, patience: Patience) -> None:
    """A program that is given up is ended with its children; a server it has begun is in another session."""
    try:
        while process.poll() is None:
            patience.pause(phase)
    except BaseException:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def _last_lines(output: IO[bytes], home: ClusterHome) -> str:
    output.seek(0)
    said = output.read().decode("utf-8", errors="replace")
    logs = [home.cluster / "start.log", *(home.cluster / "log").glob("*.log")]
    newest = sorted((log for log in logs if log.is_file()), key=lambda log: log.stat().st_mtime)[-2:]
    said += "".join(log.read_text(encoding="utf-8", errors="replace") for log in newest)
    return " / ".join(line.strip() for line in said.splitlines()[-8:] if line.strip())


@contextmanager
def open_lock(path: Path) -> Iterator[int]:
    """A lock file, open but not yet locked. It is held until the last process that inherited it is gone."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise PostgresUnavailable(f"Cannot open {path}: {error.strerror}.") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def taken(descriptor: int) -> bool:
    """Whether the lock is ours now; never waits."""
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def works_in(pid: int, folder: Path) -> bool:
    """A server's working folder is its data. Where the system does not tell, a living process is believed."""
    if not Path("/proc/self/cwd").exists():
        return is_alive(pid)
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:
        return False


def is_alive(pid: int) -> bool:
    """Whether PostgreSQL would take this process for a living owner of its lock file."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def pid_in(file: Path) -> int | None:
    """The process that a lock file of PostgreSQL names, living or not."""
    try:
        return abs(int(file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def flush_folder(path: Path) -> None:
    """Make a rename in `path` survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
