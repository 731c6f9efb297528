"""The version that a change was made from."""

from domain.refusals import VersionMissing, VersionStale


def require_version(version: int | None, current: int) -> None:
    """A change names the version it was made from: VersionMissing without, VersionStale when it moved on."""
    if version is None:
        raise VersionMissing
    if version != current:
        raise VersionStale(current)
