"""Which fact opens which stage, that what is unknown opens nothing, and that no stage waits for another."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from domain.mandates import MANDATES
from domain.openings import (
    CASE_OPENINGS,
    PERSON_OPENINGS,
    RECORD_REOPENINGS,
    Opening,
    Progress,
    openings,
    reopened_by,
)
from domain.people import Age, Known, Nationality, Person, Situation, Stay
from domain.person_codes import StayRequest
from domain.stages import StageCode

TODAY = date(2026, 3, 2)
FREE = datetime(2026, 3, 1, 8, tzinfo=UTC)
ADULT = Age(birth_date=date(1990, 5, 1))
NOTHING = Progress()


def born(years: int) -> Age:
    """Somebody who has their birthday today."""
    return Age(birth_date=TODAY.replace(year=TODAY.year - years))


def person(age: Age = ADULT, *, free: bool = False, willing: bool = False, **situation: Known) -> Person:
    return Person(TODAY, age, knowing(situation), FREE if free else None, willing)


def knowing(facts: Mapping[str, Known]) -> Situation:
    return Situation(**facts)  # type: ignore[arg-type]  # the nationality is never among these


def foreigner(nationality: Nationality, explained_at: datetime | None = FREE) -> Person:
    return Person(TODAY, ADULT, Situation(nationality=nationality), stay=Stay(explained_at))


def abroad(request: StayRequest, age: Age = ADULT, where: Known = Known.YES) -> Person:
    return Person(TODAY, age, Situation(abroad=where), stay=Stay(request=request))


YES, NO, UNKNOWN = Known.YES, Known.NO, Known.UNKNOWN
AGREED = Progress(repatriation_consent=True)
EMERGENCY, STRANDED = Progress(emergency=True), Progress(stranded=True)
NEEDED_BEFORE, NEEDED_AFTER = (Progress(rescue_needed_at=FREE + timedelta(hours=each)) for each in (-1, 1))
ASKED_FOR_FAMILY, ASKED_FOR_SCHOOL = Progress(tracing_asked=True), Progress(schooling_asked=True)

# rule, stage, article, somebody for whom it opens, somebody for whom it does not
RULES = [
    ("danger_persists", "rescue", 30, (person(in_danger=YES), NOTHING), (person(in_danger=NO), NOTHING)),
    ("found_in_need_of_rescue", "rescue", 30, (person(), NEEDED_BEFORE), (person(), NOTHING)),
    ("unsafe_in_an_emergency", "rescue", 30, (person(), EMERGENCY), (person(), NOTHING)),
    (
        "no_safe_place_tonight",
        "shelter",
        31,
        (person(safe_place_tonight=NO), NOTHING),
        (person(safe_place_tonight=YES), NOTHING),
    ),
    (
        "injured_or_ill",
        "medical_care",
        34,
        (person(injured_or_ill=YES), NOTHING),
        (person(injured_or_ill=NO), NOTHING),
    ),
    ("offered_at_liberty", "medical_care", 34, (person(free=True), NOTHING), (person(), NOTHING)),
    (
        "minor_apart_from_family",
        "family_tracing",
        32,
        (person(born(9), apart_from_family=YES), NOTHING),
        (person(apart_from_family=YES), NOTHING),
    ),
    ("adult_asks_for_family", "family_tracing", 32, (person(), ASKED_FOR_FAMILY), (person(), NOTHING)),
    (
        "stranded_without_identity",
        "household_registration",
        33,
        (person(identity_known=NO), STRANDED),
        (person(identity_known=NO), NOTHING),
    ),
    (
        "known_but_unregistered",
        "household_registration",
        33,
        (person(identity_known=YES, household_registered=NO), NOTHING),
        (person(identity_known=YES, household_registered=YES), NOTHING),
    ),
    ("compulsory_school_age", "schooling", 36, (person(born(6)), NOTHING), (person(born(5)), NOTHING)),
    ("wishes_to_learn", "schooling", 36, (person(born(16)), ASKED_FOR_SCHOOL), (person(born(16)), NOTHING)),
    (
        "of_age_and_willing",
        "employment",
        37,
        (person(born(16), willing=True), NOTHING),
        (person(born(15), willing=True), NOTHING),
    ),
    ("every_victim_rights", "rights_support", 35, (person(), NOTHING), None),
    ("leaving_care", "reintegration_support", 38, (person(), Progress(left_care=True)), (person(), NOTHING)),
    (
        "free_without_need_of_care",
        "reintegration_support",
        38,
        (person(free=True, safe_place_tonight=YES), NOTHING),
        (person(free=True, safe_place_tonight=YES), Progress(in_care=True)),
    ),
    (
        "every_minor_guardianship",
        "guardianship",
        40,
        (person(born(17)), NOTHING),
        (person(born(18)), NOTHING),
    ),
    (
        "free_consent_to_return",
        "repatriation",
        47,
        (foreigner(Nationality.FOREIGN), AGREED),
        (foreigner(Nationality.FOREIGN), NOTHING),
    ),
    (
        "asks_to_be_brought_home",
        "repatriation",
        47,
        (abroad(StayRequest.RETURN), NOTHING),
        (abroad(StayRequest.UNDECIDED), AGREED),
    ),
    ("file_at_liberty", "follow_up", 39, (person(free=True), NOTHING), (person(), NOTHING)),
]
# Further somebodies for whom a rule stays silent, one fact away from those for whom it opens.
SILENT = [
    ("danger_persists", person(in_danger=YES, free=True), NOTHING),
    ("known_but_unregistered", person(identity_known=NO, household_registered=NO), NOTHING),
    ("compulsory_school_age", person(born(16)), NOTHING),
    ("of_age_and_willing", person(born(30)), NOTHING),
    ("free_without_need_of_care", person(free=True, safe_place_tonight=NO), NOTHING),
    ("free_without_need_of_care", person(safe_place_tonight=YES), NOTHING),
    ("free_consent_to_return", foreigner(Nationality.CHINESE), AGREED),
    ("free_consent_to_return", foreigner(Nationality.FOREIGN, explained_at=None), AGREED),
    ("minor_apart_from_family", person(born(9), apart_from_family=NO), NOTHING),
    ("found_in_need_of_rescue", person(free=True), NEEDED_BEFORE),
    ("unsafe_in_an_emergency", person(free=True), EMERGENCY),
    ("unsafe_in_an_emergency", person(in_danger=NO), EMERGENCY),
    ("adult_asks_for_family", person(born(9)), ASKED_FOR_FAMILY),
    ("stranded_without_identity", person(identity_known=YES), STRANDED),
    ("asks_to_be_brought_home", abroad(StayRequest.STAY), NOTHING),
    ("asks_to_be_brought_home", abroad(StayRequest.RETURN, where=UNKNOWN), NOTHING),
    ("asks_to_be_brought_home", abroad(StayRequest.RETURN, born(15)), NOTHING),
]
# What opens for somebody of whom nothing at all is known: rights for everybody, and doubt means minor.
FOR_ANYBODY = {"every_victim_rights", "every_minor_guardianship"}
FIELDS = [field.name for field in dataclasses.fields(Situation) if field.name != "nationality"]


def rule(name: str) -> Opening:
    return next(opening for opening in PERSON_OPENINGS if opening.rule == name)


def opened(who: Person, progress: Progress = NOTHING) -> set[str]:
    return {opening.rule for opening in PERSON_OPENINGS if opening.fires(who, progress)}


def test_each_rule_of_the_table_has_its_row_here() -> None:
    assert [row[0] for row in RULES] == [opening.rule for opening in PERSON_OPENINGS]


@pytest.mark.parametrize(
    ("name", "stage", "article", "opens", "silent"), RULES, ids=[row[0] for row in RULES]
)
def test_a_rule_opens_its_stage_on_its_fact_alone(
    name: str,
    stage: str,
    article: int,
    opens: tuple[Person, Progress],
    silent: tuple[Person, Progress] | None,
) -> None:
    found = rule(name)
    assert (found.stage, found.article) == (stage, article)
    assert found.article in MANDATES[found.stage].articles
    assert found.fires(*opens)
    assert silent is None or not found.fires(*silent)


@pytest.mark.parametrize(("name", "who", "progress"), SILENT)
def test_a_rule_stays_silent_when_one_of_its_facts_is_missing(
    name: str, who: Person, progress: Progress
) -> None:
    assert not rule(name).fires(who, progress)


@pytest.mark.parametrize("nationality", [Nationality.FOREIGN, Nationality.STATELESS])
def test_somebody_foreign_or_stateless_returns_only_on_free_consent(nationality: Nationality) -> None:
    assert "free_consent_to_return" in opened(foreigner(nationality), AGREED)
    assert "free_consent_to_return" not in opened(foreigner(nationality))


def test_somebody_free_is_rescued_again_when_it_is_found_necessary_again() -> None:
    assert "found_in_need_of_rescue" in opened(person(free=True), NEEDED_AFTER)


def test_somebody_whose_identity_nobody_asked_about_is_registered_once_stranded() -> None:
    assert "stranded_without_identity" in opened(person(), STRANDED)


MATCH = {"matched": True}


def test_a_later_match_begins_tracing_anew() -> None:
    found = reopened_by(StageCode.FAMILY_TRACING, "match_report", MATCH, {"not_found_certificate"})
    assert found is not None
    assert (found.rule, found.article) == ("later_match", 32)
    assert [row.rule for row in RECORD_REOPENINGS] == ["later_match"]


@pytest.mark.parametrize(
    ("stage", "kind", "body", "before"),
    [
        ("family_tracing", "match_report", {"matched": False}, set()),
        ("family_tracing", "match_report", MATCH, {"match_report", "reunion"}),
        ("family_tracing", "reunion_assessment", MATCH, set()),
        ("household_registration", "match_report", MATCH, set()),
    ],
)
def test_nothing_else_begins_an_ended_stage_anew(
    stage: str, kind: str, body: dict[str, object], before: set[str]
) -> None:
    assert reopened_by(StageCode(stage), kind, body, before) is None


def test_of_somebody_of_whom_nothing_is_known_nothing_opens_but_what_everybody_has() -> None:
    assert opened(Person(TODAY)) == FOR_ANYBODY
    assert opened(Person(TODAY), AGREED) == FOR_ANYBODY


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("others", [YES, NO, UNKNOWN])
@pytest.mark.parametrize("free", [True, False])
def test_what_is_unknown_opens_only_what_opens_either_way(field: str, others: Known, *, free: bool) -> None:
    known = dict.fromkeys(FIELDS, others)
    unknown, yes, no = (
        opened(Person(TODAY, born(9), knowing({**known, field: answer}), FREE if free else None))
        for answer in (UNKNOWN, YES, NO)
    )
    assert unknown == yes & no


@pytest.mark.parametrize("field", FIELDS)
def test_an_unknown_fact_about_identity_opens_no_registration(field: str) -> None:
    facts = {"identity_known": YES, "household_registered": NO}
    assert "known_but_unregistered" in opened(Person(TODAY, ADULT, knowing(facts)))
    expected = field not in facts
    found = opened(Person(TODAY, ADULT, knowing({**facts, field: UNKNOWN})))
    assert ("known_but_unregistered" in found) is expected


def test_no_combination_of_facts_is_an_error() -> None:
    ages = (Age(), Age(lowest=15), Age(lowest=20), born(3), born(10), born(16), born(40))
    answers = product((YES, NO, UNKNOWN), repeat=len(FIELDS))
    progresses = (
        NOTHING,
        Progress(*(True,) * 6, rescue_needed_at=FREE, stranded=True),
    )
    counted = 0
    for age, answer, progress in product(ages, answers, progresses):
        who = Person(TODAY, age, knowing(dict(zip(FIELDS, answer, strict=True))))
        assert "every_victim_rights" in {found.rule for found in openings(who, progress, ())}
        counted += 1
    assert counted == 7 * 3 ** len(FIELDS) * 2


@pytest.mark.parametrize(
    ("age", "minor", "school", "work"),
    [
        (Age(), True, False, False),
        (Age(lowest=8), True, True, False),
        (Age(lowest=17), True, False, False),
        (Age(lowest=18), True, False, False),
        (Age(lowest=17, decided_adult=True), False, False, True),
        (born(5), True, False, False),
        (born(6), True, True, False),
        (born(15), True, True, False),
        (born(16), True, False, True),
        (born(17), True, False, True),
        (born(18), False, False, True),
    ],
)
def test_doubt_means_minor_an_estimate_is_enough_for_school_and_never_for_work(
    age: Age, *, minor: bool, school: bool, work: bool
) -> None:
    found = opened(person(age, willing=True))
    assert ("every_minor_guardianship" in found) is minor
    assert ("compulsory_school_age" in found) is school
    assert ("of_age_and_willing" in found) is work


def test_the_age_turns_on_the_birthday_itself() -> None:
    tomorrow = Age(birth_date=date(2010, 3, 3))
    assert "of_age_and_willing" not in opened(person(tomorrow, willing=True))
    assert "of_age_and_willing" in opened(person(Age(birth_date=TODAY.replace(year=2010)), willing=True))


def test_somebody_only_presumed_to_be_a_victim_is_cared_for_at_once() -> None:
    """Investigation gates nothing: what opens a stage of care is a need, and no finding is looked at."""
    needs = person(born(9), safe_place_tonight=NO, injured_or_ill=YES, apart_from_family=YES)
    stages = {opening.stage for opening in openings(needs, NOTHING, existing=())}
    assert stages >= {StageCode.SHELTER, StageCode.MEDICAL_CARE, StageCode.GUARDIANSHIP}
    with_investigation = openings(needs, NOTHING, existing=(StageCode.INVESTIGATION,))
    assert {opening.stage for opening in with_investigation} == stages


def test_the_rules_cannot_see_testimony_or_origin() -> None:
    seen = {field.name for facts in (Person, Situation, Progress, Age) for field in dataclasses.fields(facts)}
    assert seen == {
        *("today", "age", "situation", "liberty_at", "willing_to_work", "birth_date", "lowest"),
        *("in_danger", "safe_place_tonight", "injured_or_ill", "apart_from_family", "identity_known"),
        *("household_registered", "nationality", "in_care", "left_care", "repatriation_consent"),
        *("abroad", "decided_adult", "identification", "dependant"),
        *("stay", "female", "tracing_asked", "schooling_asked", "emergency"),
        *("rescue_needed_at", "stranded"),
    }


def test_schooling_waits_neither_for_identity_nor_for_registration() -> None:
    child = person(born(9), identity_known=NO, household_registered=NO)
    assert "compulsory_school_age" in opened(child)


@pytest.mark.parametrize("other", [stage for stage in StageCode if stage is not StageCode.SHELTER])
def test_shelter_waits_for_no_other_stage(other: StageCode) -> None:
    homeless = person(safe_place_tonight=NO)
    for existing in ((), (other,)):
        assert StageCode.SHELTER in {found.stage for found in openings(homeless, NOTHING, existing)}


def test_an_adult_apart_from_family_is_traced_only_on_request() -> None:
    assert "minor_apart_from_family" not in opened(person(apart_from_family=YES))


def test_nobody_is_offered_work_who_did_not_ask_for_it() -> None:
    assert "of_age_and_willing" not in opened(person(free=True))


def test_a_stage_opens_once_even_when_two_rules_fire() -> None:
    hurt_and_free = person(free=True, injured_or_ill=YES)
    assert {"injured_or_ill", "offered_at_liberty"} <= opened(hurt_and_free)
    fired = [found.rule for found in openings(hurt_and_free, NOTHING, ()) if found.stage == "medical_care"]
    assert fired == ["injured_or_ill"]


@pytest.mark.parametrize("stage", StageCode)
def test_a_stage_that_exists_is_not_opened_again(stage: StageCode) -> None:
    everything = person(born(9), free=True, safe_place_tonight=NO, injured_or_ill=YES, apart_from_family=YES)
    again = openings(everything, Progress(left_care=True), existing=(stage,))
    assert stage not in {found.stage for found in again}


def test_the_investigation_opens_with_the_report_and_in_an_emergency_on_receipt() -> None:
    assert CASE_OPENINGS == {
        "report_accepted": (StageCode.INVESTIGATION, 25),
        "on_receipt_in_emergency": (StageCode.INVESTIGATION, 25),
    }


def test_no_rule_of_a_person_opens_what_belongs_to_the_case() -> None:
    assert {found.stage for found in PERSON_OPENINGS} == set(StageCode) - {"report", "investigation"}
