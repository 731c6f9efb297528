"""People who agree and take it back: a woman of 33 and a child of 10, in cases of their own, and the worker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from api.calls import House
from domain.people import civil_day
from services.clockwork import DueFile, raise_due
from services.database import engine_for, transaction
from services.demo_desk import Desk, Json, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import date_of
from services.settings import Settings

FREE_AND_SAFE: Final = {"in_danger": "no", "safe_place_tonight": "yes", "identity_known": "yes"}


def somebody(play: Stage, birth_date: str) -> Journey:
    """Free, safe and known; the case with civil affairs. Care, help with daily life, rights and follow-up are routed."""
    person = {
        "identity": {"birth_date": birth_date, "sex": "female"},
        "situation": FREE_AND_SAFE,
        "account": {"liberty_at": play.day(400).isoformat()},
    }
    receipt = first.report(play, "complaint", [], {"narrative": "我需要帮助"})
    journey = first.police_take_it_up(play, receipt, [person])
    first.hand_to_civil_affairs(play, journey)
    return journey


def child_of(play: Stage, years: int, status: str) -> Journey:
    """A child with a guardian of this status on record."""
    birth = civil_day(play.day(500))
    journey = somebody(play, birth.replace(year=birth.year - years, day=min(birth.day, 28)).isoformat())
    guardianship = journey.stage("guardianship")
    civil_affairs = play.desk("cab-1")
    civil_affairs.accept(guardianship)
    civil_affairs.move(guardianship, "begin")
    related = {"relation": "grandparent"} if status == "safe" else {}
    if related:
        first.assess_family(play, journey, "grandparent", on=400)
    civil_affairs.record(guardianship, "guardian_statuses", play.day(401), status=status, **related)
    return journey


@pytest.fixture
def woman(play: Stage) -> Journey:
    return somebody(play, "1993-05-01")


def begun(journey: Journey, desk: Desk, code: str, *, given_by: str = "self") -> Json:
    """The stage under way on a consent of the same name; returns the consent."""
    stage = journey.stage(code)
    desk.accept(stage)
    consent = first.ask_consent(journey, desk, code, given_by=given_by)
    desk.move(stage, "begin")
    return consent


def withdraw(desk: Desk, consent: Json, said_by: str = "self") -> Json:
    words = {"said_by": said_by, "own_words": "我不想继续了"}
    return desk.post(f"/consents/{consent['id']}/withdraw", words, version=int(consent["version"]))


def consents(journey: Journey) -> list[Json]:
    items: list[Json] = journey.owner.get(f"{journey.person}/consents")["items"]
    return items


def entries(journey: Journey) -> list[Any]:
    """What happened, by the timeline, oldest first."""
    found, path = [], f"{journey.address}/timeline?limit=100"
    while path:
        page = journey.owner.get(path)
        found += [entry["what"] for entry in page["items"]]
        path = page["links"].get("next", "")
    return found


def refusal(act: Callable[..., object], *asked: object, **named: object) -> tuple[int, list[str]]:
    """The status, and what stands against it: unmet requirements, or rules of fields."""
    with pytest.raises(Refused) as refused:
        act(*asked, **named)
    problem = refused.value.problem
    codes = [row["code"] for row in problem.get("unmet") or ()]
    return refused.value.status, codes + [error["rule"] for error in problem.get("errors") or ()]


@dataclass(frozen=True, slots=True)
class Time:
    """Lets a clock come due: its deadline is moved into the past, and a worker looks at the case."""

    worker: Engine
    admin: Engine
    house: House

    def comes(self, journey: Journey, clock: str, subject_id: str) -> None:
        past = text(
            "update deadlines set due_at = now() - interval '1 minute', next_at = now() - interval '1 minute'"
            " where file_id = :file and clock = :clock and subject_id = :subject and state = 'running'"
        )
        case_id = journey.case["id"]
        with transaction(self.admin) as session:
            moved = session.execute(past, {"file": case_id, "clock": clock, "subject": subject_id})
            assert moved.rowcount == 1, "no such clock is running"  # type: ignore[attr-defined]  # an update's result counts
        raise_due(self.worker, {"master_keys": self.house.master_keys}, DueFile("case", UUID(case_id)))

    def due_at(self, subject_id: str, clock: str) -> list[Any]:
        """When the running clocks of this kind are due, in Beijing time."""
        query = text(
            "select to_char(due_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') from deadlines"
            " where subject_id = :subject and clock = :clock and state = 'running'"
        )
        with transaction(self.admin) as session:
            return list(session.execute(query, {"subject": subject_id, "clock": clock}).scalars())


@pytest.fixture(scope="module")
def time(settings: Settings, house: House) -> Iterator[Time]:
    assert settings.worker_database_url is not None
    assert settings.admin_database_url is not None
    worker = engine_for(settings.worker_database_url, 1)
    admin = create_engine(settings.admin_database_url, poolclass=NullPool)
    yield Time(worker, admin, house)
    worker.dispose()
    admin.dispose()


__all__ = ["Time", "begun", "child_of", "consents", "date_of", "entries", "refusal", "somebody", "withdraw"]
