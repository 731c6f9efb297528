"""The same girl is reported by her school and, an hour later, by the hotline: two reporters, one case, one girl."""

from dataclasses import dataclass
from typing import Final

from services.demo_desk import Json, checked
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage

SCHOOL_SAYS: Final = "初二女生连续多日未到校，同学说有人要带她去外地"
CALLER_SAYS: Final = "隔壁关着一个十三四岁的女孩，夜里听见她哭"
CALLER: Final[Json] = {"name": "示例邻居", "safe_way_to_answer": "只在白天打电话"}
THE_GIRL: Final[Json] = {"identity": {"lowest_age": 13, "sex": "female"}, "situation": {"in_danger": "yes"}}


@dataclass(slots=True)
class TwoReports:
    """What the school and the hotline each sent: the receipt, and the report as the police read it."""

    school_receipt: Json
    hotline_receipt: Json
    school: Json
    hotline: Json


def both_report(play: Stage) -> TwoReports:
    """The school must report (Art. 11); a neighbour calls the hotline, whose operator marks the danger (Art. 44)."""
    police, place = play.desk("psb-1"), play.place(first.FARM)
    body: Json = {"kind": "mandatory_report", "place_id": place, "message": {"narrative": SCHOOL_SAYS}}
    school_receipt = play.desk("school-1").post("/reports", body)
    school = _newest(play)
    play.say(f"The school reports a girl who stays away; receipt {school_receipt['number']} (Art. 11).")
    call: Json = {"kind": "tip", "place_id": place, "concerns": ["danger"], "reporter": CALLER}
    hotline_receipt = play.desk("hotline").post("/reports", {**call, "message": {"narrative": CALLER_SAYS}})
    play.say(f"The hotline reports a girl who is locked in; receipt {hotline_receipt['number']} (Art. 44).")
    return TwoReports(school_receipt, hotline_receipt, police.get(school["links"]["self"]), _newest(play))


def _newest(play: Stage) -> Json:
    police = play.desk("psb-1")
    found = police.get("/reports", state="received")["items"][0]
    return police.get(found["links"]["self"])


def girl_in_one_case(play: Stage, two: TwoReports) -> Journey:
    """The police see that it is the same girl: the hotline's report carries the case, the school's is linked to it."""
    police = play.desk("psb-1")
    two.hotline = police.move(police.move(two.hotline, "screen"), "accept", {"victims": [THE_GIRL]})
    same = {"duplicate_of": two.hotline["id"]}
    two.school = police.move(police.move(two.school, "screen"), "mark_duplicate", same)
    two.hotline = police.get(two.hotline["links"]["self"])
    case = police.get(two.hotline["links"]["case"])
    play.say(
        f"Both are about the same girl: one case, {case['number']}; her clocks run since the first report."
    )
    return Journey(case, str(case["victims"][0]), police, two.hotline_receipt)


def both_are_told(play: Stage, two: TwoReports) -> None:
    """Each reporter has an answer of their own, and hears nothing of the other."""
    police = play.desk("psb-1")
    two.hotline = police.move(two.hotline, "answer", {"text": "已立案，女孩已找到"})
    two.school = police.move(two.school, "answer", {"text": "已受理，请学校保留学籍"})
    play.say("School and neighbour are each told what became of their report (Art. 11).")


def girl_reported_twice(play: Stage) -> Journey:
    """From two reports to one case in which the girl stands once."""
    two = both_report(play)
    journey = girl_in_one_case(play, two)
    both_are_told(play, two)
    return journey


def asked_with(play: Stage, receipt: Json) -> Json:
    """What a receipt opens."""
    headers = {"Receipt-Secret": str(receipt["secret"])}
    return checked(play.client.get(f"/receipts/{receipt['number']}", headers=headers))
