"""Other bases than consent: approved by another agency for one purpose, for a while, told, and not for everything."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.demo_desk import Json
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.consents.conftest import Time, child_of, consents, refusal, withdraw


def ground(**other: Any) -> Json:
    return {
        "basis": "vital_interest",
        "purpose": "medical_care",
        "article": "未成年人保护法 92",
        "reason": "昏迷，无法表示",
        "until": (datetime.now(UTC) + timedelta(days=10)).isoformat(),
        "told_at": datetime.now(UTC).isoformat(),
        "how_told": "写在床头卡上，醒来后再说明",
        **other,
    }


def approved(play: Stage, journey: Journey, action: str = "rest_on:vital_interest:medical_care") -> Json:
    """Asked for by civil affairs, given by the women's federation."""
    request = {
        "action": action,
        "subject_id": journey.victim_id,
        "approver_unit_id": play.unit(play.desk("women-1")),
        "reason": "本人昏迷，须立即治疗",
    }
    asked = play.desk("cab-1").post(f"{journey.address}/approvals", request)
    return play.desk("women-1").move(asked, "approve")


def test_without_consent_care_begins_on_an_approved_basis_and_ends_with_it(
    woman: Journey, play: Stage, time: Time
) -> None:
    health, civil_affairs = play.desk("health-1"), play.desk("cab-1")
    care = woman.stage("medical_care")
    health.accept(care)
    bases = f"{woman.person}/bases"
    assert refusal(civil_affairs.post, bases, ground()) == (422, ["approved_by_another_agency"])
    approved(play, woman)
    basis = civil_affairs.post(bases, ground())
    assert (basis["basis"], basis["state"], basis["given_by"]) == ("vital_interest", "given", None)
    assert refusal(civil_affairs.post, bases, ground()) == (422, ["approved_by_another_agency"])
    assert health.move(care, "begin")["state"] == "active"

    time.comes(woman, "other_basis", basis["id"])

    (ended,) = consents(woman)
    assert (ended["state"], ended["ended_by"]) == ("expired", "other_basis")
    assert woman.states()["medical_care"] == "declined"


def test_an_approval_is_for_this_basis_and_this_purpose(woman: Journey, play: Stage) -> None:
    approved(play, woman)
    bases, other = f"{woman.person}/bases", ground(purpose="shelter")
    assert refusal(play.desk("cab-1").post, bases, other) == (422, ["approved_by_another_agency"])


def test_nobody_approves_their_own_and_there_is_nothing_to_approve_for_follow_up(
    woman: Journey, play: Stage
) -> None:
    civil_affairs = play.desk("cab-1")
    request = {
        "action": "rest_on:vital_interest:medical_care",
        "subject_id": woman.victim_id,
        "approver_unit_id": play.unit(civil_affairs),
        "reason": "须立即治疗",
    }
    approvals = f"{woman.address}/approvals"
    assert refusal(civil_affairs.post, approvals, request) == (422, ["same_agency"])
    other = play.unit(play.desk("women-1"))
    follow_up = {**request, "approver_unit_id": other, "action": "rest_on:legal_duty:follow_up"}
    assert refusal(civil_affairs.post, approvals, follow_up) == (422, ["not_approvable"])


def test_everything_that_stands_against_it_is_named(woman: Journey, play: Stage) -> None:
    civil_affairs = play.desk("cab-1")
    given = first.ask_consent(woman, civil_affairs, "follow_up")
    withdraw(civil_affairs, given)
    asked = ground(
        basis="criminal_procedure",
        purpose="follow_up",
        until=(datetime.now(UTC) + timedelta(days=40)).isoformat(),
        told_at=None,
        how_told=None,
    )
    assert refusal(civil_affairs.post, f"{woman.person}/bases", asked) == (
        422,
        [
            "basis_reaches_purpose",
            "article_supports_basis",
            "at_most_30_days",
            "person_told",
            "no_of_an_adult",
            "approved_by_another_agency",
        ],
    )


def test_untold_it_lasts_a_day(woman: Journey, play: Stage) -> None:
    approved(play, woman)
    untold = ground(told_at=None, how_told=None, telling_endangers="告知会使同住的嫌疑人得知")
    civil_affairs = play.desk("cab-1")
    basis = civil_affairs.post(f"{woman.person}/bases", untold)
    lasts = datetime.fromisoformat(basis["expires_at"]) - datetime.fromisoformat(basis["decided_at"])
    assert lasts == timedelta(hours=24)
    said = civil_affairs.get(basis["links"]["self"])["said"]["rested_on"]
    assert (said["article"], said["telling_endangers"]) == ("未成年人保护法 92", "告知会使同住的嫌疑人得知")


def test_what_rests_on_a_duty_is_not_taken_back(woman: Journey, play: Stage) -> None:
    approved(play, woman, "rest_on:legal_duty:information_sharing")
    duty = ground(basis="legal_duty", purpose="information_sharing", article="个人信息保护法 13")
    basis = play.desk("cab-1").post(f"{woman.person}/bases", duty)
    assert refusal(withdraw, play.desk("cab-1"), basis) == (422, ["rests_on_consent"])


def test_an_adult_s_no_counts_for_its_own_purpose_and_only_while_it_is_the_last_word(
    woman: Journey, play: Stage
) -> None:
    civil_affairs, bases = play.desk("cab-1"), f"{woman.person}/bases"
    withdraw(civil_affairs, first.ask_consent(woman, civil_affairs, "follow_up"))
    what = {"purpose": "medical_care", "what": "检查", "language": "zh"}
    asked = civil_affairs.post(f"{woman.person}/consents", what)
    civil_affairs.post(f"/consents/{asked['id']}/refuse", {"said_by": "self"}, version=1)
    approved(play, woman)
    assert refusal(civil_affairs.post, bases, ground()) == (422, ["no_of_an_adult"])
    first.ask_consent(woman, civil_affairs, "medical_care")
    assert civil_affairs.post(bases, ground())["state"] == "given"


def test_another_purpose_that_she_refused_bars_no_care(woman: Journey, play: Stage) -> None:
    civil_affairs = play.desk("cab-1")
    withdraw(civil_affairs, first.ask_consent(woman, civil_affairs, "follow_up"))
    approved(play, woman)
    assert civil_affairs.post(f"{woman.person}/bases", ground())["state"] == "given"


def test_a_child_s_no_does_not_keep_it_from_care_in_danger(play: Stage) -> None:
    child, civil_affairs = child_of(play, 10, "temporary_cab"), play.desk("cab-1")
    what = {"purpose": "medical_care", "what": "检查", "language": "zh"}
    asked = civil_affairs.post(f"{child.person}/consents", what)
    civil_affairs.post(f"/consents/{asked['id']}/refuse", {"said_by": "self"}, version=1)
    approved(play, child)
    assert civil_affairs.post(f"{child.person}/bases", ground())["state"] == "given"


def test_who_works_for_somebody_else_rests_nothing_on_a_basis(woman: Journey, play: Stage) -> None:
    women = play.desk("women-1")
    approval = {"action": "close", "subject_id": woman.case["id"], "approver_unit_id": play.unit(women)}
    woman.owner.post(f"{woman.address}/approvals", {**approval, "reason": "已办结"})
    assert refusal(women.post, f"{woman.person}/bases", ground()) == (403, [])
