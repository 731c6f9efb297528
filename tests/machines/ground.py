"""One case in a real database, moved through the use cases, and read as a superuser reads it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from api.calls import House
from domain.actors import Actor
from domain.identifiers import new_id
from domain.refusals import Refusal
from services.database import now, transaction
from services.records.accounts import AccountRow, SessionRow
from services.records.agencies import UnitRow
from services.sessions import begin

Json = dict[str, Any]
LONG: Final = timedelta(days=3)

TRUTH: Final = text(
    """
select json_build_object(
 'case', (select json_build_object('state', state, 'owner', owner_unit_id, 'agency', owner_agency, 'round', round,
          'offered', offered_unit_id, 'version', version, 'seq', seq) from cases where id = :case),
 'stages', (select coalesce(json_agg(json_build_object('id', id, 'code', code, 'victim_id', victim_id, 'state', state,
          'unit', unit_id, 'offered', offered_unit_id, 'due_at', due_at, 'due_clock', due_clock, 'version', version)
          order by id), '[]') from stages where case_id = :case),
 'beside', (select coalesce(json_agg(json_build_object('stage', stage_id, 'unit', unit_id)), '[]')
          from stage_units where case_id = :case),
 'asked', (select coalesce(json_agg(approver_unit_id), '[]') from approvals where file_id = :case and state = 'asked'),
 'conflicts', (select coalesce(json_agg(json_build_object('kind', kind, 'unit', unit_id, 'above', above_unit_id,
          'prosecutor', prosecutor_unit_id)), '[]') from conflicts where case_id = :case and state <> 'cleared'),
 'access', (select coalesce(json_agg(unit_id), '[]') from case_access where file_id = :case),
 'clocks', (select coalesce(json_agg(json_build_object('subject', subject_id, 'clock', clock, 'state', state)), '[]')
          from deadlines where file_id = :case and state in ('running', 'paused')),
 'victims', (select coalesce(json_agg(id order by ordinal), '[]') from victims where case_id = :case),
 'entries', (select coalesce(json_agg(convert_from(what, 'UTF8')::json order by seq), '[]')
          from timeline_entries where chain_id = :case and seq > :seq))
"""
)


@dataclass(slots=True)
class Ground:
    """The house, and who works in it: one account for every unit, signed in."""

    house: House
    admin: Engine
    accounts: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)
    colleagues: dict[str, list[str]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    police: set[str] = field(default_factory=set)

    def sign_everybody_in(self) -> None:
        with transaction(self.house.engine) as session:
            at = now(session)
            rows = session.execute(
                select(AccountRow.id, AccountRow.username, AccountRow.unit_id, UnitRow.agency)
                .join(UnitRow, UnitRow.id == AccountRow.unit_id)
                .order_by(AccountRow.username)
            ).all()
            for row in rows:
                if row.username.endswith("-1"):
                    self._sign_in(session, row, at + LONG)
                if row.username.endswith(("-1", "-2")):
                    self.colleagues.setdefault(str(row.unit_id), []).append(str(row.id))

    def _sign_in(self, session: Session, row: Any, expires_at: Any) -> None:
        session_id, unit = new_id(), str(row.unit_id)
        values = {"id": session_id, "account_id": row.id, "created_at": expires_at - LONG}
        session.execute(insert(SessionRow).values(**values, expires_at=expires_at))
        self.accounts[unit] = (row.id, session_id)
        self.units[row.username.removesuffix("-1")] = unit
        if row.agency == "PSB":
            self.police.add(unit)

    def as_unit(self, unit: str, use: Callable[[Session, Actor], object]) -> Refusal | None:
        """Let the unit's account do something in one transaction; the refusal, or None when it was done."""
        info = {"master_keys": self.house.master_keys, "request_id": new_id(), "purpose": None}
        try:
            with transaction(self.house.engine, info) as session:
                use(session, begin(session, *self.accounts[unit]))
        except Refusal as refusal:
            return refusal
        return None

    def truth(self, case_id: str, after: int) -> Json:
        """Everything about the case that the model is compared with; entries behind number `after` only."""
        with self.admin.connect() as connection:
            found = connection.execute(TRUTH, {"case": case_id, "seq": after}).scalar_one()
        return dict(found if isinstance(found, dict) else json.loads(found))
