"""A guardian reads less than the child, nothing once in question, nothing from the eighteenth birthday on."""

from typing import Final

import pytest
from sqlalchemy import Engine

from services.demo_desk import Json
from services.demo_journeys import Journey, Stage
from tests.api.consents.conftest import Time, child_of, refusal, somebody
from tests.api.own_door.conftest import Door, code_for, come_in, sql

PAGES: Final = ("/plan", "/record", "/readers", "/consents", "/letters")
SAID_ALONE: Final = "我想和同学一起升学"
MAY_BE_TOLD: Final = "我喜欢画画"


@pytest.fixture
def child(play: Stage) -> Journey:
    return child_of(play, 14, "safe")


@pytest.fixture
def doors(play: Stage, child: Journey) -> tuple[Door, Door]:
    """The child's, and the guardian's."""
    owner = play.desk("cab-1")
    return tuple(come_in(play.client, code_for(owner, child, voice)) for voice in ("person", "guardian"))  # type: ignore[return-value]  # two of them


def heard(play: Stage, child: Journey, words: str, *, private: bool) -> None:
    body = {"own_words": words, "language": "zh", "heard_alone": True, "keep_from_guardian": private}
    play.desk("cab-1").record(child.stage("guardianship"), "child_views", play.day(402), **body)


def test_a_guardian_of_a_child_of_fourteen_or_more_never_sees_what_the_child_marked_private(
    play: Stage, child: Journey, doors: tuple[Door, Door]
) -> None:
    heard(play, child, SAID_ALONE, private=True)
    heard(play, child, MAY_BE_TOLD, private=False)
    own, guardians = (door.ask("GET", "/record").text for door in doors)
    assert SAID_ALONE in own
    assert MAY_BE_TOLD in own
    assert MAY_BE_TOLD in guardians
    assert SAID_ALONE not in guardians


def test_a_guardian_reads_no_exploitation_no_contact_no_search_for_others(
    play: Stage, child: Journey, doors: tuple[Door, Door]
) -> None:
    owner = play.desk("cab-1")
    told = {
        "exploitation": {"types": ["forced_begging"]},
        "contact": {"safe_contact": "找班主任", "phone": "+8613900000001"},
    }
    owner.patch(child.person, told, version=int(owner.get(child.person)["version"]))
    mine, guardian = doors
    assert {"exploitation", "contact"} <= set(mine.get("/record")["sections"])
    assert not {"exploitation", "contact"} & set(guardian.get("/record")["sections"])
    stages = {step["stage"] for step in guardian.get("/plan")["items"]}
    assert not stages & {"rescue", "family_tracing", "guardianship", "investigation"}
    assert "guardianship" in {step["stage"] for step in mine.get("/plan")["items"]}


def asked(play: Stage, child: Journey, purpose: str) -> Json:
    what = {"purpose": purpose, "what": "一起制定计划", "language": "zh"}
    return play.desk("cab-1").post(f"{child.person}/consents", what)


def shown(door: Door, consent: Json) -> Json | None:
    return next((one for one in door.get("/consents")["items"] if one["id"] == consent["id"]), None)


def test_a_guardians_yes_waits_for_the_childs_own_word(
    play: Stage, child: Journey, doors: tuple[Door, Door]
) -> None:
    mine, guardian = doors
    consent = asked(play, child, "reintegration_support")
    line = shown(guardian, consent)
    assert line is not None
    unmet = guardian.say(line, "give")
    assert {one["code"] for one in unmet.json()["unmet"]} == {"child_heard", "own_words"}
    # the child alone cannot agree for itself, but says what it wants
    alone = mine.say(line, "give", own_words="我想")
    assert [one["code"] for one in alone.json()["unmet"]] == ["right_person_consents"]
    assert guardian.say(line, "assent", assent=True, own_words="他想").status_code == 404
    no = mine.say(line, "assent", assent=False, own_words="我怕")
    assert no.status_code == 200, no.text
    overridden = guardian.say(no.json(), "give")
    assert [one["code"] for one in overridden.json()["unmet"]] == ["child_agrees"]
    yes = mine.say(no.json(), "assent", assent=True, own_words="我想试试")
    given = guardian.say(yes.json(), "give")
    assert (given.status_code, given.json()["state"]) == (200, "given"), given.text
    (row,) = [
        one for one in child.owner.get(f"{child.person}/consents")["items"] if one["id"] == consent["id"]
    ]
    assert row["given_by"] == "safe_guardian"


def test_what_a_child_of_fourteen_decides_alone_is_not_shown_to_the_guardian(
    play: Stage, child: Journey, doors: tuple[Door, Door]
) -> None:
    consent = asked(play, child, "information_sharing")
    mine, guardian = doors
    line = shown(mine, consent)
    assert line is not None
    assert shown(guardian, consent) is None
    assert guardian.say(line, "refuse").status_code == 404
    assert mine.say(line, "give", own_words="可以").json()["state"] == "given"


def test_only_the_person_says_that_they_want_to_work(doors: tuple[Door, Door]) -> None:
    said = {"willing": True, "own_words": "他愿意去干活"}
    assert doors[1].ask("POST", "/willingness", said).status_code == 404


def test_nobody_reads_the_others_letters(doors: tuple[Door, Door]) -> None:
    mine, guardian = doors
    mine.ask("POST", "/complaints", {"words": "我不想回家"})
    assert guardian.get("/letters")["items"] == []
    assert len(mine.get("/letters")["items"]) == 1


def test_a_guardian_in_question_never_sees_anything_from_the_same_transaction_on_and_the_child_keeps_the_door(
    play: Stage, child: Journey, doors: tuple[Door, Door], admin: Engine
) -> None:
    mine, guardian = doors
    play.desk("cab-1").post(f"{child.person}/guardian_conflicts", {"reason": "孩子害怕回家"})
    for page in PAGES:
        assert guardian.ask("GET", page).status_code == 401
        assert mine.ask("GET", page).status_code == 200
    assert play.client.post("/door", json={"code": guardian.code}).status_code == 401
    rows = sql(
        admin,
        "select voice, ended_because from door_codes where case_id = :id union all"
        " select voice, ended_because from door_sessions where case_id = :id",
        id=child.case["id"],
    )
    assert set(rows) == {("person", None), ("guardian", "guardian_conflict")}
    no = refusal(code_for, play.desk("cab-1"), child, "guardian")
    assert no == (422, ["guardian_speaks"])


def test_a_guardian_who_is_not_safe_gets_no_code(play: Stage) -> None:
    for status in ("unknown",):
        journey = child_of(play, 10, status)
        assert refusal(code_for, play.desk("cab-1"), journey, "guardian") == (422, ["guardian_speaks"])
    assert code_for(play.desk("cab-1"), child_of(play, 10, "temporary_cab"), "guardian")


def test_a_guardian_whose_status_ends_is_out_though_nobody_ended_the_code(
    play: Stage, child: Journey, doors: tuple[Door, Door]
) -> None:
    civil_affairs = play.desk("cab-1")
    civil_affairs.record(child.stage("guardianship"), "guardian_statuses", play.day(403), status="unknown")
    assert doors[1].ask("GET", "/plan").status_code == 401
    assert doors[0].ask("GET", "/plan").status_code == 200


def test_on_the_eighteenth_birthday_the_guardians_door_closes_and_the_persons_stays(
    play: Stage, time: Time, admin: Engine
) -> None:
    child = child_of(play, 16, "safe")
    owner = play.desk("cab-1")
    mine, guardian = (come_in(play.client, code_for(owner, child, voice)) for voice in ("person", "guardian"))
    assert guardian.ask("GET", "/plan").status_code == 200
    time.comes(child, "eighteenth_birthday", child.victim_id)
    assert guardian.ask("GET", "/plan").status_code == 401
    assert mine.ask("GET", "/plan").status_code == 200
    ended = sql(
        admin,
        "select voice, ended_because from door_codes where case_id = :id order by voice",
        id=child.case["id"],
    )
    assert ended == [("guardian", "majority"), ("person", None)]


def test_an_adult_has_no_guardian(play: Stage) -> None:
    woman = somebody(play, "1993-05-01")
    assert refusal(code_for, play.desk("cab-1"), woman, "guardian") == (422, ["guardian_speaks"])
