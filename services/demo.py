"""The demonstration: a small world, and three people's ways through it, so that there is something to look at."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
from sqlalchemy import Engine

from services.demo_journeys import (
    YEAR_AND_MORE,
    Stage,
    boy_found_begging,
    girl_who_wants_to_train,
    woman_forced_into_marriage,
)
from services.demo_world import PASSWORD, build_world
from services.master_keys import MasterKeys


def load_demonstration(
    engine: Engine, master_keys: MasterKeys, client: httpx.Client, say: Callable[[str], None]
) -> None:
    """Build the world and play the journeys through the running server, telling each step."""
    say(f"An empty database: loading the demonstration ({build_world(engine, master_keys)} accounts) ...")
    play = Stage(client, PASSWORD, datetime.now(UTC) - YEAR_AND_MORE, lambda line: say(f"  {line}"))
    say("A boy of about 12 is found begging.")
    boy_found_begging(play)
    say("A girl of 17 asks for help and wants to learn a trade.")
    girl_who_wants_to_train(play)
    say("A woman of 24 was forced into a marriage and has a child.")
    woman_forced_into_marriage(play)


def three_things_to_try(address: str) -> str:
    """What a newcomer reads when the server is up."""
    return (
        f"Homeward is at {address}   (Ctrl-C stops it; everything is kept)\n"
        f"  accounts   psb-1  cab-1  station-1  health-1  edu-1  justice-1  hrss-1  women-1  auditor  admin\n"
        f"  password   {PASSWORD}\n"
        "Three things to try:\n"
        f"  1. {address}/docs                 the interactive API page\n"
        f"  2. {address}/policy/workflow.svg  who does what, under which article\n"
        f"  3. sign in, then ask for /inbox with the token: what lies on civil affairs' desk now\n"
        f"     curl -s {address}/sign_in -H 'Content-Type: application/json' "
        f'-d \'{{"username":"cab-1","password":"{PASSWORD}"}}\'\n'
        "The README walks one person home in ten steps of curl."
    )
