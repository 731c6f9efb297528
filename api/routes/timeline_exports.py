"""A case's timeline to take away: every export is a read that is written down before its first byte leaves."""

from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Gate
from api.calls import Call, Poured, Session
from api.cursors import position_of
from api.dependencies import Mark, PathId
from api.openapi import ONE, Responses, problems
from api.strict_json import StrictRoute
from api.timeline_exports import fonts
from api.timeline_exports.items import Export
from api.timeline_exports.lines import CSV, JSON_LINES, comma_separated, json_lines
from api.timeline_exports.pdf import PDF, Cover, printed
from api.timeline_queries import WantedItems, filters_of, place_of, scope_of
from domain.actors import AUDIT_ROLES, ROLE_NAMES, Actor, Role
from domain.compartments import Compartment
from domain.disclosure import presence, reads
from domain.refusals import FieldRefused
from services.access import record_read
from services.database import now
from services.printed_checkpoints import printed_checkpoint
from services.records.cases import CaseRow
from services.timeline_pages import Place, Wanted
from services.timelines import followed_case
from services.unit_names import names_of

router: Final = APIRouter(prefix="/cases/{case_id}/timeline", tags=["Timeline"], route_class=StrictRoute)
EXPORTING_ROLES: Final = AUDIT_ROLES | {Role.SUPERVISOR}
"""Who takes a whole timeline away: those who check, and those who answer for a unit's work (domain E)."""
Exporter = Annotated[Call, Depends(Gate(EXPORTING_ROLES, confirmed=True))]


class Form(StrEnum):
    JSON_LINES = "jsonl"
    CSV = "csv"
    PDF = "pdf"


_MEDIA_TYPES: Final = {Form.JSON_LINES: JSON_LINES, Form.CSV: CSV, Form.PDF: PDF}
_LINE: Final = '{"seq": 41, "kind": "routing", "recorded_at": "2026-03-12T02:15:00Z", "mark": "bWFyaw"}\n'
_ROW: Final = '"seq","recorded_at"\r\n"41","2026-03-12T02:15:00Z"\r\n'


def _file(said: str, example: str) -> dict[str, object]:
    return {"schema": {"type": "string", "description": said}, "example": example}


_ANSWERS: Final[Responses] = {
    200: {
        "content": {
            JSON_LINES: _file("One item a line, as in the timeline, with its mark.", _LINE),
            "text/csv": _file("UTF-8 with a byte order mark, safe in spreadsheets.", _ROW),
            PDF: _file("To print, in the language asked for.", "%PDF-1.4"),
        }
    }
}


@router.get(
    "/export",
    response_class=Response,
    operation_id="export_timeline",
    responses={**problems(*ONE, "confirmation_needed", "font_missing"), **_ANSWERS},
)
def export_timeline(
    call: Exporter,
    case_id: PathId,
    wanted: WantedItems,
    form: Annotated[Form, Query(alias="format", description="jsonl, csv or pdf.")] = Form.JSON_LINES,
    after: Mark = None,
) -> Response:
    """The timeline as a file, redacted as for reading. It leaves as it is read; one that broke off goes on behind the mark of
    its last whole line, except a PDF, which is made whole."""
    if form is Form.PDF and after is not None:
        raise FieldRefused(("after", "not_for_pdf"))
    return call.stream(lambda session, actor: _poured(call, session, actor, (case_id, wanted, form, after)))


def _poured(
    call: Call, session: Session, actor: Actor, asked: tuple[UUID, Wanted, Form, str | None]
) -> Poured:
    case_id, wanted, form, mark = asked
    case = followed_case(session, actor, case_id)
    position = position_of(call, scope_of(case_id, actor, wanted), mark)
    # what is read while it leaves is not in it, itself least of all
    place = (
        place_of(position) if position else Place(horizon=now(session) if actor.role in AUDIT_ROLES else None)
    )
    export = Export(case_id, wanted, place)
    if form is Form.PDF:
        font = fonts.register(call.house.settings.font_file)
        pieces = printed(call, export, _cover(call, session, actor, case, wanted), font)
    elif form is Form.CSV:
        pieces = comma_separated(call, export, goes_on=mark is not None)
    else:
        pieces = json_lines(call, export)
    record_read(session, actor, subject=f"timeline_{form}", file_id=case_id, subject_id=case_id)
    name = f'attachment; filename="timeline-{case_id}.{form}"'
    return Poured(pieces, _MEDIA_TYPES[form], {"Content-Disposition": name})


def _cover(call: Call, session: Session, actor: Actor, case: CaseRow, wanted: Wanted) -> Cover:
    """For a role and a unit, never a name; the number only for who reads it elsewhere."""
    knows_number = actor.role in AUDIT_ROLES or reads(actor, {presence(actor)}, Compartment.CASE_STORY)
    unit = names_of(session, [actor.unit_id])[actor.unit_id].in_language(call.language)
    asked = {name: value for name, value in filters_of(wanted).items() if value is not None}
    return Cover(
        case_number=case.number if knows_number else None,
        made_at=now(session),
        made_for=f"{ROLE_NAMES[actor.role].in_language(call.language)} · {unit}",
        entries=case.seq,
        head=case.head.hex(),
        checkpoint=printed_checkpoint(session),
        filters=", ".join(f"{name}={value}" for name, value in asked.items()),
    )
