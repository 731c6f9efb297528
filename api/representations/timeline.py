"""A case's timeline, line by line, and the case as it stood at an instant."""

from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from api.representations.answers import Answer, Guarded
from domain.as_of import written
from domain.compartments import PERSON_FIELDS, Compartment
from domain.disclosure import Standing, standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, restricted, sealed_members
from domain.timeline_kinds import Kind, is_late, kind_of
from services.past_cases import Past, PastPerson
from services.records.cases import CaseRow
from services.timeline import ReadEntry
from services.timeline_pages import Item, ReadLine
from services.timelines import Reader

SEEN: Final = restricted(Compartment.TIMELINE)


class EntryAnswer(Guarded):
    """One step. All but its place is absent, and named in `_redacted`, where the step is another agency's own matter.

    A line of the log of reads, for who checks, has no number and no digest: the chain holds what was done, not who looked.
    """

    LABEL = INTERNAL

    seq: int | None
    id: UUID
    recorded_at: datetime = Field(description="When we learned it.")
    digest: str | None
    kind: Annotated[str | None, SEEN] = Field(
        description="change, read, refusal, routing, clock, consent, notice or file."
    )
    happened_at: Annotated[datetime | None, SEEN] = Field(description="When it happened.")
    late: Annotated[bool | None, SEEN] = Field(
        description="Learned longer after it happened than this house takes for usual (HOMEWARD_LATE_AFTER_HOURS)."
    )
    corrects: Annotated[int | None, SEEN] = Field(
        description="The number of the earlier entry whose values it takes back; null: it takes none back."
    )
    what: Annotated[dict[str, object] | None, SEEN]
    who: Annotated[dict[str, object] | None, SEEN]
    values: Annotated[dict[str, object] | None, SEEN]


class ExportedEntry(EntryAnswer):
    """A line of an export; `mark` says where the export goes on behind it."""

    LABEL = INTERNAL
    mark: str


class TimelineAnswer(Answer):
    LABEL = INTERNAL
    items: list[EntryAnswer]
    links: dict[str, str]


class ChainAnswer(Answer):
    """`whole`: every stored entry still has its digest, names the one before it, and the last is the case's head."""

    LABEL = INTERNAL

    whole: bool
    entries: int
    head: str
    first_bad: int | None
    fault: str | None
    checked_at: datetime


class AuditedCaseAnswer(Answer):
    """Where a case's timeline lies, and no more of the case than was asked with."""

    LABEL = INTERNAL
    case_id: UUID
    number: str
    links: dict[str, str]


def audited_case_answer(case: CaseRow) -> AuditedCaseAnswer:
    base = f"/cases/{case.id}"
    links = {"timeline": f"{base}/timeline", "check": f"{base}/timeline/check", "as_of": f"{base}/as_of"}
    return AuditedCaseAnswer(case_id=case.id, number=case.number, links=links)


class PastCaseAnswer(Answer):
    LABEL = INTERNAL
    state: str
    round: int
    owner_unit_id: UUID | None
    owner_agency: str | None
    offered_unit_id: UUID | None
    closing_reason: str | None


class PastStage(Answer):
    LABEL = INTERNAL
    id: UUID
    code: str
    victim_id: UUID | None
    round: int
    state: str
    unit_id: UUID | None
    agency: str | None
    offered_unit_id: UUID | None
    officer_id: UUID | None
    deputy_id: UUID | None
    due_clock: str | None
    due_at: datetime | None


class PastPersonAnswer(Guarded):
    """`erased`: by then, or since; what was known of the person is not kept any more."""

    LABEL = INTERNAL
    id: UUID
    erased: bool
    sections: Annotated[dict[str, dict[str, object]], sealed_members(PERSON_FIELDS)]


class AsOfAnswer(Guarded):
    """`entries`: the number of the last entry that counts; 0: nothing was on record yet. Stages and people that are not for
    this reader are left out."""

    LABEL = INTERNAL
    case_id: UUID
    at: datetime
    entries: int
    recorded_at: datetime | None = Field(description="Of the last entry that counts.")
    erased_at: datetime | None = Field(description="When the file was erased, where that was before.")
    case: Annotated[PastCaseAnswer | None, SEEN]
    stages: list[PastStage]
    people: list[PastPersonAnswer]
    links: dict[str, str]


def item_answer(item: Item, reader: Reader, late_after: timedelta) -> EntryAnswer:
    return EntryAnswer.model_validate(_content(item, late_after)).seen_with(_standing(item, reader))


def exported_entry(item: Item, reader: Reader, late_after: timedelta, mark: str) -> ExportedEntry:
    content = {**_content(item, late_after), "mark": mark}
    return ExportedEntry.model_validate(content).seen_with(_standing(item, reader))


def _content(item: Item, late_after: timedelta) -> dict[str, object]:
    return _line(item) if isinstance(item, ReadLine) else _entry(item, late_after)


def _standing(item: Item, reader: Reader) -> Standing:
    return reader.stands_to(None if isinstance(item, ReadLine) else item.stage_id)


def _entry(entry: ReadEntry, late_after: timedelta) -> dict[str, object]:
    what = entry.sections["what"]
    happened_at = datetime.fromisoformat(str(what["happened_at"]))
    return {
        "seq": entry.seq,
        "id": entry.entry_id,
        "recorded_at": entry.recorded_at,
        "digest": entry.digest.hex(),
        "kind": kind_of(str(what["action"])),
        "happened_at": happened_at,
        "late": is_late(happened_at, entry.recorded_at, late_after),
        "corrects": what.get("corrects"),
        **{name: dict(content) for name, content in entry.sections.items()},
    }


def _line(line: ReadLine) -> dict[str, object]:
    return {
        "seq": None,
        "id": line.id,
        "recorded_at": line.read_at,
        "digest": None,
        "kind": line.kind,
        "happened_at": line.read_at,
        "late": False,
        "corrects": None,
        "what": {
            "action": str(Kind.READ) if line.kind is Kind.READ else line.subject,
            "subject": line.subject,
            "subject_id": None if line.subject_id is None else str(line.subject_id),
        },
        "who": {
            "role": line.role,
            "unit_id": str(line.unit_id),
            "agency": line.agency,
            "purpose": line.purpose,
        },
        "values": {},
    }


def as_of_answer(past: Past, at: datetime) -> AsOfAnswer:
    reader, standing_then = past.reader, past.standing
    base = f"/cases/{past.case.id}"
    stages = [
        PastStage.model_validate({"id": stage_id, **written(stands)})
        for stage_id, stands in standing_then.stages.items()
        if reader.whole or reader.follows(stage_id)
    ]
    return AsOfAnswer(
        case_id=past.case.id,
        at=at,
        entries=standing_then.seq,
        recorded_at=standing_then.at,
        erased_at=standing_then.erased_at,
        case=PastCaseAnswer.model_validate(written(standing_then.case)) if standing_then.case else None,
        stages=stages,
        people=[_person(past, person) for person in past.people],
        links={"case": base, "timeline": f"{base}/timeline"},
    ).seen_with(reader.stands_to(None))


def _person(past: Past, person: PastPerson) -> PastPersonAnswer:
    owns = past.reader.actor.unit_id == past.case.owner_unit_id
    # as of the person's record now: what is for the owner of one file is for nobody while there are two
    ways = {Relation.OWNER: owns and not person.merged, Relation.JOINT_OWNER: owns and person.merged}
    sections = {name: dict(content) for name, content in person.sections.items()}
    return PastPersonAnswer(id=person.id, erased=person.erased, sections=sections).seen_with(
        standing(past.reader.actor, ways)
    )
