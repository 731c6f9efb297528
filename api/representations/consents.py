"""Consents of one person, and what stands in their place."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from api.representations.answers import Answer, Guarded
from api.representations.types import Body, Id, LanguageTag, LongText, Moment, PastMoment, ShortText
from domain.actors import Actor
from domain.bases import GROUNDS, REACH, Ground
from domain.compartments import Compartment
from domain.consents import PURPOSE_NAMES, Basis, Purpose
from domain.disclosure import Standing, standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, SEALED_BY_CONTENT, restricted
from domain.texts import Language
from services.bases import NewBasis
from services.consents import NewConsent
from services.records.cases import ConsentRow
from services.sealed_values import OpenValue
from services.sharing import Shared


class ConsentBody(Body):
    """What the person is asked: for which purpose, which data, with whom, through which channel, in which language."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "purpose": "medical_care",
                    "what": "在定点医院检查和治疗",
                    "recipients": ["定点医院"],
                    "recipient_unit_ids": [],
                    "channel": "面谈",
                    "language": "zh",
                    "expires_at": None,
                }
            ]
        }
    )
    purpose: Purpose
    what: LongText
    recipients: list[ShortText] = Field(
        default_factory=list, max_length=20, description="Those who are no unit."
    )
    recipient_unit_ids: list[Id] = Field(default_factory=list, max_length=20)
    channel: ShortText | None = None
    language: LanguageTag
    expires_at: Moment | None = None

    def asked(self) -> NewConsent:
        """What the use case needs: what is said apart from what is looked up."""
        details = self.model_dump(mode="json", exclude={"purpose", "expires_at", "recipient_unit_ids"})
        return NewConsent(self.purpose, details, self.expires_at, self.recipient_unit_ids)


class BasisBody(Body):
    """Another basis than consent, which another agency approved for this purpose. The person is told, or it is said why not."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": "vital_interest",
                    "purpose": "medical_care",
                    "article": "未成年人保护法 92",
                    "reason": "孩子昏迷，监护人不明",
                    "until": "2026-03-20T09:30:00+08:00",
                    "told_at": "2026-03-12T09:30:00+08:00",
                    "how_told": "当面用孩子听得懂的话说明",
                    "telling_endangers": None,
                }
            ]
        }
    )
    basis: Literal[tuple(REACH)]  # type: ignore[valid-type]  # the closed list stands in the domain's table
    purpose: Purpose
    article: Literal[tuple(GROUNDS)]  # type: ignore[valid-type]  # the closed list stands in the domain's table
    reason: LongText
    until: Moment
    told_at: PastMoment | None = None
    how_told: LongText | None = None
    telling_endangers: LongText | None = Field(
        default=None,
        description="Why telling the person now would endanger somebody; it then lasts 24 hours.",
    )

    def asked(self) -> NewBasis:
        """What the use case needs: what is decided apart from what is sealed."""
        ground = Ground(
            Basis(self.basis),
            self.purpose,
            self.article,
            self.until,
            told=self.told_at is not None and self.how_told is not None,
            telling_endangers=self.telling_endangers is not None,
        )
        return NewBasis(ground, self.model_dump(mode="json", exclude={"basis", "purpose", "until"}))


class ConsentAnswer(Answer):
    LABEL = INTERNAL
    id: UUID
    version: int
    case_id: UUID
    victim_id: UUID
    purpose: str
    purpose_name: str
    basis: str
    state: str
    round: int
    unit_id: UUID
    given_by: str | None
    relative_id: UUID | None
    recipient_unit_ids: list[UUID]
    asked_at: datetime
    decided_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None = Field(description="Whose word ended it, or the rule that did.")
    links: dict[str, str]


class ConsentList(Answer):
    LABEL = INTERNAL
    items: list[ConsentAnswer]
    links: dict[str, str]


class ConsentDetails(ConsentAnswer, Guarded):
    """With what was asked and said, section by section: `asked`, `given`, `refused`, `withdrawn`, `rested_on`."""

    LABEL = INTERNAL

    said: Annotated[dict[str, dict[str, JsonValue]], SEALED_BY_CONTENT]


class ReadsAnswer(Answer):
    """One kind of thing that was read, first and last."""

    LABEL = INTERNAL

    subject: str
    first_at: datetime
    last_at: datetime


class SharedAnswer(Answer):
    """A unit that worked on the consent: `responsible`, `attached`, `invited`, or named in it as `recipient`."""

    LABEL = INTERNAL

    unit_id: UUID
    role: str
    since: datetime
    until: datetime
    reads: list[ReadsAnswer]


class WithdrawnAnswer(ConsentAnswer, Guarded):
    """What was taken back, and what had been shared on it until now: with whom, since when, and what they read."""

    LABEL = INTERNAL

    had_been_shared: Annotated[list[SharedAnswer], restricted(Compartment.CONSENTS)]


def consent_answer(row: ConsentRow, language: Language) -> ConsentAnswer:
    """State, purpose and term; what was said with it stays sealed."""
    return ConsentAnswer.model_validate(_fields(row, language))


def consent_details(
    row: ConsentRow, said: Iterable[OpenValue], to_consent: Standing, language: Language
) -> ConsentDetails:
    """The same with what was said."""
    sections = {value.section: dict(value.content) for value in said}
    return ConsentDetails.model_validate({**_fields(row, language), "said": sections}).seen_with(to_consent)


def withdrawn_answer(
    row: ConsentRow, shared: Iterable[Shared], actor: Actor, language: Language
) -> WithdrawnAnswer:
    """The end of it, with what the person may want to know, for the unit that writes it down for them."""
    return WithdrawnAnswer.model_validate(
        {**_fields(row, language), "had_been_shared": [asdict(one) for one in shared]}
    ).seen_with(standing(actor, {Relation.AUTHOR: True}))


def _fields(row: ConsentRow, language: Language) -> dict[str, object]:
    victim = f"/cases/{row.case_id}/victims/{row.victim_id}"
    same = (
        "id", "version", "case_id", "victim_id", "purpose", "basis", "state", "round", "unit_id", "given_by", "relative_id",
        "recipient_unit_ids", "asked_at", "decided_at", "expires_at", "ended_at", "ended_by",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "purpose_name": PURPOSE_NAMES[Purpose(row.purpose)].in_language(language),
        "links": {"self": f"/consents/{row.id}", "consents": f"{victim}/consents", "victim": victim},
    }
