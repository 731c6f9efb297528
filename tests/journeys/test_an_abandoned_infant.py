"""Journey 1: a newborn of unknown origin, from the hospital's report at night to a family; nothing waits for the search."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from httpx import URL
from sqlalchemy import Engine

from api.calls import House
from domain.people import civil_day
from services.clockwork import DueFile, raise_due
from services.database import engine_for
from services.demo_desk import Json, Refused
from services.demo_journeys import abandoned_infant as story
from services.demo_journeys.play import Journey, Stage
from services.settings import Settings


@pytest.fixture(scope="module")
def worker(settings: Settings) -> Iterator[Engine]:
    assert settings.worker_database_url is not None
    engine = engine_for(settings.worker_database_url, 1)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def journey(module_play: Stage) -> Journey:
    return story.reported_by_the_hospital(module_play)


@pytest.fixture(scope="module")
def on_receipt(journey: Journey) -> dict[str, str]:
    """Which stage was open before anybody learned anything of her, and by which rule."""
    return {
        stage["code"]: journey.owner.get(stage["links"]["self"])["opened_by"] for stage in journey.stages()
    }


@pytest.fixture(scope="module")
def tracing(journey: Journey, on_receipt: dict[str, str], module_play: Stage) -> Json:
    """The search under way, the first certificate written."""
    story.into_care(module_play, journey)
    return story.search_begins(module_play, journey)


@pytest.fixture(scope="module")
def stranded(journey: Journey, tracing: Json, house: House, worker: Engine) -> Journey:
    """The worker, once the stranded period since her admission is over."""
    assert "household_registration" not in journey.states()
    raise_due(worker, {"master_keys": house.master_keys}, DueFile("case", journey.case["id"]))
    return journey


def refused_codes(play: Stage, stage: Json, address: str, day: int, body: Json) -> list[str]:
    with pytest.raises(Refused) as refused:
        play.desk("cab-1").record(stage, address, play.day(day), **body)
    return [row["code"] for row in refused.value.problem["unmet"]]


def test_guardianship_opens_on_receipt_and_asks_for_no_consent(
    on_receipt: dict[str, str], tracing: Json, journey: Journey
) -> None:
    assert on_receipt["guardianship"] == "every_minor_guardianship"
    assert journey.states()["guardianship"] == "active"
    asked = journey.owner.get(f"{journey.person}/consents")["items"]
    assert "guardianship" not in {consent["purpose"] for consent in asked}


def test_in_an_emergency_rescue_opens_before_anybody_knows_how_she_is(on_receipt: dict[str, str]) -> None:
    assert on_receipt["rescue"] == "unsafe_in_an_emergency"


def test_she_is_free_from_the_moment_in_which_she_was_seen_safe(
    tracing: Json, journey: Journey, module_play: Stage
) -> None:
    account = journey.owner.get(journey.person)["sections"]["account"]
    assert account["liberty_at"] == module_play.day(0).isoformat()
    assert "follow_up" in journey.states()


def test_the_one_month_certificate_ends_nothing(tracing: Json, module_play: Stage) -> None:
    with pytest.raises(Refused) as refused:
        module_play.desk("psb-1").move(tracing, "complete")
    assert [row["code"] for row in refused.value.problem["unmet"]] == ["tracing_ended"]


def test_a_sample_leaves_dates_and_a_yes_or_no_and_nothing_of_the_body(
    tracing: Json, module_play: Stage
) -> None:
    records = module_play.desk("psb-1").get(tracing["links"]["records"])["items"]
    (sample,) = [record["body"] for record in records if record["kind"] == "sample_request"]
    assert set(sample) == {"happened_at", "requested_on", "sampled", "sampled_on"}


def test_no_field_of_any_request_or_answer_is_about_a_body(module_play: Stage) -> None:
    schemas = module_play.client.get("/openapi.json").json()["components"]["schemas"]
    fields = {name for schema in schemas.values() for name in schema.get("properties", ())}
    assert {"sampled", "sampled_on"} <= fields
    of_a_body = r"biometr|dna|genom|blood|finger|palm|iris|retina|(^|_)(face|facial|voice|gait|photo)"
    assert [name for name in sorted(fields) if re.search(of_a_body, name)] == []


def test_once_stranded_she_is_registered_by_rule_while_the_search_goes_on(
    stranded: Journey, module_play: Stage
) -> None:
    registering = stranded.stage("household_registration")
    assert stranded.owner.get(registering["links"]["self"])["opened_by"] == "stranded_without_identity"
    story.registered(module_play, stranded)
    states = stranded.states()
    assert (states["household_registration"], states["family_tracing"]) == ("completed", "active")


def test_no_adoption_before_the_year_and_the_sixty_days(
    stranded: Journey, tracing: Json, module_play: Stage
) -> None:
    guardianship = stranded.stage("guardianship")
    early = story.adoption(module_play, announced_on=460)
    told = refused_codes(module_play, guardianship, "guardian_statuses", 461, early)
    assert told == ["not_found_for_a_year", "announced_for_60_days"]
    story.search_ends(module_play, tracing)
    told = refused_codes(module_play, guardianship, "guardian_statuses", 461, early)
    assert told == ["announced_for_60_days"]
    a_day_early = (civil_day(datetime.now(UTC)) - timedelta(days=59)).isoformat()
    told = refused_codes(
        module_play, guardianship, "guardian_statuses", 461, {**early, "announced_on": a_day_early}
    )
    assert told == ["announced_for_60_days"]
    story.goes_to_her_family(module_play, stranded)
    assert {stranded.states()[code] for code in ("guardianship", "shelter", "family_tracing")} == {
        "completed"
    }


def test_a_later_match_begins_the_search_anew(stranded: Journey, tracing: Json, module_play: Stage) -> None:
    """After everything above: the police find the mother."""
    police = module_play.desk("psb-1")
    assert stranded.states()["family_tracing"] == "completed"
    match = {"matched": True, "number": "示比中1号", "relation": "mother"}
    police.record(tracing, "match_reports", module_play.day(490), **match)
    again = police.get(tracing["links"]["self"])
    assert (again["state"], again["unit_id"]) == ("routed", module_play.unit(police))
    assert ("reopen", "later_match") in rules_of(stranded)


def rules_of(journey: Journey) -> set[tuple[str, str | None]]:
    """What happened in the case, and by which rule."""
    found: set[tuple[str, str | None]] = set()
    asked: dict[str, str] = {"limit": "100"}
    while asked:
        page = journey.owner.get(f"{journey.address}/timeline", **asked)
        found |= {(entry["what"]["action"], entry["what"]["rule"]) for entry in page["items"]}
        asked = dict(URL(page["links"].get("next", "")).params)
    return found
