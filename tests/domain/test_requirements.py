"""What each move and record needs: every requirement met and unmet, and which of them are asked when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.agencies import Agency
from domain.people import Age, Known, Person, Situation
from domain.requirements import REQUIREMENTS, Facts, Record, Requirement, blockers, unmet, unmet_to_close
from domain.stages import RECORD_KINDS, StageCode, StageState

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


def person(
    years: int | None = None, *, lowest: int | None = None, hurt: Known = Known.UNKNOWN, willing: bool = False
) -> Person:
    birth = None if years is None else TODAY.replace(year=TODAY.year - years)
    return Person(TODAY, Age(birth, lowest), Situation(injured_or_ill=hurt), willing_to_work=willing)


ADULT, TEN, FIVE, SIXTEEN, FIFTEEN = person(30), person(10), person(5), person(16), person(15)
AGE_UNKNOWN, AT_LEAST_18, AT_LEAST_17 = person(), person(lowest=18), person(lowest=17)
DECIDED_ADULT = Person(TODAY, Age(lowest=17, decided_adult=True))
HURT_ADULT, HURT_CHILD = person(30, hurt=Known.YES), person(10, hurt=Known.YES)


@dataclass(frozen=True, slots=True)
class Given:
    """What is known when a move is asked for; the stage comes with the row."""

    person: Person | None = ADULT
    records: Sequence[Record] = ()
    consents: frozenset[str] = frozenset()
    approved: frozenset[str] = frozenset()
    guardian: str = "unknown"
    guardian_conflict: bool = False
    finding: Mapping[str, object] = field(default_factory=dict)
    move: Mapping[str, object] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def on(self, stage: StageCode) -> Facts:
        return Facts(
            stage,
            self.person,
            at=NOW,
            records=self.records,
            approved=self.approved,
            guardian=self.guardian,
            guardian_conflict=self.guardian_conflict,
            finding=self.finding,
            move=self.move,
            **{"consents": dict.fromkeys(self.consents, NOW), **self.more},
        )


def wrote(kind: str, by: str = "CAB", **body: object) -> Record:
    return Record(kind, Agency(by), body)


def recorded(*records: Record, who: Person = ADULT, guardian: str = "unknown") -> Given:
    return Given(who, records=records, guardian=guardian)


def said(who: Person = ADULT, guardian: str = "unknown", **move: object) -> Given:
    return Given(who, guardian=guardian, move=move)


def agreed(purpose: str, who: Person = ADULT) -> Given:
    return Given(who, consents=frozenset({purpose}))


def approved(action: str) -> Given:
    return Given(approved=frozenset({action}))


def found(**finding: object) -> Given:
    return Given(finding=finding)


def in_question(
    who: Person = TEN, *records: Record, guardian: str = "temporary_cab", **move: object
) -> Given:
    return Given(who, records=records, guardian=guardian, guardian_conflict=True, move=move)


def asked_for(kind_of_work: str = "ordinary", who: Person = ADULT, **body: object) -> Given:
    """An offer or a placement about to be written down, with whatever else is known."""
    return Given(who, consents=frozenset({"employment"}), move={"work_kind": kind_of_work, **body})


def moving_away(**body: object) -> Given:
    return Given(move={"place_elsewhere": True, "accepted": "yes", **body})


def agreed_to_move(days_ago: float, **body: object) -> Given:
    since = {"consents": {"relocation": NOW - timedelta(days=days_ago)}}
    return Given(move={"place_elsewhere": True, **body}, more=since)


def with_stages(given: Given, **states: str) -> Given:
    return replace(
        given, more={**given.more, "stages": {StageCode(code): state for code, state in states.items()}}
    )


NONE = Given()
REVOKED = wrote("court_order", decision="guardianship_revoked")
RESTORED = wrote("court_order", decision="guardianship_restored")
CLEARED = wrote("reunion_assessment", outcome="cleared", relatives_not_suspects="yes", child_heard=True)
ENROLLED = wrote("enrolment", "EDU", enrolled_on="2025-09-01")
PLACED = wrote("placement", "HRSS", started_on="2025-09-01")
CLAIM, CLOSED = wrote("claim", "JUSTICE", reference="1"), wrote("claim_closed", "JUSTICE", reference="1")
EXPLAINED = wrote("rights_information", "JUSTICE", language="zh", understood="yes")
TOLD = wrote("assessment", "HRSS", guardian_informed_on="2026-02-01")
DIFFICULTY, OF_SCHOOL = wrote("difficulty"), wrote("difficulty", stage="schooling")
PLANNED = wrote("contact_plan", months=[1, 3])
NOT_FILED = wrote("filing_decision", "PSB", decision="not_filed")

# stage, action, code, what does not suffice, what does. The first row of a code is its plainest.
ROWS: list[tuple[str, str, str, Given, Given]] = [
    ("shelter", "begin", "consent", NONE, agreed("shelter")),
    ("shelter", "begin", "consent", agreed("medical_care"), Given(TEN)),
    ("medical_care", "begin", "consent", NONE, agreed("medical_care")),
    ("medical_care", "begin", "consent", Given(TEN), Given(HURT_ADULT)),
    ("medical_care", "begin", "consent", Given(person(30, hurt=Known.NO)), Given(HURT_CHILD)),
    ("family_tracing", "begin", "consent", NONE, agreed("family_tracing")),
    ("family_tracing", "begin", "consent", agreed("publication"), Given(AGE_UNKNOWN)),
    ("employment", "begin", "consent", NONE, agreed("employment")),
    ("reintegration_support", "begin", "consent", NONE, agreed("reintegration_support")),
    ("repatriation", "begin", "consent", agreed("embassy_contact"), agreed("repatriation")),
    ("repatriation", "begin", "consent", Given(TEN), agreed("repatriation", TEN)),
    ("follow_up", "begin", "consent", NONE, agreed("follow_up")),
    ("shelter", "decline", "said_by_the_person", NONE, said(said_by="self")),
    (
        "shelter",
        "decline",
        "said_by_the_person",
        said(said_by="safe_guardian", guardian="safe"),
        said(said_by="self"),
    ),
    (
        "rights_support",
        "decline",
        "said_by_the_person",
        said(TEN, said_by="self"),
        said(TEN, "temporary_cab", said_by="temporary_guardian"),
    ),
    (
        "rights_support",
        "decline",
        "said_by_the_person",
        said(TEN, "conflict", said_by="safe_guardian"),
        said(TEN, "safe", said_by="safe_guardian"),
    ),
    (
        "rights_support",
        "decline",
        "said_by_the_person",
        said(TEN, "unknown", said_by="safe_guardian"),
        said(TEN, "kin_care", said_by="safe_guardian"),
    ),
    ("follow_up", "decline", "in_private", said(), said(in_private=True)),
    ("follow_up", "decline", "in_private", said(in_private="yes"), said(TEN)),
    ("follow_up", "decline", "child_heard", said(TEN), said(TEN, child_heard=True)),
    ("follow_up", "decline", "child_heard", said(TEN, child_heard="yes"), NONE),
    ("rescue", "decline", "not_declined_for_a_child", Given(TEN), NONE),
    ("shelter", "decline", "not_declined_for_a_child", Given(TEN), NONE),
    ("guardianship", "decline", "not_declined_for_a_child", Given(AT_LEAST_18), Given(DECIDED_ADULT)),
    ("medical_care", "decline", "not_declined_for_a_child", Given(HURT_CHILD), Given(HURT_ADULT)),
    ("medical_care", "decline", "not_declined_for_a_child", Given(HURT_CHILD), Given(TEN)),
    ("schooling", "decline", "not_declined_for_a_child", Given(TEN), Given(SIXTEEN)),
    ("schooling", "decline", "not_declined_for_a_child", Given(FIFTEEN), Given(FIVE)),
    ("schooling", "offer_again", "not_asked_too_soon", said(by="plan_review"), said(by="person")),
    (
        "schooling",
        "offer_again",
        "not_asked_too_soon",
        Given(move={"by": "plan_review"}, more={"offer_again_from": NOW + timedelta(seconds=1)}),
        Given(move={"by": "plan_review"}, more={"offer_again_from": NOW}),
    ),
    (
        "schooling",
        "offer_again",
        "not_asked_too_soon",
        said(),
        Given(move={"by": "person"}, more={"offer_again_from": NOW + timedelta(days=29)}),
    ),
    ("schooling", "close_unmet", "person_told", said(told_at=NOW), said(told_at=NOW, told_how="当面")),
    (
        "schooling",
        "close_unmet",
        "person_told",
        said(told_at=NOW + timedelta(hours=1), told_how="当面"),
        said(told_at=NOW - timedelta(hours=1), told_how="电话"),
    ),
    ("rescue", "rule_out", "approved_by_another_agency", approved("close_unmet"), approved("rule_out")),
    ("schooling", "close_unmet", "approved_by_another_agency", approved("rule_out"), approved("close_unmet")),
    (
        "investigation",
        "complete",
        "proceedings_ended",
        NONE,
        recorded(wrote("proceeding_reference", "PSB", status="ended")),
    ),
    (
        "investigation",
        "complete",
        "proceedings_ended",
        recorded(wrote("proceeding_reference", "PSB", status="running")),
        recorded(wrote("proceeding_reference", "PSB", status="transferred")),
    ),
    (
        "investigation",
        "complete",
        "proceedings_ended",
        recorded(NOT_FILED, wrote("reconsideration", "PSB", outcome="upheld")),
        recorded(NOT_FILED, wrote("higher_review", "PSB", outcome="upheld")),
    ),
    (
        "investigation",
        "complete",
        "proceedings_ended",
        recorded(NOT_FILED, wrote("higher_review", "PSB", outcome="overturned")),
        recorded(wrote("withdrawn", "PSB")),
    ),
    (
        "investigation",
        "complete",
        "proceedings_ended",
        recorded(wrote("finding", "PSB", outcome="not_established")),
        recorded(wrote("withdrawn", "PSB")),
    ),
    (
        "rescue",
        "complete",
        "handover_received",
        recorded(wrote("handover", "PSB", part="given")),
        recorded(wrote("handover", part="received")),
    ),
    (
        "rescue",
        "complete",
        "needs_screen_done",
        recorded(wrote("handover", part="received", needs_screen_done=False)),
        recorded(wrote("handover", part="received", needs_screen_done=True)),
    ),
    (
        "rescue",
        "decline",
        "in_private_with_interpreter",
        said(in_private=True),
        said(in_private=True, independent_interpreter=True),
    ),
    (
        "rescue",
        "decline",
        "in_private_with_interpreter",
        said(in_private=False, independent_interpreter=True),
        said(in_private=True, independent_interpreter=True),
    ),
    ("rescue", "decline", "women_or_cab_present", said(present=["PSB"]), said(present=["WOMEN"])),
    (
        "rescue",
        "decline",
        "women_or_cab_present",
        said(present="WOMEN"),
        said(present=[Agency.PSB, Agency.CAB]),
    ),
    ("rescue", "decline", "date_to_ask_again", said(ask_again_on=None), said(ask_again_on="2026-04-12")),
    (
        "rescue",
        "rule_out",
        "seen_safe_in_private",
        found(outcome="already_safe", seen_in_private=False),
        found(outcome="already_safe", seen_in_private=True),
    ),
    (
        "rescue",
        "rule_out",
        "seen_safe_in_private",
        found(outcome="not_established", seen_in_private=True),
        found(outcome="already_safe", seen_in_private=True),
    ),
    (
        "shelter",
        "complete",
        "safe_exit",
        recorded(wrote("exit", safe="unknown")),
        recorded(wrote("exit", safe="yes")),
    ),
    (
        "shelter",
        "complete",
        "safe_exit",
        recorded(wrote("exit", safe="no", destination="own_choice"), who=TEN),
        recorded(wrote("exit", safe="no", destination="own_choice")),
    ),
    (
        "shelter",
        "complete",
        "safe_exit",
        recorded(wrote("exit", safe="yes"), wrote("exit", safe="no")),
        recorded(wrote("exit", safe="no"), wrote("exit", safe="yes")),
    ),
    (
        "shelter",
        "complete",
        "guardianship_before_exit",
        Given(TEN, guardian="conflict"),
        Given(TEN, guardian="safe"),
    ),
    ("shelter", "complete", "guardianship_before_exit", Given(TEN), Given(ADULT)),
    (
        "medical_care",
        "complete",
        "discharged",
        recorded(wrote("attendance", "HEALTH")),
        recorded(wrote("discharge", "HEALTH")),
    ),
    *(
        (
            "medical_care",
            "complete",
            "grading_settled",
            recorded(wrote("disability_grading", "DPF", status=open_status)),
            settled,
        )
        for open_status, settled in (
            ("applied", NONE),
            ("disputed", recorded(wrote("disability_grading", "DPF", status="certified"))),
            ("disputed", recorded(wrote("disability_grading", "DPF", status="dispute_decided"))),
            ("applied", recorded(wrote("disability_grading", "DPF", status="not_wanted"))),
        )
    ),
    ("family_tracing", "complete", "tracing_ended", NONE, recorded(wrote("reunion"))),
    (
        "family_tracing",
        "complete",
        "tracing_ended",
        recorded(CLEARED),
        recorded(wrote("reunion_assessment", outcome="refused")),
    ),
    (
        "family_tracing",
        "complete",
        "tracing_ended",
        recorded(wrote("not_found_certificate", "PSB", months=1)),
        recorded(wrote("not_found_certificate", "PSB", months=12)),
    ),
    (
        "family_tracing",
        "complete",
        "tracing_ended",
        recorded(wrote("match_report", "PSB", matched=True)),
        recorded(wrote("not_found_certificate", "PSB", months=12)),
    ),
    (
        "family_tracing",
        "record:reunion",
        "assessment_cleared",
        recorded(CLEARED, wrote("reunion_assessment", outcome="refused")),
        recorded(CLEARED),
    ),
    (
        "family_tracing",
        "record:reunion",
        "relatives_not_suspects",
        recorded(wrote("reunion_assessment", relatives_not_suspects="unknown")),
        recorded(CLEARED),
    ),
    (
        "family_tracing",
        "record:reunion",
        "child_heard",
        recorded(wrote("reunion_assessment", child_heard=False), who=TEN),
        recorded(CLEARED, who=TEN),
    ),
    ("family_tracing", "record:reunion", "child_heard", Given(TEN), Given(ADULT)),
    (
        "family_tracing",
        "record:reunion",
        "guardianship_before_reunion",
        Given(AT_LEAST_17, guardian="conflict"),
        Given(TEN, guardian="temporary_cab"),
    ),
    (
        "household_registration",
        "complete",
        "registered",
        recorded(wrote("submission")),
        recorded(wrote("registration", "PSB")),
    ),
    (
        "household_registration",
        "complete",
        "benefit_decided",
        recorded(wrote("registration", "PSB")),
        recorded(wrote("benefit_decision")),
    ),
    (
        "schooling",
        "complete",
        "attending_or_completed",
        recorded(ENROLLED, wrote("attendance_check", "EDU", checked_on="2025-11-29", attending=True)),
        recorded(ENROLLED, wrote("attendance_check", "EDU", checked_on="2025-11-30", attending=True)),
    ),
    (
        "schooling",
        "complete",
        "attending_or_completed",
        recorded(ENROLLED, wrote("attendance_check", "EDU", checked_on="2025-12-30", attending=False)),
        recorded(wrote("attendance_check", "EDU", checked_on="2025-09-30", course_completed=True)),
    ),
    (
        "schooling",
        "complete",
        "attending_or_completed",
        recorded(wrote("attendance_check", "EDU", checked_on="2025-12-30", attending=True)),
        recorded(
            ENROLLED, wrote("attendance_check", "EDU", checked_on="2025-12-30T08:00:00+08:00", attending=True)
        ),
    ),
    ("employment", "begin", "of_working_age", Given(FIFTEEN), Given(SIXTEEN)),
    ("employment", "begin", "of_working_age", Given(AT_LEAST_18), Given(ADULT)),
    ("employment", "begin", "of_working_age", Given(None), Given(ADULT)),
    ("employment", "begin", "willing", Given(ADULT), Given(person(30, willing=True))),
    (
        "employment",
        "begin",
        "guardian_informed",
        Given(SIXTEEN),
        recorded(TOLD, who=SIXTEEN, guardian="temporary_cab"),
    ),
    (
        "employment",
        "begin",
        "guardian_informed",
        Given(SIXTEEN, guardian="safe"),
        recorded(TOLD, who=SIXTEEN, guardian="safe"),
    ),
    (
        "employment",
        "begin",
        "guardian_informed",
        recorded(TOLD, who=SIXTEEN, guardian="conflict"),
        Given(ADULT),
    ),
    *(
        ("employment", step, "of_working_age", Given(who), Given(SIXTEEN))
        for step in ("record:training", "record:job_offer", "record:placement")
        for who in (FIFTEEN, TEN, AGE_UNKNOWN, AT_LEAST_17)
    ),
    *(
        ("employment", step, "consent_in_force", agreed("relocation"), agreed("employment"))
        for step in ("record:training", "record:job_offer", "record:placement")
    ),
    *(
        ("employment", step, "permitted_under_18", asked_for(work, who=young), asked_for(work))
        for step in ("record:job_offer", "record:placement")
        for work in ("mine_or_underground", "toxic_or_harmful", "heaviest_labour", "bar_or_entertainment")
        for young in (SIXTEEN, person(17))
    ),
    (
        "employment",
        "record:placement",
        "permitted_under_18",
        asked_for("bar_or_entertainment", who=person(17)),
        asked_for("ordinary", who=SIXTEEN),
    ),
    (
        "employment",
        "record:placement",
        "health_check_under_18",
        asked_for(who=SIXTEEN),
        asked_for(who=SIXTEEN, health_check_arranged=True),
    ),
    ("employment", "record:placement", "health_check_under_18", asked_for(who=person(17)), asked_for()),
    *(
        ("employment", step, "relocation_agreed", moving_away(), agreed_to_move(0))
        for step in ("record:job_offer", "record:placement")
    ),
    *(
        ("employment", step, "relocation_thought_over", agreed_to_move(6.99), agreed_to_move(7))
        for step in ("record:job_offer", "record:placement")
    ),
    ("employment", "record:job_offer", "relocation_agreed", moving_away(), moving_away(accepted="unknown")),
    ("employment", "record:job_offer", "relocation_thought_over", moving_away(), moving_away(accepted="no")),
    ("employment", "record:placement", "relocation_thought_over", moving_away(), said(place_elsewhere=False)),
    (
        "employment",
        "complete",
        "privately_checked",
        recorded(PLACED, wrote("private_check", "HRSS", checked_on="2025-12-30")),
        recorded(PLACED, wrote("private_check", "WOMEN", checked_on="2025-12-30")),
    ),
    (
        "employment",
        "complete",
        "privately_checked",
        recorded(PLACED, wrote("private_check", "UNION", checked_on="2025-11-29")),
        recorded(PLACED, wrote("private_check", "UNION", checked_on="2025-11-30")),
    ),
    ("employment", "complete", "privately_checked", recorded(PLACED), recorded(wrote("stopped", "HRSS"))),
    (
        "rights_support",
        "complete",
        "rights_explained",
        recorded(wrote("aid_application", "JUSTICE")),
        recorded(EXPLAINED),
    ),
    (
        "rights_support",
        "complete",
        "rights_explained",
        recorded(wrote("rights_information", "JUSTICE", language="zh", understood="no")),
        recorded(EXPLAINED),
    ),
    (
        "rights_support",
        "complete",
        "rights_explained",
        replace(recorded(EXPLAINED), more={"languages": frozenset({"vi"})}),
        replace(recorded(EXPLAINED), more={"languages": frozenset({"vi", "zh-Hans"})}),
    ),
    ("schooling", "begin", "wished_beyond_compulsory_years", Given(FIVE), agreed("schooling", FIVE)),
    ("schooling", "begin", "wished_beyond_compulsory_years", Given(SIXTEEN), Given(FIFTEEN)),
    ("schooling", "begin", "wished_beyond_compulsory_years", Given(ADULT), Given(AGE_UNKNOWN)),
    ("rights_support", "complete", "claims_closed", recorded(CLAIM), recorded(CLAIM, CLOSED)),
    (
        "rights_support",
        "complete",
        "claims_closed",
        recorded(CLAIM, wrote("claim", "JUSTICE", reference="2"), CLOSED),
        NONE,
    ),
    (
        "reintegration_support",
        "complete",
        "goals_settled",
        recorded(wrote("review", outcome="goals_met"), wrote("review", outcome="continue")),
        recorded(wrote("review", outcome="goals_met")),
    ),
    (
        "reintegration_support",
        "complete",
        "goals_settled",
        NONE,
        recorded(wrote("review", outcome="declined")),
    ),
    *(
        ("guardianship", "complete", "guardianship_settled", Given(TEN, guardian=unsettled), settled)
        for unsettled, settled in (
            ("unknown", Given(TEN, guardian="safe")),
            ("conflict", Given(TEN, guardian="restored")),
            ("temporary_cab", Given(TEN, guardian="long_term_cab")),
            ("temporary_cab", Given(TEN, guardian="adoption")),
            ("unknown", Given(ADULT, guardian="conflict")),
        )
    ),
    ("guardianship", "complete", "no_guardian_conflict", in_question(), Given(TEN)),
    ("guardianship", "complete", "no_guardian_conflict", in_question(AGE_UNKNOWN), in_question(ADULT)),
    (
        "guardianship",
        "complete",
        "no_guardian_conflict",
        in_question(TEN, wrote("court_order", decision="guardian_appointed")),
        in_question(guardian="long_term_cab"),
    ),
    *(
        ("shelter", "record:exit", "no_guardian_conflict", in_question(destination=home), enough)
        for home, enough in (
            ("family", in_question(destination="foster_care")),
            ("own_home", in_question(destination="long_term_institution")),
            ("kin_care", said(TEN, destination="kin_care")),
            ("own_choice", in_question(ADULT, destination="own_choice")),
        )
    ),
    (
        "shelter",
        "complete",
        "no_guardian_conflict",
        in_question(TEN, wrote("exit", destination="family")),
        in_question(TEN, wrote("exit", destination="other_shelter")),
    ),
    ("family_tracing", "record:reunion", "no_guardian_conflict", in_question(), Given(TEN)),
    (
        "family_tracing",
        "record:reunion",
        "no_guardian_conflict",
        in_question(TEN, CLEARED),
        in_question(ADULT),
    ),
    (
        "family_tracing",
        "record:reunion",
        "not_revoked_by_a_court",
        recorded(RESTORED, REVOKED, who=TEN),
        recorded(REVOKED, RESTORED, who=TEN),
    ),
    (
        "family_tracing",
        "record:reunion",
        "not_revoked_by_a_court",
        recorded(REVOKED, wrote("court_order", decision="application_refused"), who=TEN),
        recorded(REVOKED),
    ),
    ("guardianship", "rule_out", "age_decided_adult", Given(AGE_UNKNOWN), Given(ADULT)),
    ("guardianship", "rule_out", "age_decided_adult", Given(AT_LEAST_18), Given(DECIDED_ADULT)),
    (
        "repatriation",
        "complete",
        "received_or_alternative",
        recorded(wrote("reception")),
        recorded(wrote("reception"), wrote("handover")),
    ),
    (
        "repatriation",
        "complete",
        "received_or_alternative",
        recorded(wrote("voluntary_return", "PSB")),
        recorded(wrote("alternative_status", "PSB")),
    ),
    (
        "repatriation",
        "record:voluntary_return",
        "return_risk_cleared",
        recorded(wrote("return_risk_assessment", "PSB", outcome="not_cleared")),
        recorded(wrote("return_risk_assessment", "PSB", outcome="cleared")),
    ),
    (
        "follow_up",
        "complete",
        "contacts_done_or_ended",
        recorded(PLANNED, wrote("contact", month=1)),
        recorded(PLANNED, wrote("contact", month=1), wrote("contact", month=3)),
    ),
    ("follow_up", "complete", "contacts_done_or_ended", NONE, recorded(wrote("ended"))),
    (
        "follow_up",
        "complete",
        "contacts_done_or_ended",
        recorded(wrote("contact_plan", months=[])),
        recorded(wrote("ended")),
    ),
    *(
        (
            "follow_up",
            "complete",
            "difficulties_solved",
            with_stages(recorded(OF_SCHOOL), schooling=still, rights_support="completed"),
            with_stages(recorded(OF_SCHOOL), schooling=over, rights_support="active"),
        )
        for still, over in (
            ("planned", "completed"),
            ("routed", "declined"),
            ("returned", "not_applicable"),
            ("accepted", "closed_unmet"),
            ("active", "completed"),
            ("on_hold", "completed"),
        )
    ),
    (
        "follow_up",
        "complete",
        "difficulties_solved",
        with_stages(recorded(DIFFICULTY), reintegration_support="routed"),
        with_stages(recorded(DIFFICULTY), reintegration_support="completed"),
    ),
    (
        "follow_up",
        "complete",
        "difficulties_solved",
        with_stages(recorded(DIFFICULTY, OF_SCHOOL), reintegration_support="completed", schooling="active"),
        with_stages(recorded(OF_SCHOOL, wrote("ended")), schooling="active"),
    ),
    *(
        (
            "follow_up",
            "record:difficulty",
            "stage_can_solve_it",
            said(who, stage=never),
            said(who, stage=fits),
        )
        for who, never, fits in (
            (ADULT, "investigation", None),
            (ADULT, "report", "rescue"),
            (ADULT, "follow_up", "shelter"),
            (ADULT, "guardianship", "rights_support"),
            (ADULT, "repatriation", "medical_care"),
            (TEN, "employment", "guardianship"),
            (AGE_UNKNOWN, "employment", "schooling"),
            (FIFTEEN, "employment", None),
        )
    ),
    ("follow_up", "record:difficulty", "stage_can_solve_it", Given(None), said(SIXTEEN, stage="employment")),
    ("follow_up", "record:ended", "said_by_the_person", said(said_by="safe_guardian"), said(said_by="self")),
    (
        "follow_up",
        "record:ended",
        "said_by_the_person",
        said(TEN, "safe", said_by="self"),
        said(TEN, "temporary_cab", said_by="temporary_guardian"),
    ),
    ("follow_up", "record:ended", "child_heard", said(TEN, "safe"), said(TEN, "safe", child_heard=True)),
    ("follow_up", "record:ended", "child_heard", said(TEN, child_heard="yes"), said(said_by="self")),
]
NEVER_MET = ("rescue", "close_unmet", "rescue_is_never_closed_unmet")


def requirement(stage: str, action: str, code: str) -> Requirement:
    (row,) = [
        row
        for row in REQUIREMENTS
        if (row.action, row.code) == (action, code) and row.stage in (None, StageCode(stage))
    ]
    return row


@pytest.mark.parametrize(("stage", "action", "code", "lacking", "enough"), ROWS)
def test_a_requirement_is_open_until_its_fact_is_there(
    stage: str, action: str, code: str, lacking: Given, enough: Given
) -> None:
    row = requirement(stage, action, code)
    assert not row.met(lacking.on(StageCode(stage)))
    assert row.met(enough.on(StageCode(stage)))


@pytest.mark.parametrize(("stage", "action", "code", "lacking", "enough"), ROWS)
def test_an_open_requirement_is_told_with_the_move_and_a_met_one_is_not(
    stage: str, action: str, code: str, lacking: Given, enough: Given
) -> None:
    assert code in [found.code for found in unmet(lacking.on(StageCode(stage)), action)]
    assert code not in [found.code for found in unmet(enough.on(StageCode(stage)), action)]


def test_each_requirement_has_its_row_here() -> None:
    tried = {(row[1], row[2]) for row in ROWS} | {NEVER_MET[1:]}
    assert tried == {(row.action, row.code) for row in REQUIREMENTS}
    own = {row[:3] for row in ROWS} | {NEVER_MET}
    assert {(str(row.stage), row.action, row.code) for row in REQUIREMENTS if row.stage} <= own


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: f"{row.action}-{row.code}")
def test_each_requirement_says_where_it_comes_from_in_two_languages(row: Requirement) -> None:
    assert row.text.zh != row.text.en
    assert row.articles or row.source
    told = row.unmet()
    assert (told.code, told.text, told.articles, told.source) == (
        row.code,
        row.text,
        row.articles,
        row.source,
    )


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: f"{row.action}-{row.code}")
def test_a_requirement_speaks_only_of_moves_and_records_that_exist(row: Requirement) -> None:
    moves = {"begin", "complete", "decline", "offer_again", "rule_out", "close_unmet"}
    kinds = {f"record:{kind}" for kind in RECORD_KINDS[row.stage]} if row.stage else set()
    assert row.action in moves | kinds


def test_a_rescue_is_never_closed_unmet_whatever_was_approved() -> None:
    for given in (NONE, approved("close_unmet"), found(outcome="already_safe", seen_in_private=True)):
        assert NEVER_MET[2] in [open_.code for open_ in unmet(given.on(StageCode.RESCUE), "close_unmet")]


@pytest.mark.parametrize("stage", [stage for stage in StageCode if stage is not StageCode.RESCUE])
def test_any_other_stage_closes_unmet_once_another_agency_approved_and_the_person_was_told(
    stage: StageCode,
) -> None:
    told = replace(approved("close_unmet"), move={"told_at": NOW, "told_how": "当面"})
    assert unmet(told.on(stage), "close_unmet") == []


def test_all_that_is_open_is_told_in_the_order_of_the_table() -> None:
    declined = unmet(said(TEN).on(StageCode.RESCUE), "decline")
    assert [row.code for row in declined] == [
        "said_by_the_person",
        "child_heard",
        "not_declined_for_a_child",
        "in_private_with_interpreter",
        "women_or_cab_present",
        "date_to_ask_again",
    ]


def test_an_adult_may_decline_a_rescue_in_private_before_a_witness() -> None:
    setting = said(
        said_by="self",
        in_private=True,
        independent_interpreter=True,
        present=["CAB"],
        ask_again_on="2026-04-12",
    )
    assert unmet(setting.on(StageCode.RESCUE), "decline") == []


@pytest.mark.parametrize("stage", ["rescue", "shelter", "guardianship"])
def test_even_a_safe_guardian_never_declines_protection_for_a_child(stage: str) -> None:
    everything = said(
        TEN,
        "safe",
        said_by="safe_guardian",
        child_heard=True,
        in_private=True,
        independent_interpreter=True,
        present=["CAB"],
        ask_again_on="2026-04-12",
    )
    assert [row.code for row in unmet(everything.on(StageCode(stage)), "decline")] == [
        "not_declined_for_a_child"
    ]


@pytest.mark.parametrize("stage", ["rescue", "household_registration", "guardianship", "rights_support"])
def test_some_stages_begin_without_any_consent(stage: str) -> None:
    assert unmet(NONE.on(StageCode(stage)), "begin") == []


def test_a_child_is_sheltered_without_waiting_for_a_guardian() -> None:
    assert unmet(Given(TEN, guardian="conflict").on(StageCode.SHELTER), "begin") == []


@pytest.mark.parametrize("who", [HURT_ADULT, HURT_CHILD])
def test_urgent_care_waits_for_nothing(who: Person) -> None:
    assert unmet(Given(who).on(StageCode.MEDICAL_CARE), "begin") == []


@pytest.mark.parametrize("who", [person(6), TEN, FIFTEEN, AGE_UNKNOWN, person(lowest=11)])
def test_schooling_waits_for_nothing(who: Person) -> None:
    assert unmet(Given(who).on(StageCode.SCHOOLING), "begin") == []


@pytest.mark.parametrize("outcome", ["rescue_needed", "already_safe", "not_established"])
@pytest.mark.parametrize("stage", [stage for stage in StageCode if stage is not StageCode.RESCUE])
def test_what_the_investigation_finds_changes_nothing_for_the_other_stages(
    stage: StageCode, outcome: str
) -> None:
    for action in ("begin", "complete", "decline", "rule_out", "close_unmet"):
        told = unmet(found(outcome=outcome, seen_in_private=True).on(stage), action)
        assert told == unmet(NONE.on(stage), action)


def test_the_rules_see_nothing_that_somebody_testified() -> None:
    silent = recorded(wrote("interview", "PSB", testified=False))
    for stage in StageCode:
        for action in ("begin", "complete"):
            assert unmet(silent.on(stage), action) == unmet(NONE.on(stage), action)


def test_work_begins_only_with_a_known_age_a_will_and_a_consent() -> None:
    nothing = [row.code for row in unmet(Given(AGE_UNKNOWN).on(StageCode.EMPLOYMENT), "begin")]
    assert nothing == ["consent", "of_working_age", "willing", "guardian_informed"]
    willing = Given(
        person(16, willing=True), records=[TOLD], consents=frozenset({"employment"}), guardian="safe"
    )
    assert unmet(willing.on(StageCode.EMPLOYMENT), "begin") == []


def test_consent_to_something_else_is_no_consent() -> None:
    others = frozenset({"relocation", "follow_up", "publication", "information_sharing"})
    told = unmet(Given(person(30, willing=True), consents=others).on(StageCode.EMPLOYMENT), "begin")
    assert [row.code for row in told] == ["consent"]


def test_a_reunion_needs_all_of_its_conditions_at_once() -> None:
    told = unmet(Given(TEN).on(StageCode.FAMILY_TRACING), "record:reunion")
    assert [row.code for row in told] == [
        "assessment_cleared",
        "relatives_not_suspects",
        "child_heard",
        "guardianship_before_reunion",
    ]
    ready = recorded(CLEARED, who=TEN, guardian="safe")
    assert unmet(ready.on(StageCode.FAMILY_TRACING), "record:reunion") == []


def test_a_return_waits_for_its_risk_to_be_cleared() -> None:
    told = unmet(NONE.on(StageCode.REPATRIATION), "record:voluntary_return")
    assert [row.code for row in told] == ["return_risk_cleared"]


def test_a_person_of_whom_nothing_is_recorded_counts_as_a_child() -> None:
    told = unmet(Given(None).on(StageCode.SHELTER), "decline")
    assert "not_declined_for_a_child" in [row.code for row in told]


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("planned", ["consent"]),
        ("routed", ["consent"]),
        ("returned", ["consent"]),
        ("accepted", ["consent"]),
        ("active", ["discharged"]),
        ("on_hold", ["discharged"]),
        ("completed", []),
        ("declined", []),
        ("not_applicable", []),
        ("closed_unmet", []),
    ],
)
def test_what_stands_in_the_way_is_what_the_next_step_needs(state: str, codes: list[str]) -> None:
    told = blockers(NONE.on(StageCode.MEDICAL_CARE), StageState(state))
    assert [row.code for row in told] == codes


@pytest.mark.parametrize(
    ("reason", "minor", "approved_", "still_open", "codes"),
    [
        ("goals_met", False, True, (), []),
        ("goals_met", True, True, (), []),
        ("declined_by_victim", False, True, (), []),
        ("contact_lost", False, True, (), []),
        ("declined_by_victim", True, True, (), ["reason_for_adults_only"]),
        ("contact_lost", True, True, (), ["reason_for_adults_only"]),
        ("goals_met", False, False, (), ["approved_by_another_agency"]),
        ("goals_met", False, True, (UUID(int=1),), ["stages_ended"]),
        (
            "contact_lost",
            True,
            False,
            (UUID(int=1),),
            ["stages_ended", "approved_by_another_agency", "reason_for_adults_only"],
        ),
    ],
)
def test_a_case_closes_when_its_stages_ended_for_a_reason_that_another_agency_approved(
    reason: str, *, minor: bool, approved_: bool, still_open: tuple[UUID, ...], codes: list[str]
) -> None:
    told = unmet_to_close(reason=reason, any_minor=minor, approved=approved_, open_stages=still_open)
    assert [row.code for row in told] == codes


def test_whoever_hands_over_cannot_sign_for_the_receiver() -> None:
    """Only civil affairs themselves write that they received the person (Arts. 30, 20)."""
    signed_by_police = recorded(wrote("handover", "PSB", part="received", needs_screen_done=True))
    found = {one.code for one in unmet(signed_by_police.on(StageCode.RESCUE), "complete")}
    assert found == {"handover_received", "needs_screen_done"}
