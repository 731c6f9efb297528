"""What is changed outside the daily work: emergency access, and what somebody says at their own door."""

from services.demo_desk import Desk
from tests.api.manners.casework import new_case
from tests.api.manners.disputes import Staff, Target
from tests.api.manners.operations import Caller


def in_emergency(caller: Caller, staff: Staff) -> dict[str, Target]:
    """A case of the police that somebody of the north's civil affairs opened."""
    police, asker = staff("psb-1"), staff("cab-2")
    case = new_case(caller, police)
    number = caller.done("read_case", police, case_id=case.id)["number"]
    body = {"case_number": number, "reason_code": "missing_child", "reason": "须立即寻找"}
    grant = caller.done("open_in_emergency", asker, body)
    ids, supervisor = {"grant_id": grant["id"]}, staff("cab-supervisor")
    changes = ("renew_emergency_access", "end_emergency_access", "review_emergency_access")
    return {name: Target(supervisor, ids) for name in changes}


def at_the_door(caller: Caller, staff: Staff) -> dict[str, Target]:
    """A consent that the person reads at their own door, and a letter that they wrote there."""
    police = staff("psb-1")
    case = new_case(caller, police)
    who = {"case_id": case.id, "victim_id": case.victims[0]}
    ask = {"purpose": "publication", "what": "公开信息", "language": "zh"}
    consent = caller.done("ask_consent", police, ask, **who)
    code = caller.done("give_door_code", police, {"for": "person", "language": "zh-CN"}, **who)["code"]
    token = caller.done("enter_door", None, {"code": code})["door_token"]
    door = Desk(caller.client, "", token)
    caller.done("correct_own_record", door, {"words": "写错了"})
    letter = caller.done("list_letters", police)["items"][0]
    said = ("give_own_consent", "refuse_own_consent", "withdraw_own_consent", "assent_to_own_consent")
    found = {name: Target(door, {"consent_id": consent["id"]}) for name in said}
    return {**found, "answer_letter": Target(police, {"letter_id": letter["id"]})}
