"""The 18th birthday: what a guardian agreed to ends, guardianship completes, the person is asked anew, services stay."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from uuid import UUID

from domain.consents import GivenBy
from domain.own_door import Voice
from domain.person_codes import AgeOutcome
from domain.stages import ENDED_STATES, StageCode, StageState
from domain.workflow import Machine, Subject, decide_by_rule
from services.case_files import CaseFile, Victim
from services.consent_endings import consent_note, copy_of, expire, in_force, seal
from services.door_endings import end_doors
from services.records.cases import ConsentRow
from services.records.clocks import DeadlineRow
from services.sealed_values import Content
from services.stages import move_by_rule

RULE: Final = "majority"
AGE_DECIDED: Final = "age_decision"


def come_of_age(file: CaseFile, deadline: DeadlineRow) -> None:
    """Everything in one transaction, on the day itself. What the person agreed to alone, as one may from 14 on, stands; a
    stage that ran on a guardian's word goes on while its person is asked."""
    victim_id = deadline.victim_id
    assert victim_id is not None
    _let_them_speak(file, victim_id, RULE)
    _end_guardianship(file, victim_id)
    file.clocks.stop(victim_id, file.at, deadline.clock, met=True)


def decided_adult(file: CaseFile, victim: Victim, changed: frozenset[str]) -> None:
    """An age_decision found an adult: nobody speaks for them any more. Their guardianship is ruled out by its own move."""
    if "age.outcome" in changed and victim.sections["age"]["outcome"] == AgeOutcome.ADULT:
        _let_them_speak(file, victim.row.id, AGE_DECIDED)


def _let_them_speak(file: CaseFile, victim_id: UUID, rule: str) -> None:
    end_doors(file, victim_id, (Voice.GUARDIAN,), rule, rule=True)
    given = in_force(file, victim_id)
    said = _what_was_asked(file, given)
    asked_anew: set[str] = set()
    for row in given:
        if row.given_by in (GivenBy.SAFE_GUARDIAN, GivenBy.TEMPORARY_GUARDIAN):
            expire(file, row, rule, stops=False)
            if row.purpose not in asked_anew:
                _ask_anew(file, row, said.get(row.id, {}), rule)
            asked_anew.add(row.purpose)


def _what_was_asked(file: CaseFile, given: Iterable[ConsentRow]) -> dict[UUID, Content]:
    values = file.keys.read(row.id for row in given)
    return {value.row_id: value.content for value in values if value.section == "asked"}


def _ask_anew(file: CaseFile, ended: ConsentRow, said: Content, rule: str) -> None:
    """The same question, now to the person; the unit that asked before brings it to them."""
    move = decide_by_rule(Subject(Machine.CONSENT, ""), "ask")
    row = copy_of(file, ended, state=str(move.target))
    values = seal(file, row, "asked", said)
    file.note(replace(consent_note(row, "ask", None, values.items()), rule=rule))


def _end_guardianship(file: CaseFile, victim_id: UUID) -> None:
    """Completed; closed where nobody had taken it up yet, since what was never begun cannot be complete."""
    for stage in list(file.of(victim_id)):
        if stage.code == StageCode.GUARDIANSHIP and stage.state not in ENDED_STATES:
            begun = stage.state in (StageState.ACCEPTED, StageState.ACTIVE, StageState.ON_HOLD)
            move_by_rule(file, stage, "complete" if begun else "close_unmet", RULE, {"reason": RULE})
