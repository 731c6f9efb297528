"""Where the journeys are played: the desks as they sign in, the days as they pass, and one person's case."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import httpx

from domain.people import civil_day
from services.demo_desk import Desk, Json, checked

Say = Callable[[str], None]
YEAR_AND_MORE: Final = timedelta(days=500)


@dataclass(slots=True)
class Stage:
    """Where the journeys are played: the client, the desks as they sign in, and the day on which it all began."""

    client: httpx.Client
    password: str
    began_at: datetime
    say: Say
    desks: dict[str, Desk] = field(default_factory=dict)

    def desk(self, username: str) -> Desk:
        if username not in self.desks:
            self.desks[username] = Desk.of(self.client, username, self.password)
        return self.desks[username]

    def day(self, number: int) -> datetime:
        return self.began_at + timedelta(days=number)

    def place(self, code: str) -> str:
        """The id of a place by its code, looked for from the top."""
        below = checked(self.client.get("/places"))["items"]
        while below:
            for place in below:
                if place["code"] == code:
                    return str(place["id"])
            inner = [checked(self.client.get(place["links"]["below"]))["items"] for place in below]
            below = [place for places in inner for place in places]
        raise LookupError(code)

    def unit(self, desk: Desk) -> str:
        return str(desk.me["unit_id"])


@dataclass(slots=True)
class Journey:
    """One person's case as the journey knows it. Two people of one case are two journeys with the same case."""

    case: Json
    victim_id: str
    owner: Desk
    receipt: Json = field(default_factory=dict)

    @property
    def address(self) -> str:
        return str(self.case["links"]["self"])

    @property
    def person(self) -> str:
        return f"{self.address}/victims/{self.victim_id}"

    def stages(self) -> list[Json]:
        """The stages of this person and of the whole case, as the owner sees them now."""
        items: list[Json] = self.owner.get(f"{self.address}/stages")["items"]
        return [stage for stage in items if stage["victim_id"] in (self.victim_id, None)]

    def stage(self, code: str) -> Json:
        return next(stage for stage in self.stages() if stage["code"] == code)

    def states(self) -> dict[str, str]:
        return {stage["code"]: stage["state"] for stage in self.stages()}


def date_of(at: datetime) -> str:
    """The calendar date of a day of the play, where the agencies work."""
    return civil_day(at).isoformat()
