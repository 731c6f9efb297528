"""Withdrawing: what rests on the consent stops in that moment, everything else goes on, and the person learns what was shared."""

from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.consents.conftest import begun, child_of, consents, entries, refusal, withdraw


def test_the_very_next_request_of_who_lost_the_right_is_refused_and_all_else_goes_on(
    woman: Journey, play: Stage
) -> None:
    health, civil_affairs = play.desk("health-1"), play.desk("cab-1")
    given = begun(woman, health, "medical_care")
    begun(woman, civil_affairs, "reintegration_support")
    care, before = woman.stage("medical_care"), woman.states()
    health.get(woman.person)
    health.get(care["links"]["self"])

    answer = withdraw(health, given)

    assert (answer["state"], answer["ended_by"]) == ("withdrawn", "self")
    for path in (care["links"]["self"], woman.person, woman.address):
        assert refusal(health.get, path) == (404, [])
    assert woman.states() == {**before, "medical_care": "declined"}
    (declined,) = [what for what in entries(woman) if what["rule"] == "consent_withdrawn"]
    assert (declined["action"], declined["stage"], declined["from"]) == ("decline", "medical_care", "active")


def test_the_answer_lists_what_had_been_shared_with_whom_and_when(woman: Journey, play: Stage) -> None:
    health = play.desk("health-1")
    given = begun(woman, health, "medical_care")
    health.get(woman.person)
    health.get(woman.person)

    answer = withdraw(health, given)

    shared = {one["unit_id"]: one for one in answer["had_been_shared"]}
    own = shared[play.unit(health)]
    assert own["role"] == "responsible"
    assert given["decided_at"] <= own["since"] < own["until"] == answer["ended_at"]
    reads = {read["subject"]: read for read in own["reads"]}
    assert reads["victim"]["first_at"] < reads["victim"]["last_at"] < answer["ended_at"]
    assert play.unit(play.desk("justice-1")) not in shared


def test_a_unit_that_joined_by_consent_leaves_with_it(woman: Journey, play: Stage) -> None:
    civil_affairs, school = play.desk("cab-1"), play.desk("edu-1")
    begun(woman, civil_affairs, "reintegration_support")
    support = woman.stage("reintegration_support")["links"]["self"]
    what = {
        "purpose": "information_sharing",
        "what": "与教育部门共享学习愿望",
        "recipient_unit_ids": [play.unit(school)],
        "channel": "面谈",
        "language": "zh",
    }
    asked = civil_affairs.post(f"{woman.person}/consents", what)
    said = {
        "given_by": "self",
        "own_words": "可以",
        "language": "zh",
        "how_explained": "口头",
        "in_private": True,
    }
    given = civil_affairs.post(f"/consents/{asked['id']}/give", said, version=1)
    civil_affairs.post(f"{support}/invitations", {"unit_id": play.unit(school), "consent_id": given["id"]})
    assert school.get(support)["state"] == "active"

    answer = withdraw(civil_affairs, given)

    (shared,) = answer["had_been_shared"]
    assert (shared["unit_id"], shared["role"]) == (play.unit(school), "invited")
    assert [read["subject"] for read in shared["reads"]] == ["stage"]
    for path in (support, woman.person, woman.address):
        assert refusal(school.get, path) == (404, [])
    assert woman.case["id"] not in str(school.get("/cases", limit=100))
    assert woman.stage("reintegration_support")["state"] == "active"
    (ended,) = [what for what in entries(woman) if what["action"] == "end_invitation"]
    assert (ended["unit_id"], ended["rule"]) == (play.unit(school), "consent_withdrawn")


def test_no_service_is_refused_because_another_purpose_was(woman: Journey, play: Stage) -> None:
    civil_affairs = play.desk("cab-1")
    for purpose in ("information_sharing", "publication"):
        withdraw(civil_affairs, first.ask_consent(woman, civil_affairs, purpose))
    what = {"purpose": "follow_up", "what": "回访", "language": "zh"}
    asked = civil_affairs.post(f"{woman.person}/consents", what)
    civil_affairs.post(f"/consents/{asked['id']}/refuse", {"said_by": "self"}, version=1)
    begun(woman, play.desk("health-1"), "medical_care")
    begun(woman, civil_affairs, "reintegration_support")
    states = woman.states()
    assert (states["medical_care"], states["reintegration_support"]) == ("active", "active")
    assert {consent["purpose"]: consent["state"] for consent in consents(woman)} == {
        "information_sharing": "withdrawn",
        "publication": "withdrawn",
        "follow_up": "refused",
        "medical_care": "given",
        "reintegration_support": "given",
    }


def test_a_second_consent_to_the_same_purpose_carries_the_stage_on(woman: Journey, play: Stage) -> None:
    health = play.desk("health-1")
    given = begun(woman, health, "medical_care")
    first.ask_consent(woman, health, "medical_care")
    withdraw(health, given)
    assert woman.stage("medical_care")["state"] == "active"


def test_nobody_takes_back_for_an_adult_and_no_guardian_in_question_for_a_child(
    woman: Journey, play: Stage
) -> None:
    civil_affairs, health = play.desk("cab-1"), play.desk("health-1")
    given = first.ask_consent(woman, civil_affairs, "follow_up")
    for voice in ("safe_guardian", "temporary_guardian"):
        assert refusal(withdraw, civil_affairs, given, voice) == (422, ["may_speak"])

    child = child_of(play, 10, "safe")
    given = begun(child, health, "medical_care", given_by="safe_guardian")
    doubt = {"reason": "有人看见他们跟踪孩子"}
    civil_affairs.post(f"{child.person}/guardian_conflicts", doubt)
    asked = health.post(
        f"{child.person}/consents", {"purpose": "medical_care", "what": "复查", "language": "zh"}
    )
    refuse = f"/consents/{asked['id']}/refuse"
    assert refusal(health.post, refuse, {"said_by": "safe_guardian"}, version=1) == (422, ["may_speak"])
    assert health.post(refuse, {"said_by": "self"}, version=1)["state"] == "refused"


def test_who_reads_what_was_said(woman: Journey, play: Stage) -> None:
    """The unit that asked; the owner, unless it is of a stage whose records the owner does not read."""
    civil_affairs, health = play.desk("cab-1"), play.desk("health-1")
    of_health = begun(woman, health, "medical_care")
    own = health.get(f"/consents/{of_health['id']}")
    assert own["said"]["given"]["own_words"] == "愿意"
    assert own["said"]["asked"]["what"] == "按计划提供帮助"
    assert refusal(civil_affairs.get, f"/consents/{of_health['id']}") == (404, [])
    follow_up = first.ask_consent(woman, civil_affairs, "follow_up")
    assert civil_affairs.get(f"/consents/{follow_up['id']}")["said"]["given"]["given_by"] == "self"
    assert refusal(health.get, f"/consents/{follow_up['id']}") == (404, [])
    shared = {one["unit_id"]: one for one in withdraw(health, of_health)["had_been_shared"]}
    assert "consent" in {read["subject"] for read in shared[play.unit(health)]["reads"]}


def test_the_units_that_would_learn_of_it_are_named_as_units(woman: Journey, play: Stage) -> None:
    civil_affairs, office = play.desk("cab-1"), play.desk("office-1")
    what = {"purpose": "information_sharing", "what": "共享", "language": "zh"}
    for unit_id, rule in (
        (play.unit(office), "agency_reads_no_cases"),
        (woman.victim_id, "unknown_unit"),
    ):
        body = {**what, "recipient_unit_ids": [unit_id]}
        assert refusal(civil_affairs.post, f"{woman.person}/consents", body) == (422, [rule])


def test_a_term_ends_in_the_future(woman: Journey, play: Stage) -> None:
    body = {"purpose": "follow_up", "what": "回访", "language": "zh", "expires_at": "2020-01-01T00:00:00Z"}
    ask = play.desk("cab-1").post
    assert refusal(ask, f"{woman.person}/consents", body) == (422, ["term_over"])
