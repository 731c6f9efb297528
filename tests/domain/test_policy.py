"""The policy document: its exact shape, and what it must say of a few articles, stages and moves."""

import json
from collections.abc import Mapping, Sequence

import pytest

from domain.policy import policy
from domain.workflow import MACHINES

THIRTY = (
    "PUB PLC UFWD CAC DRC EDU PSB CAB JUSTICE FIN HRSS TRANSPORT HEALTH AGRI RURAL CULTURE COMMERCE FAO SAMR "
    "HOUSING MIIT SASAC COURT PROC UNION YOUTH WOMEN DPF CNWC WCC"
)
KEYS = {
    "articles": {"number", "gloss", "leads", "cooperating"},
    "stages": {"code", "scope", "articles", "accountable", "leads", "cooperating"},
    "transitions": {"machine", "action", "from", "to", "by"},
}

Row = Mapping[str, object]


def rows(part: str, language: str = "en") -> Sequence[Row]:
    """One list of the document, as whoever reads the JSON sees it."""
    found: Sequence[Row] = json.loads(json.dumps(policy(language)))[part]
    return found


def only(part: str, **wanted: object) -> Row:
    (row,) = [row for row in rows(part) if wanted.items() <= row.items()]
    return row


def test_the_document_has_exactly_its_four_parts() -> None:
    assert set(policy()) == {"edition", *KEYS}
    assert policy()["edition"] == "xpcc-2021"


@pytest.mark.parametrize("part", KEYS)
def test_every_row_has_exactly_its_keys(part: str) -> None:
    assert {frozenset(row) for row in rows(part)} == {frozenset(KEYS[part])}


def test_the_43_articles_stand_in_order() -> None:
    assert [row["number"] for row in rows("articles")] == list(range(5, 48))


def test_all_members_is_written_out_where_the_articles_say_so() -> None:
    assert only("articles", number=20)["leads"] == THIRTY.split()
    assert only("articles", number=20)["cooperating"] == []
    assert only("articles", number=44)["leads"] == ["PSB"]
    assert only("articles", number=44)["cooperating"] == THIRTY.split()


def test_an_article_keeps_the_order_of_the_document() -> None:
    article = only("articles", number=40)
    assert article["leads"] == ["CAB", "JUSTICE"]
    assert article["cooperating"] == ["EDU", "PSB", "COURT", "PROC", "YOUTH", "WOMEN"]


@pytest.mark.parametrize(
    ("language", "gloss"),
    [
        ("en", "School-age children enter or return to school"),
        ("zh-CN", "学龄儿童上学、复学并适应生活"),
        ("zh", "学龄儿童上学、复学并适应生活"),
        ("fr", "School-age children enter or return to school"),
    ],
)
def test_the_gloss_is_in_the_language_asked_for(language: str, gloss: str) -> None:
    assert [row["gloss"] for row in rows("articles", language) if row["number"] == 36] == [gloss]


def test_nothing_but_the_gloss_depends_on_the_language() -> None:
    chinese, english = policy("zh-CN"), policy("en")
    assert {key: chinese[key] for key in chinese if key != "articles"} == {
        key: english[key] for key in english if key != "articles"
    }
    assert all(
        a["gloss"] != b["gloss"] for a, b in zip(rows("articles", "zh"), rows("articles"), strict=True)
    )


def test_there_are_14_stages_and_two_of_them_belong_to_the_case() -> None:
    assert len(rows("stages")) == 14
    assert {row["scope"] for row in rows("stages")} == {"victim", "case"}
    assert [row["code"] for row in rows("stages") if row["scope"] == "case"] == ["report", "investigation"]


@pytest.mark.parametrize(
    "stage",
    [
        {
            "code": "follow_up",
            "scope": "victim",
            "articles": [39],
            "accountable": "CAB",
            "leads": ["PSB", "CAB"],
            "cooperating": ["WOMEN"],
        },
        {
            "code": "family_tracing",
            "scope": "victim",
            "articles": [32, 30, 24],
            "accountable": "PSB",
            "leads": ["PSB", "CAB"],
            "cooperating": [],
        },
    ],
    ids=lambda stage: str(stage["code"]),
)
def test_a_stage_is_told_whole(stage: Row) -> None:
    assert only("stages", code=stage["code"]) == stage


def test_the_accountable_agency_is_one_of_the_leads() -> None:
    assert [
        row["code"] for row in rows("stages") if row["accountable"] not in tuple(_list(row["leads"]))
    ] == []


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize(
    ("machine", "action", "sources", "target", "by"),
    [
        ("stage", "plan", [], "planned", ["rule", "owner"]),
        ("stage", "hand_over", ["accepted", "active", "on_hold"], None, ["responsible_unit"]),
        ("stage", "complete", ["active"], "completed", ["responsible_unit"]),
        ("report", "receive", [], "received", ["reporter"]),
        ("case", "reopen", ["closed"], "open", ["owner", "supervisor", "person"]),
        ("stage", "hand_over", ["routed", "accepted"], None, ["rule"]),
        ("consent", "withdraw", ["given"], "withdrawn", ["person"]),
    ],
)
def test_a_move_is_told_whole(
    machine: str, action: str, sources: list[str], target: str | None, by: list[str]
) -> None:
    told = [row for row in rows("transitions") if (row["machine"], row["action"]) == (machine, action)]
    assert {"machine": machine, "action": action, "from": sources, "to": target, "by": by} in told


def test_the_moves_of_all_four_machines_are_there() -> None:
    told = {(row["machine"], row["action"]) for row in rows("transitions")}
    assert told == {(str(machine), row.action) for machine, table in MACHINES.items() for row in table}
