"""Who gets which answer to which request, as a table; it holds whole, and with either layer of access switched off."""

from collections.abc import Iterator
from typing import Final

import pytest

from services.demo_desk import Json
from tests.api.access.world import (
    BESIDE,
    EXPORTS,
    STAGES,
    WHOSE,
    Matter,
    Operation,
    World,
    new_case,
    new_report,
    nowhere,
    operations,
    same,
)

OUTSIDERS: Final = ("south-cab-1", "women-1")
"""The neighbouring division's unit of the owner's agency, and another agency next door."""

# stage: who is responsible, the same agency's unit beside it, an agency with other work in the case, lead, article
TABLE: Final = {
    "investigation": ("psb-1", "south-psb-1", "edu-1", "PSB", 25),
    "rescue": ("psb-1", "south-psb-1", "health-1", "PSB", 30),
    "shelter": ("station-1", "corps-cab-1", "edu-1", "CAB", 31),
    "medical_care": ("health-1", "south-health-1", "hrss-1", "HEALTH", 34),
    "family_tracing": ("psb-1", "south-psb-1", "justice-1", "PSB", 32),
    "household_registration": ("psb-1", "south-psb-1", "edu-1", "PSB", 33),
    "schooling": ("edu-1", "south-edu-1", "health-1", "EDU", 36),
    "employment": ("hrss-1", "south-hrss-1", "edu-1", "HRSS", 37),
    "rights_support": ("justice-1", "south-justice-1", "psb-1", "JUSTICE", 35),
    "reintegration_support": ("cab-1", "corps-cab-1", "edu-1", "CAB", 38),
    "guardianship": ("cab-1", "corps-cab-1", "hrss-1", "CAB", 40),
    "repatriation": ("psb-1", "south-psb-1", "health-1", "PSB", 47),
    "follow_up": ("cab-1", "corps-cab-1", "edu-1", "CAB", 39),
}
OF_THE_UNIT: Final = {
    "accept", "send_back", "begin", "complete", "hold", "resume", "hand_over", "decline", "offer_again",
    "rule_out", "close_unmet", "reopen", "name_officers", "withdraw_hand_over", "extend",
}  # fmt: skip
OF_THE_OWNER: Final = {"route", "decline", "offer_again", "reopen"}
OF_WHO_IS_OFFERED_IT: Final = {"accept_hand_over", "refuse_hand_over"}
ACTIONS: Final = OF_THE_UNIT | OF_THE_OWNER | OF_WHO_IS_OFFERED_IT
OWNER: Final = "cab-1"

# attached units see the stage and add their own records; they move nothing
ATTACHED: Final = (
    ("north", "medical_care", "dpf-1"),
    ("north", "reintegration_support", "hrss-1"),
    ("north", "reintegration_support", "justice-1"),
    ("north", "guardianship", "justice-1"),
    ("north", "follow_up", "psb-1"),
    ("south", "rescue", "south-cab-1"),
    ("south", "family_tracing", "south-cab-1"),
    ("south", "household_registration", "south-cab-1"),
    ("south", "repatriation", "south-cab-1"),
)


@pytest.fixture(scope="module")
def examples(world: World) -> dict[str, Json]:
    """A body for every operation."""
    return {operation.name: operation.body for operation in operations(world)}


def answers(
    world: World, examples: dict[str, Json], matter: Matter, code: str, username: str
) -> dict[str, int]:
    """What every move of a stage answers to this account. With no version named, nothing moves: 428 is a yes."""
    found = {}
    for action in some_moves(code):
        body = examples[f"{action}_{code}"]
        answer = world.ask(username, "POST", f"/{code}/{matter.stages[code]}/{action}", body)
        found[action] = answer.status_code
        if answer.status_code == 403:
            _, _, _, lead, article = TABLE[code]
            said = answer.json()
            assert said["type"] == "/problems/stage_not_yours"
            assert (said["lead"], said["articles"][0]) == (lead, article)
    return found


def some_moves(code: str) -> list[str]:
    """A third of the moves, another one for the next stage: one function makes them all. The drill of the whole matrix
    tries every move of every stage."""
    return sorted(ACTIONS)[STAGES.index(code) % 3 :: 3]


def only(code: str, *allowed: str) -> dict[str, int]:
    return {action: 428 if action in allowed else 403 for action in some_moves(code)}


def test_the_table_names_every_stage_and_every_move(examples: dict[str, Json]) -> None:
    assert set(TABLE) == set(STAGES)
    assert {f"{action}_{code}" for action in ACTIONS for code in STAGES} <= set(examples)
    moves = {name for name in examples if name.endswith("_schooling")}
    others = {
        "read_schooling",
        "invite_to_schooling",
        "end_invitation_to_schooling",
        "ask_request_in_schooling",
    }
    assert moves - others == {f"{action}_schooling" for action in ACTIONS}


def test_who_has_no_work_in_a_case_cannot_tell_it_from_nothing(
    world: World, north: Matter, layer: str
) -> None:
    nothing, told = nowhere(), []
    for operation in _some(world):
        answer = world.ask(OUTSIDERS[0], operation.method, operation.at(north), operation.body, version=1)
        if answer.status_code != 404 or answer.json()["type"] != "/problems/not_found":
            told.append((operation.name, answer.status_code))
        assert set(answer.json()) == {"type", "title", "status", "detail", "instance"}
        # with a layer switched off, the one who is nearest is enough; what does not exist answers as ever
        for username in OUTSIDERS if layer == "both layers" else ():
            where = operation.at(nothing if username == OUTSIDERS[0] else north)
            other = world.ask(username, operation.method, where, operation.body, version=1)
            told += [] if same(answer, other) else [(operation.name, other.status_code)]
    assert told == []


def _some(world: World) -> list[Operation]:
    """Every operation that is no stage's, and a fifth of theirs in turn: the stages share one function for each."""
    every = [one for one in operations(world) if one.name not in EXPORTS]
    of_stages = [one for one in every if "{stage_id}" in one.path]
    return [one for one in every if one not in of_stages] + of_stages[::5]


@pytest.mark.parametrize("username", OUTSIDERS)
def test_no_list_tells_an_outsider_of_the_case(
    world: World, north: Matter, layer: str, username: str
) -> None:
    for path in ("/cases?limit=100", "/reports?limit=100", "/inbox?limit=100", "/approvals"):
        answer = world.ask(username, "GET", path)
        assert answer.status_code == 200
        ids = {north.case_id, north.victim_id, north.report_id, north.approval_id, *north.stages.values()}
        assert [one for one in ids if one in answer.text] == []


@pytest.mark.parametrize("code", STAGES)
def test_a_stage_is_moved_by_its_unit_and_by_nobody_beside_it(
    world: World, north: Matter, layer: str, examples: dict[str, Json], code: str
) -> None:
    responsible, same_agency, other_agency, *_ = TABLE[code]
    whose = OF_THE_UNIT | (OF_THE_OWNER if responsible == OWNER else set())
    if layer == "both layers":
        assert answers(world, examples, north, code, same_agency) == only(code)
        assert answers(world, examples, north, code, responsible) == only(code, *whose)
        assert answers(world, examples, north, code, other_agency) == only(code)
        return
    # what decides here is no layer of access: one move of each shows it
    address, body = f"/{code}/{north.stages[code]}/begin", examples[f"begin_{code}"]
    assert world.ask(responsible, "POST", address, body).status_code == 428
    assert world.ask(other_agency, "POST", address, body).status_code == 403
    assert world.ask(same_agency, "POST", address, body).status_code == 403


@pytest.mark.parametrize("code", [code for code in STAGES if TABLE[code][0] != OWNER])
def test_the_owner_of_the_case_routes_and_writes_down_what_the_person_said(
    world: World, north: Matter, examples: dict[str, Json], code: str
) -> None:
    assert answers(world, examples, north, code, OWNER) == only(code, *OF_THE_OWNER)


@pytest.mark.parametrize("code", [code for code in STAGES if WHOSE[code] != "psb"])
def test_the_police_move_none_of_the_stages_that_are_not_theirs(
    world: World, north: Matter, examples: dict[str, Json], code: str
) -> None:
    assert answers(world, examples, north, code, "psb-1") == only(code)


@pytest.mark.parametrize(("whose", "code", "username"), ATTACHED)
def test_an_attached_unit_moves_nothing(
    world: World,
    north: Matter,
    south: Matter,
    examples: dict[str, Json],
    whose: str,
    code: str,
    username: str,
) -> None:
    matter = {"north": north, "south": south}[whose]
    assert world.ask(username, "GET", f"/{code}/{matter.stages[code]}").status_code == 200
    assert answers(world, examples, matter, code, username) == only(code)


def test_a_record_is_refused_to_who_neither_holds_the_stage_nor_adds_to_it(
    world: World, north: Matter
) -> None:
    for operation in operations(world):
        code = operation.path.split("/")[1]
        if operation.name.startswith("add_") and code in TABLE:
            answer = world.ask(TABLE[code][2], "POST", operation.at(north), operation.body)
            assert (operation.name, answer.status_code) == (operation.name, 403)
            assert answer.json()["type"] == "/problems/record_not_yours"
            assert answer.json()["articles"][0] == TABLE[code][4]


# --- those whose stage it is do move it ---


@pytest.fixture
def fresh(world: World, layer: str) -> Matter:
    """A case of its own for every layer, each stage routed to the unit that serves it."""
    return new_case(world, "0101", "psb-1")


def test_the_responsible_unit_moves_every_stage_and_reading_follows_the_work(
    world: World, north: Matter, fresh: Matter, layer: str
) -> None:
    # all stages share one function for it: with a layer switched off, every third is enough
    for code in STAGES if layer == "both layers" else STAGES[::3]:
        responsible, beside = world.desk(f"{WHOSE[code]}-1"), world.desk(f"{BESIDE[WHOSE[code]]}-1")
        address = f"/{code}/{fresh.stages[code]}"
        assert world.ask(beside.username, "GET", address).status_code == 404
        stage = responsible.accept(responsible.get(address))
        stage = responsible.move(stage, "hand_over", {"unit_id": beside.me["unit_id"], "reason": "本人迁居"})
        assert beside.get(address)["state"] == stage["state"] == "accepted"
        # the one who offered it cannot take it, the one to whom it is offered cannot begin it
        offered = world.ask(responsible.username, "POST", f"{address}/refuse_hand_over", {"reason": "无"})
        begun = world.ask(beside.username, "POST", f"{address}/begin", {})
        assert (offered.status_code, begun.status_code) == (403, 403)
        refused = world.ask(
            beside.username, "POST", f"{address}/refuse_hand_over", {"reason": "无"}, version=stage["version"]
        )
        assert refused.status_code == 200
        assert world.ask(beside.username, "GET", address).status_code == 404


# --- ids in queries and bodies ---


@pytest.fixture
def screened(world: World, layer: str) -> Iterator[Json]:
    """A report of the north, under screening."""
    police = world.desk("psb-1")
    report = police.move(new_report(world, "0101", police), "screen")
    yield report
    police.move(report, "accept", {})


def elsewhere(north: Matter, there: Matter, screened: Json) -> list[tuple[str, str, str, Json, object]]:
    """Requests in which somebody at work in the north names something that lies elsewhere."""
    case, report = f"/cases/{north.case_id}", f"/reports/{screened['id']}"
    ask = {"action": "close", "approver_unit_id": screened["unit_id"], "reason": "各阶段均已结束"}
    finding = {
        "happened_at": "2026-03-12T09:30:00+08:00",
        "victim_id": there.victim_id,
        "outcome": "rescue_needed",
        "seen_in_private": False,
    }
    version = screened["version"]
    plan = {"code": "schooling", "victim_id": there.victim_id}
    investigation = f"/investigation/{north.stages['investigation']}"
    return [
        ("psb-1", "POST", f"{report}/accept", {"case_id": there.case_id}, version),
        ("psb-1", "POST", f"{report}/mark_duplicate", {"duplicate_of": there.report_id}, version),
        ("psb-1", "POST", f"{investigation}/findings", finding, None),
        ("cab-1", "POST", f"{case}/stages", plan, None),
        ("cab-1", "POST", f"{case}/approvals", {**ask, "subject_id": there.case_id}, None),
        ("cab-1", "POST", f"{case}/approvals", {**ask, "subject_id": there.stages["shelter"]}, None),
        ("cab-1", "POST", f"{case}/approvals", {**ask, "subject_id": there.victim_id}, None),
        ("cab-1", "GET", f"{case}/victims/{there.victim_id}", {}, None),
        ("cab-1", "PATCH", f"{case}/victims/{there.victim_id}", {"identity": {"sex": "male"}}, 1),
        ("cab-1", "GET", f"{case}/victims/{there.victim_id}/consents", {}, None),
        ("cab-1", "GET", f"/shelter/{there.stages['schooling']}", {}, None),
        ("cab-1", "GET", f"/reports/{there.case_id}", {}, None),
        ("cab-1", "GET", f"/cases/{there.report_id}", {}, None),
        ("cab-1", "GET", f"/cases/{there.stages['shelter']}/timeline", {}, None),
    ]


def test_an_id_from_elsewhere_is_refused_like_one_that_stands_for_nothing(
    world: World, north: Matter, south: Matter, screened: Json
) -> None:
    real, empty = elsewhere(north, south, screened), elsewhere(north, nowhere(), screened)
    for (username, method, path, body, version), (*_, empty_path, empty_body, _same) in zip(
        real, empty, strict=True
    ):
        answer = world.ask(username, method, path, body, version=version)
        nothing = world.ask(username, method, empty_path, empty_body, version=version)
        assert (path, answer.status_code) in ((path, 404), (path, 422))
        assert same(answer, nothing), (path, answer.text, nothing.text)


def test_a_persons_own_ids_do_not_open_under_another_address(world: World, north: Matter, layer: str) -> None:
    for code in STAGES:
        for other in (one for one in STAGES if one != code):
            assert world.ask("cab-1", "GET", f"/{code}/{north.stages[other]}").status_code == 404
            break
    assert world.ask("cab-1", "GET", f"/cases/{north.victim_id}").status_code == 404


def test_filters_answer_for_the_callers_own_work_only(
    world: World, north: Matter, south: Matter, layer: str
) -> None:
    number = world.sql("select number from cases where id = :id", id=south.case_id)[0][0]
    nothing = nowhere()
    for query in (f"unit_id={world.unit('south-cab-1')}", f"unit_id={nothing.case_id}", f"number={number}"):
        answer = world.ask("cab-1", "GET", f"/cases?{query}")
        assert (answer.status_code, answer.json()["items"]) == (200, [])


def test_a_school_cannot_ask_by_a_filter_what_it_may_not_read(
    world: World, north: Matter, layer: str
) -> None:
    number = world.sql("select number from cases where id = :id", id=north.case_id)[0][0]
    police = world.unit("psb-1")
    for query in ("stage=investigation", "stage=guardianship", f"unit_id={police}", f"number={number}"):
        assert north.case_id not in world.ask("edu-1", "GET", f"/cases?{query}").text
    assert north.case_id in world.ask("edu-1", "GET", "/cases?stage=schooling").text
    assert north.case_id in world.ask("cab-1", "GET", "/cases?stage=investigation").text


def test_officers_of_another_unit_are_refused_like_unknown_ones(
    world: World, north: Matter, layer: str
) -> None:
    address = f"/repatriation/{north.stages['repatriation']}"
    version = world.desk("psb-1").get(address)["version"]
    own, strangers = world.desk("psb-1").colleagues()[0], world.desk("south-psb-1").colleagues()[0]
    answers_to = [
        world.ask(
            "psb-1", "POST", f"{address}/accept", {"officer_id": own, "deputy_id": one}, version=version
        )
        for one in (strangers, nowhere().case_id)
    ]
    assert answers_to[0].status_code == 422
    assert same(*answers_to)
