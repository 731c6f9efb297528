"""Marks between pages: opaque, signed, good only for the list and the filters they came from."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from api.calls import Call
from domain.refusals import FieldRefused

_SIGNATURE = 16
_VERSION = 4
_CONTENT = _SIGNATURE + _VERSION
Row = TypeVar("Row")


def next_mark(call: Call, scope: str, position: list[str]) -> str:
    """The mark of the page after `position`, signed for this list and reader."""
    content = json.dumps(position).encode()
    version = call.house.master_keys.current
    signed = _sign(call, version, scope, content) + version.to_bytes(_VERSION, "big") + content
    return base64.urlsafe_b64encode(signed).decode()


def position_of(call: Call, scope: str, mark: str | None) -> list[str] | None:
    """Where a page starts; FieldRefused for a mark that was altered or belongs to another list."""
    if mark is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(mark.encode("ascii"))
        version, content = int.from_bytes(raw[_SIGNATURE:_CONTENT], "big"), raw[_CONTENT:]
        # the decoder skips what is no base64: only the one way to write a mark is taken
        as_given = base64.urlsafe_b64encode(raw).decode() == mark
        fits = as_given and hmac.compare_digest(raw[:_SIGNATURE], _sign(call, version, scope, content))
        position = json.loads(content) if fits else None
    except (ValueError, KeyError):
        # a mark that was signed with a master key which is gone: the list begins anew
        position = None
    if not isinstance(position, list):
        raise FieldRefused(("after", "cursor"))
    return [str(part) for part in position]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as asked for: its address and filters, the scope its marks are good for, how many lines a page."""

    scope: str
    limit: int
    filters: Mapping[str, object]


def paged(
    call: Call, listing: Listing, rows: Sequence[Row], position: Callable[[Row], list[str]]
) -> tuple[Sequence[Row], dict[str, str], dict[str, str]]:
    """Of `limit` + 1 rows: those of the page, its links, and the Link header (RFC 8288) that says the same."""
    shown, path = rows[: listing.limit], call.asked.path
    if len(rows) <= listing.limit:
        return shown, {"self": path}, {}
    mark = next_mark(call, listing.scope, position(shown[-1]))
    asked = {**listing.filters, "limit": listing.limit, "after": mark}
    address = f"{path}?{urlencode({name: value for name, value in asked.items() if value is not None})}"
    return shown, {"self": path, "next": address}, {"Link": f'<{address}>; rel="next"'}


def _sign(call: Call, version: int, scope: str, content: bytes) -> bytes:
    key = call.house.master_keys.derive("page marks", version)
    return hmac.digest(key, scope.encode() + b"\x00" + content, "sha256")[:_SIGNATURE]
