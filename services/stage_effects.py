"""What each move of a stage changes besides its state, one small function a move."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from domain import clocks
from domain.refusals import FieldRefused
from domain.stages import StageCode
from services.case_files import CaseFile
from services.deadlines import due_after_hold
from services.openings import clock_subject, may_be_routed_to, set_routed, wait_for
from services.records.cases import StageRow
from services.remarks import with_sealed_words
from services.sealed_values import Content
from services.timeline import Note
from services.units import agency_of, require_officers


def _route(file: CaseFile, stage: StageRow, body: Content) -> None:
    unit_id = cast(UUID, body["unit_id"])
    agency = agency_of(file.session, unit_id)
    if not may_be_routed_to(agency, StageCode(stage.code)):
        raise FieldRefused(("unit_id", "agency_does_not_lead"))
    set_routed(file, stage, unit_id, agency)


def _accept(file: CaseFile, stage: StageRow, body: Content) -> None:
    assert stage.unit_id is not None
    _name_officers(file, stage, stage.unit_id, body)
    wait_for(file, stage, "stage_begin")


def _name_officers(file: CaseFile, stage: StageRow, unit_id: UUID, body: Content) -> None:
    officer, deputy = cast(UUID, body["officer_id"]), cast(UUID, body["deputy_id"])
    require_officers(file.session, unit_id, (("officer_id", officer), ("deputy_id", deputy)))
    stage.officer_id, stage.deputy_id = officer, deputy


def _send_back(file: CaseFile, stage: StageRow, _body: Content) -> None:
    assert stage.unit_id is not None
    stage.passed_by = [*stage.passed_by, stage.unit_id]
    stage.unit_id = stage.agency = None
    wait_for(file, stage, None)


def _begin(file: CaseFile, stage: StageRow, _body: Content) -> None:
    stage.begun_at = file.at
    wait_for(file, stage, clocks.WORK_CLOCKS.get(StageCode(stage.code)))


def _hold(file: CaseFile, stage: StageRow, body: Content) -> None:
    """Clocks that may be paused stand still; what the stage is due for while it waits is the review."""
    review_at = cast(datetime, body["review_at"])
    file.clocks.pause(stage.id, file.at)
    stage.due_clock = "hold_review"
    stage.due_at = file.clocks.start(clock_subject(stage), "hold_review", file.at, review_at)


def _resume(file: CaseFile, stage: StageRow, _body: Content) -> None:
    """Clocks that stood run on, due as much later as they stood; one that never stood kept its time."""
    file.clocks.stop(stage.id, file.at, "hold_review", met=True)
    file.clocks.resume(stage.id, file.at)
    code = clocks.WORK_CLOCKS.get(StageCode(stage.code))
    stage.due_clock, stage.due_at = code, None
    if code is not None:
        stage.due_at = due_after_hold(file.session, (file.id, stage.id), code, file.at)


def _offer(file: CaseFile, stage: StageRow, body: Content) -> None:
    unit_id = cast(UUID, body["unit_id"])
    if not may_be_routed_to(agency_of(file.session, unit_id), StageCode(stage.code)):
        raise FieldRefused(("unit_id", "agency_does_not_lead"))
    if unit_id == stage.unit_id:
        raise FieldRefused(("unit_id", "already_responsible"))
    stage.offered_unit_id = unit_id


def _take_over(file: CaseFile, stage: StageRow, body: Content) -> None:
    assert stage.offered_unit_id is not None
    assert file.actor is not None
    _name_officers(file, stage, stage.offered_unit_id, body)
    stage.agency = file.actor.agency  # only the unit that it was offered to may take it over
    stage.unit_id, stage.offered_unit_id = stage.offered_unit_id, None


def _keep(_file: CaseFile, stage: StageRow, _body: Content) -> None:
    stage.offered_unit_id = None


def _start_again(file: CaseFile, stage: StageRow, _body: Content) -> None:
    """A new round: nobody holds it yet; records and entries of the old one stay where they are."""
    if file.case.state == "closed":
        reopen_round(file, {})
    stage.round = file.case.round
    stage.unit_id = stage.agency = stage.officer_id = stage.deputy_id = None
    stage.begun_at = stage.ended_at = stage.due_at = stage.due_clock = None
    stage.passed_by = []


def reopen_round(file: CaseFile, body: Content) -> None:
    """The case is open again in a new round; consents of the old one do not revive."""
    case = file.case
    case.state, case.closed_at, case.closing_reason, case.round = "open", None, None, case.round + 1
    note = Note("reopen", "case", case.id, articles=(39,), source="closed", target="open")
    file.note(with_sealed_words(file, case.id, note, body))


def _nothing_else(_file: CaseFile, _stage: StageRow, _body: Content) -> None:
    """The state says it all."""


Effect = Callable[[CaseFile, StageRow, Content], None]
EFFECTS: Final[Mapping[str, Effect]] = {
    "route": _route,
    "accept": _accept,
    "send_back": _send_back,
    "begin": _begin,
    "complete": _nothing_else,
    "hold": _hold,
    "resume": _resume,
    "hand_over": _offer,
    "accept_hand_over": _take_over,
    "refuse_hand_over": _keep,
    "decline": _nothing_else,
    "offer_again": _start_again,
    "rule_out": _nothing_else,
    "close_unmet": _nothing_else,
    "reopen": _start_again,
}
