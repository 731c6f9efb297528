"""Every step has a name in both languages and a kind; what was learned late shows; a fold says how a case stood."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from domain.as_of import CaseStanding, PastEntry, StageStanding, as_of, written
from domain.ladders import RungAction
from domain.timeline_kinds import KIND_NAMES, STEPS, Kind, actions_of, is_late, kind_of, name_of
from domain.workflow import MACHINES, Machine

SERVICES: Final = Path(__file__).parents[2] / "services"
ELSEWHERE: Final = frozenset(
    {
        *("add_account", "change_account", "suspend_account", "reinstate_account", "disable_account"),
        *("end_sessions", "end_session", "give_password", "add_place", "add_unit", "add_issuer", "set_clock"),
        *("link_identity", "unlink_identities", "approve_access", "end_access_approval", "log_key_signs"),
    }
)
"""Steps of the register's own chain, which is no case's."""


def _literals() -> Iterator[str]:
    """The first word of every entry that the services write down as it is."""
    for path in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Note", "Written")
            ):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def test_every_step_of_a_case_is_in_the_table() -> None:
    moves = {move.action for machine in (Machine.CASE, Machine.STAGE) for move in MACHINES[machine]}
    consents = {f"{move.action}_consent" for move in MACHINES[Machine.CONSENT]}
    written_down = set(_literals())
    assert len(written_down) > 25
    assert (moves | consents | set(RungAction) | written_down) - ELSEWHERE - set(STEPS) == set()


def test_every_name_is_there_in_both_languages_and_told_apart() -> None:
    for language in ("zh-CN", "en"):
        names = [name_of(action, language) for action in STEPS]
        assert all(names)
        assert len(names) == len(set(names))
    assert set(KIND_NAMES) == set(Kind)


def test_what_the_table_does_not_know_is_a_change_under_its_own_word() -> None:
    assert (kind_of("something_new"), name_of("something_new", "en")) == (Kind.CHANGE, "something_new")
    assert kind_of("refuse_hand_over") is Kind.REFUSAL
    assert "overdue" in actions_of(Kind.CLOCK)


AT: Final = datetime(2026, 3, 12, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "late"), [(0, False), (24, False), (24.001, True), (-1, False)])
def test_late_is_more_than_so_long_after(hours: float, late: bool) -> None:
    assert is_late(AT - timedelta(hours=hours), AT, timedelta(hours=24)) is late


CASE, STAGE, PERSON, UNIT = (UUID(int=n) for n in range(1, 5))
OPEN: Final = CaseStanding("open", 1, UNIT, "PSB", None, None)
ROUTED: Final = StageStanding("rescue", PERSON, 1, "routed", UNIT, "PSB", None, None, None, "stage_reply", AT)


def _entry(seq: int, stage_id: UUID | None, **what: object) -> PastEntry:
    subject = {"action": "restate", "subject": "case", "subject_id": str(CASE)}
    return PastEntry(seq, AT + timedelta(minutes=seq), stage_id, {**subject, **what})


CHAIN: Final = (
    _entry(1, None, action="open", stands=written(OPEN)),
    _entry(2, None, action="add_victim", subject="victim", subject_id=str(PERSON)),
    _entry(3, STAGE, action="route", stands=written(ROUTED)),
    _entry(4, STAGE, action="remind"),
    _entry(5, None, action="erase_person", subject="victim", subject_id=str(PERSON)),
)


def test_the_last_entry_up_to_the_instant_says_how_it_stood() -> None:
    past = as_of(CHAIN, AT + timedelta(minutes=4, seconds=30))
    assert (past.seq, past.case, past.stages) == (4, OPEN, {STAGE: ROUTED})
    assert (past.victims, past.erased) == ([PERSON], set())


@pytest.mark.parametrize(("minute", "seq"), [(0, 0), (1, 1), (2.5, 2), (9, 5)])
def test_what_was_recorded_later_plays_no_part(minute: float, seq: int) -> None:
    past = as_of(CHAIN, AT + timedelta(minutes=minute))
    assert past.seq == seq
    assert (STAGE in past.stages) is (seq >= 3)
    assert past.erased == ({PERSON} if seq == 5 else set())
