"""What the three forms of an export share: item after item, redacted as everything else that leaves."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from uuid import UUID

from api.calls import Call
from api.cursors import next_mark
from api.redaction import written
from api.representations.timeline import ExportedEntry, exported_entry
from api.timeline_queries import mark_of, scope_of
from services.timeline_pages import Page, Place, Wanted, items_after
from services.timelines import reader_of

AT_A_TIME = 250
Line = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: the case, the filters, and behind which place."""

    case_id: UUID
    wanted: Wanted
    place: Place


def batches(call: Call, export: Export) -> Iterator[list[bytes]]:
    """The items as JSON, each with the mark behind it, a few hundred at a time.

    Every batch is read in a transaction of its own, as the caller stands to the case at that moment: NotFound breaks the
    export off where the right to read ended. Nothing is held between two batches but the place.
    """
    place = export.place
    late_after = timedelta(hours=call.house.settings.late_after_hours)
    for _ in count():
        lines: list[bytes] = []
        with call.again() as (session, actor):
            reader = reader_of(session, actor, export.case_id)
            scope = scope_of(export.case_id, actor, export.wanted)
            found = items_after(session, reader, export.case_id, Page(export.wanted, place, AT_A_TIME))
            for one in found:
                mark = next_mark(call, scope, mark_of(one.place))
                entry: ExportedEntry = exported_entry(one.item, reader, late_after, mark)
                lines.append(written(entry, actor))
                place = one.place
        if lines:
            yield lines
        if len(lines) < AT_A_TIME:
            return


def batches_read(call: Call, export: Export) -> Iterator[list[Line]]:
    """The same, readable."""
    for lines in batches(call, export):
        yield [json.loads(line) for line in lines]
