"""What the database itself shows at a door: one person's part of one case, and nothing to write."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from api.calls import House
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.manners.operations import statements_of
from tests.api.own_door.conftest import Door, code_for, come_in, sql

MOST_OF_A_READ = 11
"""The most statements that any read may take."""
MOST_OF_A_MOVE = 26


@pytest.fixture
def two(play: Stage) -> Journey:
    """Two people of one case, the first of them meant."""
    people = [{"identity": {"name": name, "birth_date": "1990-01-01"}} for name in ("示例甲", "示例乙")]
    receipt = first.report(play, "complaint", [], {"narrative": "有人需要帮助"})
    return first.police_take_it_up(play, receipt, people)


def test_of_two_people_of_a_case_the_database_shows_one(house: House, two: Journey, admin: Engine) -> None:
    case_id, mine = two.case["id"], two.victim_id
    there = sql(admin, "select 1 from victims where case_id = :id", id=case_id)
    assert len(there) == 2
    with house.engine.connect() as connection:
        for name, value in (("door_case", case_id), ("door_person", mine), ("door_voice", "person")):
            connection.execute(text(f"select set_config('homeward.{name}', :value, true)"), {"value": value})
        for table, column in (
            ("victims", "id"),
            ("sealed_values", "person_id"),
            ("person_keys", "person_id"),
        ):
            shown = set(connection.execute(text(f"select {column} from {table}")).scalars())  # noqa: S608
            assert {str(one) for one in shown} == {mine}, table
        stages = set(connection.execute(text("select victim_id from stages")).scalars())
        assert {str(one) for one in stages} == {mine}  # not the investigation, which is nobody's
        for table in ("reports", "relatives", "requests", "merges", "objections", "approvals", "alarms"):
            assert connection.execute(text(f"select 1 from {table}")).first() is None, table  # noqa: S608
        assert connection.execute(text("update consents set state = 'given'")).rowcount == 0
        with pytest.raises(ProgrammingError):
            connection.execute(
                text("insert into victims (case_id, id, ordinal, added_at) values (:id, :id, 9, now())"),
                {"id": case_id},
            )
        connection.rollback()


def test_no_page_of_the_door_asks_the_database_more_often_than_any_read_may(house: House, door: Door) -> None:
    for page in ("/plan", "/record", "/readers", "/consents", "/letters"):
        with statements_of(house.engine) as seen:
            door.get(page)
        assert len(seen) <= MOST_OF_A_READ, page
    with statements_of(house.engine) as seen:
        assert door.ask("POST", "/corrections", {"words": "写错了"}).status_code == 201
    assert len(seen) <= MOST_OF_A_MOVE


def test_coming_in_and_an_emergency_stay_within_what_a_move_may_take(
    house: House, play: Stage, two: Journey
) -> None:
    code = code_for(play.desk("psb-1"), two)
    with statements_of(house.engine) as seen:
        come_in(play.client, code)
    assert len(seen) <= MOST_OF_A_MOVE
    desk, number = play.desk("south-psb-2"), play.desk("psb-1").get(two.address)["number"]
    desk.confirm()
    body = {"case_number": number, "reason_code": "missing_child", "reason": "须立即寻找"}
    with statements_of(house.engine) as seen:
        grant = desk.post("/emergency_access", body)
    assert len(seen) <= MOST_OF_A_MOVE
    with statements_of(house.engine) as seen:
        desk.get(f"/emergency_access/{grant['id']}/people")
    assert len(seen) <= MOST_OF_A_READ
