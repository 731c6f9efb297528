"""Somebody's first day: an account is given to them, they choose a password and set up the device that shows codes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx
from passlib.totp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.access_approvals import APPROVED_ROLES
from services.access_approvals import approve_access
from services.demo_desk import Desk, Json, checked
from services.demo_world import OFFICER, as_actor
from services.records.accounts import AccountRow

OWN: Final = "a sentence of their own choice"
_STEP: Final = 30


@dataclass(slots=True)
class Device:
    """Shows one-time codes, each step once, from the one before now on."""

    secret: str
    step: int = 0

    def code(self) -> str:
        """The next code that was not shown yet; waits where none is due."""
        now = int(time.time()) // _STEP
        self.step = max(self.step + 1, now - 1)
        if self.step > now + 1:
            time.sleep((self.step - 1) * _STEP - time.time())
        return self.code_of(self.step)

    def code_of(self, step: int) -> str:
        return str(TOTP(key=self.secret).generate(step * _STEP).token)


@dataclass(slots=True)
class Person:
    """An account in use: what its owner knows and has."""

    client: httpx.Client
    username: str
    password: str
    device: Device
    recovery_codes: list[str]
    account: Json

    def sign_in(self, code: str | None = None) -> httpx.Response:
        shown = {"username": self.username, "password": self.password, "code": code or self.device.code()}
        return self.client.post("/sign_in", json=shown)

    def desk(self) -> Desk:
        """Sits down at a new desk."""
        desk = Desk(self.client, self.username, str(checked(self.sign_in())["access_token"]))
        desk.me = desk.get("/me")
        return desk


APPROVERS: Final = ("cab-supervisor", "psb-supervisor")


def let_in(desk: Callable[[str], Desk], account: Json) -> None:
    """Whose turn it is approves that they work with people's data, if their role needs it."""
    if account["role"] not in APPROVED_ROLES:
        return
    officer = desk("data-officer")
    waiting = officer.get(f"/access_approvals/{account['id']}")
    supervisors = (desk(name) for name in APPROVERS)
    there = (one for one in supervisors if one.me["unit_id"] == account["unit_id"])
    approver = officer if waiting["whose_turn"] == "data_protection_officer" else next(there)
    approver.move(waiting, "approve")


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def first_day(client: httpx.Client, username: str, given: str, account: Json | None = None) -> Person:
    """From the password that somebody gave to an account of one's own."""
    answer = checked(client.post("/sign_in", json={"username": username, "password": given}))
    headers = bearing(str(answer["access_token"]))
    passwords = {"present_password": given, "new_password": OWN}
    assert client.post("/me/password", json=passwords, headers=headers).status_code == 204
    new = checked(client.post("/me/second_factor", json={}, headers=headers))
    device = Device(str(new["secret"]))
    confirmed = client.post("/me/second_factor/confirm", json={"code": device.code()}, headers=headers)
    codes = checked(confirmed)["recovery_codes"]
    return Person(client, username, OWN, device, list(codes), account or {})


def let_in_by_officer(session: Session, account: AccountRow) -> None:
    """The same without the interface, where there is no supervisor: by the officer of data protection."""
    if account.role in APPROVED_ROLES:
        officer = session.execute(select(AccountRow).where(AccountRow.username == OFFICER)).scalar_one()
        approve_access(session, as_actor(session, officer), account.id, account.version)
