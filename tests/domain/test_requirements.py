"""What each move and record needs: every requirement met and unmet, and which of them are asked when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from domain.agencies import Agency
from domain.people import Age, Known, Person, Situation, Stay
from domain.person_codes import StayRequest
from domain.requirements import REQUIREMENTS, Facts, Record, Requirement, blockers, unmet
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
SEVENTEEN, EIGHT, SEVEN = person(17), person(8), person(7)
GIRL, BOY = replace(TEN, female=Known.YES), replace(TEN, female=Known.NO)
WOMAN, MAN = replace(ADULT, female=Known.YES), replace(ADULT, female=Known.NO)
HOUSED = Person(TODAY, Age(TODAY.replace(year=1990)), Situation(safe_place_tonight=Known.YES))
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
    elsewhere: Sequence[Record] = ()
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
            elsewhere=self.elsewhere,
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


def speaking(language: str, *records: Record) -> Given:
    return Given(records=records, more={"languages": frozenset({language})})


def suspicion(who: Person, known: Known, *records: Record) -> Given:
    """Whether anybody on file as a relative is marked suspect."""
    return Given(who, records=records, more={"relative_suspect": known})


def adds(given: Given, **body: object) -> Given:
    """The record that is about to be added."""
    return replace(given, move=body)


def bordered(who: Person = ADULT, *, abroad: Known = Known.UNKNOWN, **stay: object) -> Person:
    situation = replace(who.situation, abroad=abroad)
    return replace(who, situation=situation, stay=Stay(**stay))  # type: ignore[arg-type]  # rows name the fields they mean


NONE = Given()
REVOKED = wrote("court_order", decision="guardianship_revoked")
RESTORED = wrote("court_order", decision="guardianship_restored")
CLEARED = wrote(
    "reunion_assessment",
    outcome="cleared",
    relatives_not_suspects="yes",
    child_heard=True,
    person_agrees="yes",
)
MATCHED = wrote("match_report", "PSB", matched=True)
GONE_FOR_A_YEAR = wrote("not_found_certificate", "PSB", months=12)
TRACING_AGREED = frozenset({"family_tracing"})
ASKED_ONCE = wrote("interview", "PSB", victim_id="1")
EXHAUSTED = (
    wrote("reconsideration", "PSB", outcome="upheld"),
    wrote("higher_review", "PSB", outcome="upheld"),
)
RISK_CLEARED = wrote(
    "return_risk_assessment",
    "PSB",
    outcome="cleared",
    fit_to_travel="yes",
    carer_confirmed="yes",
    best_interests="yes",
)
ASSESSED = wrote("family_assessment", relation="mother", outcome="suitable", not_a_suspect="yes")
HARMED = wrote("court_order", relation="mother", decision="guardianship_revoked", harmed_the_ward="yes")
GIVEN_BACK = wrote("court_order", relation="mother", decision="guardianship_restored")
ADOPTED = {"status": "adoption", "announced_on": "2026-01-01", "child_consents": True}
LONG_EXPLAINED, FREE_FOR_LONG = NOW - timedelta(days=30), NOW - timedelta(days=200)
REFLECTED = replace(bordered(status_explained_at=LONG_EXPLAINED), liberty_at=FREE_FOR_LONG)
TO_RETURN = frozenset({"repatriation", "transfer_abroad", "embassy_contact"})
DATA_SENT = {"data_sent_abroad": True, "export_assessment_reference": "1"}
ENROLLED = wrote("enrolment", "EDU", enrolled_on="2025-09-01")
PLACED = wrote("placement", "HRSS", started_on="2025-09-01")
CLAIM, CLOSED = wrote("claim", "JUSTICE", reference="1"), wrote("claim_closed", "JUSTICE", reference="1")
EXPLAINED = wrote("rights_information", "JUSTICE", language="zh", understood="yes")
TOLD = wrote("assessment", "HRSS", guardian_informed_on="2026-02-01")
DIFFICULTY, OF_SCHOOL = wrote("difficulty"), wrote("difficulty", stage="schooling")
PLANNED = wrote("contact_plan", months=[1, 3])
NOT_FILED, NOT_FILED_AGAIN = (
    wrote("filing_decision", "PSB", decision="not_filed", reason=each) for each in ("1", "2")
)

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
    ("shelter", "rule_out", "opening_fact_disproved", NONE, Given(HOUSED)),
    ("guardianship", "rule_out", "opening_fact_disproved", Given(TEN), NONE),
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
        recorded(NOT_FILED, EXHAUSTED[0]),
        recorded(NOT_FILED, *EXHAUSTED),
    ),
    *(
        ("investigation", "complete", "proceedings_ended", still_open, recorded(NOT_FILED, *EXHAUSTED))
        for still_open in (
            recorded(NOT_FILED, EXHAUSTED[1]),
            recorded(NOT_FILED, wrote("reconsideration", "PSB", outcome="changed"), EXHAUSTED[1]),
            recorded(NOT_FILED, *EXHAUSTED, wrote("prosecutor_demand", "PROC", outcome="filing_demanded")),
            recorded(NOT_FILED, *EXHAUSTED, wrote("prosecutor_demand", "PROC", outcome="reasons_demanded")),
            recorded(NOT_FILED, *EXHAUSTED, wrote("filing_decision", "PSB", decision="filed")),
            recorded(NOT_FILED, *EXHAUSTED, NOT_FILED_AGAIN),
            recorded(NOT_FILED, *EXHAUSTED, wrote("reconsideration", "PSB", asked_on="2026-03-01")),
        )
    ),
    (
        "investigation",
        "complete",
        "proceedings_ended",
        NONE,
        recorded(NOT_FILED, *EXHAUSTED, wrote("prosecutor_demand", "PROC", outcome="no_action")),
    ),
    (
        "investigation",
        "record:interview",
        "appropriate_adult",
        adds(Given(TEN), appropriate_adult_present=False),
        adds(Given(TEN), appropriate_adult_present=True),
    ),
    ("investigation", "record:interview", "appropriate_adult", Given(AGE_UNKNOWN), Given(ADULT)),
    (
        "investigation",
        "record:interview",
        "recorded_throughout",
        adds(Given(TEN), recorded=False),
        adds(Given(TEN), recorded=True),
    ),
    *(
        ("investigation", "record:interview", "no_guardian_conflict", in_question(TEN, **beside), enough)
        for beside, enough in (
            ({"accompanied_by": "guardian"}, in_question(accompanied_by="protection_body")),
            ({"accompanied_by": "other_relative"}, in_question(accompanied_by="school")),
            ({}, said(TEN, accompanied_by="guardian")),
            ({}, in_question(ADULT)),
        )
    ),
    ("investigation", "record:interview", "recorded_throughout", Given(SEVENTEEN), Given(ADULT)),
    (
        "investigation",
        "record:interview",
        "female_officer",
        adds(Given(GIRL), female_officer=False),
        adds(Given(GIRL), female_officer=True),
    ),
    ("investigation", "record:interview", "female_officer", Given(TEN), Given(BOY)),
    (
        "investigation",
        "record:interview",
        "single_interview",
        adds(recorded(ASKED_ONCE), victim_id="1"),
        adds(recorded(ASKED_ONCE), victim_id="1", reason="她要求补充"),
    ),
    (
        "investigation",
        "record:interview",
        "single_interview",
        adds(recorded(ASKED_ONCE), victim_id="1", reason=""),
        adds(recorded(ASKED_ONCE), victim_id="2"),
    ),
    (
        "rescue",
        "record:rescue_carried_out",
        "rescue_planned",
        NONE,
        recorded(wrote("rescue_plan", "PSB")),
    ),
    *(
        ("rescue", "record:rescue_carried_out", code, lacking, enough)
        for code, lacking, enough in (
            (
                "woman_comes_along",
                recorded(wrote("rescue_plan", "PSB", female_officer=False), who=WOMAN),
                recorded(wrote("rescue_plan", "PSB", female_officer=True), who=WOMAN),
            ),
            ("woman_comes_along", Given(ADULT), Given(MAN)),
            (
                "interpreter_comes_along",
                speaking("ug", wrote("rescue_plan", "PSB", interpreter=False)),
                speaking("ug", wrote("rescue_plan", "PSB", interpreter=True)),
            ),
            ("interpreter_comes_along", speaking("vi"), speaking("zh-Hans")),
            (
                "child_carer_comes_along",
                recorded(wrote("rescue_plan", "PSB", child_carer=False), who=TEN),
                recorded(wrote("rescue_plan", "PSB", child_carer=True), who=TEN),
            ),
            ("child_carer_comes_along", Given(AGE_UNKNOWN), Given(ADULT)),
        )
    ),
    (
        "rescue",
        "hold",
        "reviewed_within_90_days",
        said(review_at=NOW + timedelta(days=90, seconds=1)),
        said(review_at=NOW + timedelta(days=90)),
    ),
    (
        "investigation",
        "complete",
        "proceedings_ended",
        recorded(NOT_FILED, EXHAUSTED[0], wrote("higher_review", "PSB", outcome="changed")),
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
        "record:admission",
        "free_to_leave",
        adds(NONE, free_to_leave_explained=False),
        adds(NONE, free_to_leave_explained=True),
    ),
    ("shelter", "record:admission", "free_to_leave", NONE, Given(TEN)),
    (
        "shelter",
        "record:placement",
        "carer_checked",
        adds(NONE, care="kin_care", carer_checked=False),
        adds(NONE, care="kin_care", carer_checked=True),
    ),
    (
        "shelter",
        "complete",
        "safe_exit",
        recorded(wrote("exit", destination="absent", safe="yes"), who=TEN),
        recorded(wrote("exit", destination="absent", safe="unknown")),
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
        recorded(GONE_FOR_A_YEAR),
    ),
    (
        "family_tracing",
        "complete",
        "tracing_ended",
        recorded(wrote("not_found_certificate", "CAB", months=12)),
        recorded(GONE_FOR_A_YEAR),
    ),
    (
        "family_tracing",
        "complete",
        "tracing_ended",
        recorded(GONE_FOR_A_YEAR, MATCHED),
        recorded(GONE_FOR_A_YEAR, wrote("match_report", "PSB", matched=False)),
    ),
    (
        "family_tracing",
        "record:tracing_notice",
        "no_relative_suspect",
        adds(NONE, published=True, relatives_not_suspects="no"),
        adds(NONE, published=True, relatives_not_suspects="unknown"),
    ),
    (
        "family_tracing",
        "record:tracing_notice",
        "no_relative_suspect",
        adds(recorded(wrote("reunion_assessment", relatives_not_suspects="no")), published=True),
        adds(recorded(wrote("reunion_assessment", relatives_not_suspects="no")), published=False),
    ),
    (
        "family_tracing",
        "record:tracing_notice",
        "no_relative_suspect",
        Given(TEN, guardian_conflict=True),
        Given(TEN, guardian="temporary_cab"),
    ),
    (
        "family_tracing",
        "record:tracing_notice",
        "no_relative_suspect",
        Given(TEN, guardian_conflict=True, guardian="temporary_cab"),
        Given(ADULT, guardian_conflict=True),
    ),
    *(
        (
            "family_tracing",
            "record:tracing_notice",
            "no_relative_suspect",
            adds(suspicion(who, Known.YES), published=True, relatives_not_suspects=told),
            adds(suspicion(who, known), published=True, relatives_not_suspects=told),
        )
        for who, told, known in (
            (ADULT, "yes", Known.NO),
            (ADULT, "unknown", Known.UNKNOWN),
            (TEN, "yes", Known.UNKNOWN),
        )
    ),
    (
        "family_tracing",
        "record:tracing_notice",
        "no_relative_suspect",
        adds(suspicion(TEN, Known.YES), published=True),
        adds(suspicion(TEN, Known.YES), published=False),
    ),
    (
        "family_tracing",
        "record:tracing_notice",
        "tracing_agreed",
        adds(agreed("publication", TEN), published=True),
        adds(agreed("family_tracing", TEN), published=True),
    ),
    ("family_tracing", "record:tracing_notice", "tracing_agreed", NONE, adds(NONE, published=False)),
    (
        "family_tracing",
        "record:reunion",
        "matched_by_the_police",
        recorded(CLEARED, wrote("match_report", "CAB", matched=True)),
        recorded(CLEARED, MATCHED),
    ),
    (
        "family_tracing",
        "record:reunion",
        "matched_by_the_police",
        recorded(wrote("match_report", "PSB", matched=False), wrote("support_duty")),
        recorded(MATCHED),
    ),
    ("family_tracing", "record:reunion", "tracing_agreed", Given(TEN), agreed("family_tracing", TEN)),
    (
        "family_tracing",
        "record:reunion",
        "person_agrees",
        recorded(wrote("reunion_assessment", person_agrees="unknown"), who=SIXTEEN),
        recorded(wrote("reunion_assessment", person_agrees="yes"), who=SIXTEEN),
    ),
    ("family_tracing", "record:reunion", "person_agrees", Given(ADULT), Given(FIFTEEN)),
    ("family_tracing", "record:reunion", "person_agrees", Given(AT_LEAST_17), Given(AGE_UNKNOWN)),
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
        "relatives_not_suspects",
        suspicion(TEN, Known.YES, CLEARED),
        suspicion(TEN, Known.NO, CLEARED),
    ),
    (
        "family_tracing",
        "record:reunion",
        "relatives_not_suspects",
        suspicion(ADULT, Known.NO),
        suspicion(ADULT, Known.UNKNOWN, CLEARED),
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
    ("schooling", "begin", "consent", Given(FIVE), agreed("schooling", FIVE)),
    ("schooling", "begin", "consent", Given(SIXTEEN), Given(FIFTEEN)),
    ("schooling", "begin", "consent", Given(ADULT), Given(AGE_UNKNOWN)),
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
    *(
        ("guardianship", "record:guardian_status", code, lacking, enough)
        for code, lacking, enough in (
            (
                "family_assessed",
                adds(recorded(ASSESSED), status="safe", relation="father"),
                adds(recorded(ASSESSED), status="safe", relation="mother"),
            ),
            (
                "family_assessed",
                adds(
                    recorded(ASSESSED, wrote("family_assessment", relation="mother", outcome="not_suitable")),
                    status="kin_care",
                    relation="mother",
                ),
                adds(NONE, status="temporary_cab"),
            ),
            (
                "guardian_not_a_suspect",
                adds(
                    recorded(
                        wrote("family_assessment", relation="mother", outcome="suitable", not_a_suspect="no")
                    ),
                    status="safe",
                    relation="mother",
                ),
                adds(recorded(ASSESSED), status="safe", relation="mother"),
            ),
            ("never_after_harm", adds(recorded(HARMED, GIVEN_BACK), status="restored"), NONE),
            (
                "never_after_harm",
                adds(recorded(HARMED, ASSESSED), status="safe", relation="mother"),
                adds(recorded(HARMED), status="kin_care", relation="grandparent"),
            ),
            (
                "restored_by_a_court",
                adds(NONE, status="restored"),
                adds(recorded(GIVEN_BACK), status="restored"),
            ),
            (
                "not_found_for_a_year",
                adds(Given(SEVEN, elsewhere=[wrote("not_found_certificate", "PSB", months=1)]), **ADOPTED),
                adds(Given(SEVEN, elsewhere=[GONE_FOR_A_YEAR]), **ADOPTED),
            ),
            (
                "not_found_for_a_year",
                adds(Given(SEVEN, elsewhere=[wrote("not_found_certificate", "CAB", months=12)]), **ADOPTED),
                adds(Given(SEVEN), status="long_term_cab"),
            ),
            (
                "announced_for_60_days",
                adds(Given(SEVEN), **{**ADOPTED, "announced_on": "2026-01-02"}),
                adds(Given(SEVEN), **{**ADOPTED, "announced_on": "2026-01-01"}),
            ),
            ("announced_for_60_days", adds(Given(SEVEN), status="adoption"), adds(NONE, status="safe")),
            (
                "child_consents_to_adoption",
                adds(Given(EIGHT), **{**ADOPTED, "child_consents": False}),
                adds(Given(EIGHT), **ADOPTED),
            ),
            (
                "child_consents_to_adoption",
                adds(Given(AGE_UNKNOWN), status="adoption"),
                adds(Given(SEVEN), status="adoption"),
            ),
        )
    ),
    (
        "guardianship",
        "record:court_order",
        "never_after_harm",
        adds(recorded(HARMED), decision="guardianship_restored", relation="mother"),
        adds(NONE, decision="guardianship_restored", relation="mother"),
    ),
    (
        "guardianship",
        "record:court_order",
        "never_after_harm",
        adds(NONE, decision="guardianship_restored", relation="mother", harmed_the_ward="yes"),
        adds(recorded(HARMED), decision="application_refused", relation="mother"),
    ),
    ("guardianship", "rule_out", "age_decided_adult", Given(AGE_UNKNOWN), Given(ADULT)),
    ("guardianship", "rule_out", "age_decided_adult", Given(AT_LEAST_18), Given(DECIDED_ADULT)),
    *(
        ("repatriation", "complete", "received_or_alternative", lacking, enough)
        for lacking, enough in (
            (recorded(wrote("reception", receipt=None)), recorded(wrote("reception", receipt="1"))),
            (
                recorded(wrote("handover", "PSB", part="received")),
                recorded(wrote("handover", "CAB", part="received")),
            ),
            (recorded(wrote("handover", "CAB", part="given")), recorded(wrote("alternative_status", "PSB"))),
            (recorded(wrote("voluntary_return", "PSB")), recorded(wrote("alternative_status", "PSB"))),
        )
    ),
    (
        "repatriation",
        "begin",
        "status_explained",
        Given(bordered(request=StayRequest.RETURN)),
        Given(bordered(status_explained_at=NOW)),
    ),
    ("repatriation", "begin", "status_explained", Given(None), Given(bordered(abroad=Known.YES))),
    (
        "repatriation",
        "begin",
        "own_request",
        Given(bordered(abroad=Known.YES)),
        Given(bordered(abroad=Known.YES, request=StayRequest.RETURN)),
    ),
    (
        "repatriation",
        "begin",
        "own_request",
        Given(bordered(abroad=Known.YES, request=StayRequest.STAY)),
        Given(bordered(TEN, abroad=Known.YES)),
    ),
    *(
        ("repatriation", f"record:{kind}", code, lacking, enough)
        for kind in ("embassy_contact", "voluntary_return")
        for code, lacking, enough in (
            (
                "sharing_abroad_agreed",
                adds(agreed("repatriation"), **DATA_SENT),
                adds(agreed("transfer_abroad"), **DATA_SENT),
            ),
            ("sharing_abroad_agreed", NONE, adds(NONE, data_sent_abroad=False)),
            (
                "export_assessed",
                adds(agreed("transfer_abroad"), data_sent_abroad=True),
                adds(NONE, **DATA_SENT),
            ),
            ("export_assessed", NONE, adds(NONE, data_sent_abroad=False)),
        )
    ),
    (
        "repatriation",
        "record:embassy_contact",
        "embassy_contact_agreed",
        agreed("repatriation"),
        agreed("embassy_contact"),
    ),
    (
        "repatriation",
        "record:embassy_contact",
        "not_an_asylum_seeker",
        Given(bordered(asylum_seeker=Known.YES)),
        Given(bordered(asylum_seeker=Known.NO)),
    ),
    (
        "repatriation",
        "record:embassy_contact",
        "not_an_asylum_seeker",
        Given(bordered(asylum_seeker=Known.UNKNOWN)),
        Given(bordered(asylum_seeker=Known.NO)),
    ),
    (
        "repatriation",
        "record:voluntary_return",
        "still_agreed",
        agreed("embassy_contact"),
        agreed("repatriation"),
    ),
    *(
        (
            "repatriation",
            "record:voluntary_return",
            code,
            recorded(RISK_CLEARED, wrote("return_risk_assessment", "PSB", **{name: said_otherwise}), who=TEN),
            recorded(RISK_CLEARED, who=TEN),
        )
        for code, name, said_otherwise in (
            ("return_risk_cleared", "outcome", "high_risk"),
            ("fit_to_travel", "fit_to_travel", "unknown"),
            ("carer_confirmed", "carer_confirmed", "no"),
            ("best_interests_decided", "best_interests", "unknown"),
        )
    ),
    ("repatriation", "record:voluntary_return", "best_interests_decided", Given(TEN), Given(ADULT)),
    *(
        ("repatriation", "record:voluntary_return", "time_to_reflect", Given(lacking), Given(enough))
        for lacking, enough in (
            (ADULT, REFLECTED),
            (replace(ADULT, liberty_at=FREE_FOR_LONG), bordered(status_explained_at=LONG_EXPLAINED)),
            (replace(REFLECTED, liberty_at=NOW - timedelta(days=29)), REFLECTED),
            (bordered(status_explained_at=LONG_EXPLAINED + timedelta(seconds=1)), bordered(abroad=Known.YES)),
        )
    ),
    ("repatriation", "record:voluntary_return", "time_to_reflect", Given(None), Given(REFLECTED)),
    (
        "repatriation",
        "record:voluntary_return",
        "guardian_for_a_minor",
        Given(TEN, guardian="conflict"),
        Given(TEN, guardian="temporary_cab"),
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
ACTIONS = ("begin", "complete", "decline", "rule_out", "close_unmet")
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
    moves = {"begin", "complete", "hold", "decline", "offer_again", "rule_out", "close_unmet"}
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
        "matched_by_the_police",
        "assessment_cleared",
        "relatives_not_suspects",
        "tracing_agreed",
        "child_heard",
        "guardianship_before_reunion",
    ]
    ready = Given(TEN, [MATCHED, CLEARED], TRACING_AGREED, guardian="safe")
    assert unmet(ready.on(StageCode.FAMILY_TRACING), "record:reunion") == []


def test_a_return_needs_will_safety_health_a_carer_and_time_to_think() -> None:
    told = unmet(Given(TEN).on(StageCode.REPATRIATION), "record:voluntary_return")
    assert [row.code for row in told] == [
        "still_agreed",
        "return_risk_cleared",
        "fit_to_travel",
        "carer_confirmed",
        "time_to_reflect",
        "guardian_for_a_minor",
        "best_interests_decided",
        "sharing_abroad_agreed",
        "export_assessed",
    ]
    ready = Given(REFLECTED, [RISK_CLEARED], TO_RETURN, move=DATA_SENT)
    assert unmet(ready.on(StageCode.REPATRIATION), "record:voluntary_return") == []


def test_a_division_may_give_more_time_to_think_about_a_return() -> None:
    ready = Given(REFLECTED, [RISK_CLEARED], TO_RETURN, move=DATA_SENT).on(StageCode.REPATRIATION)
    slower = replace(ready, amounts={"reflection": 90})
    assert [row.code for row in unmet(slower, "record:voluntary_return")] == ["time_to_reflect"]


def test_high_risk_leaves_only_another_status() -> None:
    high = wrote(
        "return_risk_assessment", "PSB", outcome="high_risk", fit_to_travel="yes", carer_confirmed="yes"
    )
    willing = Given(REFLECTED, [RISK_CLEARED, high], TO_RETURN, move=DATA_SENT).on(StageCode.REPATRIATION)
    assert [row.code for row in unmet(willing, "record:voluntary_return")] == ["return_risk_cleared"]
    assert unmet(willing, "record:alternative_status") == []
    stays = replace(willing, records=[*willing.records, wrote("alternative_status", "PSB")])
    assert unmet(stays, "complete") == []


@pytest.mark.parametrize("stage", [stage for stage in StageCode if stage is not StageCode.REPATRIATION])
@pytest.mark.parametrize("request_", StayRequest)
def test_wanting_to_stay_or_to_return_changes_neither_care_nor_stay(
    stage: StageCode, request_: StayRequest
) -> None:
    asked = Given(bordered(request=request_, abroad=Known.NO, status_explained_at=NOW))
    for action in ACTIONS:
        assert unmet(asked.on(stage), action) == unmet(NONE.on(stage), action)
    declined = replace(NONE.on(stage), stages={StageCode.REPATRIATION: "declined"})
    for action in ACTIONS:
        assert unmet(declined, action) == unmet(NONE.on(stage), action)


@pytest.mark.parametrize("stage", [stage for stage in StageCode if stage is not StageCode.INVESTIGATION])
@pytest.mark.parametrize("state", ["planned", "active", "completed", "closed_unmet", "declined"])
def test_no_stage_looks_at_how_the_investigation_stands(stage: StageCode, state: str) -> None:
    beside = replace(NONE.on(stage), stages={StageCode.INVESTIGATION: state})
    for action in ACTIONS:
        assert unmet(beside, action) == unmet(NONE.on(stage), action)


@pytest.mark.parametrize("stage", [stage for stage in StageCode if stage is not StageCode.INVESTIGATION])
def test_not_filed_ends_no_protection(stage: StageCode) -> None:
    beside = replace(NONE.on(stage), elsewhere=[NOT_FILED, *EXHAUSTED])
    for action in ACTIONS:
        assert unmet(beside, action) == unmet(NONE.on(stage), action)


def test_an_adult_leaves_shelter_whatever_anybody_thinks_of_it() -> None:
    for destination, safe in product(("own_choice", "absent"), ("yes", "no", "unknown")):
        left = Given(ADULT, [wrote("exit", destination=destination, safe=safe)], guardian="conflict")
        assert unmet(left.on(StageCode.SHELTER), "complete") == []
        assert (
            unmet(adds(NONE, destination=destination, safe=safe).on(StageCode.SHELTER), "record:exit") == []
        )


@pytest.mark.parametrize("certificate", ["not_found_certificate", "match_report", "support_duty"])
def test_registration_waits_for_no_result_of_tracing(certificate: str) -> None:
    for action in ("begin", "complete", "record:registration"):
        for told in (NONE, Given(elsewhere=[wrote(certificate, "PSB", months=12)])):
            codes = {row.code for row in unmet(told.on(StageCode.HOUSEHOLD_REGISTRATION), action)}
            assert codes <= {"registered", "benefit_decided"}


def test_urgent_care_waits_for_no_other_stage_and_no_consent() -> None:
    for state in StageState:
        beside = {code: str(state) for code in StageCode if code != "medical_care"}
        assert unmet(replace(Given(HURT_CHILD).on(StageCode.MEDICAL_CARE), stages=beside), "begin") == []


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


def test_whoever_hands_over_cannot_sign_for_the_receiver() -> None:
    """Only civil affairs themselves write that they received the person (Arts. 30, 20)."""
    signed_by_police = recorded(wrote("handover", "PSB", part="received", needs_screen_done=True))
    found = {one.code for one in unmet(signed_by_police.on(StageCode.RESCUE), "complete")}
    assert found == {"handover_received", "needs_screen_done"}
