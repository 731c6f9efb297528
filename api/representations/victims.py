"""A person in a case, section by section; a reader gets the sections that are theirs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.types import (
    Answer,
    Body,
    IdentityNumber,
    LanguageTag,
    LongText,
    Name,
    PastDate,
    PastMoment,
    PhoneNumber,
    StrictBool,
    Years,
)
from domain.actors import Actor
from domain.disclosure import OWNER_FIELDS, victim_sections, withheld
from domain.people import Known, Nationality
from services.case_facts import person_of
from services.case_files import CaseFile, Victim
from services.sealed_values import Content


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Identification(StrEnum):
    PRESUMED = "presumed"
    IDENTIFIED = "identified"
    NOT_A_VICTIM = "not_a_victim"


class Identity(Body):
    """Names, birth date or the lowest age that the person may have, sex, languages. All may be unknown."""

    name: Name | None = None
    other_names: Annotated[list[Name], Field(max_length=10)] | None = None
    birth_date: PastDate | None = None
    lowest_age: Years | None = None
    sex: Sex | None = None
    languages: Annotated[list[LanguageTag], Field(max_length=10)] | None = None


class Documents(Body):
    identity_number: IdentityNumber | None = None


class Contact(Body):
    """How the person can be reached without danger."""

    phone: PhoneNumber | None = None
    safe_contact: LongText | None = None


class SituationBody(Body):
    """What is known of the present need; leave out what nobody asked yet."""

    in_danger: Known | None = None
    safe_place_tonight: Known | None = None
    injured_or_ill: Known | None = None
    apart_from_family: Known | None = None
    identity_known: Known | None = None
    household_registered: Known | None = None
    nationality: Nationality | None = None


class Account(Body):
    """When the person became free, how far they are identified, and a note for the case's owner."""

    liberty_at: PastMoment | None = None
    identification: Identification | None = None
    note: LongText | None = None


class VictimBody(Body):
    """Only the sections and fields that are given change."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "identity": {"lowest_age": 11, "sex": "male", "languages": ["zh"]},
                    "situation": {
                        "safe_place_tonight": "no",
                        "apart_from_family": "yes",
                        "identity_known": "no",
                    },
                }
            ]
        }
    )
    identity: Identity | None = None
    documents: Documents | None = None
    contact: Contact | None = None
    situation: SituationBody | None = None
    account: Account | None = None

    def sections(self) -> dict[str, Content]:
        """The given fields as JSON values, by section; a field that is given as null is taken back."""
        given: dict[str, Content | None] = self.model_dump(mode="json", exclude_unset=True)
        return {name: content for name, content in given.items() if content is not None}


class WillingnessBody(Body):
    """The person's own words, said in private, at most 30 days old (Art. 37)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "willing": True,
                    "own_words": "我想学做面点",
                    "said_at": "2026-03-12T09:30:00+08:00",
                    "in_private": True,
                }
            ]
        }
    )
    willing: StrictBool
    own_words: LongText
    said_at: PastMoment
    in_private: Annotated[bool, Field(strict=True, description="Only what was said in private counts.")]

    def content(self) -> Content:
        dumped: Content = self.model_dump(mode="json")
        return dumped


class VictimAnswer(Answer):
    """`_redacted` names the sections that hold something which is not for this reader."""

    model_config = ConfigDict(populate_by_name=True)
    id: UUID
    version: int
    case_id: UUID
    ordinal: int
    minor: bool | None = Field(description="None: not for this reader.")
    sections: dict[str, dict[str, object]]
    links: dict[str, str]
    redacted: list[str] = Field(alias="_redacted")


def victim_answer(file: CaseFile, victim: Victim, actor: Actor) -> VictimAnswer:
    """The sections that this reader gets; the one place where a victim's data leaves."""
    kept, hidden = withheld(victim.sections, victim_sections(actor))
    if actor.unit_id != file.case.owner_unit_id:
        kept, owners = _without_owners_fields(kept)
        hidden = sorted([*hidden, *owners])
    person = person_of(file, victim.row.id)
    base = f"/cases/{file.case.id}/victims/{victim.row.id}"
    return VictimAnswer(
        id=victim.row.id,
        version=victim.row.version,
        case_id=file.case.id,
        ordinal=victim.row.ordinal,
        minor=person.minor if person is not None and "identity" in victim_sections(actor) else None,
        sections={name: dict(content) for name, content in kept.items() if isinstance(content, dict)},
        links={"self": base, "case": f"/cases/{file.case.id}", "consents": f"{base}/consents"},
        redacted=hidden,
    )


def _without_owners_fields(sections: Mapping[str, object]) -> tuple[dict[str, object], list[str]]:
    kept: dict[str, object] = {}
    hidden: list[str] = []
    for name, content in sections.items():
        assert isinstance(content, dict)
        owners = OWNER_FIELDS.get(name, frozenset())
        kept[name] = {field: value for field, value in content.items() if field not in owners}
        hidden += [f"{name}.{field}" for field in content if field in owners]
    return kept, hidden
