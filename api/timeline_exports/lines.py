"""Exports for machines and spreadsheets. A file that broke off goes on behind the mark of its last whole line."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from api.calls import Call
from api.timeline_exports.items import Export, Line, batches, batches_read
from domain.texts import Language
from domain.timeline_kinds import name_of

JSON_LINES: Final = "application/jsonl"
CSV: Final = "text/csv; charset=utf-8"
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""By it spreadsheets know that the Chinese in a file is UTF-8."""

COLUMNS: Final = (
    *(
        "seq",
        "recorded_at",
        "happened_at",
        "late",
        "corrects",
        "kind",
        "action",
        "step",
        "stage",
        "from",
        "to",
    ),
    *(
        "reason",
        "rule",
        "articles",
        "agency",
        "unit_id",
        "role",
        "purpose",
        "by_rule",
        "clocks",
        "due_at",
        "withheld",
    ),
    *("digest", "id", "mark"),
)
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def json_lines(call: Call, export: Export) -> Iterator[bytes]:
    for lines in batches(call, export):
        yield b"\n".join(lines) + b"\n"


def comma_separated(call: Call, export: Export, *, goes_on: bool) -> Iterator[bytes]:
    """`goes_on`: behind a file that has its head already."""
    if not goes_on:
        yield BYTE_ORDER_MARK + _row(COLUMNS)
    for batch in batches_read(call, export):
        rows = (_cells(item, call.language) for item in batch)
        yield b"".join(_row([cells.get(name, "") for name in COLUMNS]) for cells in rows)


def defused(cell: str) -> str:
    """Text that no spreadsheet takes for a formula: OWASP's advice is a quote before the signs that begin one."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def _row(cells: tuple[str, ...] | list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([defused(cell) for cell in cells])
    return text.getvalue().encode()


def _cells(item: Line, language: Language) -> dict[str, str]:
    what, who = _section(item, "what"), _section(item, "who")
    stands, clocks = _section(what, "stands"), what.get("clocks")
    named = {name: _text(value) for name, value in {**who, **what, **item}.items()}
    return {
        **named,
        "unit_id": _text(who.get("unit_id")),
        "step": name_of(str(what["action"]), language) if what else "",
        "clocks": "; ".join(_clock(one) for one in clocks) if isinstance(clocks, list) else "",
        "due_at": _text(stands.get("due_at")),
        "withheld": _text(item["_redacted"]),
    }


def _section(content: Line, name: str) -> Line:
    found = content.get(name)
    return found if isinstance(found, Mapping) else {}


def _clock(step: object) -> str:
    assert isinstance(step, Mapping)
    return f"{step['clock']} {step['did']} {step['due_at']}"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)
