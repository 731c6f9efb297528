"""Who reads which compartment: one table of what is given, one of what is never given. Read with domain E and workflow 7.

A reader gets a compartment when a row of READS gives it to their role, their agency and one way in which their unit
stands to the thing, and no row of NEVER takes it away. What no row gives is not read.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.actors import AUDIT_ROLES, CASE_ROLES, PROTECTING_ROLES, Role
from domain.agencies import Agency
from domain.compartments import STAGE_COMPARTMENTS, Compartment
from domain.purposes import CASE_AGENCIES, EVERY_AGENCY, EVERYTHING

C = Compartment


class Relation(StrEnum):
    """How the reader's unit stands to the thing; a unit may stand to it in several ways."""

    OWNER = "owner"  # owns the case
    JOINT_OWNER = "joint_owner"  # owns one of two cases about the same person
    RESPONSIBLE = "responsible"  # holds the stage, or the guardianship that the thing is about
    ATTACHED = "attached"  # another lead of the stage's article
    INVITED = "invited"
    WAITING = "waiting"  # is offered it, or asked to approve or answer
    DECIDES = "decides"  # decides the objection or the conflict
    ANSWERS = "answers"  # answers the report
    AUTHOR = "author"  # wrote it, or asked it of the person
    AT_WORK = "at_work"  # an agency's own office with work in the file
    HOUSE = "house"  # an institution in which people live or are treated, with work in the file
    SCHOOL = "school"  # a school with work in the file
    EMERGENCY = "emergency"  # opened it for an hour, because somebody's life may hang on it
    AUDITOR = "auditor"  # checks the file's timeline
    NONE = "none"


R = Relation


@dataclass(frozen=True, slots=True)
class Row:
    """`id` is stable: answers that explain themselves name it. `why` is the ground in one line."""

    id: str
    relations: frozenset[Relation]
    agencies: frozenset[Agency]
    reads: frozenset[C]
    why: str
    roles: frozenset[Role] = CASE_ROLES


@dataclass(frozen=True, slots=True)
class Never:
    """What these readers do not get, however they stand to it, except what their own unit wrote down."""

    id: str
    denied: frozenset[C]
    why: str
    agencies: frozenset[Agency] = EVERY_AGENCY
    roles: frozenset[Role] = frozenset(Role)
    relations: frozenset[Relation] = frozenset(Relation) - {Relation.EMERGENCY}


def _these(*agencies: Agency) -> frozenset[Agency]:
    return frozenset(agencies)


def _standing(*relations: Relation) -> frozenset[Relation]:
    return frozenset(relations)


_CAB, _PSB, _JUSTICE = _these(Agency.CAB), _these(Agency.PSB), _these(Agency.JUSTICE)
RECORDS: Final = frozenset(STAGE_COMPARTMENTS.values()) - {C.REPORT_MESSAGE} | {C.SHELTER_ADDRESS}

_PERSON_AT_CAB: Final = frozenset(
    {
        *(C.IDENTITY, C.CIVIL_STATUS, C.DOCUMENTS, C.CONTACT, C.CONTACT_HOME, C.SITUATION, C.STAY),
        *(C.STAY_PRIVATE, C.ACCOUNT, C.SUPPORT, C.DEATH, C.NEEDS),
    }
)
_WHAT_HAPPENED: Final = frozenset({C.EXPLOITATION, C.EXPLOITATION_NOTE, C.IDENTIFICATION})
_FAMILY: Final = frozenset({C.VISITORS, C.RELATIVES, C.RELATIVES_WISHES})

READS: Final = (
    # --- the person ---
    Row(
        "person.civil_affairs",
        _standing(R.AT_WORK),
        _CAB,
        _PERSON_AT_CAB | _WHAT_HAPPENED | {C.AGE, C.AGE_REASONS, C.WILL},
        "civil affairs care for the whole person (Arts. 31, 38, 39, 40)",
    ),
    Row(
        "person.house",
        _standing(R.HOUSE),
        _CAB,
        _PERSON_AT_CAB,
        "a house learns how to care, not what was done or decided (Art. 31)",
    ),
    Row(
        "person.police",
        _standing(R.AT_WORK),
        _PSB,
        frozenset(
            {
                *(C.IDENTITY, C.CIVIL_STATUS, C.DOCUMENTS, C.SITUATION, C.STAY, C.ACCOUNT),
                *(C.EXPLOITATION, C.IDENTIFICATION, C.AGE, C.DEATH),
            }
        ),
        "police investigate, rescue and find out who somebody is (Arts. 25, 30, 32, 33)",
    ),
    Row(
        "person.treatment",
        _standing(R.AT_WORK, R.HOUSE),
        _these(Agency.HEALTH, Agency.DPF),
        frozenset({C.IDENTITY, C.DOCUMENTS}),
        "whom they treat or grade (Art. 34)",
    ),
    Row(
        "person.pupil",
        _standing(R.AT_WORK, R.HOUSE, R.SCHOOL),
        _these(Agency.EDU),
        frozenset({C.IDENTITY}),
        "whom they teach, not why (Art. 36)",
    ),
    Row(
        "person.work",
        _standing(R.AT_WORK, R.HOUSE),
        _these(Agency.HRSS, Agency.UNION),
        frozenset({C.IDENTITY, C.CONTACT}),
        "whom they advise, and how to reach them (Art. 37)",
    ),
    Row(
        "person.will",
        _standing(R.AT_WORK),
        _these(Agency.HRSS, Agency.WOMEN),
        frozenset({C.WILL}),
        "what the person wants of work, in their own words (Art. 37)",
    ),
    Row(
        "person.womens_federation",
        _standing(R.AT_WORK, R.HOUSE),
        _these(Agency.WOMEN),
        frozenset({C.IDENTITY, C.CONTACT, C.CONTACT_HOME, C.SUPPORT}),
        "they stand by the person (Arts. 37, 38, 39)",
    ),
    Row(
        "person.client",
        _standing(R.AT_WORK, R.HOUSE),
        _JUSTICE,
        frozenset(
            {
                *(C.IDENTITY, C.CIVIL_STATUS, C.DOCUMENTS, C.CONTACT, C.CONTACT_HOME),
                *(C.SUPPORT, C.DEATH),
            }
        ),
        "whom they stand for in law (Arts. 35, 38)",
    ),
    # --- the family ---
    Row(
        "family.civil_affairs", _standing(R.AT_WORK), _CAB, _FAMILY, "family and guardianship (Arts. 32, 40)"
    ),
    Row(
        "family.police",
        _standing(R.AT_WORK),
        _PSB,
        frozenset({C.VISITORS, C.RELATIVES}),
        "police trace relatives and say who is suspect (Arts. 26, 32)",
    ),
    Row(
        "family.at_the_door",
        _standing(R.HOUSE),
        _CAB,
        frozenset({C.VISITORS}),
        "who may visit, not why somebody may not (Art. 31)",
    ),
    Row(
        "family.client",
        _standing(R.AT_WORK, R.HOUSE),
        _JUSTICE,
        frozenset({C.VISITORS}),
        "whose kin the client is (Arts. 35, 40)",
    ),
    # --- the stages ---
    Row(
        "stage.own",
        _standing(R.RESPONSIBLE),
        CASE_AGENCIES,
        frozenset({C.ROUTING_REMARKS, C.STAGE_WORK, C.TIMELINE}),
        "a unit follows the stage that it holds (Art. 20)",
    ),
    Row(
        "stage.own_police",
        _standing(R.RESPONSIBLE),
        _PSB,
        frozenset({C.POLICE, C.RESCUE, C.TRACING, C.REGISTRATION, C.REPATRIATION}),
        "the records of the stages that police may hold (Arts. 25, 30, 32, 33, 47)",
    ),
    Row(
        "stage.own_civil_affairs",
        _standing(R.RESPONSIBLE),
        _CAB,
        frozenset(
            {
                *(C.RESCUE, C.SHELTER, C.SHELTER_ADDRESS, C.TRACING, C.REGISTRATION, C.REINTEGRATION),
                *(C.GUARDIANSHIP, C.REPATRIATION, C.FOLLOW_UP_NOTES),
            }
        ),
        "the records of the stages that civil affairs may hold; a shelter's address is for the house that holds it"
        " (Arts. 30-33, 38-40, 47)",
    ),
    Row(
        "stage.own_clinic",
        _standing(R.RESPONSIBLE),
        _these(Agency.HEALTH, Agency.DPF),
        frozenset({C.CLINICAL}),
        "treatment and grading (Art. 34)",
    ),
    Row(
        "stage.own_school",
        _standing(R.RESPONSIBLE),
        _these(Agency.EDU),
        frozenset({C.SCHOOL}),
        "schooling (Art. 36)",
    ),
    Row(
        "stage.own_employment",
        _standing(R.RESPONSIBLE),
        _these(Agency.HRSS),
        frozenset({C.WORK, C.REINTEGRATION}),
        "training and work (Arts. 37, 38)",
    ),
    Row(
        "stage.own_lawyer",
        _standing(R.RESPONSIBLE),
        _JUSTICE,
        frozenset({C.LEGAL, C.REINTEGRATION, C.GUARDIANSHIP}),
        "rights, and guardianship in law (Arts. 35, 38, 40)",
    ),
    Row(
        "stage.beside",
        _standing(R.ATTACHED, R.INVITED, R.WAITING),
        CASE_AGENCIES,
        frozenset({C.STAGE_WORK, C.TIMELINE}),
        "who is attached, invited or offered it learns where it stands, and reads no record of others",
    ),
    Row(
        "stage.owner_civil_affairs",
        _standing(R.OWNER),
        _CAB,
        frozenset(
            {
                *(C.RESCUE, C.SHELTER, C.TRACING, C.REGISTRATION, C.SCHOOL, C.REINTEGRATION),
                *(C.GUARDIANSHIP, C.REPATRIATION, C.FOLLOW_UP_NOTES),
            }
        ),
        "the owner reads what care consists of; no clinic, no lawyer, no workplace, no address (Arts. 31-40)",
    ),
    Row(
        "stage.owner_police",
        _standing(R.OWNER),
        _PSB,
        frozenset({C.POLICE, C.RESCUE, C.TRACING, C.REGISTRATION, C.REPATRIATION}),
        "the owner reads police work only (Arts. 25, 30, 32, 33, 47)",
    ),
    # --- the case ---
    Row(
        "case.whole",
        _standing(R.AT_WORK),
        _CAB | _PSB,
        frozenset({C.CASE_STORY, C.STAGE_WORK, C.TIMELINE}),
        "the two agencies that own cases see which stages a person has (Arts. 30, 39)",
    ),
    Row(
        "case.owner",
        _standing(R.OWNER),
        _CAB | _PSB,
        frozenset({C.OWNER_NOTE, C.ROUTING_REMARKS, C.CONSENTS, C.CONFLICTS, C.MERGES}),
        "the owner steers the case (Art. 20)",
    ),
    Row(
        "case.joint_owner",
        _standing(R.JOINT_OWNER),
        _CAB | _PSB,
        frozenset({C.MERGES}),
        "while there are two files about one person, what is for the owner of one is for nobody (workflow 4, rule 11)",
    ),
    Row(
        "case.own_words",
        _standing(R.AUTHOR),
        CASE_AGENCIES,
        RECORDS | {C.CONSENTS, C.NEEDS, C.CONFLICTS, C.APPROVALS, C.REQUESTS},
        "a unit reads again what it wrote down or asked itself",
    ),
    Row(
        "case.conflict_of_a_guardian",
        _standing(R.RESPONSIBLE),
        _CAB,
        frozenset({C.CONFLICTS}),
        "who answers for the child's guardianship (Art. 40; workflow 4, rule 3)",
    ),
    Row(
        "case.asked_to_approve",
        _standing(R.WAITING),
        CASE_AGENCIES,
        frozenset({C.APPROVALS}),
        "nobody approves what they are not told",
    ),
    Row(
        "request.asked",
        _standing(R.WAITING),
        EVERY_AGENCY - {Agency.OFFICE},
        frozenset({C.REQUESTS}),
        "what is needed and by when, naming nobody (domain A.4)",
    ),
    # --- a report ---
    Row(
        "report.at_work",
        _standing(R.AT_WORK, R.HOUSE),
        CASE_AGENCIES,
        frozenset({C.REPORT_MESSAGE}),
        "who has work on a report reads what it says (Art. 44)",
    ),
    Row(
        "report.answers",
        _standing(R.ANSWERS),
        CASE_AGENCIES,
        frozenset({C.REPORTER, C.OBJECTIONS}),
        "who reported is for the unit that answers alone (Criminal Procedure Law, 111)",
    ),
    Row(
        "report.decides",
        _standing(R.DECIDES),
        CASE_AGENCIES,
        frozenset({C.OBJECTIONS, C.COMPLAINTS, C.CONFLICTS}),
        "who decides an objection or a conflict reads it",
    ),
    # --- in an emergency ---
    Row(
        "emergency.open",
        _standing(R.EMERGENCY),
        CASE_AGENCIES,
        frozenset({C.IDENTITY, C.CONTACT, C.CONTACT_HOME, C.SITUATION, C.SHELTER_ADDRESS}),
        "who and where the people are, how to reach them, what threatens them; the address for a danger call (domain E)",
    ),
    Row(
        "emergency.told",
        _standing(R.DECIDES),
        EVERY_AGENCY,
        frozenset({C.EMERGENCIES}),
        "who asked for it, and who looks at it afterwards",
        roles=CASE_ROLES | AUDIT_ROLES,
    ),
    Row(
        "letters.answered",
        _standing(R.DECIDES),
        CASE_AGENCIES,
        frozenset({C.LETTERS}),
        "who answers a letter reads it",
    ),
    # --- personal data law ---
    Row(
        "protection.asked",
        _standing(R.DECIDES),
        EVERY_AGENCY,
        frozenset({C.LEGAL_HOLDS, C.SUBJECT_COPY}),
        "who holds an erasure back, or hands somebody what is known of them (PIPL 45, 47; not read)",
        roles=PROTECTING_ROLES,
    ),
    # --- who checks ---
    Row(
        "audit.timeline",
        _standing(R.AUDITOR),
        EVERY_AGENCY,
        frozenset({C.TIMELINE}),
        "auditors read the chain of steps, and no value in it (Art. 22)",
        roles=AUDIT_ROLES,
    ),
)

NEVER: Final = (
    Never(
        "never.police",
        frozenset({C.CLINICAL, C.LEGAL, C.FOLLOW_UP_NOTES, C.WORK, C.SHELTER_ADDRESS}),
        "police read no health, no lawyer's work, no contact note, no workplace, no shelter's address",
        agencies=_PSB,
    ),
    Never(
        "never.civil_affairs",
        frozenset({C.CLINICAL, C.LEGAL}),
        "caseworkers read no clinic's and no lawyer's notes",
        agencies=_CAB,
    ),
    Never(
        "never.school",
        RECORDS - {C.SCHOOL}
        | _WHAT_HAPPENED
        | _FAMILY
        | {C.CASE_STORY, C.SITUATION, C.STAY, C.ACCOUNT, C.CONFLICTS},
        "a school learns nothing of why the child is in care, of the case, of the parents, of other stages",
        agencies=_these(Agency.EDU),
    ),
    Never(
        "never.hospital",
        frozenset({C.POLICE, C.RESCUE, C.SCHOOL, C.WORK}),
        "a hospital reads nothing of the police, of school or of work",
        agencies=_these(Agency.HEALTH),
    ),
    Never(
        "never.house",
        _WHAT_HAPPENED | {C.POLICE},
        "the staff of a house see nothing of the investigation",
        relations=_standing(R.HOUSE),
    ),
    Never(
        "never.employment",
        _WHAT_HAPPENED | _FAMILY | {C.CLINICAL, C.SITUATION, C.CONTACT_HOME, C.CIVIL_STATUS, C.STAY_PRIVATE},
        "an employment counsellor sees no history of exploitation, no health, no family",
        agencies=_these(Agency.HRSS),
    ),
    Never(
        "never.lawyer",
        frozenset({C.SHELTER_ADDRESS}),
        "a lawyer works without the shelter's address",
        agencies=_JUSTICE,
    ),
    Never(
        "never.auditor",
        EVERYTHING - {C.TIMELINE, C.LEGAL_HOLDS, C.SUBJECT_COPY, C.EMERGENCIES},
        "who checks sees no names and no content",
        roles=AUDIT_ROLES,
    ),
    Never(
        "never.without_cases",
        EVERYTHING,
        "hotline, administrators and coordinators read nobody's case",
        roles=frozenset({Role.HOTLINE, Role.ADMINISTRATOR, Role.COORDINATOR}),
    ),
)
