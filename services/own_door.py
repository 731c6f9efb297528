"""What somebody reads at their own door: their plan in plain words, what is known of them, who looked at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Date, cast, func, or_, select

from domain.agencies import Agency
from domain.emergency import PURPOSE
from domain.mandates import MANDATES
from domain.own_door import NOT_FOR_GUARDIANS, RECORD, Voice, kept_from_guardian
from domain.people import civil_day
from domain.plain_words import WHAT
from domain.stages import StageCode, StageState
from services.case_facts import offer_again_from
from services.case_files import CaseFile
from services.case_loading import load_records
from services.door_visits import CAME_IN, Visitor
from services.records.access import ReadLogRow
from services.records.agencies import UnitRow
from services.records.cases import ConsentRow, StageRow
from services.records.emergency import EmergencyGrantRow

_ZONE: Final = "Asia/Shanghai"
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of help. `asks_again_on`: when somebody brings up what was declined, or goes on with what rests."""

    code: StageCode
    state: StageState
    agency: Agency
    asks_again_on: date | None


@dataclass(frozen=True, slots=True)
class View:
    """What a child said when it was heard."""

    heard_on: date
    own_words: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the person, section by section, as far as it is for whoever holds the code."""

    sections: Mapping[str, Mapping[str, object]]
    views: list[View]


@dataclass(frozen=True, slots=True)
class Look:
    """On a day somebody of this role and agency looked; never who. `emergency`: as an exception, by emergency access."""

    on: date
    role: str
    agency: str | None
    emergency: bool


@dataclass(frozen=True, slots=True)
class Visited:
    """On a day somebody came in by a code of this voice."""

    on: date
    voice: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The file was opened in an emergency: when, by whom as above, why as a code, and what somebody else said of it."""

    at: datetime
    role: str
    agency: str
    reason_code: str
    outcome: str | None


def plan_of(file: CaseFile, visitor: Visitor) -> list[Step]:
    """The person's stages of this round, in the order of the way home; the investigation is none of theirs."""
    shown = (stage for stage in file.of(visitor.victim_id) if _is_shown(stage, visitor))
    steps = [
        Step(
            StageCode(stage.code),
            StageState(stage.state),
            Agency(stage.agency) if stage.agency else MANDATES[StageCode(stage.code)].accountable,
            _asks_again_on(file, stage),
        )
        for stage in shown
    ]
    order = list(StageCode)
    return sorted(steps, key=lambda step: order.index(step.code))


def _is_shown(stage: StageRow, visitor: Visitor) -> bool:
    code = StageCode(stage.code)
    return code in WHAT and not (visitor.voice is Voice.GUARDIAN and code in NOT_FOR_GUARDIANS)


def _asks_again_on(file: CaseFile, stage: StageRow) -> date | None:
    if stage.state == StageState.ON_HOLD and stage.due_at is not None:
        return civil_day(stage.due_at)
    again = offer_again_from(file, stage)
    return None if again is None else civil_day(again)


def known_of(file: CaseFile, visitor: Visitor) -> Known:
    """Nobody else in it: no relative, no officer's note, no reporter, nothing of the investigation."""
    sections = file.victims[visitor.victim_id].sections
    shown = {
        name: {field: value for field, value in sections[name].items() if field in fields}
        for name, fields in RECORD[visitor.voice].items()
        if name in sections
    }
    return Known({name: fields for name, fields in shown.items() if fields}, list(_views(file, visitor)))


def _views(file: CaseFile, visitor: Visitor) -> Iterator[View]:
    """Of every round: what was once kept from a guardian stays so."""
    for stage in file.stages:
        if (stage.victim_id, stage.code) != (visitor.victim_id, StageCode.GUARDIANSHIP):
            continue
        load_records(file, stage)
        for record in file.records.get(stage.id, []):
            if record.row.kind != "child_view":
                continue
            if visitor.voice is Voice.PERSON or not kept_from_guardian(record.body):
                yield View(civil_day(record.row.happened_at), str(record.body["own_words"]))


def who_looked(file: CaseFile, visitor: Visitor) -> list[Look]:
    """Days, roles and agencies, the newest first, at most two hundred; what is read at the door itself is not among them."""
    day = cast(func.timezone(_ZONE, ReadLogRow.read_at), Date)
    consents = select(ConsentRow.id).where(ConsentRow.victim_id == visitor.victim_id)
    own = [
        file.id,
        visitor.victim_id,
        *(stage.id for stage in file.stages if stage.victim_id == visitor.victim_id),
    ]
    rows = file.session.execute(
        select(day, ReadLogRow.role, UnitRow.agency, func.coalesce(ReadLogRow.purpose == PURPOSE, False))
        .outerjoin(UnitRow, UnitRow.id == ReadLogRow.unit_id)
        .where(
            ReadLogRow.file_id == file.id,
            ReadLogRow.role.not_in(list(Voice)),
            or_(
                ReadLogRow.subject_id.is_(None),
                ReadLogRow.subject_id.in_(own),
                ReadLogRow.subject_id.in_(consents),
            ),
        )
        .distinct()
        .order_by(day.desc(), ReadLogRow.role, UnitRow.agency)
        .limit(_MOST)
    ).all()
    return [Look(*row) for row in rows]


def visits_of(file: CaseFile, visitor: Visitor) -> list[Visited]:
    """The days on which this door was opened, and in whose voice: a visit that is not one's own shows."""
    day = cast(func.timezone(_ZONE, ReadLogRow.read_at), Date)
    rows = file.session.execute(
        select(day, ReadLogRow.role)
        .where(
            ReadLogRow.file_id == file.id,
            ReadLogRow.subject == CAME_IN,
            ReadLogRow.subject_id == visitor.victim_id,
        )
        .distinct()
        .order_by(day.desc(), ReadLogRow.role)
        .limit(_MOST)
    ).all()
    return [Visited(*row) for row in rows]


def emergencies_of(file: CaseFile) -> list[Opening]:
    """Newest first; whether it was read or only opened."""
    rows = file.session.execute(
        select(
            EmergencyGrantRow.opened_at,
            EmergencyGrantRow.role,
            UnitRow.agency,
            EmergencyGrantRow.reason_code,
            EmergencyGrantRow.outcome,
        )
        .join(UnitRow, UnitRow.id == EmergencyGrantRow.unit_id)
        .where(EmergencyGrantRow.case_id == file.id)
        .order_by(EmergencyGrantRow.id.desc())
        .limit(_MOST)
    ).all()
    return [Opening(*row) for row in rows]
