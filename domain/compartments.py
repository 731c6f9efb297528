"""The compartments of a case: what is told about a person or done for them, cut where one reader's right ends.

A field, a record or a remark lies in exactly one of them. `disclosure_table.py` says who reads which.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.reports import Objection
from domain.stages import StageCode


class Compartment(StrEnum):
    # the person
    IDENTITY = "identity"
    CIVIL_STATUS = "civil_status"
    DOCUMENTS = "documents"
    CONTACT = "contact"
    CONTACT_HOME = "contact_home"  # whether anybody at home may be contacted
    SITUATION = "situation"
    STAY = "stay"
    STAY_PRIVATE = "stay_private"  # what somebody far from home said of it, and a pregnancy
    ACCOUNT = "account"
    OWNER_NOTE = "owner_note"
    EXPLOITATION = "exploitation"
    EXPLOITATION_NOTE = "exploitation_note"
    SUPPORT = "support"
    DEATH = "death"
    IDENTIFICATION = "identification"
    AGE = "age"
    AGE_REASONS = "age_reasons"
    NEEDS = "needs"
    WILL = "will"
    # the family
    VISITORS = "visitors"  # who may come to the door
    RELATIVES = "relatives"  # how they are reached, whether they are proven, whether they are suspect
    RELATIVES_WISHES = "relatives_wishes"  # what the person wants of them
    # what was done, stage by stage
    POLICE = "police"
    RESCUE = "rescue"
    SHELTER = "shelter"
    SHELTER_ADDRESS = "shelter_address"
    CLINICAL = "clinical"
    TRACING = "tracing"
    REGISTRATION = "registration"
    SCHOOL = "school"
    WORK = "work"
    LEGAL = "legal"
    REINTEGRATION = "reintegration"
    GUARDIANSHIP = "guardianship"
    REPATRIATION = "repatriation"
    FOLLOW_UP_NOTES = "follow_up_notes"
    # the case as a file
    CASE_STORY = "case_story"  # its number, its phase, whose it is, why it ended
    STAGE_WORK = "stage_work"  # that a stage is there, for whom, and what stands in its way
    ROUTING_REMARKS = "routing_remarks"  # why a stage came back, what is missing
    TIMELINE = "timeline"
    MERGES = "merges"
    CONSENTS = "consents"
    CONFLICTS = "conflicts"
    APPROVALS = "approvals"
    REQUESTS = "requests"
    LEGAL_HOLDS = "legal_holds"  # why nothing of a case may be erased
    EMERGENCIES = "emergencies"  # which case was opened in an emergency, and in what words it was asked for
    LETTERS = "letters"  # what the person wrote from their own door
    SUBJECT_COPY = "subject_copy"  # everything that is known of somebody, on its way to them
    # a report
    REPORT_MESSAGE = "report_message"
    REPORTER = "reporter"
    OBJECTIONS = "objections"
    COMPLAINTS = "complaints"


C = Compartment
Members = Mapping[str, "Compartment | Members"]
"""The compartment of each member of something, or of each member of that member."""


def _all_in(compartment: Compartment, *names: str) -> dict[str, Compartment]:
    return dict.fromkeys(names, compartment)


PERSON_FIELDS: Final[Mapping[str, Mapping[str, Compartment]]] = MappingProxyType(
    {
        "identity": _all_in(
            C.IDENTITY,
            *("name", "other_names", "birth_date", "lowest_age", "sex", "languages", "education"),
        ),
        "civil_status": _all_in(C.CIVIL_STATUS, "gender", "marital_status", "number_of_children"),
        "documents": _all_in(C.DOCUMENTS, "identity_number", "citizenship", "papers"),
        "contact": {
            **_all_in(C.CONTACT, "phone", "safe_contact", "safe_times", "safe_channels"),
            "contact_home": C.CONTACT_HOME,
        },
        "situation": _all_in(
            C.SITUATION,
            *("in_danger", "safe_place_tonight", "injured_or_ill", "apart_from_family"),
            *("identity_known", "household_registered", "nationality", "abroad"),
        ),
        "stay": {
            **_all_in(C.STAY, "status_explained_at", "status_explained_in", "request"),
            **_all_in(C.STAY, "in_private", "asylum_seeker"),
            **_all_in(C.STAY_PRIVATE, "own_words", "pregnant", "served_population_basis"),
        },
        "account": {**_all_in(C.ACCOUNT, "liberty_at", "dependant_of"), "note": C.OWNER_NOTE},
        "exploitation": {
            **_all_in(
                C.EXPLOITATION,
                *("act", "means", "purpose", "domestic_offence_reference", "types", "methods_of_control"),
                *("method_of_recruitment", "relationship_to_trafficker", "age_when_trafficked"),
                *("freedom_of_movement", "end_of_exploitation"),
            ),
            "note": C.EXPLOITATION_NOTE,
        },
        "support": _all_in(
            C.SUPPORT, "support_person", "support_person_contact", "advocate", "advocate_account_id"
        ),
        "death": _all_in(C.DEATH, "document_number", "died_on"),
        "identification": _all_in(C.IDENTIFICATION, "status", "decided_by", "decided_at", "reasons"),
        "age": {**_all_in(C.AGE, "outcome", "doubt", "evidence", "decided_at"), "reasons": C.AGE_REASONS},
        "needs": _all_in(
            C.NEEDS,
            *("assessed_at", "language", "areas", "own_words", "by_agency", "unit_id"),
            *("individual", "household_family", "community", "structural"),
        ),
        "will": _all_in(C.WILL, "willing", "own_words", "said_at", "in_private", "recorded_by"),
    }
)
"""Every section and field of a person's record. No column of ours asks for descent, belief or politics (workflow 8)."""

RELATIVE_FIELDS: Final[Mapping[str, Compartment]] = MappingProxyType(
    {
        **_all_in(C.VISITORS, "name", "relation", "role", "languages", "contact_allowed"),
        **_all_in(C.RELATIVES, "phone", "contact", "proven", "suspect"),
        **_all_in(C.RELATIVES_WISHES, "wishes", "wishes_heard_alone"),
    }
)
"""All that is kept of a relative. No paper of a claimant has a field here, and nothing of what one did or believed."""

STAGE_COMPARTMENTS: Final[Mapping[StageCode, Compartment]] = MappingProxyType(
    {
        StageCode.REPORT: C.REPORT_MESSAGE,
        StageCode.INVESTIGATION: C.POLICE,
        StageCode.RESCUE: C.RESCUE,
        StageCode.SHELTER: C.SHELTER,
        StageCode.MEDICAL_CARE: C.CLINICAL,
        StageCode.FAMILY_TRACING: C.TRACING,
        StageCode.HOUSEHOLD_REGISTRATION: C.REGISTRATION,
        StageCode.SCHOOLING: C.SCHOOL,
        StageCode.EMPLOYMENT: C.WORK,
        StageCode.RIGHTS_SUPPORT: C.LEGAL,
        StageCode.REINTEGRATION_SUPPORT: C.REINTEGRATION,
        StageCode.GUARDIANSHIP: C.GUARDIANSHIP,
        StageCode.REPATRIATION: C.REPATRIATION,
        StageCode.FOLLOW_UP: C.FOLLOW_UP_NOTES,
    }
)
"""Where the records of each stage lie."""

NARROWER_RECORDS: Final[Mapping[tuple[StageCode, str], Compartment]] = MappingProxyType(
    {(StageCode.SHELTER, "placement"): C.SHELTER_ADDRESS}
)
"""Records that are read more narrowly than their stage."""

ROUTING_REMARKS: Final = frozenset({"route", "send_back", "hand_over", "refuse_hand_over"})
"""Moves whose words the owner needs in order to route."""


def record_compartments(stage: StageCode) -> frozenset[Compartment]:
    """Every compartment in which a record of this stage may lie."""
    narrower = {place for (code, _kind), place in NARROWER_RECORDS.items() if code is stage}
    return frozenset({STAGE_COMPARTMENTS[stage], *narrower})


def record_compartment(stage: StageCode, kind: str) -> Compartment:
    return NARROWER_RECORDS.get((stage, kind), STAGE_COMPARTMENTS[stage])


def remark_compartment(stage: StageCode, action: str) -> Compartment:
    """What was said with a move lies with the stage's records, except what routing needs."""
    return C.ROUTING_REMARKS if action in ROUTING_REMARKS else STAGE_COMPARTMENTS[stage]


def consent_compartment(stage: StageCode | None) -> Compartment:
    """What was said with a consent lies with the records of the stage that the purpose is part of."""
    return C.CONSENTS if stage is None else STAGE_COMPARTMENTS[stage]


def objection_compartment(kind: Objection) -> Compartment:
    """A complaint may be about the unit that answers; demands and reviews are for that unit to act on."""
    return C.COMPLAINTS if kind is Objection.COMPLAINT else C.OBJECTIONS
