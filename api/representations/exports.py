"""Everything that is known of one person, on its way to them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer, Guarded
from api.representations.protection import Recipient
from api.representations.types import Body
from domain.actors import Actor
from domain.agencies import Agency
from domain.compartments import Compartment
from domain.disclosure import standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, sealed
from domain.subject_access import FORMAT
from services.case_files import CaseFile
from services.subject_export import Bundle


class ExportBody(Body):
    """For whom it is: the person, or a child's guardian, who gets less."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"recipient": "person"}]})
    recipient: Recipient


class Sharing(Answer):
    LABEL = INTERNAL
    agency: Agency
    role: str
    since: datetime
    reads: list[str]


class ExportedConsent(Answer):
    LABEL = INTERNAL
    purpose: str
    basis: str
    state: str
    round: int
    asked_at: datetime
    decided_at: datetime | None
    given_by: str | None
    ended_at: datetime | None
    shared: list[Sharing]
    content: dict[str, object]


class ExportedStage(Answer):
    LABEL = INTERNAL
    code: str
    state: str
    round: int
    agency: Agency | None
    opened_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None


class ExportedRecord(Answer):
    LABEL = INTERNAL
    stage: str
    kind: str
    agency: Agency
    happened_at: datetime
    recorded_at: datetime
    content: dict[str, object]


class ExportedDeadline(Answer):
    LABEL = INTERNAL
    clock: str
    state: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None


class ExportedReader(Answer):
    """Who read it: a role of an agency on a day, never a name."""

    LABEL = INTERNAL
    role: str
    agency: Agency
    day: date
    subject: str


class ExportedSource(Answer):
    LABEL = INTERNAL
    kind: str
    at: datetime


class ExportedRevision(Answer):
    LABEL = INTERNAL
    content: dict[str, object]


class WithheldPart(Answer):
    LABEL = INTERNAL
    what: str
    why: str = Field(
        description="third_party, investigation, not_read_by_this_unit (ask the data protection officer), kept_from_guardian."
    )


class KnownOfPerson(Answer):
    """`sections`: each with its revisions, the newest first."""

    LABEL = INTERNAL
    case_number: str
    sections: dict[str, list[ExportedRevision]]
    consents: list[ExportedConsent]
    stages: list[ExportedStage]
    records: list[ExportedRecord]
    deadlines: list[ExportedDeadline]
    readers: list[ExportedReader]
    sources: list[ExportedSource]
    withheld: list[WithheldPart]


class ExportAnswer(Guarded):
    """Everything that is known of one person, without what is about others."""

    LABEL = INTERNAL
    format: str
    victim_id: UUID
    made_at: datetime
    recipient: Recipient
    known: Annotated[KnownOfPerson, sealed(Compartment.SUBJECT_COPY)]
    links: dict[str, str]


def export_answer(bundle: Bundle, file: CaseFile, recipient: Recipient, actor: Actor) -> ExportAnswer:
    base = f"/cases/{file.id}"
    names = ("sections", "consents", "stages", "records", "deadlines", "readers", "sources")
    return ExportAnswer.model_validate(
        {
            "format": FORMAT,
            "victim_id": bundle.victim_id,
            "made_at": file.at,
            "recipient": recipient,
            "known": {
                "case_number": bundle.case_number,
                **{name: getattr(bundle, name) for name in names},
                "withheld": [
                    {"what": what, "why": why}
                    for what, why in dict.fromkeys((one.what, one.why) for one in bundle.withheld)
                ],
            },
            "links": {"victim": f"{base}/victims/{bundle.victim_id}", "timeline": f"{base}/timeline"},
        }
    ).seen_with(standing(actor, {Relation.DECIDES: True}))
