"""Whoever has work in a case reads it, but nobody who is in question, whatever still names them (rule 4)."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from api.calls import House
from domain.identifiers import new_id
from domain.stages import StageCode, StageState
from services.case_files import Agreement, CaseFile
from services.records.cases import CaseRow, StageRow
from services.sealed_values import KeyRing

OWNER, OFFERED, WORKING, TO_TAKE, BESIDE, INVITED, ASKED = (new_id() for _ in range(7))
EVERYBODY = {OWNER, OFFERED, WORKING, TO_TAKE, BESIDE, INVITED, ASKED}


Opened = Callable[..., CaseFile]


@pytest.fixture
def case_file(house: House) -> Opened:
    """A case in which each unit works in another way; with these conflicts, or kept from these units."""
    return lambda *agreements, kept_from=(): _opened(house, agreements, kept_from)


def _opened(house: House, agreements: tuple[Agreement, ...], kept_from: tuple[UUID, ...]) -> CaseFile:
    case = CaseRow(
        id=new_id(), owner_unit_id=OWNER, offered_unit_id=OFFERED, kept_from=list(kept_from), round=1
    )
    stage = StageRow(
        id=new_id(),
        code=StageCode.SHELTER,
        state=StageState.ACTIVE,
        round=1,
        unit_id=WORKING,
        offered_unit_id=TO_TAKE,
    )
    session = Session(info={"master_keys": house.master_keys})
    file = CaseFile(session, None, case, datetime.now(UTC), KeyRing(session, case.id))
    file.stages.append(stage)
    file.units[stage.id] = {"attached": {BESIDE}, "invited": {INVITED}}
    file.agreements += [Agreement("approval", new_id(), stage.id, "rule_out", "asked", ASKED), *agreements]
    return file


def in_question(unit_id: UUID, confirming: UUID | None = None) -> Agreement:
    return Agreement("conflict", new_id(), unit_id, "unit", "open", confirming)


def test_every_kind_of_work_lets_its_unit_read(case_file: Opened) -> None:
    assert case_file().units_at_work() == EVERYBODY


@pytest.mark.parametrize("unit_id", sorted(EVERYBODY))
def test_a_unit_in_question_is_at_work_nowhere_whatever_names_it(case_file: Opened, unit_id: UUID) -> None:
    assert case_file(in_question(unit_id)).units_at_work() == EVERYBODY - {unit_id}


@pytest.mark.parametrize("unit_id", sorted(EVERYBODY))
def test_nor_is_one_from_which_the_reporter_asked_to_keep_the_case(case_file: Opened, unit_id: UUID) -> None:
    assert case_file(kept_from=(unit_id,)).units_at_work() == EVERYBODY - {unit_id}


def test_who_confirms_a_conflict_reads_unless_it_is_in_question_itself(case_file: Opened) -> None:
    above = new_id()
    assert case_file(in_question(WORKING, above)).units_at_work() == EVERYBODY - {WORKING} | {above}
    both = case_file(in_question(WORKING, above), in_question(above))
    assert both.units_at_work() == EVERYBODY - {WORKING}
