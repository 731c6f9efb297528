"""Attached leads and invited units: what they read and add, and that it ends with the work, at once."""

from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from services.database import transaction
from services.demo_desk import Desk, Json, Refused
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from tests.api.routing.conftest import housing_bureau, refusal


def shut(desk: Desk, paths: list[str]) -> bool:
    """Whether each of these is, for this reader, as if it did not exist."""
    return all(refusal(desk.get, path) == (404, []) for path in paths)


def test_an_attached_lead_adds_its_own_records_and_moves_nothing(journey: Journey, play: Stage) -> None:
    """Art. 32: the police answer for tracing, civil affairs put up the notice; the match is the police's alone."""
    police, civil_affairs = play.desk("psb-1"), play.desk("cab-1")
    tracing = police.accept(journey.stage("family_tracing"))
    assert tracing["attached_units"] == [play.unit(civil_affairs)]
    seen = civil_affairs.get(tracing["links"]["self"])
    assert seen["record_kinds_open_to_you"] == ["reunion_assessment", "support_duty", "tracing_notice"]
    match = {"happened_at": play.day(1).isoformat(), "matched": False}
    found = [
        _problem(civil_affairs, f"{tracing['links']['self']}/{what}", body, int(seen["version"]))
        for what, body in (("match_reports", match), ("begin", {}))
    ]
    assert found == ["/problems/record_not_yours", "/problems/stage_not_yours"]


def _problem(desk: Desk, path: str, body: Json, version: int) -> object:
    with pytest.raises(Refused) as refused:
        desk.post(path, body, version=version)
    return refused.value.problem["type"]


@pytest.fixture
def rights(journey: Journey, play: Stage) -> Json:
    """Rights support under way at the judicial bureau (Art. 35)."""
    return first.explain_rights(play, journey, ["custody"], on=2)


def _invite(play: Stage, stage: Json, desk: Desk, consent_id: str | None = None) -> Json:
    body = {"unit_id": play.unit(desk), "consent_id": consent_id}
    return play.desk("justice-1").post(f"{stage['links']['self']}/invitations", body)


def test_a_cooperating_agency_of_the_article_is_invited_and_an_invitation_ends_at_once(
    journey: Journey, play: Stage, rights: Json
) -> None:
    justice, women = play.desk("justice-1"), play.desk("women-1")
    paths = [rights["links"]["self"], journey.address, f"{journey.address}/timeline"]
    assert shut(women, paths)
    assert _invite(play, rights, women)["invited_units"] == [play.unit(women)]
    assert [women.get(path)["links"] != {} for path in paths] == [True] * 3
    ended = justice.post(f"{rights['links']['self']}/invitations/{play.unit(women)}/end")
    assert ended["invited_units"] == []
    assert shut(women, paths)
    again = refusal(lambda: justice.post(f"{rights['links']['self']}/invitations/{play.unit(women)}/end"))
    assert again == (404, [])


def test_an_invitation_ends_with_the_stage(journey: Journey, play: Stage, rights: Json) -> None:
    justice, women = play.desk("justice-1"), play.desk("women-1")
    _invite(play, rights, women)
    assert women.get(rights["links"]["self"])["state"] == "active"
    assert justice.move(rights, "complete")["state"] == "completed"
    assert refusal(lambda: women.get(rights["links"]["self"])) == (404, [])
    assert refusal(lambda: women.get(f"{journey.address}/timeline")) == (404, [])


def test_an_agency_that_the_article_does_not_name_joins_only_by_consent(
    journey: Journey, play: Stage, rights: Json, worker: Engine
) -> None:
    education = play.desk("edu-1")
    assert refusal(lambda: _invite(play, rights, education)) == (422, ["agency_does_not_cooperate"])
    first.begin_guardianship(play, journey, on=1)
    consent = first.ask_consent(
        journey, play.desk("cab-1"), "information_sharing", given_by="temporary_guardian"
    )
    covers = (422, ["consent_does_not_cover"])
    assert refusal(lambda: _invite(play, rights, education, consent["id"])) == covers
    _name_recipient(worker, consent, play.unit(education))
    assert refusal(lambda: _invite(play, rights, play.desk("hrss-1"), consent["id"])) == covers
    assert refusal(lambda: _invite(play, rights, education, str(uuid4()))) == covers
    assert play.unit(education) in _invite(play, rights, education, consent["id"])["invited_units"]
    assert education.get(rights["links"]["self"])["state"] == "active"


def test_an_agency_that_reads_no_cases_is_never_invited_whatever_was_consented(
    journey: Journey, play: Stage, rights: Json, worker: Engine
) -> None:
    housing = housing_bureau(play)
    assert refusal(lambda: _invite(play, rights, housing)) == (422, ["agency_reads_no_cases"])
    first.begin_guardianship(play, journey, on=1)
    consent = first.ask_consent(
        journey, play.desk("cab-1"), "information_sharing", given_by="temporary_guardian"
    )
    _name_recipient(worker, consent, play.unit(housing))
    assert refusal(lambda: _invite(play, rights, housing, consent["id"])) == (422, ["agency_reads_no_cases"])
    assert refusal(lambda: housing.get(rights["links"]["self"])) == (404, [])


def _name_recipient(worker: Engine, consent: Json, unit_id: str) -> None:
    with transaction(worker) as session:
        session.execute(
            text("update consents set recipient_unit_ids = array[cast(:unit as uuid)] where id = :id"),
            {"unit": unit_id, "id": consent["id"]},
        )
