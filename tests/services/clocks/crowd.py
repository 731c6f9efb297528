"""Many cases whose clocks are all due, any number of workers at them, and the reckoning afterwards."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from domain.clocks import CLOCKS
from domain.ladders import LADDERS, Rung
from domain.timeline import SECTIONS, Link, Section, check
from tests.services.clocks.ground import Clocks

EACH: Final = (
    "stage_reply", "stage_begin", "rescue_review", "relief_stay", "grading", "grading_objection", "schooling_check",
    "employment_check", "legal_aid_decision", "guardianship_review",
)  # fmt: skip
"""The clocks that are due in each case at the same moment: plain ones, ladders, and some that nobody may miss."""

_CASES: Final = """
with made as (
 insert into cases (id, number, edition, place_id, division_id, owner_unit_id, owner_agency, state, opened_at, version, head)
 select gen_random_uuid(), 'crowd-' || n || '-' || gen_random_uuid(), 'drill', u.place_id, u.place_id, u.id, u.agency,
  'open', now(), 1, decode(repeat('00', 32), 'hex')
 from units u, generate_series(1, :cases) n where u.id = :unit returning id, owner_unit_id, owner_agency),
staged as (
 insert into stages (case_id, id, code, state, unit_id, agency, opened_by, opened_at, version)
 select id, gen_random_uuid(), 'rights_support', 'active', owner_unit_id, owner_agency, 'owner', now(), 1 from made
 returning case_id, id)
insert into deadlines (file_id, id, kind, subject, subject_id, stage_id, clock, state, started_at, due_at, next_at, rung)
select s.case_id, gen_random_uuid(), 'case', 'stage', s.id, s.id, c.clock, 'running', now(), now() - interval '1 second',
 now() - interval '1 second', c.rung
from staged s cross join jsonb_to_recordset(cast(:clocks as jsonb)) as c(clock text, rung int) returning file_id
"""


def due_rung(clock: str) -> tuple[int, Rung]:
    """The rung at the due time, with its number."""
    rungs = LADDERS[CLOCKS[clock].ladder].rungs
    return next((number, rung) for number, rung in enumerate(rungs) if not rung.after)


def make_due(clocks: Clocks, unit_id: str, items: int) -> list[UUID]:
    """Cases of this unit with so many due clocks in all."""
    each = json.dumps([{"clock": clock, "rung": due_rung(clock)[0]} for clock in EACH])
    rows = clocks.sql(_CASES, unit=unit_id, cases=items // len(EACH), clocks=each)
    return list(dict.fromkeys(row["file_id"] for row in rows))


@dataclass(slots=True)
class Reckoning:
    """What is wrong afterwards; nothing in a system that raises each alarm once."""

    items: int
    alarms: int = 0
    missing: int = 0
    twice: int = 0
    broken_chains: int = 0
    still_due: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return (self.missing, self.twice, self.broken_chains, self.still_due) == (0, 0, 0, 0)

    def __str__(self) -> str:
        return (
            f"{self.items} due, {self.alarms} alarms: {self.missing} missing, {self.twice} twice,"
            f" {self.broken_chains} broken chains, {self.still_due} still due"
        )


def reckon(clocks: Clocks, cases: list[UUID]) -> Reckoning:
    """Every clock of these cases against its alarms and its entry, and every chain from its first entry."""
    found = Reckoning(items=len(cases) * len(EACH))
    alarms = Counter(
        (row["file_id"], row["clock"], row["told"])
        for row in clocks.sql(
            "select file_id, clock, told from alarms where file_id = any(:cases)", cases=cases
        )
    )
    entries = Counter[tuple[UUID, str]]()
    for case_id in cases:
        rows = clocks.sql("select * from timeline_entries where chain_id = :id order by seq", id=case_id)
        head = bytes(clocks.sql("select head from cases where id = :id", id=case_id)[0]["head"])
        links = [_link(row) for row in rows]
        found.broken_chains += check(case_id, links, head).first_bad is not None
        entries.update((case_id, json.loads(bytes(row["what"]))["rule"]) for row in rows)
    for case_id in cases:
        for clock in EACH:
            told = due_rung(clock)[1].told
            _tally(
                found,
                [alarms[case_id, clock, who] for who in told] + [entries[case_id, clock]],
                case_id,
                clock,
            )
    found.alarms = sum(alarms.values())
    found.still_due = len(
        clocks.sql(
            "select 1 from deadlines where file_id = any(:cases) and state = 'running' and next_at <= now()",
            cases=cases,
        )
    )
    return found


def _tally(found: Reckoning, times: list[int], case_id: UUID, clock: str) -> None:
    found.missing += sum(count == 0 for count in times)
    found.twice += sum(count > 1 for count in times)
    if set(times) != {1} and len(found.examples) < 5:
        found.examples.append(f"{case_id} {clock}: {times}")


def _link(row: dict[str, object]) -> Link:
    sections = {
        name: Section(bytes(row[name]), bytes(row[f"{name}_salt"]))  # type: ignore[call-overload]  # columns of bytes
        for name in SECTIONS
    }
    return Link(int(str(row["seq"])), bytes(row["body"]), bytes(row["digest"]), sections)  # type: ignore[call-overload]  # the same
