"""What waits for consent and what ends with it, the cooling period, and the other bases with their limits."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.bases import (
    ALONE_BY_CONSENT,
    GROUNDS,
    REACH,
    Ground,
    Standing,
    reaches,
    unmet_to_rest_on,
)
from domain.consents import (
    CARE,
    ENDS_WITH_THE_GUARDIAN,
    Basis,
    Purpose,
    ends_with_consent,
    needs_consent,
    rested,
)
from domain.people import Age, Known, Person, Situation
from domain.stages import StageCode

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
OTHER_BASES = (Basis.LEGAL_DUTY, Basis.VITAL_INTEREST, Basis.CRIMINAL_PROCEDURE)


def person(years: int | None, *, hurt: bool = False) -> Person:
    birth = None if years is None else TODAY.replace(year=TODAY.year - years)
    return Person(TODAY, Age(birth), Situation(injured_or_ill=Known.YES if hurt else Known.UNKNOWN))


# years (None: unknown), hurt; the stages that wait for consent, beside those that always do
ALWAYS = {"employment", "reintegration_support", "repatriation", "follow_up"}
WAITING = [
    (30, False, {"shelter", "medical_care", "family_tracing", "schooling"}),
    (30, True, {"shelter", "family_tracing", "schooling"}),
    (17, False, {"medical_care", "schooling"}),
    (17, True, {"schooling"}),
    (16, False, {"medical_care", "schooling"}),
    (15, False, {"medical_care"}),
    (6, False, {"medical_care"}),
    (5, False, {"medical_care", "schooling"}),
    (None, False, {"medical_care"}),
    (None, True, set()),
]


@pytest.mark.parametrize(("years", "hurt", "waiting"), WAITING)
def test_no_child_s_protection_no_urgent_care_and_no_compulsory_school_waits_for_consent(
    years: int | None, hurt: bool, waiting: set[str]
) -> None:
    found = {stage for stage in StageCode if needs_consent(stage, person(years, hurt=hurt)) is not None}
    assert found == ALWAYS | waiting


@pytest.mark.parametrize(("years", "hurt", "waiting"), WAITING)
def test_what_needed_consent_ends_with_it(years: int | None, hurt: bool, waiting: set[str]) -> None:
    somebody = person(years, hurt=hurt)
    for said_no in (True, False):
        ended = {stage for stage in StageCode if ends_with_consent(stage, somebody, said_no=said_no)}
        heeded = {"medical_care"} if said_no and years == 30 else set()
        assert ended == ALWAYS | waiting | heeded


@pytest.mark.parametrize(
    ("since", "over"),
    [(timedelta(days=7), True), (timedelta(days=7, seconds=-1), False), (timedelta(0), False), (None, False)],
)
def test_relocation_rests_seven_days(since: timedelta | None, over: bool) -> None:
    consents = {} if since is None else {str(Purpose.RELOCATION): NOW - since}
    assert rested(Purpose.RELOCATION, consents, NOW) is over


def test_a_division_may_give_longer_to_think_about_a_relocation() -> None:
    consents = {str(Purpose.RELOCATION): NOW - timedelta(days=13)}
    assert rested(Purpose.RELOCATION, consents, NOW)
    assert not rested(Purpose.RELOCATION, consents, NOW, {"relocation_cooling": 14})


def test_other_purposes_need_no_rest_but_a_consent() -> None:
    assert rested(Purpose.EMPLOYMENT, {Purpose.EMPLOYMENT: NOW}, NOW)
    assert not rested(Purpose.EMPLOYMENT, {Purpose.RELOCATION: NOW - timedelta(days=30)}, NOW)


def test_every_purpose_either_goes_on_as_care_or_ends_with_the_guardian() -> None:
    assert {*CARE} == {"shelter", "medical_care", "schooling", "rights_support", "reintegration_support"}
    assert set(Purpose) == CARE | ENDS_WITH_THE_GUARDIAN
    assert not CARE & ENDS_WITH_THE_GUARDIAN
    assert REACH[Basis.VITAL_INTEREST] >= CARE  # or it could not go on


def ground(
    basis: Basis = Basis.VITAL_INTEREST,
    purpose: Purpose = Purpose.MEDICAL_CARE,
    article: str = "未成年人保护法 92",
    until: timedelta = timedelta(days=30),
    told: tuple[bool, bool] = (True, False),
) -> Ground:
    return Ground(basis, purpose, article, NOW + until, told=told[0], telling_endangers=told[1])


def lacks(asked: Ground, *, approved: bool = True, adult_said_no: bool = False) -> list[str]:
    return [
        one.code
        for one in unmet_to_rest_on(asked, Standing(NOW, approved=approved, adult_said_no=adult_said_no))
    ]


def test_with_everything_in_place_another_basis_stands() -> None:
    assert lacks(ground()) == []


@pytest.mark.parametrize("basis", OTHER_BASES)
@pytest.mark.parametrize(
    "purpose", ["employment", "relocation", "follow_up", "publication", "embassy_contact", "repatriation"]
)
def test_no_other_basis_opens_work_relocation_return_follow_up_publication_or_the_embassy(
    basis: Basis, purpose: str
) -> None:
    assert Purpose(purpose) in ALONE_BY_CONSENT
    assert "basis_reaches_purpose" in lacks(ground(basis, Purpose(purpose)))


@pytest.mark.parametrize("stage", StageCode)
def test_criminal_procedure_reaches_investigation_and_rescue_only(stage: StageCode) -> None:
    assert reaches(Basis.CRIMINAL_PROCEDURE, stage) is (stage in ("investigation", "rescue"))
    assert reaches(Basis.VITAL_INTEREST, stage)


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - {Purpose.INFORMATION_SHARING}))
def test_criminal_procedure_carries_nothing_but_what_the_police_must_learn(purpose: Purpose) -> None:
    asked = ground(Basis.CRIMINAL_PROCEDURE, purpose, "刑事诉讼法 281")
    assert lacks(asked) == ["basis_reaches_purpose"]


@pytest.mark.parametrize("article", GROUNDS)
@pytest.mark.parametrize("basis", OTHER_BASES)
def test_an_article_supports_its_own_bases_only(article: str, basis: Basis) -> None:
    asked = ground(basis, Purpose.INFORMATION_SHARING, article)
    assert lacks(asked) == ([] if basis in GROUNDS[article] else ["article_supports_basis"])


def test_an_article_that_is_not_on_the_list_supports_nothing() -> None:
    assert lacks(ground(article="某法 1")) == ["article_supports_basis"]


@pytest.mark.parametrize(
    ("until", "allowed"),
    [(timedelta(days=30), True), (timedelta(days=30, seconds=1), False), (timedelta(0), False)],
)
def test_it_lasts_30_days_at_most_and_ends_in_the_future(until: timedelta, allowed: bool) -> None:
    assert lacks(ground(until=until)) == ([] if allowed else ["at_most_30_days"])


@pytest.mark.parametrize(
    ("told", "open_requirements", "lasts"),
    [
        ((True, False), [], timedelta(days=30)),
        ((False, True), [], timedelta(hours=24)),
        ((False, False), ["person_told"], timedelta(hours=24)),
    ],
)
def test_the_person_is_told_or_it_lasts_a_day(
    told: tuple[bool, bool], open_requirements: list[str], lasts: timedelta
) -> None:
    asked = ground(told=told)
    assert lacks(asked) == open_requirements
    assert asked.ends_at(NOW) == NOW + lasts


def test_an_hour_that_was_asked_for_stays_an_hour_untold() -> None:
    assert ground(until=timedelta(hours=1), told=(False, True)).ends_at(NOW) == NOW + timedelta(hours=1)


def test_no_other_basis_overrides_an_adult_s_no_to_help() -> None:
    assert lacks(ground(), adult_said_no=True) == ["no_of_an_adult"]
    duty = ground(Basis.LEGAL_DUTY, Purpose.INFORMATION_SHARING, "妇女权益保障法 22")
    assert lacks(duty, adult_said_no=True) == []


def test_all_that_is_missing_is_named_at_once() -> None:
    asked = ground(
        Basis.CRIMINAL_PROCEDURE, Purpose.EMPLOYMENT, until=timedelta(days=31), told=(False, False)
    )
    assert lacks(asked, approved=False, adult_said_no=True) == [
        "basis_reaches_purpose",
        "article_supports_basis",
        "at_most_30_days",
        "person_told",
        "no_of_an_adult",
        "approved_by_another_agency",
    ]
