"""Who reads which part of a case: one table, read by the one function that every exit goes through.

First version: relation to the stage and agency decide. What is not listed here is not read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.actors import AUDIT_ROLES, Actor, Role
from domain.agencies import Agency, InstitutionKind
from domain.reports import Objection
from domain.stages import StageCode

WHOLE_CASE_AGENCIES: Final = frozenset({Agency.CAB, Agency.PSB})
"""Agencies that may see which stages a person has, when their unit owns or shares the case. Others see their own work."""

NARROW_COMPARTMENTS: Final[Mapping[str, frozenset[StageCode]]] = MappingProxyType(
    {
        "clinical": frozenset({StageCode.MEDICAL_CARE}),
        "legal": frozenset({StageCode.RIGHTS_SUPPORT}),
        "work": frozenset({StageCode.EMPLOYMENT}),
        "school": frozenset({StageCode.SCHOOLING}),
        "police": frozenset({StageCode.INVESTIGATION, StageCode.RESCUE}),
        "follow_up_notes": frozenset({StageCode.FOLLOW_UP}),
        "shelter_address": frozenset({StageCode.SHELTER}),
    }
)

OWNER_READS: Final[Mapping[Agency, frozenset[StageCode]]] = MappingProxyType(
    {
        Agency.PSB: frozenset(
            {
                StageCode.INVESTIGATION,
                StageCode.RESCUE,
                StageCode.FAMILY_TRACING,
                StageCode.HOUSEHOLD_REGISTRATION,
                StageCode.REPATRIATION,
            }
        ),
        Agency.CAB: frozenset(
            {
                StageCode.RESCUE,
                StageCode.SHELTER,
                StageCode.FAMILY_TRACING,
                StageCode.HOUSEHOLD_REGISTRATION,
                StageCode.SCHOOLING,
                StageCode.REINTEGRATION_SUPPORT,
                StageCode.GUARDIANSHIP,
                StageCode.REPATRIATION,
                StageCode.FOLLOW_UP,
            }
        ),
    }
)
"""Records that the owner of a case reads besides those of its own stages: no clinic, no lawyer, no workplace (domain E)."""

VICTIM_FIELDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "identity": frozenset(
            {"name", "other_names", "birth_date", "lowest_age", "sex", "languages", "education"}
        ),
        "civil_status": frozenset({"gender", "marital_status", "number_of_children"}),
        "documents": frozenset({"identity_number", "citizenship", "papers"}),
        "contact": frozenset({"phone", "safe_contact", "safe_times", "safe_channels", "contact_home"}),
        "situation": frozenset(
            {
                "in_danger",
                "safe_place_tonight",
                "injured_or_ill",
                "apart_from_family",
                "identity_known",
                "household_registered",
                "nationality",
                "abroad",
            }
        ),
        "stay": frozenset(
            {
                "status_explained_at",
                "status_explained_in",
                "request",
                "own_words",
                "in_private",
                "asylum_seeker",
                "pregnant",
                "served_population_basis",
            }
        ),
        "account": frozenset({"note", "liberty_at", "dependant_of"}),
        "exploitation": frozenset(
            {
                "act",
                "means",
                "purpose",
                "domestic_offence_reference",
                "types",
                "methods_of_control",
                "method_of_recruitment",
                "relationship_to_trafficker",
                "age_when_trafficked",
                "freedom_of_movement",
                "end_of_exploitation",
                "note",
            }
        ),
        "support": frozenset({"support_person", "support_person_contact", "advocate", "advocate_account_id"}),
        "death": frozenset({"document_number", "died_on"}),
        "identification": frozenset({"status", "decided_by", "decided_at", "reasons"}),
        "age": frozenset({"outcome", "doubt", "evidence", "decided_at", "reasons"}),
        "needs": frozenset(
            {
                *("assessed_at", "language", "areas", "own_words", "by_agency", "unit_id"),
                *("individual", "household_family", "community", "structural"),
            }
        ),
        "will": frozenset({"willing", "own_words", "said_at", "in_private", "recorded_by"}),
    }
)
"""Every section and field of a person's record. No column of ours asks for descent, belief or politics (workflow 8)."""

OWNER_FIELDS: Final = frozenset({"account.note"})
"""Fields that are for the unit that owns the case, whoever else reads the section."""

_CAB, _PSB = frozenset({Agency.CAB}), frozenset({Agency.PSB})
NARROW_FIELDS: Final[Mapping[str, frozenset[Agency]]] = MappingProxyType(
    {
        "contact.contact_home": frozenset({Agency.CAB, Agency.JUSTICE, Agency.WOMEN}),
        "stay.pregnant": _CAB,
        "stay.own_words": _CAB,
        "stay.served_population_basis": _CAB,
        "exploitation.note": _CAB,
        "identification.reasons": _CAB | _PSB,
        "age.reasons": _CAB,
    }
)
"""Fields that fewer agencies read than the section they stand in: no clinic for the police, no family for employers."""

_EVERYTHING: Final = frozenset(VICTIM_FIELDS)
VICTIM_READS: Final[Mapping[Agency, frozenset[str]]] = MappingProxyType(
    {
        Agency.CAB: _EVERYTHING,
        Agency.PSB: _EVERYTHING - {"contact", "support", "will", "needs"},
        Agency.HEALTH: frozenset({"identity", "documents"}),
        Agency.DPF: frozenset({"identity", "documents"}),
        Agency.EDU: frozenset({"identity"}),
        Agency.HRSS: frozenset({"identity", "will", "contact"}),
        Agency.JUSTICE: frozenset({"identity", "civil_status", "documents", "contact", "support", "death"}),
        Agency.WOMEN: frozenset({"identity", "will", "contact", "support"}),
        Agency.UNION: frozenset({"identity", "contact"}),
    }
)
"""Sections of a victim's data by agency. A school learns whom it enrols, not why the child is in care."""

NOT_FOR_INSTITUTIONS: Final = frozenset({"exploitation", "identification", "age", "will"})
"""What happened, what was decided and what somebody wants of work: not for the staff of the house where they sleep."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reader's unit stands to one stage."""

    owns_case: bool
    responsible: bool
    attached: bool


def sees_whole_case(actor: Actor) -> bool:
    """Whether the list of all stages and the case's own story is for this reader; others see their own stages only."""
    if actor.role in AUDIT_ROLES:
        return True
    return actor.agency in WHOLE_CASE_AGENCIES and actor.institution is None


def sees_stage(actor: Actor, standing: Standing) -> bool:
    return standing.responsible or standing.attached or sees_whole_case(actor)


def reads_records(actor: Actor, stage: StageCode, standing: Standing) -> bool:
    """Record bodies: the responsible unit; the owner as far as OWNER_READS goes. Auditors read the timeline, not bodies."""
    if actor.role in AUDIT_ROLES:
        return False
    if standing.responsible:
        return True
    return standing.owns_case and stage in OWNER_READS.get(actor.agency, frozenset())


def reads_consent(actor: Actor, stage: StageCode | None, *, asked: bool, owns_case: bool) -> bool:
    """What was said with a consent: the unit that asked; the owner, unless the purpose is part of a stage whose records it
    does not read."""
    if actor.role in AUDIT_ROLES:
        return False
    return asked or (owns_case and (stage is None or stage in OWNER_READS.get(actor.agency, frozenset())))


ROUTING_REMARKS: Final = frozenset({"route", "send_back", "hand_over", "refuse_hand_over"})
"""Words that the owner needs in order to route: why a stage came back, what is missing."""


def reads_remark(actor: Actor, stage: StageCode, action: str, standing: Standing) -> bool:
    """What was said with a move: for those who read the stage's records, and routing remarks for the case's owner."""
    if reads_records(actor, stage, standing):
        return True
    return standing.owns_case and action in ROUTING_REMARKS


def reads_reporter(*, answers: bool) -> bool:
    """Who reported is for the unit that answers, and for nobody who reads the report beside it (Criminal Procedure Law, 111)."""
    return answers


def reads_objection(kind: Objection, *, decides: bool, answers: bool) -> bool:
    """What was objected: for the unit that decides. A complaint may be about the unit that answers, which reads demands and
    reviews, since it must act on them."""
    return decides or (answers and kind is not Objection.COMPLAINT)


def reads_compartment(compartment: str | None, standing: Standing) -> bool:
    """The address of a shelter is for the unit that runs it and for nobody else."""
    return compartment != "shelter_address" or standing.responsible


def victim_sections(actor: Actor) -> frozenset[str]:
    """The sections of a victim's data that this reader gets; an agency that is not listed gets none."""
    if actor.role in AUDIT_ROLES or actor.role is Role.COORDINATOR:
        return frozenset()
    sections = VICTIM_READS.get(actor.agency, frozenset())
    if actor.institution is InstitutionKind.SCHOOL:
        return sections & {"identity"}
    return sections if actor.institution is None else sections - NOT_FOR_INSTITUTIONS


def reads_field(actor: Actor, field: str, *, owns_case: bool) -> bool:
    """Whether a field, as `section.field`, of a section that this reader gets is for them."""
    if field in OWNER_FIELDS and not owns_case:
        return False
    return actor.agency in NARROW_FIELDS.get(field, {actor.agency})


def person_read(
    actor: Actor, sections: Mapping[str, Mapping[str, object]], *, owns_case: bool
) -> tuple[dict[str, dict[str, object]], list[str]]:
    """Of a person's sections what may leave, and the names of the sections and fields that may not."""
    mine = victim_sections(actor)
    kept: dict[str, dict[str, object]] = {}
    hidden = [name for name in sections if name not in mine]
    for name in (name for name in sections if name in mine):
        readable = {
            field for field in sections[name] if reads_field(actor, f"{name}.{field}", owns_case=owns_case)
        }
        kept[name], fields = withheld(sections[name], readable)
        hidden += [f"{name}.{field}" for field in fields]
    return kept, sorted(hidden)


def reads_assessment(actor: Actor, unit_id: str) -> bool:
    """Needs are read by civil affairs; another agency reads again what its own unit told."""
    return "needs" in victim_sections(actor) or str(actor.unit_id) == unit_id


def case_fields_hidden(actor: Actor) -> frozenset[str]:
    """A school and an employment counsellor work without the case's number and story (domain E)."""
    if sees_whole_case(actor):
        return frozenset()
    return frozenset(
        {"number", "phase", "owner_unit_id", "owner_agency", "offered_unit_id", "closing_reason"}
    )


def withheld(fields: Mapping[str, object], allowed: Collection[str]) -> tuple[dict[str, object], list[str]]:
    """Split into what may leave and the names of what may not; withheld fields are absent, never null."""
    kept = {name: value for name, value in fields.items() if name in allowed}
    return kept, sorted(name for name in fields if name not in allowed)
