"""What each move of a stage changes besides its state, one small function a move."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Final, cast
from uuid import UUID

from domain.agencies import Agency
from domain.clock_starts import WORK_CLOCKS
from domain.clocks import CASE_FILE_TERM, CLOCKS, stage_reply_clock
from domain.mandates import MANDATES
from domain.people import DAY_BOUNDARY, civil_day
from domain.refusals import FieldRefused
from domain.routing import may_be_routed_to
from domain.stages import StageCode, StageState
from services.case_files import CaseFile
from services.deadlines import running
from services.openings import attach_leads, clock_subject, set_routed, wait_for
from services.records.cases import StageRow
from services.remarks import with_sealed_words
from services.routing import serving
from services.sealed_values import Content
from services.timeline import Note
from services.units import agency_of, require_officers


def _route(file: CaseFile, stage: StageRow, body: Content) -> None:
    """To any unit of a lead, one that sent it back before among them: what was missing may be there now."""
    unit_id, agency = _leading_unit(file, stage, body)
    set_routed(file, stage, unit_id, agency)
    _attach_other_leads(file, stage)


def _leading_unit(file: CaseFile, stage: StageRow, body: Content) -> tuple[UUID, Agency]:
    unit_id = cast(UUID, body["unit_id"])
    agency = agency_of(file.session, unit_id)
    if not may_be_routed_to(agency, StageCode(stage.code)):
        raise FieldRefused(("unit_id", "agency_does_not_lead"))
    if unit_id in file.units_in_conflict():
        raise FieldRefused(("unit_id", "unit_in_conflict"))
    return unit_id, agency


def _attach_other_leads(file: CaseFile, stage: StageRow) -> None:
    leads = MANDATES[StageCode(stage.code)].leads
    if len(leads) > 1:
        attach_leads(file, stage, serving(file.session, file.case.place_id, leads))


def _accept(file: CaseFile, stage: StageRow, body: Content) -> None:
    assert stage.unit_id is not None
    _set_officers(file, stage, stage.unit_id, body)
    _end_offer(file, stage)
    wait_for(file, stage, "stage_begin")


def _name_officers(file: CaseFile, stage: StageRow, body: Content) -> None:
    assert stage.unit_id is not None
    _set_officers(file, stage, stage.unit_id, body)
    if stage.due_clock == _OFFICERS:
        file.clocks.stop(stage.id, file.at, _OFFICERS, met=True)
        _wait_as_before(file, stage)


_OFFICERS: Final = "name_officers"
_WAITING_FOR: Final[Mapping[str, str]] = {
    StageState.ACCEPTED: "stage_begin",
    StageState.ON_HOLD: "hold_review",
}


def wait_for_officers(file: CaseFile, stage: StageRow) -> None:
    """Nobody is named any more (Art. 20). What the stage waited for runs on behind it, and is due when it was."""
    stage.due_clock = _OFFICERS
    stage.due_at = file.clocks.start(clock_subject(stage), _OFFICERS, file.at)


def _wait_as_before(file: CaseFile, stage: StageRow) -> None:
    code = _WAITING_FOR.get(stage.state) or WORK_CLOCKS.get(StageCode(stage.code))
    dues = {row.clock: row.due_at for row in running(file.session, file.id, stage.id)}
    stage.due_clock, stage.due_at = (code, dues[code]) if code in dues else (None, None)


def _move_up(file: CaseFile, stage: StageRow, body: Content) -> None:
    """The stage is where it was; who answers for it is another, and names officers of its own."""
    stage.unit_id, stage.agency = cast(UUID, body["unit_id"]), cast(Agency, body["agency"])
    stage.officer_id = stage.deputy_id = None
    if stage.state == StageState.ROUTED:
        wait_for(file, stage, stage_reply_clock(StageCode(stage.code)))
        return
    wait_for_officers(file, stage)


def _set_officers(file: CaseFile, stage: StageRow, unit_id: UUID, body: Content) -> None:
    officer, deputy = cast(UUID, body["officer_id"]), cast(UUID, body["deputy_id"])
    named = (("officer_id", officer), ("deputy_id", deputy))
    require_officers(file.session, file.id, unit_id, named)
    stage.officer_id, stage.deputy_id = officer, deputy


def _send_back(file: CaseFile, stage: StageRow, _body: Content) -> None:
    pass_by(stage, stage.unit_id)
    _end_offer(file, stage)
    stage.unit_id = stage.agency = None
    wait_for(file, stage, None)


def pass_by(stage: StageRow, unit_id: UUID | None) -> None:
    """No rule gives the stage to this unit again; a unit that did so twice stands there twice."""
    if unit_id is not None:
        stage.passed_by = [*stage.passed_by, unit_id]


def _begin(file: CaseFile, stage: StageRow, _body: Content) -> None:
    stage.begun_at = file.at
    wait_for(file, stage, WORK_CLOCKS.get(StageCode(stage.code)))


def _extend(file: CaseFile, stage: StageRow, body: Content) -> None:
    """More time for one clock that may be given more; why is kept with the move."""
    clock, until = str(body["clock"]), cast(datetime, body["until"])
    found = next((r for r in running(file.session, file.id, stage.id) if r.clock == clock), None)
    if found is None:
        raise FieldRefused(("clock", "clock_not_running"))
    if not CLOCKS[clock].extendable:
        raise FieldRefused(("clock", "clock_is_fixed"))
    if until <= found.due_at:
        raise FieldRefused(("until", "not_later"))
    file.clocks.move(found, until, file.at)
    if stage.due_clock == clock:
        stage.due_at = until


def _hold(file: CaseFile, stage: StageRow, body: Content) -> None:
    """Clocks that may be paused stand still; what the stage is due for while it waits is the review."""
    review_at = cast(datetime, body["review_at"])
    if review_at <= file.at:
        raise FieldRefused(("review_at", "review_not_ahead"))
    if review_at > CLOCKS["hold_review"].due(file.at).at:
        raise FieldRefused(("review_at", "review_too_far"))
    file.clocks.pause(stage.id, file.at)
    stage.due_clock = "hold_review"
    stage.due_at = file.clocks.start(clock_subject(stage), "hold_review", file.at, review_at)


def _resume(file: CaseFile, stage: StageRow, _body: Content) -> None:
    """Clocks that stood run on, due as much later as they stood; one that never stood kept its time."""
    file.clocks.stop(stage.id, file.at, "hold_review", met=True)
    dues = file.clocks.resume(running(file.session, file.id, stage.id), file.at)
    dues = {clock: due for clock, due in dues.items() if clock != "hold_review"}
    stage.due_clock = min(dues, key=lambda clock: dues[clock], default=None)
    stage.due_at = dues.get(stage.due_clock) if stage.due_clock else None


def _offer(file: CaseFile, stage: StageRow, body: Content) -> None:
    unit_id, _agency = _leading_unit(file, stage, body)
    if unit_id == stage.unit_id:
        raise FieldRefused(("unit_id", "already_responsible"))
    stage.offered_unit_id = unit_id
    file.clocks.start(clock_subject(stage), "hand_over_reply", file.at)


def _end_offer(file: CaseFile, stage: StageRow) -> None:
    if stage.offered_unit_id is not None:
        file.clocks.stop(stage.id, file.at, "hand_over_reply", met=True)
        stage.offered_unit_id = None


def _take_over(file: CaseFile, stage: StageRow, body: Content) -> None:
    """Until now the sender was responsible; who takes a stage over that was not begun has time of its own to begin it."""
    assert stage.offered_unit_id is not None
    assert file.actor is not None
    unit_id, before = stage.offered_unit_id, stage.agency
    _set_officers(file, stage, unit_id, body)
    _end_offer(file, stage)
    if stage.state in (StageState.ROUTED, StageState.ACCEPTED):
        wait_for(file, stage, "stage_begin")
    stage.unit_id, stage.agency = unit_id, file.actor.agency  # the unit that it was offered to
    if stage.agency != before:
        _attach_other_leads(file, stage)


def _withdraw_offer(file: CaseFile, stage: StageRow, _body: Content) -> None:
    """Taken back by the sender, or lapsed."""
    if stage.offered_unit_id is None:
        raise FieldRefused(("offered_unit_id", "nothing_offered"))
    _end_offer(file, stage)


def _refuse_offer(file: CaseFile, stage: StageRow, _body: Content) -> None:
    pass_by(stage, stage.offered_unit_id)
    _end_offer(file, stage)


def _decline(file: CaseFile, stage: StageRow, body: Content) -> None:
    """The door stays open: on the day that the person named they are asked again, and nobody is told of it before."""
    named = body.get("ask_again_on")
    if not isinstance(named, date):
        return
    if named <= civil_day(file.at):
        raise FieldRefused(("ask_again_on", "day_not_ahead"))
    wait_for(file, stage, "ask_again", due=datetime.combine(named, time(), DAY_BOUNDARY).astimezone(UTC))


def _reopen(file: CaseFile, stage: StageRow, body: Content) -> None:
    """Nobody holds it yet; records from before it opened again are kept and count no more."""
    _offer_again(file, stage, body)
    stage.unit_id = stage.agency = None


def _offer_again(file: CaseFile, stage: StageRow, _body: Content) -> None:
    """It goes back to the unit that held it."""
    wait_for(file, stage, None)
    stage.opened_at = file.at
    stage.officer_id = stage.deputy_id = stage.begun_at = stage.ended_at = None
    stage.passed_by = []


def reopen_round(file: CaseFile, body: Content) -> None:
    """The case is open again in a new round; consents of the old one do not revive."""
    case = file.case
    file.clocks.stop(case.id, file.at, CASE_FILE_TERM)
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
    "extend": _extend,
    "hold": _hold,
    "resume": _resume,
    "name_officers": _name_officers,
    "move_up": _move_up,
    "hand_over": _offer,
    "withdraw_hand_over": _withdraw_offer,
    "accept_hand_over": _take_over,
    "refuse_hand_over": _refuse_offer,
    "decline": _decline,
    "offer_again": _offer_again,
    "rule_out": _nothing_else,
    "close_unmet": _nothing_else,
    "reopen": _reopen,
}
