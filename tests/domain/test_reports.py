"""What makes a report urgent, whom it puts into a case at once, who may object: each row by hand."""

from itertools import chain, combinations

import pytest

from domain.agencies import MEMBERS, Agency
from domain.people import Known
from domain.reports import (
    COMPLAINTS_GO_TO,
    Concern,
    Objection,
    child_door_concerns,
    objections_open_to,
    person_on_receipt,
)

EVERY_CHOICE = list(chain.from_iterable(combinations(Concern, size) for size in range(len(Concern) + 1)))


@pytest.mark.parametrize("concerns", EVERY_CHOICE, ids=lambda c: "+".join(c) or "none")
def test_every_concern_but_danger_alone_puts_somebody_of_unknown_age_into_the_case(
    concerns: tuple[Concern, ...],
) -> None:
    person = person_on_receipt(concerns)
    assert (person is not None) is bool(set(concerns) - {Concern.DANGER})
    if person is not None:
        assert set(person) == {"situation", "contact"}
        assert person["situation"] == ({"in_danger": "yes"} if Concern.DANGER in concerns else {})
        alone = {Concern.SELF_REPORT, Concern.CHILD_ALONE} <= set(concerns)
        assert person["contact"] == ({"contact_home": "no"} if alone else {})


@pytest.mark.parametrize(
    ("safe_now", "concerns"),
    [
        (Known.YES, {"self_report", "child_alone"}),
        (Known.UNKNOWN, {"self_report", "child_alone"}),
        (Known.NO, {"self_report", "child_alone", "danger"}),
    ],
)
def test_the_childs_door_is_a_self_report_of_a_child_alone(safe_now: Known, concerns: set[str]) -> None:
    assert set(child_door_concerns(safe_now)) == concerns


@pytest.mark.parametrize(
    ("agency", "levels_up", "kinds"),
    [
        (Agency.PSB, 1, {Objection.REVIEW}),
        (Agency.PSB, 2, {Objection.REVIEW}),
        (Agency.PSB, 0, set()),
        (Agency.PSB, None, set()),
        (Agency.PROC, 0, {Objection.PROSECUTOR_DEMAND}),
        (Agency.PROC, 1, {Objection.PROSECUTOR_DEMAND}),
        (Agency.PROC, None, set()),
    ],
)
def test_the_level_above_reviews_and_the_procuratorate_demands(
    agency: Agency, levels_up: int | None, kinds: set[Objection]
) -> None:
    assert objections_open_to(agency, levels_up) == kinds


def test_nobody_else_objects_and_a_complaint_is_nobodys_but_the_reporters() -> None:
    for agency in set(MEMBERS) - {Agency.PSB, Agency.PROC} | {Agency.OFFICE}:
        assert objections_open_to(agency, 1) == set()
    assert all(
        Objection.COMPLAINT not in objections_open_to(agency, up) for agency in Agency for up in (0, 1, None)
    )
    assert [objector.agency for objector in COMPLAINTS_GO_TO] == [Agency.PSB, Agency.PROC]
    assert [objector.same_level for objector in COMPLAINTS_GO_TO] == [False, True]
