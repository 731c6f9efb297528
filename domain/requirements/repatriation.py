"""What return and reception need (Art. 47; rule 8): free will, a cleared risk, time to think, somebody who waits."""

from collections.abc import Callable
from typing import Final

from domain.agencies import Agency
from domain.clocks import lasting
from domain.facts import Facts, Requirement, guardian_safe
from domain.people import Known
from domain.person_codes import StayRequest
from domain.stages import StageCode
from domain.texts import Text

REFLECTION: Final = "reflection"


def _status_explained(facts: Facts) -> bool:
    person = facts.person
    if person is None:
        return False
    return person.situation.abroad is Known.YES or person.stay.status_explained_at is not None


def _own_request_from_abroad(facts: Facts) -> bool:
    """Somebody abroad is brought home on their own word; a child's guardian speaks through the consent."""
    if facts.minor or facts.person is None or facts.person.situation.abroad is not Known.YES:
        return True
    return facts.person.stay.request is StayRequest.RETURN


def _reflected(facts: Facts) -> bool:
    """Thirty days of freedom in which the choices were known; who comes home from abroad was never to be sent away."""
    person = facts.person
    if person is None:
        return False
    if person.situation.abroad is Known.YES:
        return True
    since = [one for one in (person.stay.status_explained_at, person.liberty_at) if one is not None]
    return person.stay.status_explained_at is not None and facts.at >= max(since) + lasting(
        REFLECTION, facts.amounts
    )


def _received(facts: Facts) -> bool:
    signed = any(one.body.get("receipt") for one in facts.of("reception"))
    handed_over = any(
        one.body.get("part") == "received" and one.agency is Agency.CAB for one in facts.of("handover")
    )
    return signed or handed_over or bool(facts.of("alternative_status"))


def _data_stays(facts: Facts) -> bool:
    """Nothing personal crosses the border; what nobody said counts as crossing."""
    return facts.move.get("data_sent_abroad") is False


def _row(action: str, code: str, text: Text, met: Callable[[Facts], bool], source: str = "") -> Requirement:
    return Requirement(StageCode.REPATRIATION, action, code, text, met, (47,), source)


_SENT_ABROAD: Final = tuple(
    row
    for action in ("record:embassy_contact", "record:voluntary_return")
    for row in (
        _row(
            action,
            "sharing_abroad_agreed",
            Text("本人单独同意向境外提供信息", "separate consent to personal data leaving the country"),
            lambda f: _data_stays(f) or "transfer_abroad" in f.consents,
            "个人信息保护法 39",
        ),
        _row(
            action,
            "export_assessed",
            Text("数据出境安全评估编号", "the reference of the export security assessment"),
            lambda f: _data_stays(f) or bool(f.move.get("export_assessment_reference")),
            "个人信息保护法 36, 38",
        ),
    )
)

ROWS: Final = (
    _row(
        "begin",
        "status_explained",
        Text("已说明身份与各种选择", "status and choices were explained"),
        _status_explained,
    ),
    _row(
        "begin",
        "own_request",
        Text("身在境外的成年人本人提出请求", "an adult abroad asked for it, never the family or an agency"),
        _own_request_from_abroad,
    ),
    _row(
        "record:embassy_contact",
        "embassy_contact_agreed",
        Text("本人同意联系使领馆", "the person consents to contact with the embassy"),
        lambda f: "embassy_contact" in f.consents,
    ),
    _row(
        "record:embassy_contact",
        "not_an_asylum_seeker",
        Text("已问明本人不寻求庇护", "the person was asked, and does not seek asylum"),
        lambda f: f.person is not None and f.person.stay.asylum_seeker is Known.NO,
    ),
    _row(
        "record:voluntary_return",
        "still_agreed",
        Text("返回的同意仍然有效", "the consent to return is still in force"),
        lambda f: "repatriation" in f.consents,
    ),
    _row(
        "record:voluntary_return",
        "return_risk_cleared",
        Text("返回风险评估已通过", "the return risk is cleared"),
        lambda f: f.last("return_risk_assessment", "outcome") == "cleared",
    ),
    _row(
        "record:voluntary_return",
        "fit_to_travel",
        Text("身体状况适合旅行", "the person is fit to travel"),
        lambda f: f.last("return_risk_assessment", "fit_to_travel") == "yes",
    ),
    _row(
        "record:voluntary_return",
        "carer_confirmed",
        Text("接收的照料人已确认", "the named receiving carer has confirmed"),
        lambda f: f.last("return_risk_assessment", "carer_confirmed") == "yes",
    ),
    _row(
        "record:voluntary_return",
        "time_to_reflect",
        Text(
            "说明选择并获得自由后已满30日的考虑期",
            "30 days to think, in freedom and with the choices explained",
        ),
        _reflected,
        "configurable default",
    ),
    _row(
        "record:voluntary_return",
        "guardian_for_a_minor",
        Text("未成年人：有临时监护人或安全的监护人", "a minor: a temporary or a safe guardian"),
        guardian_safe,
    ),
    _row(
        "record:voluntary_return",
        "best_interests_decided",
        Text("未成年人：已认定符合其最大利益", "a minor: decided to be in the child's best interests"),
        lambda f: not f.minor or f.last("return_risk_assessment", "best_interests") == "yes",
    ),
    *_SENT_ABROAD,
    _row(
        "complete",
        "received_or_alternative",
        Text(
            "接收方已签收、民政部门已接收，或已有其他身份安排",
            "the receiving body or carer signed, civil affairs received the person, or an alternative status",
        ),
        _received,
    ),
)
