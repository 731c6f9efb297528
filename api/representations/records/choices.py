"""Closed lists that several stages share."""

from enum import StrEnum


class HandoverPart(StrEnum):
    """Which side of a handover writes: who gives, or who receives."""

    GIVEN = "given"
    RECEIVED = "received"


class ReviewResult(StrEnum):
    """What a review by another body does to a decision."""

    UPHELD = "upheld"
    CHANGED = "changed"


class Relation(StrEnum):
    """What somebody is to the person, as far as the work turns on it."""

    MOTHER = "mother"
    FATHER = "father"
    BOTH_PARENTS = "both_parents"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER_RELATIVE = "other_relative"


class Grant(StrEnum):
    """How an application was decided."""

    GRANTED = "granted"
    REFUSED = "refused"


class ContactChannel(StrEnum):
    """How the person wants to be reached; they choose."""

    PHONE = "phone"
    MESSAGE = "message"
    VIDEO = "video"
    MEETING = "meeting"
    TRUSTED_PERSON = "trusted_person"


class CareDestination(StrEnum):
    """Where a person goes from shelter."""

    FAMILY = "family"
    KIN_CARE = "kin_care"
    FOSTER_CARE = "foster_care"
    OWN_HOME = "own_home"
    LONG_TERM_INSTITUTION = "long_term_institution"
    OTHER_SHELTER = "other_shelter"
    OWN_CHOICE = "own_choice"


class ExitDestination(StrEnum):
    """Where a person went from shelter; `absent` where nobody knows."""

    FAMILY = "family"
    KIN_CARE = "kin_care"
    FOSTER_CARE = "foster_care"
    OWN_HOME = "own_home"
    LONG_TERM_INSTITUTION = "long_term_institution"
    OTHER_SHELTER = "other_shelter"
    OWN_CHOICE = "own_choice"
    ABSENT = "absent"
