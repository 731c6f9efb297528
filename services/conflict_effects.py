"""What follows at once, in one file, from a conflict that stands in it: for a child's guardian, a unit, an officer."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from domain.conflicts import TERMS, ConflictKind
from domain.mandates import MANDATES
from domain.own_door import Voice
from domain.routing import candidates
from domain.stages import ENDED_STATES, StageCode, StageState
from services.case_files import CaseFile
from services.conflicts import clock_subject
from services.consents import end_consents_of_guardian
from services.door_endings import end_codes_given_by, end_doors
from services.emergency_access import accounts_of, end_for_whom_it_concerns, held_by
from services.moving_up import take_everything_from, void_approvals
from services.openings import NewStage, open_stages
from services.records.cases import ApprovalRow, StageRow
from services.records.conflicts import ConflictRow
from services.records.own_door import DoorCodeRow
from services.report_files import ReportFile
from services.reports_behind import shut_out, shut_out_of_report, take_report_from
from services.routing import serving
from services.stage_effects import reopen_round, wait_for_officers
from services.stages import move_by_rule
from services.timeline import Note
from services.ways_up import WaysUp

GUARDIAN_RULE: Final = "guardian_conflict"
OFFICER_RULE: Final = "exclusion"
UNIT_RULE: Final = "unit_conflict"
_GUARDIAN = TERMS[ConflictKind.GUARDIAN]


def cut_off_guardian(file: CaseFile, row: ConflictRow) -> None:
    """No access, no say; civil affairs are called in, and their decision is awaited. The caller opens stages and saves."""
    assert row.victim_id is not None
    end_consents_of_guardian(file, row.victim_id, rule=GUARDIAN_RULE)
    end_doors(file, row.victim_id, (Voice.GUARDIAN,), GUARDIAN_RULE, rule=True)
    stage = _with_temporary_guardian(file, row.victim_id)
    file.clocks.start(clock_subject(row, stage), _GUARDIAN.clock, file.at)


def _with_temporary_guardian(file: CaseFile, victim_id: UUID) -> StageRow:
    """The child's guardianship, open and with a unit: opened, or opened again, where there was none."""
    if file.case.state == "closed":
        reopen_round(file, {})
    stage = next((s for s in file.of(victim_id) if s.code == StageCode.GUARDIANSHIP), None)
    if stage is None:
        opened = NewStage(StageCode.GUARDIANSHIP, victim_id, GUARDIAN_RULE, _GUARDIAN.articles[0])
        return open_stages(file, [opened])[0]
    if stage.state in ENDED_STATES:
        move_by_rule(file, stage, "reopen", GUARDIAN_RULE)
    if stage.state in (StageState.PLANNED, StageState.RETURNED):
        _route(file, stage)
    return stage


def _route(file: CaseFile, stage: StageRow) -> None:
    served = serving(file.session, file.case.place_id, MANDATES[StageCode.GUARDIANSHIP].leads)
    if found := candidates(StageCode.GUARDIANSHIP, served.upward, file.units_in_conflict()):
        move_by_rule(file, stage, "route", GUARDIAN_RULE, {"unit_id": found[0][1]})


def cut_off_unit(file: CaseFile, reports: list[ReportFile], unit_id: UUID, ways: WaysUp) -> None:
    """Nothing left of the case and of the reports behind it; all of it goes up. Saves them all."""
    take_everything_from(file, unit_id, ways)
    end_for_whom_it_concerns(file, accounts_of(unit_id), UNIT_RULE)
    end_codes_given_by(file, DoorCodeRow.given_by_unit_id == unit_id, UNIT_RULE)
    file.save()
    for report in reports:
        take_report_from(report, unit_id, ways)


def cut_off_officer(file: CaseFile, reports: list[ReportFile], row: ConflictRow) -> None:
    """Off the case and the reports behind it at both layers of access, their posts vacant. Saves them all."""
    assert row.account_id is not None
    shut_out(file.session, file.id, row.account_id, row.id)
    for stage in file.open_stages():
        _vacate(file, stage, row.account_id)
    void = void_approvals(file, _of_officer(row.account_id), OFFICER_RULE)
    file.agreements = [agreement for agreement in file.agreements if agreement.id not in void]
    end_for_whom_it_concerns(file, held_by(row.account_id), OFFICER_RULE)
    end_codes_given_by(file, DoorCodeRow.given_by_id == row.account_id, OFFICER_RULE)
    file.save()
    for report in reports:
        shut_out_of_report(report, row.account_id, row.id)


def _vacate(file: CaseFile, stage: StageRow, account_id: UUID) -> None:
    if account_id not in (stage.officer_id, stage.deputy_id):
        return
    stage.officer_id = None if stage.officer_id == account_id else stage.officer_id
    stage.deputy_id = None if stage.deputy_id == account_id else stage.deputy_id
    stage.version += 1
    wait_for_officers(file, stage)
    file.note(
        Note(
            "vacate_post", "stage", stage.id, articles=MANDATES[StageCode(stage.code)].articles, stage=stage.code,
            stage_id=stage.id, victim_id=stage.victim_id, source=stage.state, target=stage.state, rule=OFFICER_RULE,
        )
    )  # fmt: skip


def _of_officer(account_id: UUID) -> ColumnElement[bool]:
    return (ApprovalRow.decided_by_id == account_id) | (ApprovalRow.asked_by_id == account_id)
