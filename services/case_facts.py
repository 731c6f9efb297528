"""A case's stages and people as the domain sees them: subjects of moves, persons, the facts behind requirements."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.agencies import Agency
from domain.bases import reaches
from domain.clocks import CLOCKS, start_of
from domain.conflicts import COURT_DECIDES, MEANWHILE
from domain.consents import Basis
from domain.people import Age as PersonAge
from domain.people import (
    Identification,
    Known,
    Nationality,
    Person,
    Situation,
    Stay,
    civil_day,
    still_willing,
)
from domain.person_codes import StayRequest
from domain.requirements import SHARED_KINDS, Facts, Record
from domain.stages import ENDED_STATES, StageCode, StageState
from domain.workflow import Machine, Subject
from services.case_files import CaseFile, OpenRecord
from services.case_loading import load_records
from services.records.cases import StageRow
from services.relatives_on_file import relative_suspect
from services.sealed_values import Content

PLAN_REVIEW: Final = "plan_review"


def subject_of(file: CaseFile, stage: StageRow) -> Subject:
    """The stage as its machine sees it."""
    return Subject(
        Machine.STAGE,
        stage.state,
        owner=file.case.owner_unit_id,
        owner_agency=Agency(file.case.owner_agency),
        responsible=stage.unit_id,
        offered=stage.offered_unit_id,
        stage=StageCode(stage.code),
    )


def subject_of_case(file: CaseFile) -> Subject:
    case = file.case
    return Subject(
        Machine.CASE,
        case.state,
        owner=case.owner_unit_id,
        owner_agency=Agency(case.owner_agency),
        responsible=case.owner_unit_id,
        offered=case.offered_unit_id,
    )


def person_of(file: CaseFile, victim_id: UUID | None) -> Person | None:
    """What the rules may know of a victim; everything that nobody wrote down is unknown."""
    if victim_id is None:
        return None
    sections = file.victims[victim_id].sections
    identity, situation = sections.get("identity", {}), sections.get("situation", {})
    account, decided = sections.get("account", {}), sections.get("identification", {})
    return Person(
        today=civil_day(file.at),
        age=age_of(identity, sections.get("age", {})),
        situation=Situation(
            **{
                name: Known(str(situation.get(name) or Known.UNKNOWN))
                for name in (
                    "in_danger",
                    "safe_place_tonight",
                    "injured_or_ill",
                    "apart_from_family",
                    "identity_known",
                    "household_registered",
                    "abroad",
                )
            },
            nationality=Nationality(str(situation.get("nationality") or Nationality.UNKNOWN)),
        ),
        liberty_at=_instant(account.get("liberty_at")),
        willing_to_work=_willing(sections.get("will", {}), file.at),
        identification=Identification(str(decided.get("status") or Identification.PRESUMED)),
        dependant=account.get("dependant_of") is not None,
        stay=_stay(sections.get("stay", {})),
        female=_female(identity.get("sex")),
    )


def age_of(identity: Content, decision: Content) -> PersonAge:
    """The age as the sections of a person tell it."""
    return PersonAge(
        _day(identity.get("birth_date")),
        _number(identity.get("lowest_age")),
        decided_adult=decision.get("outcome") == "adult",
    )


def keeper_of(file: CaseFile, victim_id: UUID | None) -> UUID | None:
    """The unit that is to rescue somebody keeps them until they are free, whoever owns the case by then."""
    person = person_of(file, victim_id)
    if person is None or person.free:
        return None
    rescues = (stage for stage in file.of(victim_id) if stage.code == StageCode.RESCUE)
    return next((stage.unit_id for stage in rescues if stage.state not in ENDED_STATES), None)


def facts_of(file: CaseFile, stage: StageRow, move: Content | None = None) -> Facts:
    """All that the requirements of this stage may look at."""
    load_records(file, stage)
    whose = stage.victim_id or _named_in(file, move)
    person = person_of(file, whose)
    own = (record for record in file.records.get(stage.id, []) if record.row.recorded_at >= stage.opened_at)
    return Facts(
        stage=StageCode(stage.code),
        person=person,
        at=file.at,
        records=_seen(own, stage),
        elsewhere=[
            record
            for other in file.of(stage.victim_id)
            if other.id != stage.id
            for record in _seen(file.records.get(other.id, []), other)
            if record.kind in SHARED_KINDS
        ],
        consents=_in_force(file, stage),
        approved=frozenset(
            a.purpose
            for a in file.agreements
            if a.kind == "approval" and a.about == stage.id and a.state == "approved"
        ),
        guardian=guardian_status(file, stage.victim_id),
        guardian_conflict=file.guardian_in_conflict(whose),
        relative_suspect=_relative_suspect(file, stage),
        stages={StageCode(other.code): other.state for other in file.of(stage.victim_id)},
        finding=finding.body if (finding := last_finding(file, stage.victim_id)) else {},
        move=move or {},
        languages=_languages(file, stage.victim_id),
        offer_again_from=offer_again_from(file, stage),
        amounts=file.clocks.amounts,
    )


def _relative_suspect(file: CaseFile, stage: StageRow) -> Known:
    """Asked where relatives are looked for, and nowhere else."""
    if stage.code != StageCode.FAMILY_TRACING or stage.victim_id is None:
        return Known.UNKNOWN
    return relative_suspect(file, stage.victim_id)


def _in_force(file: CaseFile, stage: StageRow) -> dict[str, datetime]:
    """The purposes in force that count in this stage; of two, the later one says since when."""
    found: dict[str, datetime] = {}
    for agreement in file.in_force("consent", stage.victim_id):
        since = agreement.since or file.at
        if reaches(Basis(agreement.basis or Basis.CONSENT), StageCode(stage.code)):
            found[agreement.purpose] = max(since, found.get(agreement.purpose, since))
    return found


def guardian_status(file: CaseFile, victim_id: UUID | None) -> str:
    """The last status on record. While the guardian is in question civil affairs speak for the child (rule 3), until a court
    has decided and the status was recorded anew."""
    records = [
        record
        for stage in file.of(victim_id)
        if stage.code == StageCode.GUARDIANSHIP
        for record in file.records.get(stage.id, [])
    ]
    since = file.guardian_in_conflict_since(victim_id)
    if since is None:
        return _last_status(records) or "unknown"
    decided = [r.row.recorded_at for r in records if _court_decided(r) and r.row.recorded_at >= since]
    after = [record for record in records if decided and record.row.recorded_at >= decided[-1]]
    return _last_status(after) or MEANWHILE


def _last_status(records: Iterable[OpenRecord]) -> str | None:
    statuses = [str(record.body["status"]) for record in records if record.row.kind == "guardian_status"]
    return statuses[-1] if statuses else None


def _court_decided(record: OpenRecord) -> bool:
    return record.row.kind == "court_order" and record.body.get("decision") in COURT_DECIDES


def last_finding(file: CaseFile, victim_id: UUID | None) -> OpenRecord | None:
    """What was last found of this person, as far as records were loaded."""
    findings = [
        record
        for records in file.records.values()
        for record in records
        if record.row.kind == "finding" and record.body.get("victim_id") == str(victim_id)
    ]
    return findings[-1] if findings else None


def _named_in(file: CaseFile, move: Content | None) -> UUID | None:
    """Whom a record of the whole case is about."""
    named = (move or {}).get("victim_id")
    victim_id = UUID(named) if isinstance(named, str) else None
    return victim_id if victim_id in file.victims else None


def _languages(file: CaseFile, victim_id: UUID | None) -> frozenset[str]:
    sections = file.victims[victim_id].sections if victim_id else {}
    spoken = sections.get("identity", {}).get("languages")
    return frozenset(str(language) for language in spoken) if isinstance(spoken, list) else frozenset()


def offer_again_from(file: CaseFile, stage: StageRow) -> datetime | None:
    """The day that the person named, else that of the plan review; only a declined stage has one. No clock runs for the
    review: declining starts nothing, and nobody is told of it."""
    if stage.state != StageState.DECLINED or stage.ended_at is None:
        return None
    review = CLOCKS[PLAN_REVIEW].due(stage.ended_at, file.clocks.amounts.get(PLAN_REVIEW)).at
    return stage.due_at or start_of(civil_day(review))


def _seen(records: Iterable[OpenRecord], stage: StageRow) -> Sequence[Record]:
    return [
        Record(
            row.kind, Agency(row.agency), body, StageCode(stage.code), row.happened_at, row.recorded_at,
            row.unit_id, row.account_id,
        )
        for row, body in ((record.row, record.body) for record in records)
    ]  # fmt: skip


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _instant(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _stay(stay: Content) -> Stay:
    """What was asked for in company is not what the person asks for."""
    said_alone = stay.get("in_private") is True
    request = stay.get("request") if said_alone else None
    return Stay(
        _instant(stay.get("status_explained_at")),
        Known(str(stay.get("asylum_seeker") or Known.UNKNOWN)),
        StayRequest(str(request or StayRequest.UNDECIDED)),
    )


def _female(sex: object) -> Known:
    """Only for who comes along and who asks: whoever is not known to be a man or boy may have a woman at their side."""
    return {"female": Known.YES, "male": Known.NO}.get(str(sex), Known.UNKNOWN)


def _willing(will: Content, at: datetime) -> bool:
    said_at = _instant(will.get("said_at"))
    return will.get("willing") is True and said_at is not None and still_willing(said_at, at)
