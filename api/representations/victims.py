"""A person in a case, section by section; a reader gets the sections that are theirs."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Guarded
from api.representations.person import (
    Account,
    CivilStatus,
    Contact,
    Documents,
    Exploitation,
    Identity,
    SituationBody,
    Stay,
    Support,
)
from api.representations.types import Body, LongText, PastMoment, StrictBool
from domain.actors import Actor
from domain.compartments import PERSON_FIELDS, Compartment
from domain.disclosure import standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL, restricted, sealed_members
from services.case_facts import person_of
from services.case_files import CaseFile, Victim
from services.sealed_values import Content


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
                    "contact": {"safe_channels": ["meeting"], "contact_home": "no"},
                    "exploitation": {
                        "act": ["transport", "harbouring"],
                        "means": ["deception"],
                        "purpose": ["forced_labour"],
                        "types": ["forced_begging"],
                        "methods_of_control": ["takes_earnings", "restricts_movement"],
                        "domestic_offence_reference": "刑法第二百六十二条之一",
                    },
                }
            ]
        }
    )
    identity: Identity | None = None
    civil_status: CivilStatus | None = None
    documents: Documents | None = None
    contact: Contact | None = None
    situation: SituationBody | None = None
    stay: Stay | None = None
    account: Account | None = None
    exploitation: Exploitation | None = None
    support: Support | None = None

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


class VictimAnswer(Guarded):
    """`_redacted` names the sections that hold something which is not for this reader."""

    LABEL = INTERNAL

    id: UUID
    version: int
    case_id: UUID
    ordinal: int
    minor: Annotated[bool | None, restricted(Compartment.IDENTITY)]
    merged_with: Annotated[UUID | None, restricted(Compartment.MERGES)] = Field(
        description="The merge with another file of the same person; for the owner."
    )
    sections: Annotated[dict[str, dict[str, object]], sealed_members(PERSON_FIELDS)]
    links: dict[str, str]


def victim_answer(file: CaseFile, victim: Victim, actor: Actor) -> VictimAnswer:
    """One person with every section; what leaves of them depends on how the reader stands to the case."""
    owns, merged = actor.unit_id == file.case.owner_unit_id, victim.row.merge_id
    # the strictest redaction wins: what is for the owner of one file is for nobody while there are two
    ways = {Relation.OWNER: owns and not merged, Relation.JOINT_OWNER: owns and bool(merged)}
    person = person_of(file, victim.row.id)
    base = f"/cases/{file.case.id}/victims/{victim.row.id}"
    return VictimAnswer(
        id=victim.row.id,
        version=victim.row.version,
        case_id=file.case.id,
        ordinal=victim.row.ordinal,
        minor=person.minor if person is not None else None,
        merged_with=merged,
        sections={name: dict(content) for name, content in victim.sections.items()},
        links={"self": base, "case": f"/cases/{file.case.id}", "consents": f"{base}/consents"},
    ).seen_with(standing(actor, ways))
