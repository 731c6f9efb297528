"""What a person learns who takes a consent back: every unit that learned of them by it, and nothing of anybody else's."""

from datetime import UTC, datetime, timedelta

from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.consents.conftest import FREE_AND_SAFE, Time, begun, withdraw
from tests.api.consents.test_who_writes_it_down import asked, give


def test_a_recipient_is_named_though_it_read_nothing(woman: Journey, play: Stage) -> None:
    civil_affairs, school = play.desk("cab-1"), play.unit(play.desk("edu-1"))
    consent = asked(woman, civil_affairs, "information_sharing", recipient_unit_ids=[school])
    (shared,) = withdraw(civil_affairs, give(civil_affairs, consent))["had_been_shared"]
    assert (shared["unit_id"], shared["role"], shared["reads"]) == (school, "recipient", [])


def test_who_was_invited_to_the_stage_is_named_beside_who_answers_for_it(woman: Journey, play: Stage) -> None:
    civil_affairs, women = play.desk("cab-1"), play.desk("women-1")
    given = begun(woman, civil_affairs, "reintegration_support")
    support = woman.stage("reintegration_support")["links"]["self"]
    civil_affairs.post(f"{support}/invitations", {"unit_id": play.unit(women)})
    women.get(support)
    shared = {one["unit_id"]: one for one in withdraw(civil_affairs, given)["had_been_shared"]}
    assert shared[play.unit(women)]["role"] == "invited"
    assert [read["subject"] for read in shared[play.unit(women)]["reads"]] == ["stage"]
    assert shared[play.unit(civil_affairs)]["role"] == "responsible"


def test_what_was_read_before_the_consent_or_of_somebody_else_does_not_count(play: Stage) -> None:
    """Two sisters in one case: the hospital bureau works for both of them."""
    one, other = sisters(play)
    health = play.desk("health-1")
    care = one.stage("medical_care")
    health.accept(care)
    health.get(one.person)
    consent = first.ask_consent(one, health, "medical_care")
    begun(other, health, "medical_care")
    health.get(other.person)
    told = withdraw(health, consent)["had_been_shared"]
    (shared,) = [unit for unit in told if unit["unit_id"] == play.unit(health)]
    assert shared["role"] == "responsible"
    assert shared["since"] >= consent["decided_at"]
    assert "victim" not in {read["subject"] for read in shared["reads"]}


def sisters(play: Stage) -> tuple[Journey, Journey]:
    person = {
        "identity": {"birth_date": "1993-05-01", "sex": "female"},
        "situation": FREE_AND_SAFE,
        "account": {"liberty_at": play.day(400).isoformat()},
    }
    receipt = first.report(play, "complaint", [], {"narrative": "我们需要帮助"})
    one = first.police_take_it_up(play, receipt, [person, person])
    other = Journey(one.case, str(one.case["victims"][1]), one.owner, receipt)
    first.hand_to_civil_affairs(play, one, other)
    return one, other


def test_the_term_of_a_consent_that_is_over_is_waited_for_no_more(
    woman: Journey, play: Stage, time: Time
) -> None:
    civil_affairs = play.desk("cab-1")
    later = (datetime.now(UTC) + timedelta(days=20)).isoformat()
    consent = give(civil_affairs, asked(woman, civil_affairs, "follow_up", expires_at=later))
    assert len(time.due_at(consent["id"], "consent_term")) == 1
    withdraw(civil_affairs, consent)
    assert time.due_at(consent["id"], "consent_term") == []
