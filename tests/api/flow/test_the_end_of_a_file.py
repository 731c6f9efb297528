"""A closed case comes to its end: everything personal in it is erased, what was done and decided stays, the chain is whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, Row, text

from api.calls import House
from domain.people import civil_day
from services.clockwork import DueFile, raise_due
from services.database import engine_for
from services.demo_desk import Desk, Json, Refused
from services.demo_journeys import Stage, boy_found_begging, woman_who_declines
from services.demo_journeys.woman_who_declines import PHONE
from services.settings import Settings


@dataclass(frozen=True)
class Archive:
    """What the database still holds, and the worker that passes by when a term is over."""

    admin: Engine
    worker: Engine
    house: House

    def rows(self, statement: str, case: str) -> list[Row[Any]]:
        with self.admin.connect() as connection:
            return list(connection.execute(text(statement), {"id": case}))

    def term(self, case: str) -> Row[Any]:
        return self.rows(
            "select started_at, due_at, state from deadlines where file_id = :id and clock = 'case_file_term'"
            " order by started_at desc, due_at desc limit 1",
            case,
        )[0]

    def kept(self, case: str) -> int:
        """Values, and keys that still open, of the case and of the reports behind it."""
        found = self.rows(
            "with files as (select cast(:id as uuid) as id union select id from reports where case_id = :id)"
            " select 1 from sealed_values join files on id = file_id"
            " union all select 1 from person_keys join files on id = file_id where wrapped is not null",
            case,
        )
        return len(found)

    def term_ends(self, case: str) -> None:
        with self.admin.begin() as connection:
            connection.execute(
                text(
                    "update deadlines set due_at = now(), next_at = now()"
                    " where file_id = :id and clock = 'case_file_term' and state = 'running'"
                ),
                {"id": case},
            )
        raise_due(self.worker, {"master_keys": self.house.master_keys}, DueFile("case", UUID(case)))


@pytest.fixture
def archive(house: House, settings: Settings, admin: Engine) -> Iterator[Archive]:
    assert settings.worker_database_url
    worker = engine_for(settings.worker_database_url, 2)
    yield Archive(admin, worker, house)
    worker.dispose()


def refusal(act: Callable[..., object], *args: object, **named: object) -> tuple[int, Json]:
    with pytest.raises(Refused) as found:
        act(*args, **named)
    return found.value.status, found.value.problem


def test_at_the_end_of_the_term_nothing_of_the_person_is_left(play: Stage, archive: Archive) -> None:
    journey = woman_who_declines(play)
    case, report = str(journey.case["id"]), play.desk("cab-1").get(journey.person)
    assert report["sections"]["contact"] == {"phone": PHONE}
    term = archive.term(case)
    assert term.state == "running"
    assert timedelta(days=3651) < term.due_at - term.started_at < timedelta(days=3655)
    assert archive.kept(case) > 20
    archive.term_ends(case)
    assert archive.kept(case) == 0
    now = journey.owner.get(journey.address)
    assert (now["state"], now["closing_reason"], now["available_actions"]) == (
        "closed",
        "declined_by_victim",
        [],
    )
    assert now["erased_at"] is not None
    assert journey.owner.get(journey.person)["sections"] == {}
    assert archive.term(case).state == "met"
    last = journey.owner.get(f"{journey.address}/timeline", limit=100)["items"][-1]["what"]
    assert (last["action"], last["rule"]) == ("erase", "end_of_the_term_of_the_file")
    assert journey.owner.get(f"{journey.address}/timeline/check")["whole"] is True


def test_what_is_erased_is_opened_no_more_and_a_new_report_is_a_new_case(
    play: Stage, archive: Archive
) -> None:
    journey = woman_who_declines(play)
    archive.term_ends(str(journey.case["id"]))
    owner, now = journey.owner, journey.owner.get(journey.address)
    body = {"reason": "她来电"}
    status, problem = refusal(owner.post, f"{journey.address}/reopen", body, version=now["version"])
    assert (status, problem["state"]) == (409, "erased")
    shelter = journey.stage("shelter")
    status, problem = refusal(play.desk("cab-1").move, shelter, "reopen", body)
    assert (status, problem["state"]) == (409, "erased")


def test_nothing_is_written_any_more_about_who_was_erased(play: Stage, archive: Archive) -> None:
    journey = woman_who_declines(play)
    archive.term_ends(str(journey.case["id"]))
    person, case, health = journey.person, journey.address, play.desk("health-1")
    writes = {
        f"{person}/consents": {"purpose": "medical_care", "what": "检查", "language": "zh"},
        f"{person}/relatives": {"relation": "father", "role": "relative", "name": "示例甲"},
        f"{person}/guardian_conflicts": {"reason": "有疑问"},
        f"{person}/merges": {"other_case_number": journey.case["number"]},
        f"{case}/victims": {},
        f"{case}/stages": {"code": "schooling", "victim_id": journey.victim_id},
        f"{case}/unit_conflicts": {"unit_id": play.unit(health), "reason": "有疑问"},
        f"{case}/exclusions": {"account_id": health.me["account_id"], "reason": "有疑问"},
        f"{case}/approvals": {
            "action": "close",
            "subject_id": journey.case["id"],
            "approver_unit_id": play.unit(play.desk("women-1")),
            "reason": "已办结",
        },
    }
    told = {path: refusal(journey.owner.post, path, body) for path, body in writes.items()}
    assert {
        path: (status, problem.get("state")) for path, (status, problem) in told.items()
    } == dict.fromkeys(writes, (409, "erased"))
    doubt = {"unit_id": play.unit(health), "reason": "接到控告"}
    assert refusal(play.desk("proc-1").post, f"{case}/unit_conflicts", doubt)[0] == 409
    assert archive.kept(str(journey.case["id"])) == 0


def test_a_case_that_is_opened_again_has_no_term(play: Stage, archive: Archive) -> None:
    journey = woman_who_declines(play)
    case = str(journey.case["id"])
    journey.owner.move(journey.case, "reopen", {"reason": "她来电，想继续看病"})
    assert archive.term(case).state == "stopped"
    archive.term_ends(case)
    assert archive.kept(case) > 20


def test_a_child_s_file_is_kept_until_they_are_28(play: Stage, archive: Archive) -> None:
    journey = boy_found_begging(play)
    identity = journey.owner.get(journey.person)["sections"]["identity"]
    term, closed = archive.term(str(journey.case["id"])), journey.owner.get(journey.address)["closed_at"]
    assert (identity["lowest_age"], identity.get("birth_date")) == (12, None)
    due, day = civil_day(term.due_at), civil_day(datetime.fromisoformat(closed))
    assert due == day.replace(year=day.year + 28 - 12)


def test_while_a_report_behind_it_is_objected_to_nothing_is_erased(play: Stage, archive: Archive) -> None:
    journey = woman_who_declines(play)
    case = str(journey.case["id"])
    objection = object_to_the_report(play.desk("corps-psb-1"), archive, case)
    before = archive.kept(case)
    archive.term_ends(case)
    assert archive.kept(case) == before
    assert timedelta(days=29) < archive.term(case).due_at - datetime.now(archive.term(case).due_at.tzinfo)
    assert objection["closed_at"] is None


def object_to_the_report(police: Desk, archive: Archive, case: str) -> Json:
    report = archive.rows("select id from reports where case_id = :id", case)[0].id
    return police.post(f"/reports/{report}/objections", {"kind": "review", "narrative": "对处理结果有异议"})
