"""One timeline, filtered: by stage, unit, kind and period; and nobody learns by a filter what they do not read."""

from typing import Any, Final

import pytest
from sqlalchemy import Engine, text

from services.demo_desk import Desk, Json, checked
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first

MESSAGE: Final = {"narrative": "车站门口有一个男孩独自乞讨", "whereabouts": "汽车站北出口"}


@pytest.fixture(scope="module")
def journey(module_play: Stage) -> Journey:
    receipt = first.report(module_play, "tip", ["child_alone"], MESSAGE)
    journey = first.police_take_it_up(module_play, receipt, [])
    first.investigate(module_play, journey, "rescue_needed", on=0, seen_in_private=False)
    first.explain_rights(module_play, journey, ["protection"], on=2)
    what = {"purpose": "publication", "what": "按计划提供帮助", "language": "zh"}
    module_play.desk("justice-1").post(f"{journey.person}/consents", what)
    module_play.client.get(
        journey.address, headers={"Authorization": f"Bearer {module_play.desk('hrss-1').token}"}
    )
    return journey


@pytest.fixture(scope="module")
def auditor(module_play: Stage) -> Desk:
    return module_play.desk("auditor")


def pages(desk: Desk, journey: Journey, limit: int = 7, **asked: Any) -> list[Json]:
    """Every item, a few at a time."""
    page = desk.get(f"{journey.address}/timeline", limit=limit, **asked)
    items = list(page["items"])
    while "next" in page["links"]:
        token = {"Authorization": f"Bearer {desk.token}"}
        page = checked(desk.client.get(page["links"]["next"], headers=token))
        items += page["items"]
    return items


def test_who_checks_comes_to_an_end_although_every_page_is_a_read(journey: Journey, auditor: Desk) -> None:
    items = pages(auditor, journey, limit=5)
    assert len({one["id"] for one in items}) == len(items) > 25
    assert [one["recorded_at"] for one in items] == sorted(one["recorded_at"] for one in items)


@pytest.mark.parametrize("kind", ["change", "read", "refusal", "routing", "consent", "file"])
def test_a_kind_holds_its_own_and_all_kinds_hold_all(journey: Journey, auditor: Desk, kind: str) -> None:
    found = pages(auditor, journey, kind=kind)
    assert {one["kind"] for one in found} == {kind}
    until = found[-1]["recorded_at"]
    whole = [one["id"] for one in pages(auditor, journey, limit=90) if one["kind"] == kind]
    assert [one["id"] for one in found if one["recorded_at"] <= until] == whole[: len(found)]


def test_clocks_are_found_beside_what_started_and_met_them(journey: Journey, auditor: Desk) -> None:
    found = pages(auditor, journey, kind="clock", stage="rights_support")
    did = [(clock["clock"], clock["did"]) for one in found for clock in one["what"]["clocks"]]
    assert did[:4] == [
        *[("stage_reply", "started"), ("stage_reply", "met"), ("stage_begin", "started")],
        ("stage_begin", "met"),
    ]


def test_a_stage_a_unit_and_a_period(journey: Journey, auditor: Desk, module_play: Stage) -> None:
    rights = pages(auditor, journey, stage="rights_support")
    assert {one["what"].get("stage", "rights_support") for one in rights} == {"rights_support"}
    justice = module_play.desk("justice-1").me["unit_id"]
    of_unit = pages(auditor, journey, unit_id=justice)
    assert all(justice in (one["who"]["unit_id"], one["what"].get("unit_id")) for one in of_unit)
    assert {one["kind"] for one in of_unit} >= {"routing", "read", "consent"}
    began, ended = rights[0]["recorded_at"], rights[-1]["recorded_at"]
    within = pages(auditor, journey, **{"from": began, "until": ended})
    assert within[0]["recorded_at"] >= began
    assert all(one["recorded_at"] < ended for one in within)
    assert len(within) > 5


def test_what_was_asked_for_and_not_shown_is_told_to_who_checks(journey: Journey, auditor: Desk) -> None:
    refused = pages(auditor, journey, kind="refusal")
    assert {(one["what"]["action"], one["who"]["agency"]) for one in refused} == {("refused", "HRSS")}


@pytest.mark.parametrize("asked", [{"kind": "routing"}, {"stage": "investigation"}, {"kind": "read"}])
def test_a_filter_finds_nothing_that_its_reader_does_not_read(
    journey: Journey, module_play: Stage, asked: dict[str, Any]
) -> None:
    justice = module_play.desk("justice-1")
    hidden = [one for one in pages(justice, journey) if one["_redacted"]]
    assert len(hidden) > 5
    found = pages(justice, journey, **asked)
    assert [one for one in found if one["_redacted"] or one["kind"] == "read"] == []
    assert {one["what"]["stage"] for one in found} <= {"rights_support", "guardianship"}


def test_only_who_checks_reads_who_looked(journey: Journey, module_play: Stage) -> None:
    for username in ("psb-1", "justice-1"):
        items = pages(module_play.desk(username), journey)
        assert [one for one in items if one["seq"] is None or one.get("kind") == "read"] == []


def test_a_division_reads_the_log_of_its_own_cases_only(
    journey: Journey, module_play: Stage, admin: Engine
) -> None:
    """The database itself: with the auditor's place as its context, rows of no other division's case."""
    place = module_play.desk("north-auditor").me["place_id"]
    rows = "select file_id from read_log where file_id is not null"
    with admin.begin() as connection:
        connection.execute(text("set local role homeward_application"))
        connection.execute(text("select set_config('homeward.audit', :place, true)"), {"place": place})
        mine = set(connection.execute(text(rows)).scalars())
        connection.execute(text("select set_config('homeward.audit', '', true)"))
        assert set(connection.execute(text(rows)).scalars()) == set()
    assert journey.case["id"] in {str(one) for one in mine}
    with admin.connect() as connection:
        theirs = "select id from cases where division_id = :place"
        assert mine <= set(connection.execute(text(theirs), {"place": place}).scalars())
