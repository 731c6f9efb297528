"""Decisions about a person and their needs: whether a victim, how old, and what they need. Told in words, never scored."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from api.representations.answers import Guarded, OfSection, Revision
from api.representations.rules import broken
from api.representations.types import Body, LanguageTag, LongText, PastMoment, StrictBool
from domain.actors import Actor
from domain.disclosure import standing
from domain.disclosure_table import Relation
from domain.labels import INTERNAL
from domain.people import Identification
from domain.person_codes import AgeEvidence, AgeOutcome, DecidedBy
from services.case_files import CaseFile, Victim
from services.sealed_values import Content
from services.victim_sections import revisions


class DecisionBody(Body):
    """One decision or talk, written down whole; an earlier one is kept behind it."""

    def content(self) -> Content:
        dumped: Content = self.model_dump(mode="json")
        return dumped


class IdentificationBody(DecisionBody):
    """Whether the person is a victim, who decided it, and why. Help does not wait for it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "identified",
                    "decided_by": "police",
                    "reasons": "本人陈述与调查所见一致",
                    "decided_at": "2026-03-12T09:30:00+08:00",
                }
            ]
        }
    )
    status: Identification
    decided_by: DecidedBy
    reasons: LongText
    decided_at: PastMoment


class AgeDecisionBody(DecisionBody):
    """Whether the person is an adult, by what evidence; doubt means minor, and a second agency agrees first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "outcome": "minor",
                    "evidence": ["own_statement", "school_record"],
                    "doubt": True,
                    "reasons": "学籍记录与本人所述不一致",
                    "decided_at": "2026-03-12T09:30:00+08:00",
                }
            ]
        }
    )
    outcome: AgeOutcome
    evidence: Annotated[list[AgeEvidence], Field(min_length=1, max_length=len(AgeEvidence))]
    doubt: StrictBool
    reasons: LongText
    decided_at: PastMoment


class NeedArea(StrEnum):
    SAFETY = "safety"
    HOUSING = "housing"
    HEALTH = "health"
    MIND = "mind"
    FAMILY = "family"
    LEARNING = "learning"
    LIVELIHOOD = "livelihood"
    RIGHTS = "rights"
    PAPERS = "papers"
    LANGUAGE = "language"


class NeedsLevel(Body):
    """What endangers the person here, and what carries them. Strengths are always told."""

    risks: LongText | None = None
    protective_factors: LongText


class NeedsBody(DecisionBody):
    """What the person needs and what carries them, on the four levels of IOM's determinants; at least one is told."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "assessed_at": "2026-03-12T09:30:00+08:00",
                    "language": "zh",
                    "areas": ["learning", "family"],
                    "individual": {"risks": "夜里常惊醒", "protective_factors": "爱画画，愿意和老师说话"},
                    "household_family": {"protective_factors": "外婆每周来看望"},
                    "own_words": "我想回学校",
                }
            ]
        }
    )
    assessed_at: PastMoment
    language: LanguageTag
    areas: Annotated[list[NeedArea], Field(max_length=len(NeedArea))]
    individual: NeedsLevel | None = None
    household_family: NeedsLevel | None = None
    community: NeedsLevel | None = None
    structural: NeedsLevel | None = None
    own_words: LongText | None = None

    @model_validator(mode="after")
    def _something_is_told(self) -> "NeedsBody":
        if not any((self.individual, self.household_family, self.community, self.structural)):
            raise broken("needs_level_missing")
        return self


class PersonHistory(Guarded, OfSection):
    """Every decision or talk of one kind, newest first, as far as each is for this reader."""

    LABEL = INTERNAL

    items: list[Revision]
    links: dict[str, str]


def history_answer(file: CaseFile, victim: Victim, section: str, address: str, actor: Actor) -> PersonHistory:
    """The revisions of one section; the same rules of reading as for the person's present record, and an agency reads again
    what its own unit told."""
    ways = {Relation.OWNER: actor.unit_id == file.case.owner_unit_id}
    items = [
        Revision.model_validate(content).of(
            section,
            standing(actor, {**ways, Relation.AUTHOR: content.get("unit_id") == str(actor.unit_id)}),
        )
        for content in revisions(file, victim, section)
    ]
    base = f"/cases/{file.case.id}/victims/{victim.row.id}"
    return PersonHistory(items=items, links={"self": f"{base}/{address}", "victim": base}).of(
        section, standing(actor, ways)
    )
