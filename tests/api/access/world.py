"""Two divisions with cases in them, the desks of those who work there, and of those who do not."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
from sqlalchemy import Engine, insert, select, text
from starlette.testclient import TestClient

from api.calls import House
from domain.actors import Role
from domain.identifiers import new_id
from domain.mandates import MANDATES
from domain.numbers import case_number
from domain.people import civil_day
from domain.stages import StageCode
from services.database import now, transaction
from services.demo_desk import Desk, Json
from services.records.accounts import AccountRow, SessionKind, SessionRow

STAGES: Final = tuple(code for code in MANDATES if code is not StageCode.REPORT)
WHOSE: Final[Mapping[str, str]] = {
    "investigation": "psb",
    "rescue": "psb",
    "shelter": "cab",
    "medical_care": "health",
    "family_tracing": "psb",
    "household_registration": "psb",
    "schooling": "edu",
    "employment": "hrss",
    "rights_support": "justice",
    "reintegration_support": "cab",
    "guardianship": "cab",
    "repatriation": "psb",
    "follow_up": "cab",
}
"""The units that rules route each stage to."""

BESIDE: Final[Mapping[str, str]] = {
    "psb": "south-psb",
    "cab": "corps-cab",
    "health": "south-health",
    "edu": "south-edu",
    "hrss": "south-hrss",
    "justice": "south-justice",
}
"""A unit of the same agency that has other work in the case: another division's, or the corps' own."""

SECRETS: Final[Mapping[str, str]] = {
    "name": "示例甲",
    "note": "写给负责单位的备注",
    "phone": "+8613900000007",
    "narrative": "车站门口有一个男孩独自乞讨",
    "reporter": "示例过路人",
    "police": "受〔示〕7号",
    "address": "示范路七号儿童区",
    "clinic": "示范诊疗科室",
    "school": "示范第七小学",
    "work": "我想学做糕点",
    "lawyer": "示例代理律师",
    "follow_up": "近来都好",
    "guardian": "想和同学一起升学",
    "approval": "各阶段均已办结",
    "relative": "示例外祖母",
    "doubt": "自称监护人的人说不清孩子的生日",
    "objection": "请说明不立案的理由",
}
"""What is written in the northern case, each where somebody in particular may read it."""


@dataclass(slots=True)
class Matter:
    """One case as the tests address it."""

    case_id: str
    victim_id: str
    report_id: str
    stages: dict[str, str]
    consent_id: str = ""
    approval_id: str = ""
    parts: dict[str, str] = field(
        default_factory=dict
    )  # ids of everything else that has an address of its own


EXPORTS: Final = frozenset({"export_timeline", "export_bundle"})
"""Of supervisors and of those who check alone: others are turned away at the door, whatever case they name."""

HALF_A_LIFE: Final = 7 * 60.0
"""Seconds after which somebody is signed in anew: their token ends at twice that."""


@dataclass(slots=True)
class World:
    """The house, its doors, and what happened in it."""

    house: House
    client: TestClient
    admin: Engine
    desks: dict[str, Desk] = field(default_factory=dict)
    signed_in_at: dict[str, float] = field(default_factory=dict)
    described: list["Operation"] = field(default_factory=list)

    def desk(self, username: str) -> Desk:
        """Signed in without a password: what passwords do is tested elsewhere, and it takes its time."""
        if time.monotonic() - self.signed_in_at.get(username, float("-inf")) > HALF_A_LIFE:
            with transaction(self.house.engine) as session:
                account, role = session.execute(
                    select(AccountRow.id, AccountRow.role).where(AccountRow.username == username)
                ).one()
                at, session_id = now(session), new_id()
                until = at + timedelta(hours=1)
                kind = SessionKind.CLIENT if role == Role.INTEGRATION else SessionKind.PERSON
                row = {
                    "id": session_id,
                    "account_id": account,
                    "kind": kind,
                    "created_at": at,
                    "expires_at": until,
                }
                # proved again and again: what a step needs besides is tested elsewhere
                session.execute(insert(SessionRow).values(**row, confirmed_at=until))
            keys = self.house.token_keys
            claims = keys.new_claims(account, session_id, now=datetime.now(UTC), life=timedelta(minutes=15))
            desk = Desk(self.client, username, keys.sign(claims))
            desk.me = desk.get("/me")
            self.desks[username], self.signed_in_at[username] = desk, time.monotonic()
        return self.desks[username]

    def add_machine(self, username: str, unit_of: str) -> str:
        """A machine at somebody's unit, for every purpose of its agency; how machines sign in is tested elsewhere."""
        with transaction(self.house.engine) as session:
            row = AccountRow(
                id=new_id(), username=username, password_hash=None, unit_id=UUID(self.unit(unit_of)),
                role=Role.INTEGRATION, demonstration=False, created_at=now(session), version=1,
            )  # fmt: skip
            session.add(row)
        return username

    def unit(self, username: str) -> str:
        return str(self.desk(username).me["unit_id"])

    def ask(
        self, username: str, method: str, path: str, body: object = None, *, version: object = None
    ) -> httpx.Response:
        """One request as it is."""
        headers = {"Authorization": f"Bearer {self.desk(username).token}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        content = None if method == "GET" else body
        answer: httpx.Response = self.client.request(method, path, json=content, headers=headers)
        return answer

    def sql(self, statement: str, **values: object) -> list[Any]:
        """As the database's superuser, whom nothing holds."""
        with self.admin.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result) if result.returns_rows else []

    def place(self, code: str) -> str:
        return str(self.sql("select id from places where code = :code", code=code)[0][0])


SITUATION: Final = {
    "in_danger": "yes",
    "safe_place_tonight": "no",
    "injured_or_ill": "yes",
    "apart_from_family": "yes",
    "identity_known": "yes",
    "household_registered": "no",
}


def new_report(world: World, place: str, desk: Desk, *concerns: str) -> Json:
    """A report by somebody without an account, as the duty unit sees it."""
    body = {
        "kind": "tip",
        "place_id": world.place(place),
        "concerns": list(concerns),
        "message": {"narrative": SECRETS["narrative"]},
        "reporter": {"name": SECRETS["reporter"]},
    }
    # all of these tests come from one address
    world.sql("delete from rate_counters")
    answer = world.client.post("/public/reports", json=body)
    assert answer.status_code == 201, answer.text
    return dict(desk.get("/reports", state="received")["items"][0])


def new_case(world: World, place: str, police: str) -> Matter:
    """A child of twelve about whom everything is open: every stage that there is, each with the unit that serves it."""
    desk = world.desk(police)
    report = new_report(world, place, desk, "child_alone", "danger")
    desk.move(report, "screen")
    report = desk.move(report, "accept", {})
    case = desk.get(report["links"]["case"])
    person = f"/cases/{case['id']}/victims/{case['victims'][0]}"
    known = {
        "identity": {"name": SECRETS["name"], "lowest_age": 12, "sex": "male"},
        "contact": {"phone": SECRETS["phone"]},
        "account": {"note": SECRETS["note"]},
        "situation": SITUATION,
    }
    desk.patch(person, known, version=1)
    there = {line["code"] for line in desk.get(f"/cases/{case['id']}/stages")["items"]}
    for code in STAGES:
        if code not in there:
            desk.post(f"/cases/{case['id']}/stages", {"code": code, "victim_id": case["victims"][0]})
    stages = {line["code"]: line["id"] for line in desk.get(f"/cases/{case['id']}/stages")["items"]}
    return Matter(case["id"], case["victims"][0], report["id"], stages)


def work_in_the_north(world: World, matter: Matter) -> None:
    """The case goes to civil affairs, the child to the relief station; everybody writes down what they did."""
    police, owner = world.desk("psb-1"), world.desk("cab-1")
    case = police.get(f"/cases/{matter.case_id}")
    police.move(case, "hand_over", {"unit_id": world.unit("cab-1"), "reason": "已解救并移交"})
    owner.move(case, "accept_hand_over")
    accept_all(world, matter)
    write_records(world, matter)
    _shelter(world, matter)
    for unit in BESIDE.values():
        if unit == "corps-cab":
            _ask_the_level_above(world, matter)
        else:
            ask_others(world, matter, OwnerAsks("cab-1", "health-1", f"{unit}-1"))


def _ask_the_level_above(world: World, matter: Matter) -> None:
    """Not the owner asks it, whose own agency it is, but another agency."""
    asked = {
        "action": "close_unmet",
        "subject_id": matter.stages["medical_care"],
        "approver_unit_id": world.unit("corps-cab-1"),
        "reason": SECRETS["clinic"],
    }
    world.desk("health-1").post(f"/cases/{matter.case_id}/approvals", asked)


@dataclass(frozen=True, slots=True)
class OwnerAsks:
    """Who owns the case, who asks the person for a consent, whom the owner asks for an approval."""

    owner: str
    asks_consent: str
    approver: str


def ask_others(world: World, matter: Matter, who: OwnerAsks) -> None:
    """A consent that was asked for, and an approval that somebody is still to give."""
    consent = {"purpose": "medical_care", "what": "在定点医院检查和治疗", "language": "zh"}
    person = f"/cases/{matter.case_id}/victims/{matter.victim_id}"
    matter.consent_id = world.desk(who.asks_consent).post(f"{person}/consents", consent)["id"]
    approval = {
        "action": "close",
        "subject_id": matter.case_id,
        "approver_unit_id": world.unit(who.approver),
        "reason": SECRETS["approval"],
    }
    matter.approval_id = world.desk(who.owner).post(f"/cases/{matter.case_id}/approvals", approval)["id"]


UNTOUCHED: Final = ("repatriation", "reintegration_support")
"""Stages that stay routed."""


def parts_of(world: World, matter: Matter, owner: str, prosecutor: str) -> None:
    """Everything else in a case that has an address of its own: a relative, a doubt, a request to merge, an objection."""
    desk, person = world.desk(owner), f"/cases/{matter.case_id}/victims/{matter.victim_id}"
    relative = {
        "name": SECRETS["relative"],
        "relation": "grandparent",
        "role": "relative",
        "languages": ["zh"],
    }
    matter.parts = {
        "unit_id": world.unit("women-1"),
        "request_id": str(new_id()),
        "hold_id": str(new_id()),
        "relative_id": desk.post(f"{person}/relatives", relative)["id"],
        "conflict_id": desk.post(f"{person}/guardian_conflicts", {"reason": SECRETS["doubt"]})["id"],
        "merge_id": desk.post(f"{person}/merges", {"other_case_number": case_number(9_000_000, 2026)})["id"],
        "objection_id": world.desk(prosecutor).post(
            f"/reports/{matter.report_id}/objections",
            {"kind": "prosecutor_demand", "narrative": SECRETS["objection"]},
        )["id"],
    }


def accept_all(world: World, matter: Matter) -> None:
    for code in STAGES:
        if code not in UNTOUCHED:
            desk = world.desk(f"{WHOSE[code]}-1")
            desk.accept(desk.get(f"/{code}/{matter.stages[code]}"))


_WHEN: Final = datetime.now(UTC) - timedelta(days=2)
_DAY: Final = civil_day(_WHEN).isoformat()
_RECORDS: Final[Mapping[str, tuple[str, Json]]] = {
    "investigation": ("acceptances", {"number": SECRETS["police"]}),
    "medical_care": (
        "appointments",
        {
            "appointed_for": _WHEN.isoformat(),
            "facility": SECRETS["clinic"],
            "care": "first_visit",
            "companion_arranged": True,
        },
    ),
    "schooling": ("enrolments", {"enrolled_on": _DAY, "school": SECRETS["school"]}),
    "employment": ("assessments", {"own_words": SECRETS["work"]}),
    "rights_support": ("lawyers_assigned", {"lawyer": SECRETS["lawyer"], "firm": "示例律师事务所"}),
    "follow_up": (
        "contacts",
        {"channel": "phone", "reached": True, "month": 1, "own_words": SECRETS["follow_up"]},
    ),
    "guardianship": (
        "child_views",
        {
            "own_words": SECRETS["guardian"],
            "language": "zh",
            "heard_alone": True,
            "keep_from_guardian": False,
        },
    ),
}


def write_records(world: World, matter: Matter) -> None:
    """One record in each of these stages, by the unit that holds it."""
    for code, (address, body) in _RECORDS.items():
        desk = world.desk(f"{WHOSE[code]}-1")
        desk.record(desk.get(f"/{code}/{matter.stages[code]}"), address, _WHEN, **body)


def _shelter(world: World, matter: Matter) -> None:
    bureau, station = world.desk("cab-1"), world.desk("station-1")
    shelter = bureau.get(f"/shelter/{matter.stages['shelter']}")
    bureau.move(shelter, "hand_over", {"unit_id": world.unit("station-1"), "reason": "由救助站接收"})
    station.accept(shelter, "accept_hand_over")
    placed = {"care": "relief_station", "address": SECRETS["address"], "starts_on": _DAY}
    station.record(shelter, "placements", _WHEN, **placed)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API's own description, with the example that it gives of its body."""

    name: str
    method: str
    path: str
    body: Json

    def at(self, matter: Matter) -> str:
        """Its address in this case."""
        return self.path.format(
            case_id=matter.case_id,
            victim_id=matter.victim_id,
            report_id=matter.report_id,
            consent_id=matter.consent_id,
            approval_id=matter.approval_id,
            unit_id=matter.parts.get("unit_id", matter.case_id),
            **{name: matter.parts.get(name, matter.case_id) for name in PART_IDS},
            stage_id=matter.stages.get(self.path.split("/")[1]),
        )


PART_IDS: Final = frozenset(
    {"relative_id", "conflict_id", "merge_id", "objection_id", "request_id", "hold_id"}
)
FILE_IDS: Final = PART_IDS | {"case_id", "victim_id", "report_id", "consent_id", "approval_id", "stage_id"}
OTHER_IDS: Final = frozenset(
    {
        *("account_id", "unit_id", "client_id", "issuer_id", "kid", "number", "code"),
        *("grant_id", "letter_id"),
    }
)


def operations(world: World) -> list[Operation]:
    """Every operation that names a case, a report or a part of one in its path. People's own doors take no officer's token."""
    if not world.described:
        world.described += _described(world.client.get("/openapi.json").json())
    return world.described


def _described(document: Json) -> list[Operation]:
    found = []
    for path, methods in document["paths"].items():
        named = set(re.findall(r"{(\w+)}", path))
        assert named <= FILE_IDS | OTHER_IDS, f"an id that no test knows of: {path}"
        if named & FILE_IDS and not path.startswith("/door/"):
            found += [
                Operation(each["operationId"], method.upper(), path, _example(document, each))
                for method, each in methods.items()
            ]
    return found


def _example(document: Json, operation: Json) -> Json:
    if "requestBody" not in operation:
        return {}
    name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return dict(document["components"]["schemas"][name]["examples"][0])


def nowhere() -> Matter:
    """Ids that stand for nothing."""
    case_id, victim_id, report_id, consent_id, approval_id = (str(new_id()) for _ in range(5))
    stages = {str(code): str(new_id()) for code in STAGES}
    parts = {name: str(new_id()) for name in (*PART_IDS, "unit_id")}
    return Matter(case_id, victim_id, report_id, stages, consent_id, approval_id, parts)


def same(one: httpx.Response, other: httpx.Response) -> bool:
    """Two answers that nobody can tell apart; the instance is each request's own."""
    return _without_instance(one) == _without_instance(other) and one.status_code == other.status_code


def _without_instance(answer: httpx.Response) -> Json:
    content: Json = answer.json()
    return {name: value for name, value in content.items() if name != "instance"}


def all_that_is_answered(world: World, username: str, matter: Matter) -> list[httpx.Response]:
    """What this account is given when it asks for every part of a case, one after the other."""
    asked = [
        world.ask(username, "GET", each.at(matter)) for each in operations(world) if each.method == "GET"
    ]
    return [answer for answer in asked if answer.status_code == 200]


def all_that_is_read_by(world: World, username: str, matter: Matter) -> str:
    return "\n".join(answer.text for answer in all_that_is_answered(world, username, matter))
