"""What every stage asks: consent before it begins, the right voice when it is declined, another agency where one must agree."""

from datetime import datetime
from typing import Final

from domain.consents import needs_consent
from domain.disproofs import disproved
from domain.facts import Facts, Requirement, child_heard, right_voice
from domain.openings import COMPULSORY_SCHOOL_AGES
from domain.people import Known
from domain.stages import StageCode
from domain.texts import Text


def _consent_given(facts: Facts) -> bool:
    purpose = needs_consent(facts.stage, facts.person)
    return purpose is None or purpose in facts.consents


def _never_declined_for_a_child(facts: Facts) -> bool:
    protected = facts.stage in (StageCode.RESCUE, StageCode.SHELTER, StageCode.GUARDIANSHIP)
    urgent = bool(facts.person and facts.person.situation.injured_or_ill is Known.YES)
    compulsory = facts.stage is StageCode.SCHOOLING and facts.probable_years in COMPULSORY_SCHOOL_AGES
    return not facts.minor or not (
        protected or compulsory or (facts.stage is StageCode.MEDICAL_CARE and urgent)
    )


def _not_asked_too_soon(facts: Facts) -> bool:
    """The person may change their mind on any day; nobody else asks again before the plan review."""
    if facts.move.get("by") == "person":
        return True
    return facts.offer_again_from is not None and facts.at >= facts.offer_again_from


def _person_told(facts: Facts) -> bool:
    told_at = facts.move.get("told_at")
    return isinstance(told_at, datetime) and told_at <= facts.at and bool(facts.move.get("told_how"))


ROWS: Final = (
    Requirement(
        None,
        "begin",
        "consent",
        Text(
            "本人（或有权代表的监护人）已同意",
            "the person, or the guardian who may speak for them, has consented",
        ),
        _consent_given,
        source="workflow 2, consent",
    ),
    Requirement(
        None,
        "decline",
        "said_by_the_person",
        Text(
            "成年人只能由本人拒绝；未成年人由安全的监护人或临时监护人代为表示",
            "an adult declines in person; for a child a safe or temporary guardian speaks",
        ),
        right_voice,
        source="workflow 2, decline",
    ),
    Requirement(
        None,
        "decline",
        "in_private",
        Text("成年人单独表示", "an adult said so in private"),
        lambda f: f.minor or f.move.get("in_private") is True,
        source="workflow 2, decline",
    ),
    Requirement(
        None,
        "decline",
        "child_heard",
        Text("已听取孩子本人意见", "the child was heard"),
        child_heard,
        source="workflow 2, decline",
    ),
    Requirement(
        None,
        "decline",
        "not_declined_for_a_child",
        Text(
            "不得替孩子拒绝解救、安置、紧急医疗、监护或义务教育",
            "nobody declines rescue, shelter, urgent care, guardianship or compulsory schooling for a child",
        ),
        _never_declined_for_a_child,
        (30, 31, 34, 36, 40),
    ),
    Requirement(
        None,
        "offer_again",
        "not_asked_too_soon",
        Text(
            "本人要求，或已到约定的、计划复查的日期",
            "the person asks for it, or the day of the next question or plan review has come",
        ),
        _not_asked_too_soon,
        source="workflow 2, offer_again",
    ),
    Requirement(
        None,
        "rule_out",
        "opening_fact_disproved",
        Text("开启该阶段的事实已有相反记录", "the fact that opens the stage is disproved on record"),
        lambda f: disproved(f.stage, f.person),
        source="workflow 2, rule_out",
    ),
    Requirement(
        None,
        "rule_out",
        "approved_by_another_agency",
        Text("另一机构已批准", "another agency has approved"),
        lambda f: "rule_out" in f.approved,
        source="workflow 2, rule_out",
    ),
    Requirement(
        None,
        "close_unmet",
        "approved_by_another_agency",
        Text("另一机构已批准", "another agency has approved"),
        lambda f: "close_unmet" in f.approved,
        source="workflow 2, close_unmet",
    ),
    Requirement(
        None,
        "close_unmet",
        "person_told",
        Text("已告知本人，并记录时间和方式", "the person was told; it is on record when and how"),
        _person_told,
        source="workflow 2, close_unmet",
    ),
)
