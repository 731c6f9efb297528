"""A code handed over becomes a visit; nothing else opens the door, and the door opens nothing else."""

from typing import Final

import httpx
import pytest
from sqlalchemy import Engine

from domain.own_door import CODE_SIGNS
from services.demo_desk import Json, Refused
from services.demo_journeys import Journey, Stage
from tests.api.own_door.conftest import Door, code_for, come_in, sql

PAGES: Final = ("/plan", "/record", "/readers", "/consents", "/letters")


def refused(client: httpx.Client, code: str) -> Json:
    answer = client.post("/door", json={"code": code})
    assert answer.status_code == 401, answer.text
    return {name: value for name, value in answer.json().items() if name != "instance"}


def test_a_code_is_long_shown_once_and_read_however_it_was_copied(
    play: Stage, woman: Journey, admin: Engine
) -> None:
    code = code_for(play.desk("cab-1"), woman)
    bare = code.replace("-", "")
    assert len(bare) == CODE_SIGNS
    assert len(set(bare)) > 6
    for spelled in (code, bare.lower(), f" {code} ", code.replace("0", "O").replace("1", "l")):
        come_in(play.client, spelled)
    stored = sql(admin, "select digest, ended_because from door_codes")
    assert not [row for row in stored if bare.encode() in bytes(row[0])]


def test_whatever_is_wrong_with_a_code_the_refusal_is_the_same(
    play: Stage, woman: Journey, admin: Engine
) -> None:
    owner, client = play.desk("cab-1"), play.client
    first = code_for(owner, woman)
    second = code_for(owner, woman)
    said = refused(client, "0000-0000-0000-0000-0000")
    assert refused(client, first) == said  # replaced by the second
    come_in(client, second)
    owner.post(f"{woman.person}/door_codes/revoke", {"for": "person"})
    assert refused(client, second) == said
    third = code_for(owner, woman)
    sql(admin, "update door_codes set good_until = now() where ended_at is null")
    assert refused(client, third) == said


def test_an_unused_code_counts_for_a_week_and_one_in_use_as_long_as_it_is_used(
    play: Stage, woman: Journey, admin: Engine
) -> None:
    code = code_for(play.desk("cab-1"), woman)
    left = (
        "select extract(day from good_until - now()) from door_codes where case_id = :id and ended_at is null"
    )
    assert sql(admin, left, id=woman.case["id"]) == [(6,)]
    come_in(play.client, code)
    assert sql(admin, left, id=woman.case["id"]) == [(199,)]
    come_in(play.client, code)


def test_trying_one_code_again_and_again_is_slowed_down(play: Stage) -> None:
    statuses = [
        play.client.post("/door", json={"code": "7777-7777-7777-7777-7777"}).status_code for _ in range(9)
    ]
    assert statuses[:5] == [401] * 5
    assert 429 in statuses


def test_an_officers_token_does_not_open_it_and_its_own_opens_no_desk(play: Stage, door: Door) -> None:
    officer = Door(play.client, play.desk("cab-1").token, "")
    for page in PAGES:
        assert door.ask("GET", page).status_code == 200
        assert officer.ask("GET", page).status_code == 401
        assert Door(play.client, "x" * 43, "").ask("GET", page).status_code == 401
    for path in ("/me", "/cases", "/inbox", "/letters", "/emergency_access"):
        answer = play.client.get(path, headers={"Authorization": f"Bearer {door.token}"})
        assert answer.status_code == 401, path


@pytest.mark.parametrize(
    "ending",
    [
        "seen_at = now() - interval '30 minutes'",
        "expires_at = now()",
        "ended_at = now()",
    ],
)
def test_a_visit_ends_when_it_rests_too_long_or_lasts_too_long(
    door: Door, admin: Engine, ending: str
) -> None:
    assert door.ask("GET", "/plan").status_code == 200
    sql(admin, f"update door_sessions set {ending} where ended_at is null")  # noqa: S608
    assert door.ask("GET", "/plan").status_code == 401


def test_leaving_ends_the_visit_and_if_wished_the_code(play: Stage, door: Door) -> None:
    other = come_in(play.client, door.code)
    assert door.ask("POST", "/sign_out", {}).status_code == 204
    assert door.ask("GET", "/plan").status_code == 401
    assert other.ask("GET", "/plan").status_code == 200
    third = come_in(play.client, door.code)
    assert third.ask("POST", "/sign_out", {"end_code": True}).status_code == 204
    assert other.ask("GET", "/plan").status_code == 401
    refused(play.client, door.code)


def test_only_who_works_for_the_person_hands_a_code_over(play: Stage, woman: Journey) -> None:
    for username, status in (("south-cab-1", 404), ("edu-1", 404), ("psb-1", 403)):
        with pytest.raises(Refused) as no:
            code_for(play.desk(username), woman)
        assert no.value.status == status, username
    # rights_support lies with the judicial bureau
    assert code_for(play.desk("justice-1"), woman)


def test_every_read_is_written_down_and_who_cannot_be_written_down_reads_nothing(
    door: Door, woman: Journey, admin: Engine
) -> None:
    count = "select 1 from read_log where file_id = :id and role = 'person'"
    before = len(sql(admin, count, id=woman.case["id"]))
    for page in PAGES:
        door.get(page)
    assert len(sql(admin, count, id=woman.case["id"])) == before + len(PAGES)
    sql(admin, "revoke insert on read_log from homeward_application")
    statuses = [door.ask("GET", page).status_code for page in PAGES]
    sql(admin, "grant insert on read_log to homeward_application")
    assert set(statuses) <= {500, 503}


@pytest.mark.parametrize(("kind", "whom"), [("exclusions", "account_id"), ("unit_conflicts", "unit_id")])
def test_a_code_from_the_hand_of_somebody_in_question_counts_no_more(
    play: Stage, woman: Journey, kind: str, whom: str
) -> None:
    """They may have kept a copy of it. Whoever works for her now hands over another."""
    justice, owner = play.desk("justice-1"), play.desk("cab-1")
    theirs = come_in(play.client, code_for(justice, woman))
    doubt = {whom: justice.me[whom], "reason": "与案件有牵连"}
    owner.post(f"{woman.address}/{kind}", doubt)
    assert theirs.ask("GET", "/plan").status_code == 401
    refused(play.client, theirs.code)
    another = come_in(play.client, code_for(owner, woman))
    assert another.ask("GET", "/plan").status_code == 200
