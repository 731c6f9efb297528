"""The worker's other rounds: due times that were provisional, counts of the coordinators, and a failure in one file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from domain.clocks import CLOCKS
from services.clockwork import raise_all_due
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.provisional import recompute_provisional
from services.working_days import OFFICIAL
from services.workload import count_workload
from tests.services.clocks.ground import Clocks


@dataclass(frozen=True)
class Announced:
    """The official calendar, with arrangements announced for every year and these days off."""

    off: frozenset[date]

    def is_working(self, day: date) -> bool:
        return day not in self.off and OFFICIAL.is_working(day)

    def is_published(self, _year: int) -> bool:
        return True


@pytest.fixture
def provisional(journey: Journey, play: Stage, clocks: Clocks) -> Iterator[str]:
    """A case whose sample request was counted over a year that has no arrangement yet."""
    first.shelter_at_the_station(play, journey, [], on=480)
    case_id, start = str(journey.case["id"]), "2090-03-01T10:00:00+08:00"
    clocks.sql(
        "update deadlines set started_at = :start, provisional = true, due_at = '2090-03-10T23:59:59+08:00',"
        " next_at = '2090-03-10T23:59:59+08:00' where file_id = :file and clock = 'sample_request'",
        start=start, file=case_id,
    )  # fmt: skip
    yield case_id
    clocks.sql("update deadlines set provisional = false where file_id = :file", file=case_id)


def test_a_provisional_due_time_is_counted_again_once_the_year_is_published(
    provisional: str, journey: Journey, clocks: Clocks
) -> None:
    info = {"master_keys": clocks.house.master_keys}
    assert recompute_provisional(clocks.worker, info) == 0, "the year is not published"
    before = clocks.of(provisional, "sample_request")[0]
    announced = Announced(frozenset({date(2090, 3, 2)}))
    assert recompute_provisional(clocks.worker, info, announced) == 1
    after = clocks.of(provisional, "sample_request")[0]
    due = CLOCKS["sample_request"].due(before["started_at"], calendar=announced)
    assert (after["due_at"], after["next_at"], after["provisional"]) == (due.at, due.at, False)
    assert (
        after["due_at"]
        > CLOCKS["sample_request"].due(before["started_at"], calendar=Announced(frozenset())).at
    )
    assert recompute_provisional(clocks.worker, info, announced) == 0
    entries = journey.owner.get(f"{journey.address}/timeline", limit=100)["items"]
    told = [(e["what"]["rule"], e["what"]["changed"]) for e in entries if e["what"]["action"] == "recompute"]
    assert told == [("sample_request", ["due_at"])]


def test_the_coordinators_counts_say_how_many_stages_and_how_many_late(
    journey: Journey, play: Stage, clocks: Clocks
) -> None:
    justice = play.desk("justice-1").me["unit_id"]
    late = "update stages set due_at = now() - interval '1 day' where id = :id"
    clocks.sql(late, id=journey.stage("rights_support")["id"])
    assert count_workload(clocks.worker) > 0
    counted = clocks.sql("select * from workload where unit_id = :unit and state = 'routed'", unit=justice)
    expected = clocks.sql(
        "select code, count(*) as stages, count(*) filter (where due_at < now()) as late from stages"
        " where unit_id = :unit and state = 'routed' group by code",
        unit=justice,
    )  # fmt: skip
    assert {(r["stage"], r["stages"], r["late"]) for r in counted} == {
        (r["code"], r["stages"], r["late"]) for r in expected
    }
    assert {str(row["division_id"]) for row in counted} == {play.place("01")}
    assert sum(row["late"] for row in counted) >= 1


def test_what_the_worker_does_is_entered_as_the_workers(journey: Journey, clocks: Clocks) -> None:
    case_id = str(journey.case["id"])
    clocks.come_due(case_id, "stage_reply", late=timedelta(minutes=1))
    assert raise_all_due(clocks.worker, {"master_keys": clocks.house.master_keys}) > 0
    entries = journey.owner.get(f"{journey.address}/timeline", limit=100)["items"]
    who = next(e["who"] for e in entries if e["what"]["rule"] == "stage_reply")
    assert (who["role"], who["by_rule"], who["account_id"]) == ("worker", True, None)
    assert journey.owner.get(f"{journey.address}/timeline/check")["whole"] is True
