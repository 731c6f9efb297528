"""Follow-up (Art. 39; rule 9): when a contact is due, and which stage can solve a difficulty."""

from calendar import monthrange
from datetime import datetime
from typing import Final

from domain.facts import Facts
from domain.openings import WORKING_AGE
from domain.people import DAY_BOUNDARY, Nationality, Person
from domain.stages import ENDED_STATES, StageCode

DIFFICULTY: Final = "difficulty"
"""The rule that opens, or opens again, the stage that can solve a difficulty."""

STILL_IN_CARE: Final = frozenset({"other_shelter", "long_term_institution", "absent"})
"""Where an exit from one shelter does not end care; a child who is gone is looked for, not let go."""

SOLVES_ANYTHING: Final = StageCode.REINTEGRATION_SUPPORT
NEVER_OPENED_BY_A_DIFFICULTY: Final = frozenset(
    {StageCode.REPORT, StageCode.INVESTIGATION, StageCode.FOLLOW_UP}
)


def solving(named: object) -> StageCode:
    """The stage that a difficulty names; without one, reintegration_support."""
    return StageCode(str(named)) if named else SOLVES_ANYTHING


def can_solve(stage: StageCode, person: Person | None) -> bool:
    """Whether a difficulty may open this stage for this person."""
    if stage in NEVER_OPENED_BY_A_DIFFICULTY or person is None:
        return False
    if stage is StageCode.EMPLOYMENT:
        return person.years is not None and person.years >= WORKING_AGE
    if stage is StageCode.GUARDIANSHIP:
        return person.minor
    if stage is StageCode.REPATRIATION:
        return person.situation.nationality in (Nationality.FOREIGN, Nationality.STATELESS)
    return True


def unsolved(facts: Facts) -> tuple[StageCode, ...]:
    """Stages of difficulties on record that have not ended."""
    stages = (solving(record.body.get("stage")) for record in facts.of("difficulty"))
    return tuple(stage for stage in stages if facts.stages.get(stage) not in ENDED_STATES)


def left_care_at(facts: Facts) -> datetime | None:
    """When the person left care, or became free without being in it; None while they are in care or not free."""
    care = [record for record in facts.elsewhere if record.kind in ("admission", "exit")]
    shelter = facts.stages.get(StageCode.SHELTER)
    in_care = shelter is not None and shelter not in ENDED_STATES
    if not care:
        return None if in_care or facts.person is None else facts.person.liberty_at
    last = care[-1]
    left = last.kind == "exit" and last.body.get("destination") not in STILL_IN_CARE
    return last.happened_at if left or not in_care else None


def next_contact(facts: Facts) -> datetime | None:
    """When the earliest planned contact that was not made is due; None: none is planned, or nobody knows yet."""
    left = left_care_at(facts)
    months = facts.last("contact_plan", "months")
    planned = months if isinstance(months, (list, tuple)) else ()
    made = {record.body.get("month") for record in facts.of("contact")}
    open_months = [month for month in planned if isinstance(month, int) and month not in made]
    return months_after(left, min(open_months)) if left and open_months else None


def months_after(start: datetime, months: int) -> datetime:
    """The same day so many months later where the agencies work; the last of a month that is shorter."""
    local = start.astimezone(DAY_BOUNDARY)
    year, month = divmod(local.month - 1 + months, 12)
    day = min(local.day, monthrange(local.year + year, month + 1)[1])
    return local.replace(year=local.year + year, month=month + 1, day=day).astimezone(start.tzinfo)
