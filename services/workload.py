"""How many stages lie with each unit and how many are late: counted for the coordinators, who see no case."""

from typing import Final

from sqlalchemy import Engine, text

from domain.stages import OPEN_STATES
from services.database import transaction

# sums, not counts, and one counter at a time: whoever comes second leaves it
_LOCK: Final = text("select pg_try_advisory_xact_lock(7217217202)")
_FORGET: Final = text("delete from workload")
_COUNT: Final = text(
    "with recursive up(unit_id, place_id, kind, parent_id) as ("
    " select u.id, p.id, p.kind, p.parent_id from units u join places p on p.id = u.place_id"
    " union all select up.unit_id, p.id, p.kind, p.parent_id from up join places p on p.id = up.parent_id"
    "  where up.kind <> 'division')"
    " insert into workload (unit_id, stage, state, division_id, stages, late, counted_at)"
    " select s.unit_id, s.code, s.state, d.place_id, sum(1), sum(case when s.due_at < now() then 1 else 0 end), now()"
    " from stages s left join up d on d.unit_id = s.unit_id and d.kind = 'division'"
    " where s.unit_id is not null and s.state = any(:states)"
    " group by s.unit_id, s.code, s.state, d.place_id"
)


def count_workload(engine: Engine) -> int:
    """Count anew; the number of lines, 0 while another worker counts."""
    with transaction(engine) as session:
        if not session.execute(_LOCK).scalar_one():
            return 0
        session.execute(_FORGET)
        counted = session.execute(_COUNT, {"states": [str(state) for state in OPEN_STATES]})
        return int(counted.rowcount)  # type: ignore[attr-defined]  # an insert's result counts its rows
