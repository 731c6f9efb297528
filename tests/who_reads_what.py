"""Who reads what, written down by hand from domain E, workflow 7 and trust B3: the tests hold the program's tables to it.

Nothing here is taken from the domain: a row that changes there and not here turns a test red.
"""

from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import Final


def named(words: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(words.split())


NO_CASES: Final = named(
    "PUB PLC UFWD CAC DRC FIN TRANSPORT AGRI RURAL CULTURE COMMERCE SAMR HOUSING MIIT SASAC CNWC WCC OFFICE"
)
CASES: Final = named(
    "EDU PSB CAB JUSTICE HRSS HEALTH FAO COURT PROC UNION YOUTH WOMEN DPF"
)  # the agencies whose units may work in a case
EVERYBODY: Final = CASES | NO_CASES
CASE_ROLES: Final = named(
    "intake caseworker supervisor liaison institution_staff lawyer advocate integration"
)
CHECKING_ROLES: Final = frozenset({"auditor", "data_protection_officer"})
EVERY_ROLE: Final = CASE_ROLES | CHECKING_ROLES | {"hotline", "administrator", "coordinator"}
RELATIONS: Final = (
    "owner", "joint_owner", "responsible", "attached", "invited", "waiting", "decides", "answers", "author", "at_work",
    "house", "school", "emergency", "auditor", "none",
)  # fmt: skip

_CASES: Final = " ".join(sorted(CASES))
_ALL_BUT_OFFICE: Final = " ".join(sorted(EVERYBODY - {"OFFICE"}))
_BESIDE: Final = "responsible attached invited waiting"

# compartment: (agencies, ways in which their unit stands to the thing)
READS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "identity": (
        ("CAB HEALTH DPF EDU HRSS UNION WOMEN JUSTICE", "at_work house"),
        ("PSB", "at_work"),
        ("EDU", "school"),
        (_CASES, "emergency"),
    ),
    "civil_status": (("CAB JUSTICE", "at_work house"), ("PSB", "at_work")),
    "documents": (("CAB HEALTH DPF JUSTICE", "at_work house"), ("PSB", "at_work")),
    "contact": (("CAB HRSS UNION WOMEN JUSTICE", "at_work house"), (_CASES, "emergency")),
    "contact_home": (("CAB WOMEN JUSTICE", "at_work house"), (_CASES, "emergency")),
    "situation": (("CAB", "at_work house"), ("PSB", "at_work"), (_CASES, "emergency")),
    "stay": (("CAB", "at_work house"), ("PSB", "at_work")),
    "stay_private": (("CAB", "at_work house"),),
    "account": (("CAB", "at_work house"), ("PSB", "at_work")),
    "owner_note": (("CAB PSB", "owner"),),
    "exploitation": (("CAB PSB", "at_work"),),
    "exploitation_note": (("CAB", "at_work"),),
    "support": (("CAB WOMEN JUSTICE", "at_work house"),),
    "death": (("CAB JUSTICE", "at_work house"), ("PSB", "at_work")),
    "identification": (("CAB PSB", "at_work"),),
    "age": (("CAB PSB", "at_work"),),
    "age_reasons": (("CAB", "at_work"),),
    "needs": (("CAB", "at_work house"), (_CASES, "author")),
    "will": (("CAB HRSS WOMEN", "at_work"),),
    "visitors": (("CAB JUSTICE", "at_work house"), ("PSB", "at_work")),
    "relatives": (("CAB PSB", "at_work"),),
    "relatives_wishes": (("CAB", "at_work"),),
    "police": (("PSB", "owner responsible"), (_CASES, "author")),
    "rescue": (("CAB PSB", "owner responsible"), (_CASES, "author")),
    "shelter": (("CAB", "owner responsible"), (_CASES, "author")),
    "shelter_address": (("CAB", "responsible"), (_CASES, "author"), (_CASES, "emergency")),
    "clinical": (("HEALTH DPF", "responsible"), (_CASES, "author")),
    "tracing": (("CAB PSB", "owner responsible"), (_CASES, "author")),
    "registration": (("CAB PSB", "owner responsible"), (_CASES, "author")),
    "school": (("EDU", "responsible"), ("CAB", "owner"), (_CASES, "author")),
    "work": (("HRSS", "responsible"), (_CASES, "author")),
    "legal": (("JUSTICE", "responsible"), (_CASES, "author")),
    "reintegration": (("CAB", "owner responsible"), ("JUSTICE HRSS", "responsible"), (_CASES, "author")),
    "guardianship": (("CAB", "owner responsible"), ("JUSTICE", "responsible"), (_CASES, "author")),
    "repatriation": (("CAB PSB", "owner responsible"), (_CASES, "author")),
    "follow_up_notes": (("CAB", "owner responsible"), (_CASES, "author")),
    "case_story": (("CAB PSB", "at_work"),),
    "stage_work": (("CAB PSB", "at_work"), (_CASES, _BESIDE)),
    "routing_remarks": (("CAB PSB", "owner"), (_CASES, "responsible")),
    "timeline": (("CAB PSB", "at_work"), (_CASES, _BESIDE)),
    "merges": (("CAB PSB", "owner joint_owner"),),
    "consents": (("CAB PSB", "owner"), (_CASES, "author")),
    "conflicts": (
        ("CAB PSB", "owner"),
        ("CAB", "responsible"),
        (" ".join(sorted(CASES - {"EDU"})), "decides"),
        (_CASES, "author"),
    ),
    "approvals": ((_CASES, "waiting author"),),
    "requests": ((_ALL_BUT_OFFICE, "waiting"), (_CASES, "author")),
    "report_message": ((_CASES, "at_work house"),),
    "reporter": ((_CASES, "answers"),),
    "objections": ((_CASES, "answers decides"),),
    "complaints": ((_CASES, "decides"),),
    "emergencies": ((" ".join(sorted(EVERYBODY)), "decides"),),
    "letters": ((_CASES, "decides"),),
    "legal_holds": ((" ".join(sorted(EVERYBODY)), "decides"),),
    "subject_copy": ((" ".join(sorted(EVERYBODY)), "decides"),),
}
PROTECTION: Final = named("legal_holds subject_copy")

# what is not read whatever else the unit is to the thing, unless its own unit wrote it
NEVER: Final[Mapping[str, frozenset[str]]] = {
    "PSB": named("clinical legal follow_up_notes work shelter_address"),
    "CAB": named("clinical legal"),
    "EDU": named(
        "police rescue shelter shelter_address clinical tracing registration work legal reintegration guardianship"
        " repatriation follow_up_notes exploitation exploitation_note identification visitors relatives relatives_wishes"
        " case_story situation stay account conflicts"
    ),
    "HEALTH": named("police rescue school work"),
    "HRSS": named(
        "exploitation exploitation_note identification visitors relatives relatives_wishes clinical situation"
        " contact_home civil_status stay_private"
    ),
    "JUSTICE": frozenset({"shelter_address"}),
}
NEVER_IN_A_HOUSE: Final = named("police exploitation exploitation_note identification")


@cache
def _given(agency: str, compartment: str) -> frozenset[str]:
    rows = READS[compartment]
    return frozenset(way for agencies, ways in rows if agency in agencies.split() for way in ways.split())


def is_read(role: str, agency: str, relations: Set[str], compartment: str) -> bool:
    """What the tables above say of somebody who reads for their case work."""
    given = _given(agency, compartment)
    if role not in _roles_of(compartment):
        return False
    if "author" in relations & given:
        return True
    never = NEVER.get(agency, frozenset()) | (NEVER_IN_A_HOUSE if "house" in relations else frozenset())
    # what an emergency gives is little enough: it is denied to nobody who comes by that way alone
    denied = compartment in never and bool(relations - {"emergency"})
    if role in CHECKING_ROLES and compartment == "timeline":
        return "auditor" in relations
    return bool(relations & given) and not denied


def _roles_of(compartment: str) -> frozenset[str]:
    """Case workers, and of those who check: everybody what they check, the officer of data protection what they hand out."""
    if compartment in PROTECTION:
        return CASE_ROLES - {"liaison", "advocate"} | {"data_protection_officer"}
    return CASE_ROLES | CHECKING_ROLES if compartment in ("timeline", "emergencies") else CASE_ROLES


_FRAME: Final = "case_story stage_work timeline"
_ALL: Final = " ".join(READS)

# purpose: (agencies that may name it, compartments that it reaches)
PURPOSES: Final[Mapping[str, tuple[str, str]]] = {
    "case_work": (" ".join(sorted(EVERYBODY)), _ALL),
    "emergency": (
        "PSB CAB HEALTH",
        f"{_FRAME} identity contact contact_home situation shelter_address report_message emergencies",
    ),
    "case_acceptance": (
        "PSB",
        f"{_FRAME} report_message reporter objections police identity situation",
    ),
    "identity_check": ("PSB", f"{_FRAME} identity documents tracing"),
    "rescue_handover": (
        "PSB CAB",
        f"{_FRAME} identity documents situation account rescue routing_remarks",
    ),
    "relief_registry": ("CAB", f"{_FRAME} identity documents situation shelter"),
    "notice_publication": ("CAB", f"{_FRAME} identity tracing consents"),
    "household_dossier": ("CAB PSB", f"{_FRAME} identity documents civil_status registration visitors"),
    "guardianship_decision": (
        "CAB JUSTICE COURT PROC",
        f"{_FRAME} identity age age_reasons visitors relatives relatives_wishes guardianship conflicts approvals",
    ),
    "adoption": ("CAB", f"{_FRAME} identity age visitors relatives guardianship"),
    "medical_care": ("HEALTH", f"{_FRAME} identity documents clinical"),
    "disability_grading": ("DPF", f"{_FRAME} identity documents clinical"),
    "school_enrolment": ("EDU", f"{_FRAME} identity school"),
    "employment_service": ("HRSS UNION WOMEN", f"{_FRAME} identity contact will work"),
    "legal_aid": (
        "JUSTICE",
        f"{_FRAME} identity documents contact contact_home civil_status support death legal",
    ),
    "audit": (" ".join(sorted(EVERYBODY)), "timeline"),
    "subject_access": (
        "CAB PSB",
        " ".join(sorted(set(READS) - {"reporter", "complaints", "objections", "police", "conflicts"})),
    ),
}


def is_read_for(purpose: str | None, role: str, agency: str, relations: Set[str], where: str) -> bool:
    """The same for a purpose; for one that nobody knows, or that is not this agency's, nothing."""
    agencies, reached = PURPOSES.get(purpose or "", ("", ""))
    named = agency in agencies.split() and where in reached.split()
    return named and is_read(role, agency, relations, where)


# what is narrow in each answer: the field as it stands in the JSON, and the compartment that it lies in
FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "CaseLine": dict.fromkeys(("number", "owner_unit_id", "owner_agency", "closing_reason"), "case_story"),
    "CaseAnswer": dict.fromkeys(
        (
            *("number", "owner_unit_id", "owner_agency", "closing_reason"),
            *("phase", "phase_name", "offered_unit_id"),
        ),
        "case_story",
    ),
    "StageAnswer": dict.fromkeys(("blockers", "victim"), "stage_work"),
    "RecordAnswer": {"body": "of the content"},
    "RemarkAnswer": {"said": "of the content"},
    "DifficultyAnswer": {
        "description": "of the content",
        **dict.fromkeys(("stage", "stage_id", "state", "state_name", "solved"), "elsewhere: stage_work"),
    },
    "ConsentDetails": {"said": "of the content"},
    "WithdrawnAnswer": {"had_been_shared": "consents"},
    "ObjectionAnswer": {"said": "of the content", "decided": "of the content"},
    "ConflictAnswer": {"reason": "conflicts"},
    "ApprovalAnswer": {"reason": "approvals"},
    "HoldAnswer": {"reason": "legal_holds", "released_because": "legal_holds"},
    "FoundPerson": {"name": "identity"},
    "ExportAnswer": {"known": "subject_copy"},
    "EmergencyAnswer": {"case_id": "elsewhere: emergencies", "reason": "emergencies"},
    "PersonInDanger": {
        "sections": "by member",
        "minor": "identity",
        "sleeps_at": "shelter_address",
    },
    "LetterAnswer": {"said": "letters", "answer": "letters"},
    "RequestAnswer": {"text": "requests", "words": "requests"},
    "ReportAnswer": {"message": "report_message", "reporter": "reporter"},
    "AsOfAnswer": {"case": "timeline"},
    "EntryAnswer": dict.fromkeys(
        ("kind", "happened_at", "late", "corrects", "what", "who", "values"), "timeline"
    ),
    "PastPersonAnswer": {"sections": "by member"},
    "VictimAnswer": {"minor": "identity", "merged_with": "merges", "sections": "by member"},
    "RelativeAnswer": {"fields": "by member"},
    "Revision": {},
}

PERSON: Final[Mapping[str, Mapping[str, str]]] = {
    "identity": {"identity": "name other_names birth_date lowest_age sex languages education"},
    "civil_status": {"civil_status": "gender marital_status number_of_children"},
    "documents": {"documents": "identity_number citizenship papers"},
    "contact": {"contact": "phone safe_contact safe_times safe_channels", "contact_home": "contact_home"},
    "situation": {
        "situation": "in_danger safe_place_tonight injured_or_ill apart_from_family identity_known household_registered"
        " nationality abroad"
    },
    "stay": {
        "stay": "status_explained_at status_explained_in request in_private asylum_seeker",
        "stay_private": "own_words pregnant served_population_basis",
    },
    "account": {"account": "liberty_at dependant_of", "owner_note": "note"},
    "exploitation": {
        "exploitation": "act means purpose domestic_offence_reference types methods_of_control method_of_recruitment"
        " relationship_to_trafficker age_when_trafficked freedom_of_movement end_of_exploitation",
        "exploitation_note": "note",
    },
    "support": {"support": "support_person support_person_contact advocate advocate_account_id"},
    "death": {"death": "document_number died_on"},
    "identification": {"identification": "status decided_by decided_at reasons"},
    "age": {"age": "outcome doubt evidence decided_at", "age_reasons": "reasons"},
    "needs": {
        "needs": "assessed_at language areas own_words by_agency unit_id individual household_family community structural"
    },
    "will": {"will": "willing own_words said_at in_private recorded_by"},
}
RELATIVE: Final[Mapping[str, str]] = {
    "visitors": "name relation role languages contact_allowed",
    "relatives": "phone contact proven suspect",
    "relatives_wishes": "wishes wishes_heard_alone",
}


def person_fields() -> Iterator[tuple[str, str, str]]:
    """Section, field and compartment of everything that is kept of a person."""
    for section, places in PERSON.items():
        for place, names in places.items():
            yield from ((section, name, place) for name in names.split())


def relative_fields() -> Iterator[tuple[str, str]]:
    """Field and compartment of everything that is kept of a relative."""
    for place, names in RELATIVE.items():
        yield from ((name, place) for name in names.split())


RECORDS: Final[Mapping[str, str]] = {
    "investigation": "police",
    "rescue": "rescue",
    "shelter": "shelter",
    "medical_care": "clinical",
    "family_tracing": "tracing",
    "household_registration": "registration",
    "schooling": "school",
    "employment": "work",
    "rights_support": "legal",
    "reintegration_support": "reintegration",
    "guardianship": "guardianship",
    "repatriation": "repatriation",
    "follow_up": "follow_up_notes",
}
"""Where the records of each stage lie; a placement in a shelter lies apart, with its address."""
