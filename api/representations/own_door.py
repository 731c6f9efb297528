"""What is shown at a person's own door, in plain words."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer
from domain.agencies import AGENCY_NAMES, Agency
from domain.consents import PURPOSE_NAMES, Purpose
from domain.emergency import REASON_NAMES, EmergencyReason
from domain.labels import OWN, PUBLIC
from domain.own_door import LetterKind, Voice
from domain.plain_words import NEXT, NOW, RIGHTS, WHAT
from domain.stages import STAGE_NAMES, StageCode
from domain.texts import Language
from services.door_consents import Asked
from services.letters import Letter
from services.own_door import Known, Look, Opening, Step, Visited
from services.records.cases import ConsentRow


class VisitAnswer(Answer):
    """Shown once. It waits half an hour for the next step, and ends at `expires_at`."""

    model_config = ConfigDict(populate_by_name=True)
    LABEL = PUBLIC

    door_token: str
    token_type: Literal["Bearer"]
    expires_at: datetime
    voice: Voice = Field(alias="for")
    language: str
    links: dict[str, str]


class StepAnswer(Answer):
    LABEL = OWN
    stage: StageCode
    name: str
    what: str
    now: str
    next: str
    office: str = Field(description="What kind of office does it; nobody's name.")
    asks_again_on: date | None


class PlanAnswer(Answer):
    LABEL = OWN
    items: list[StepAnswer]
    rights: list[str]
    links: dict[str, str]


class DoorConsent(Answer):
    LABEL = OWN
    id: UUID
    version: int
    purpose: str
    purpose_name: str
    state: str
    asked: dict[str, object]
    decided_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None


class DoorConsentList(Answer):
    LABEL = OWN
    items: list[DoorConsent]
    links: dict[str, str]


class ViewAnswer(Answer):
    LABEL = OWN
    heard_on: date
    own_words: str


class RecordOfMe(Answer):
    """What is known, without anybody else in it."""

    LABEL = OWN

    sections: dict[str, dict[str, object]]
    views: list[ViewAnswer]
    links: dict[str, str]


class LookAnswer(Answer):
    LABEL = OWN
    on: date
    role: str
    agency: str | None
    agency_name: str | None
    emergency: bool


class OpeningAnswer(Answer):
    """The file was opened in an emergency by somebody who does not work on it; somebody else looked at that afterwards."""

    LABEL = OWN

    at: datetime
    role: str
    agency: str
    agency_name: str
    reason: str
    outcome: str | None


class VisitedAnswer(Answer):
    """A day on which this door was opened, by the person's code or a guardian's."""

    model_config = ConfigDict(populate_by_name=True)
    LABEL = OWN

    on: date
    voice: Voice = Field(alias="for")


class ReadersAnswer(Answer):
    LABEL = OWN
    items: list[LookAnswer]
    visits: list[VisitedAnswer]
    emergencies: list[OpeningAnswer]
    links: dict[str, str]


class OwnLetter(Answer):
    LABEL = OWN
    id: UUID
    kind: LetterKind
    written_at: datetime
    said: dict[str, object]
    answered_at: datetime | None
    answer: str | None


class OwnLetterList(Answer):
    LABEL = OWN
    items: list[OwnLetter]
    links: dict[str, str]


DOOR_LINKS = {name: f"/door/{name}" for name in ("plan", "consents", "record", "readers", "letters")}


def _links(own: str) -> dict[str, str]:
    return {"self": f"/door/{own}", "plan": "/door/plan"}


def plan_answer(steps: list[Step], language: Language) -> PlanAnswer:
    items = [
        StepAnswer(
            stage=step.code,
            name=STAGE_NAMES[step.code].in_language(language),
            what=WHAT[step.code].in_language(language),
            now=NOW[step.state].in_language(language),
            next=NEXT[step.state].in_language(language),
            office=AGENCY_NAMES[step.agency].in_language(language),
            asks_again_on=step.asks_again_on,
        )
        for step in steps
    ]
    rights = [text.in_language(language) for text in RIGHTS]
    return PlanAnswer(items=items, rights=rights, links={"self": "/door/plan", **DOOR_LINKS})


def door_consent(row: ConsentRow, asked: dict[str, object], language: Language) -> DoorConsent:
    same = ("id", "version", "purpose", "state", "decided_at", "expires_at", "ended_at")
    return DoorConsent(
        **{name: getattr(row, name) for name in same},
        purpose_name=PURPOSE_NAMES[Purpose(row.purpose)].in_language(language),
        asked=asked,
    )


def consents_answer(found: list[Asked], language: Language) -> DoorConsentList:
    items = [door_consent(one.row, _asked(one), language) for one in found]
    return DoorConsentList(items=items, links=_links("consents"))


def _asked(one: Asked) -> dict[str, object]:
    return {
        name: one.said[name] for name in ("what", "recipients", "channel", "language") if name in one.said
    }


def record_answer(known: Known) -> RecordOfMe:
    return RecordOfMe(
        sections={name: dict(fields) for name, fields in known.sections.items()},
        views=[ViewAnswer(heard_on=view.heard_on, own_words=view.own_words) for view in known.views],
        links=_links("record"),
    )


def readers_answer(
    looks: list[Look], visits: list[Visited], openings: list[Opening], language: Language
) -> ReadersAnswer:
    items = [
        LookAnswer(
            on=look.on,
            role=look.role,
            agency=look.agency,
            agency_name=AGENCY_NAMES[Agency(look.agency)].in_language(language) if look.agency else None,
            emergency=look.emergency,
        )
        for look in looks
    ]
    emergencies = [
        OpeningAnswer(
            at=one.at,
            role=one.role,
            agency=one.agency,
            agency_name=AGENCY_NAMES[Agency(one.agency)].in_language(language),
            reason=REASON_NAMES[EmergencyReason(one.reason_code)].in_language(language),
            outcome=one.outcome,
        )
        for one in openings
    ]
    came = [VisitedAnswer(on=one.on, voice=Voice(one.voice)) for one in visits]
    return ReadersAnswer(items=items, visits=came, emergencies=emergencies, links=_links("readers"))


def own_letter(letter: Letter) -> OwnLetter:
    answer = (letter.answer or {}).get("text")
    return OwnLetter(
        id=letter.row.id,
        kind=LetterKind(letter.row.kind),
        written_at=letter.row.written_at,
        said=dict(letter.said or {}),
        answered_at=letter.row.answered_at,
        answer=None if answer is None else str(answer),
    )


def own_letters_answer(letters: list[Letter]) -> OwnLetterList:
    return OwnLetterList(items=[own_letter(one) for one in letters], links=_links("letters"))
