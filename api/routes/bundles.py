"""The case bundle: a case's history with everything by which somebody who trusts nobody checks it offline."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BeforeValidator

from api.access import Gate
from api.bundle_lines import bundle_lines
from api.calls import Call, Poured, Session
from api.dependencies import PathId, plain_digits
from api.openapi import ONE, Responses, problems
from api.representations.bundles import header_line
from api.routes.timeline_exports import EXPORTING_ROLES
from api.strict_json import StrictRoute
from api.timeline_exports.lines import JSON_LINES
from domain.actors import Actor
from services.access import record_read
from services.bundles import opening
from services.timelines import reader_of

router: Final = APIRouter(prefix="/cases/{case_id}/bundle", tags=["Checkpoints"], route_class=StrictRoute)
Exporter = Annotated[Call, Depends(Gate(EXPORTING_ROLES, confirmed=True))]
Since = Annotated[
    int | None,
    BeforeValidator(plain_digits),
    Query(ge=1, le=2**53, description="The size of a checkpoint that was kept: then it is proved that the log has only grown."),
]  # fmt: skip
_ANSWERS: Final[Responses] = {
    200: {
        "content": {
            JSON_LINES: {
                "schema": {
                    "type": "string",
                    "description": "Header, entries with proofs, checkpoint, keys, end; `homeward verify` checks it.",
                },
                "example": '{"line":"header","format":"homeward-bundle","version":1, ...}\n',
            }
        }
    }
}


@router.get(
    "",
    response_class=Response,
    operation_id="export_bundle",
    responses={**problems(*ONE, "confirmation_needed"), **_ANSWERS},
)
def export_bundle(call: Exporter, case_id: PathId, since: Since = None) -> Response:
    """Every entry with its exact bytes, its place in the log, and the signed checkpoint, to be checked offline with
    `homeward verify`. What is not for the reader is left out with its salt, and every proof still holds."""
    return call.stream(lambda session, actor: _poured(call, session, actor, (case_id, since)))


def _poured(call: Call, session: Session, actor: Actor, asked: tuple[UUID, int | None]) -> Poured:
    case_id, since = asked
    begun, reader = opening(session, actor, case_id), reader_of(session, actor, case_id)
    header = header_line(begun, actor, whole=reader.whole)
    record_read(session, actor, subject="case_bundle", file_id=case_id, subject_id=case_id)
    name = f'attachment; filename="case-{case_id}.bundle"'
    return Poured(bundle_lines(call.again, begun, header, since), JSON_LINES, {"Content-Disposition": name})
