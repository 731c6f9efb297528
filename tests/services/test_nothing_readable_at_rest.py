"""A superuser's dump holds no name, number, address or narrative of anybody; nor does the server's log."""

import ast
import base64
import logging
import os
import re
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from api.calls import House
from domain.people import civil_day
from services import demo_journeys, demo_world
from services.demo_desk import Desk, Json, Refused, checked
from services.demo_journeys import (
    Stage,
    boy_found_begging,
    girl_who_wants_to_train,
    woman_forced_into_marriage,
)
from services.embedded_postgres import EmbeddedPostgres
from services.master_keys import MasterKeys, WrapBroken
from services.records.sealed import SealedValueRow
from services.sealed_values import KeyRing, key_context
from services.sealing import SealBroken
from services.settings import Settings

NAME, OTHER_NAME, NUMBER = "金丝雀甲", "金丝雀乙", "CANARY-7654321"
PHONE, NARRATIVE, ADDRESS = "09917654321", "金丝雀在这里求助", "金丝雀路七号"
WORDS, REASON, REPORTER = "金丝雀自己的话", "金丝雀的理由", "金丝雀报告人"
HELD, ASKED, SPELLED = "金丝雀的保留理由", "金丝雀请求删除", "jinsiquejia"
CANARIES = (
    NAME, OTHER_NAME, NUMBER, PHONE, NARRATIVE, ADDRESS, WORDS, REASON, REPORTER, HELD, ASKED, SPELLED, PHONE[1:],
)  # fmt: skip
SEARCHES = (
    {"name": NAME},
    {"name": SPELLED},
    {"identity_number": NUMBER},
    {"phone": PHONE},
    {"name": OTHER_NAME},
)


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
    placed = {"care": "relief_station", "address": ADDRESS, "starts_on": civil_day(day).isoformat()}
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
    look_and_keep(play, case, person)
    return case


def look_and_keep(play: Stage, case: Json, person: str) -> None:
    """They are looked for, held, asked to be erased, exported."""
    for asked in SEARCHES:
        for desk in (play.desk("cab-1"), play.desk("psb-1")):
            with suppress(Refused):  # the police look for nobody by telephone
                desk.post("/people/searches", asked)
    officer = play.desk("data-officer")
    officer.post(f"{case['links']['self']}/legal_holds", {"reason": HELD})
    with pytest.raises(Refused) as refusal:
        officer.post(f"{person}/erasures", {"asked_by": "person", "own_words": ASKED})
    assert [canary for canary in CANARIES if canary in str(refusal.value.problem)] == []
    assert NAME in str(officer.post(f"{person}/exports", {"recipient": "person"}))


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


def test_what_is_refused_or_logged_repeats_nothing(
    told: Json, desk: Callable[[str], Desk], client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Every address that takes a body is given one with canaries that it refuses, and the log is read along."""
    owner, case = desk("cab-1"), told["links"]["self"]
    headers = {"Authorization": f"Bearer {owner.token}", "If-Match": '"1"'}
    person = f"{case}/victims/{told['victims'][0]}"
    wrong: Json = {
        "name": NAME,
        "identity_number": NUMBER,
        "phone": PHONE,
        NAME: NARRATIVE,
        "reason": [REASON],
    }
    with caplog.at_level(logging.DEBUG), capture_logs() as structured:
        answers = [
            client.request(method, path, json=wrong, headers=headers)
            for method, path in (
                ("POST", "/people/searches"), ("PATCH", person), ("POST", f"{person}/erasures"),
                ("POST", f"{person}/exports"), ("POST", f"{case}/legal_holds"), ("POST", "/reports"),
                ("POST", "/public/reports"), ("POST", f"{person}/relatives"), ("POST", f"{person}/consents"),
                ("GET", f"/receipts/{NAME}"), ("GET", f"/cases/{NUMBER}"),
            )
        ]  # fmt: skip
    assert {answer.status_code // 100 for answer in answers} == {4}
    said = "".join(answer.text for answer in answers) + caplog.text + str(structured)
    # the library that plays the client writes down the address that it asks; the server does not
    said = re.sub(r"HTTP Request: .*", "", said)
    assert [canary for canary in CANARIES if canary in said] == []


def test_what_leaves_for_others_names_nobody(told: Json, admin: Engine) -> None:
    """Alarms, workload, nameless requests, the log of reads, what is due: every column that somebody outside may be told."""
    tables = ("alarms", "workload", "requests", "read_log", "deadlines", "erasures", "timeline_entries")
    with admin.connect() as connection:
        for table in tables:
            rows = connection.execute(text(f"select {table}::text from {table}")).scalars()  # noqa: S608
            found = "".join(rows)
            assert [c for c in CANARIES if c in found or c.encode().hex() in found] == [], table


def test_a_value_moved_anywhere_else_does_not_open(told: Json, house: House, admin: Engine) -> None:
    """Between rows, sections, revisions and people: every pair of values of the case is swapped, and every key."""
    master: MasterKeys = house.master_keys
    file_id = UUID(str(told["id"]))
    columns = "row_id, section, revision, person_id, sealed"
    with admin.connect() as connection:
        rows = connection.execute(
            text(f"select {columns} from sealed_values where file_id = :case"),  # noqa: S608  # ours
            {"case": file_id},
        ).all()
        keys = connection.execute(
            text("select person_id, master_version, wrapped from person_keys where file_id = :case"),
            {"case": file_id},
        ).all()
    refused = swapped = 0
    with Session(house.engine, info={"master_keys": master}) as session, session.begin():
        session.execute(text("select set_config('homeward.file', :case, true)"), {"case": str(file_id)})
        ring = KeyRing(session, file_id)
        for place, other in permutations(rows, 2):
            swapped += 1
            with suppress(SealBroken):
                ring.open(_as_row(place, other.sealed))
                continue
            refused += 1
        assert all(ring.open(_as_row(row, row.sealed)).content for row in rows)
    for key, other in permutations(keys, 2):
        swapped += 1
        with suppress(WrapBroken):
            master.unwrap(other.master_version, bytes(other.wrapped), key_context(file_id, key.person_id))
            continue
        refused += 1
    assert len(rows) > 8
    assert (refused, swapped) == (swapped, len(rows) * (len(rows) - 1) + len(keys) * (len(keys) - 1))


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
