"""A superuser's dump holds no name, number, address or narrative of anybody; nor does the server's log."""

import ast
import base64
import os
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from api.calls import House
from services import demo_journeys, demo_world
from services.demo_desk import Desk, Json, checked
from services.demo_journeys import (
    Stage,
    boy_found_begging,
    girl_who_wants_to_train,
    woman_forced_into_marriage,
)
from services.embedded_postgres import EmbeddedPostgres
from services.master_keys import MasterKeys
from services.records.sealed import SealedValueRow
from services.sealed_values import KeyRing
from services.sealing import SealBroken
from services.settings import Settings

NAME, OTHER_NAME, NUMBER = "金丝雀甲", "金丝雀乙", "CANARY-7654321"
PHONE, NARRATIVE, ADDRESS = "09917654321", "金丝雀在这里求助", "金丝雀路七号"
WORDS, REASON, REPORTER = "金丝雀自己的话", "金丝雀的理由", "金丝雀报告人"
CANARIES = (NAME, OTHER_NAME, NUMBER, PHONE, NARRATIVE, ADDRESS, WORDS, REASON, REPORTER)


@pytest.fixture(scope="module")
def told(module_play: Stage) -> Json:
    """One person about whom everything is written down that can be, through the API."""
    play = module_play
    police, civil_affairs, station = play.desk("psb-1"), play.desk("cab-1"), play.desk("station-1")
    body = {
        "kind": "tip",
        "place_id": play.place("0101"),
        "concerns": ["child_alone"],
        "message": {"narrative": NARRATIVE, "whereabouts": ADDRESS, "people": [NAME]},
        "reporter": {"name": REPORTER, "phone": PHONE, "safe_way_to_answer": REASON},
    }
    checked(play.client.post("/public/reports", json=body))
    report = police.get("/reports", state="received")["items"][0]
    police.move(report, "screen")
    report = police.move(report, "accept", {})
    police.move(report, "answer", {"text": REASON})
    case = police.get(report["links"]["case"])
    person = f"{case['links']['self']}/victims/{case['victims'][0]}"
    sections = {
        "identity": {"name": NAME, "other_names": [OTHER_NAME], "lowest_age": 9},
        "documents": {"identity_number": NUMBER},
        "contact": {"phone": PHONE, "safe_contact": WORDS},
        "situation": {"safe_place_tonight": "no"},
        "account": {"note": NARRATIVE},
    }
    police.patch(person, sections, version=1)
    shelter = next(s for s in police.get(case["links"]["stages"])["items"] if s["code"] == "shelter")
    civil_affairs.accept(shelter)
    civil_affairs.move(shelter, "hand_over", {"unit_id": play.unit(station), "reason": REASON})
    station.accept(shelter, "accept_hand_over")
    station.move(shelter, "begin")
    day = datetime.now(UTC) - timedelta(days=1)
    placed = {"care": "relief_station", "address": ADDRESS, "starts_on": day.date().isoformat()}
    station.record(shelter, "placements", day, **placed)
    station.record(
        shelter,
        "reviews",
        day,
        outcome="stay",
        person_heard=True,
        own_words=WORDS,
        next_review_on="2030-01-01",
    )
    station.move(
        shelter, "hold", {"reason": REASON, "review_at": (datetime.now(UTC) + timedelta(days=30)).isoformat()}
    )
    return case


def dump(cluster: EmbeddedPostgres, settings: Settings) -> bytes:
    assert settings.admin_database_url is not None
    address = make_url(settings.admin_database_url)
    command = [
        str(cluster.home.programs / "pg_dump"),
        "--inserts",
        "-h",
        str(address.query["host"]),
        "-U",
        "postgres",
    ]
    environment = {**os.environ, "PGPASSWORD": str(address.password)}
    return subprocess.run(
        [*command, str(address.database)], env=environment, capture_output=True, check=True
    ).stdout


def spellings(canary: str) -> tuple[bytes, ...]:
    plain = canary.encode()
    escaped = canary.encode("unicode_escape")
    return (
        plain,
        plain.hex().encode(),
        base64.b64encode(plain).rstrip(b"=")[:-1],
        escaped if escaped != plain else plain,
    )


def test_a_superusers_dump_holds_no_word_of_them(
    told: Json, cluster: EmbeddedPostgres, settings: Settings
) -> None:
    content = dump(cluster, settings)
    assert str(told["id"]).encode() in content, "the dump is of this database"
    assert [canary for canary in CANARIES if any(spelling in content for spelling in spellings(canary))] == []


def test_the_servers_log_holds_no_word_of_them(told: Json, cluster: EmbeddedPostgres) -> None:
    assert told
    logs = b"".join(path.read_bytes() for path in cluster.home.cluster.rglob("*.log"))
    assert [canary for canary in CANARIES if canary.encode() in logs] == []


def test_the_person_themselves_is_there_for_those_who_may_read(
    told: Json, desk: Callable[[str], Desk]
) -> None:
    victims = desk("psb-1").get(f"{told['links']['self']}/victims")["items"]
    assert victims[0]["sections"]["identity"]["name"] == NAME


def test_a_value_moved_to_another_row_does_not_open(told: Json, house: House, settings: Settings) -> None:
    master: MasterKeys = house.master_keys
    with Session(house.engine, info={"master_keys": master}) as session, session.begin():
        session.execute(text("select set_config('homeward.file', :case, true)"), {"case": str(told["id"])})
        ring = KeyRing(session, UUID(str(told["id"])))
        rows = session.execute(
            text(
                "select row_id, section, revision, person_id, sealed from sealed_values where file_id = :case and current"
            ),
            {"case": str(told["id"])},
        ).all()
        first, second = (row for row in rows if row.section in ("identity", "contact"))
        with pytest.raises(SealBroken):
            ring.open(_as_row(second, first.sealed))
        assert ring.open(_as_row(second, second.sealed)).content


def _as_row(place: object, sealed: bytes) -> SealedValueRow:
    names = ("row_id", "section", "revision", "person_id")
    return SealedValueRow(**{name: getattr(place, name) for name in names}, sealed=bytes(sealed))


def _spoken() -> set[str]:
    """Every Chinese sentence, name, number and address that the demonstration's people say or are written down with."""
    folder = Path(demo_journeys.__file__).parent
    public = Path(demo_world.__file__).read_text(encoding="utf-8")
    constants = (
        node.value
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {said for said in constants if re.search("[\u4e00-\u9fff]{2}", said) and said not in public}


def test_a_dump_of_the_demonstration_holds_no_word_of_its_people(
    play: Stage, cluster: EmbeddedPostgres, settings: Settings
) -> None:
    boy_found_begging(play)
    girl_who_wants_to_train(play)
    woman_forced_into_marriage(play)
    spoken, content = _spoken(), dump(cluster, settings)
    assert len(spoken) > 20, "the demonstration says more than that"
    assert any(spelling in content for spelling in spellings("示范救助管理站")), "what is public is found"
    assert {said for said in spoken if any(spelling in content for spelling in spellings(said))} == set()
