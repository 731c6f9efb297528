"""What a woman does at her own door, from the first visit to the last word; and what she never meets there."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine

from api.calls import House
from domain.plain_words import WHAT
from domain.stages import StageCode
from services.clockwork import DueFile, raise_due
from services.demo_desk import Json, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.consents.conftest import consents, entries, refusal, somebody
from tests.api.own_door.conftest import Door, code_for, come_in, sql


def asked(journey: Journey, play: Stage, purpose: str, username: str = "cab-1") -> Json:
    what = {"purpose": purpose, "what": "按计划提供帮助", "language": "zh"}
    return play.desk(username).post(f"{journey.person}/consents", what)


def own(door: Door, consent: Json) -> Json:
    return next(one for one in door.get("/consents")["items"] if one["id"] == consent["id"])


def test_she_reads_her_plan_in_plain_words_in_both_languages_and_no_investigation(
    door: Door, woman: Journey
) -> None:
    for language, field in (("zh-CN", "zh"), ("en", "en")):
        plan = door.get("/plan", language)
        steps = {step["stage"]: step for step in plan["items"]}
        assert set(steps) >= {"medical_care", "rights_support", "follow_up"}
        assert "investigation" not in steps
        assert steps["medical_care"]["what"] == getattr(WHAT[StageCode.MEDICAL_CARE], field)
        assert all(step[part] for step in plan["items"] for part in ("what", "now", "next", "office"))
        assert "110" in plan["rights"][-1]


def test_she_agrees_takes_it_back_and_what_rests_on_it_stops(play: Stage, door: Door, woman: Journey) -> None:
    health = play.desk("health-1")
    health.accept(woman.stage("medical_care"))
    consent = asked(woman, play, "medical_care", "health-1")
    shown = own(door, consent)
    assert (shown["state"], shown["asked"]["what"]) == ("asked", "按计划提供帮助")
    assert door.ask("POST", f"/consents/{consent['id']}/give", {}).status_code == 428
    unmet = door.say(shown, "give")
    assert (unmet.status_code, [one["code"] for one in unmet.json()["unmet"]]) == (422, ["own_words"])
    given = door.say(shown, "give", own_words="我愿意")
    assert (given.status_code, given.json()["state"]) == (200, "given")
    health.move(woman.stage("medical_care"), "begin")
    assert door.say(shown, "withdraw").status_code == 412
    assert door.say(own(door, consent), "withdraw", own_words="不想了").json()["state"] == "withdrawn"
    assert woman.states()["medical_care"] == "declined"
    (row,) = [one for one in consents(woman) if one["id"] == consent["id"]]
    assert (row["given_by"], row["ended_by"]) == ("self", "self")
    plan = {step["stage"]: step for step in door.get("/plan")["items"]}
    assert plan["medical_care"]["asks_again_on"] is not None


def test_she_says_no_and_nothing_else_changes(play: Stage, door: Door, woman: Journey) -> None:
    before = woman.states()
    consent = asked(woman, play, "publication")
    assert door.say(own(door, consent), "refuse").json()["state"] == "refused"
    assert woman.states() == before


def test_another_persons_consent_is_none_of_hers(play: Stage, door: Door) -> None:
    consent = asked(somebody(play, "1990-01-01"), play, "publication")
    assert door.say(consent, "give", own_words="我愿意").status_code == 404


def test_her_willingness_at_her_own_door_counts_as_hers(play: Stage, door: Door, woman: Journey) -> None:
    assert "employment" not in woman.states()
    said = door.ask("POST", "/willingness", {"willing": True, "own_words": "我想学做面点"})
    assert said.status_code == 204
    assert woman.states()["employment"] == "routed"
    record = door.get("/record")["sections"]
    assert (record["will"]["recorded_by"], record["will"]["own_words"]) == ("person", "我想学做面点")


PAGES = ("/plan", "/consents", "/record", "/readers", "/letters")


def test_a_victim_never_sees_investigation_secrets(play: Stage, door: Door, woman: Journey) -> None:
    """What the police wrote down stands on no page of her door."""
    police = play.desk("psb-1")
    stages = play.desk("cab-1").get(woman.case["links"]["stages"])["items"]
    investigation = next(one for one in stages if one["code"] == "investigation")
    when = play.day(2)
    if investigation["state"] == "routed":
        police.accept(investigation)
    police.record(investigation, "acceptances", when, number="受〔示〕88号")
    read = "".join(door.ask("GET", page).text for page in PAGES)
    assert len(read) > 500
    assert [one for one in ("受〔示〕88号", '"stage":"investigation"', "suspect") if one in read] == []


def test_a_victim_never_sees_who_reported(play: Stage, admin: Engine) -> None:
    """The report behind the case, and who sent it, are on no page of the door either."""
    told = {
        "kind": "tip",
        "place_id": play.place(first.FARM),
        "message": {"narrative": "邻居说的原话"},
        "reporter": {"name": "示例邻居", "phone": "09912345678"},
    }
    journey = first.police_take_it_up(
        play, play.desk("psb-1").post("/reports", told), [{"identity": {"birth_date": "1990-02-03"}}]
    )
    door = come_in(play.client, code_for(play.desk("psb-1"), journey))
    read = "".join(door.ask("GET", page).text for page in PAGES)
    assert '"1990-02-03"' in read
    assert [one for one in ("示例邻居", "09912345678", "邻居说的原话") if one in read] == []


def test_she_reads_what_is_known_of_her_and_nobody_elses_words(play: Stage, woman: Journey) -> None:
    owner = play.desk("cab-1")
    told = {
        "identity": {"name": "示例甲"},
        "account": {"note": "承办人的备注"},
        "support": {"support_person": "示例友人"},
        "exploitation": {
            "note": "另一名嫌疑人的情况",
            "domestic_offence_reference": "刑法某条",
            "types": ["forced_marriage"],
        },
    }
    version = owner.get(woman.person)["version"]
    owner.patch(woman.person, told, version=int(version))
    kin = {"name": "示例亲属", "relation": "sibling", "role": "relative", "languages": ["zh"]}
    owner.post(f"{woman.person}/relatives", kin)
    text = come_in(play.client, code_for(owner, woman)).ask("GET", "/record").text
    assert "示例甲" in text
    assert "forced_marriage" in text
    assert [one for one in ("备注", "友人", "嫌疑人", "刑法", "亲属") if one in text] == []


def test_what_she_corrects_is_work_for_the_owner_and_she_reads_the_answer(
    play: Stage, door: Door, woman: Journey
) -> None:
    words = "我的生日写错了，是五月三日"
    written = door.ask("POST", "/corrections", {"words": words})
    assert written.status_code == 201, written.text
    owner = play.desk("cab-1")
    line = owner.get("/letters", unanswered="true")["items"][0]
    assert (line["kind"], line["said"]) == ("correction", None)
    letter = owner.get(line["links"]["self"])
    assert letter["said"] == {"words": words}
    for username in ("psb-1", "health-1", "south-cab-1"):
        assert line["id"] not in [one["id"] for one in play.desk(username).get("/letters")["items"]]
        with pytest.raises(Refused):
            play.desk(username).get(line["links"]["self"])
    version = int(letter["version"])
    owner.post(f"{line['links']['self']}/answer", {"text": "已更正"}, version=version)
    again = refusal(owner.post, f"{line['links']['self']}/answer", {"text": "已更正"}, version=version + 1)
    assert again == (422, ["already_answered"])
    assert door.get("/letters")["items"][0]["answer"] == "已更正"
    what = [entry for entry in entries(woman) if entry["action"] == "write_letter"]
    assert (what[0]["reason"], what[0]["changed"]) == ("correction", ["letter.words"])


def test_a_complaint_goes_to_another_unit_than_the_one_it_is_about(
    play: Stage, door: Door, woman: Journey
) -> None:
    assert door.ask("POST", "/complaints", {"words": "承办人不听我说"}).status_code == 201
    about_owner = play.desk("corps-cab-1").get("/letters")["items"][0]
    assert about_owner["kind"] == "complaint"
    assert "victim" not in about_owner["links"]
    assert play.desk("corps-cab-1").get(about_owner["links"]["self"])["said"]["words"] == "承办人不听我说"
    assert about_owner["id"] not in [one["id"] for one in play.desk("cab-1").get("/letters")["items"]]
    body = {"words": "约好的日子没有人来", "about": "medical_care"}
    assert door.ask("POST", "/complaints", body).status_code == 201
    about_hospital = play.desk("corps-health-1").get("/letters")["items"][0]
    assert about_hospital["kind"] == "complaint"
    # hearing a complaint opens no case
    with pytest.raises(Refused):
        play.desk("corps-cab-1").get(woman.address)


def test_what_nobody_answered_within_fifteen_days_alarms_who_is_to_answer_and_not_whom_it_is_about(
    play: Stage, door: Door, woman: Journey, admin: Engine, house: House
) -> None:
    letter = door.ask("POST", "/complaints", {"words": "承办人不听我说"}).json()
    days = sql(admin, "select due_at - started_at from deadlines where subject_id = :id", id=letter["id"])[0][
        0
    ]
    assert 14 <= days.days <= 15
    sql(admin, "update deadlines set due_at = now(), next_at = now() where subject_id = :id", id=letter["id"])
    worker = create_engine(house.settings.worker_database_url or "")
    raise_due(worker, {"master_keys": house.master_keys}, DueFile("case", UUID(woman.case["id"])))
    worker.dispose()

    def alarms(username: str) -> list[str]:
        items = play.desk(username).get("/alarms")["items"]
        return [one["told"] for one in items if one["subject_id"] == letter["id"]]

    assert sorted(alarms("corps-cab-1")) == ["supervisor", "unit"]
    assert alarms("cab-1") == []
    clocks = play.desk("cab-1").get(f"{woman.address}/deadlines")["items"]
    assert letter["id"] not in {one["subject_id"] for one in clocks}
    heard = next(
        one for one in play.desk("corps-cab-1").get("/letters")["items"] if one["id"] == letter["id"]
    )
    play.desk("corps-cab-1").move(heard, "answer", {"text": "我们已经和承办单位谈过"})
    assert alarms("corps-cab-1") == []


def test_a_wish_for_contact_names_a_safe_way(play: Stage, door: Door) -> None:
    wish = door.ask("POST", "/contact_wishes", {"channel": "meeting", "when": "星期三上午"})
    assert wish.json()["said"] == {"channel": "meeting", "when": "星期三上午"}
    assert play.desk("cab-1").get("/letters")["items"][0]["kind"] == "contact_wish"


def test_what_is_said_at_the_door_stands_in_her_name_on_the_timeline(
    door: Door, woman: Journey, admin: Engine
) -> None:
    door.ask("POST", "/corrections", {"words": "写错了"})
    rows = sql(
        admin,
        "select convert_from(who, 'utf8')::json from timeline_entries where chain_id = :id order by seq desc limit 1",
        id=woman.case["id"],
    )
    who = rows[0][0]
    assert (who["role"], who["account_id"], who["by_rule"]) == ("person", None, False)
    assert woman.owner.get(f"{woman.address}/timeline/check")["whole"] is True


def test_she_reads_who_looked_by_day_role_and_agency_and_that_it_was_opened_in_an_emergency(
    play: Stage, door: Door, woman: Journey
) -> None:
    number = play.desk("cab-1").get(woman.address)["number"]
    body = {"case_number": number, "reason_code": "danger_to_life", "reason": "来电求救"}
    stranger = play.desk("south-psb-1")
    grant = stranger.post("/emergency_access", body)
    stranger.get(f"/emergency_access/{grant['id']}/people")
    answer = door.ask("GET", "/readers", None, {"Accept-Language": "en"})
    readers = answer.json()
    looks = {(one["role"], one["agency"], one["emergency"]) for one in readers["items"]}
    assert looks >= {("caseworker", "CAB", False), ("caseworker", "PSB", True)}
    assert not [one for one in readers["items"] if one["role"] in ("person", "guardian")]
    assert [one["for"] for one in readers["visits"]] == ["person"]
    (opening,) = readers["emergencies"]
    assert (opening["agency"], opening["reason"]) == ("PSB", "somebody's life is in danger")
    me = stranger.me
    assert [one for one in (me["account_id"], me["unit_id"], "来电求救", "psb-1") if one in answer.text] == []
    end = f"/emergency_access/{grant['id']}/end"
    stranger.post(end, {}, version=int(grant["version"]))


def test_who_looked_at_somebody_elses_stages_in_the_same_case_is_not_told_here(play: Stage) -> None:
    told = {"kind": "tip", "place_id": play.place(first.FARM), "message": {"narrative": "两个人需要帮助"}}
    hurt = {"injured_or_ill": "yes"}
    people = [
        {"identity": {"birth_date": birth}, "situation": hurt} for birth in ("1990-02-03", "1992-04-05")
    ]
    journey = first.police_take_it_up(play, play.desk("psb-1").post("/reports", told), people)
    owner, (one, other) = play.desk("psb-1"), play.desk("psb-1").get(journey.case["links"]["self"])["victims"]
    stages = owner.get(journey.case["links"]["stages"])["items"]
    theirs = next(s for s in stages if s["victim_id"] == other and s["code"] == "medical_care")
    play.desk("health-1").get(theirs["links"]["self"])
    person = f"{journey.case['links']['self']}/victims/"
    for who, told_here in ((one, False), (other, True)):
        code = str(owner.post(f"{person}{who}/door_codes", {"for": "person", "language": "zh-CN"})["code"])
        looks = come_in(play.client, code).get("/readers")["items"]
        assert ("HEALTH" in {look["agency"] for look in looks}) is told_here


def test_a_second_click_does_nothing_twice(play: Stage, door: Door) -> None:
    key = {"Idempotency-Key": "one-letter-only-once"}
    first_time = door.ask("POST", "/corrections", {"words": "写错了"}, key)
    again = door.ask("POST", "/corrections", {"words": "写错了"}, key)
    assert (again.content, again.headers["idempotent-replayed"]) == (first_time.content, "true")
    assert len(door.get("/letters")["items"]) == 1


def test_a_victim_never_sees_another_victims_data(play: Stage) -> None:
    people = [
        {"identity": {"name": "示例甲", "birth_date": "1990-01-01"}},
        {"identity": {"name": "示例乙", "birth_date": "1991-01-01"}},
    ]
    receipt = first.report(play, "complaint", [], {"narrative": "有人需要帮助"})
    journey = first.police_take_it_up(play, receipt, people)
    other = journey.case["victims"][1]
    door = come_in(play.client, code_for(play.desk("psb-1"), journey))
    for page in ("/plan", "/record", "/readers", "/consents", "/letters"):
        text = door.ask("GET", page).text
        assert "示例乙" not in text
        assert other not in text
    assert "示例甲" in door.ask("GET", "/record").text
