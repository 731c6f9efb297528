"""Two women from abroad escape together: one returns of her own free will, for the other it is too dangerous (Art. 47)."""

from dataclasses import dataclass
from typing import Final

from services.demo_desk import Json
from services.demo_journeys import first_steps as first
from services.demo_journeys.play import Journey, Stage, date_of

LANGUAGE: Final = "vi"
EXPLAINED: Final = 3
CARER: Final = "示范境外接收机构"


@dataclass(frozen=True, slots=True)
class Travellers:
    """Two people of one case."""

    returning: Journey
    staying: Journey


def they_escape(play: Stage) -> Travellers:
    """Accepted, found safe, taken in; an interpreter on the same day, and nobody is held."""
    message = {"narrative": "两名外籍女子逃到车站求助，语言不通", "whereabouts": "师市汽车站"}
    receipt = first.report(play, "tip", ["danger"], message)
    woman: Json = {
        "identity": {"birth_date": "1999-05-01", "sex": "female", "languages": [LANGUAGE]},
        "situation": {
            "in_danger": "no",
            "safe_place_tonight": "no",
            "identity_known": "yes",
            "nationality": "foreign",
        },
        "account": {"liberty_at": play.day(0).isoformat()},
    }
    returning = first.police_take_it_up(play, receipt, [woman, {**woman, "stay": {"pregnant": "yes"}}])
    staying = Journey(returning.case, str(returning.case["victims"][1]), returning.owner, receipt)
    first.hand_to_civil_affairs(play, returning, staying)
    for one in (returning, staying):
        first.ask_consent(one, play.desk("cab-1"), "shelter")
        first.shelter_at_the_station(play, one, ["interpreter", "female_staff"], on=0)
    play.say("Two women from abroad are sheltered; one is pregnant, and nobody is held (Arts. 31, 47).")
    return Travellers(returning, staying)


def status_explained(play: Stage, journey: Journey) -> None:
    """In her own language, in private, the choice to stay among the choices; she says what she wants."""
    stay = {
        "status_explained_at": play.day(EXPLAINED).isoformat(),
        "status_explained_in": LANGUAGE,
        "asylum_seeker": "no",
    }
    first.learn(journey, stay=stay)


def agrees_to_return(play: Stage, journey: Journey) -> Json:
    """Her consent opens the stage; the interpreter came on the day when she was found."""
    civil_affairs, police = play.desk("cab-1"), play.desk("psb-1")
    first.ask_consent(journey, civil_affairs, "repatriation")
    stage = journey.stage("repatriation")
    police.accept(stage)
    police.move(stage, "begin")
    helper = {"language": LANGUAGE, "independent": True, "chosen_by_person": True}
    police.record(stage, "interpreters", play.day(0), **helper)
    wish = {"request": "return", "own_words": "我想回家看妈妈", "in_private": True}
    police.record(stage, "own_requests", play.day(EXPLAINED + 1), **wish)
    play.say("She knows her choices and wants to go home; only that opens her return (Art. 47).")
    return stage


def risk(*, outcome: str) -> Json:
    """What an assessment finds, with everything else in order."""
    return {"outcome": outcome, "person_heard": True, "fit_to_travel": "yes", "carer_confirmed": "yes"}


def embassy() -> Json:
    """A contact in which personal data goes to the embassy."""
    return {
        "country": "VN",
        "outcome": "papers_promised",
        "person_present": True,
        "data_sent_abroad": True,
        "export_assessment_reference": "示数据出境1号",
    }


def departure(play: Stage, on: int) -> Json:
    """Setting out, to somebody who waits."""
    return {
        "departed_on": date_of(play.day(on)),
        "receiving_carer": CARER,
        "accompanied": True,
        "data_sent_abroad": True,
        "export_assessment_reference": "示数据出境2号",
    }


def returns(play: Stage, stage: Json) -> None:
    """A cleared risk, papers in her own hands, the journey, and a signed receipt at the other end."""
    police = play.desk("psb-1")
    police.record(stage, "return_risk_assessments", play.day(40), **risk(outcome="cleared"))
    papers = {"document": "emergency_travel_document", "status": "issued", "number": "示旅1号"}
    police.record(stage, "travel_documents", play.day(50), **papers)
    police.record(stage, "voluntary_returns", play.day(60), **departure(play, 60))
    arrived = {"receiving_carer": CARER, "receipt": "示接收回执1号", "arrived_well": "yes"}
    police.record(stage, "receptions", play.day(62), **arrived)
    police.move(stage, "complete")
    play.say("She travels accompanied; the receiving house signs that she arrived well.")


def stays(play: Stage, stage: Json) -> None:
    """Too dangerous: she gets another footing instead."""
    police = play.desk("psb-1")
    police.record(
        stage, "alternative_statuses", play.day(45), kind="humanitarian_residence", number="示居1号"
    )
    police.move(stage, "complete")
    play.say("For the other the risk is high: she stays, with a residence permit.")
