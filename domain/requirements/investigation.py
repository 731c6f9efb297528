"""What investigation needs (Arts. 25, 26): minors are interviewed once and protected; every remedy is used before it ends."""

from typing import Final

from domain.facts import Facts, Requirement, guardian_unquestioned
from domain.people import Known
from domain.stages import StageCode
from domain.texts import Text


def _remedies_exhausted(facts: Facts) -> bool:
    """Only what came after the last decision counts: a new refusal to file can be complained of anew."""
    decisions = facts.of("filing_decision")
    if not decisions or decisions[-1].body.get("decision") != "not_filed":
        return False
    later = facts.since(decisions[-1])
    upheld = all(
        [one.body.get("outcome") for one in later if one.kind == kind][-1:] == ["upheld"]
        for kind in ("reconsideration", "higher_review")
    )
    return upheld and facts.last("prosecutor_demand", "outcome") in (None, "no_action")


def _proceedings_ended(facts: Facts) -> bool:
    if facts.of("withdrawn") or facts.last("proceeding_reference", "status") in ("ended", "transferred"):
        return True
    return _remedies_exhausted(facts)


def _asked_before(facts: Facts) -> bool:
    return any(one.body.get("victim_id") == facts.move.get("victim_id") for one in facts.of("interview"))


def _by_a_woman(facts: Facts) -> bool:
    known_boy = facts.person is not None and facts.person.female is Known.NO
    return not facts.minor or known_boy or facts.move.get("female_officer") is True


OUTSIDE_THE_FAMILY: Final = frozenset({"school", "community", "protection_body"})


ROWS: Final = (
    Requirement(
        StageCode.INVESTIGATION,
        "complete",
        "proceedings_ended",
        Text(
            "程序已终结、已移送，或不予立案且救济途径已用尽",
            "the proceedings have ended, were transferred, or were not filed with every remedy used",
        ),
        _proceedings_ended,
        (25,),
        "公安机关办理刑事案件程序规定 178-179; 刑事诉讼法 113",
    ),
    Requirement(
        StageCode.INVESTIGATION,
        "record:interview",
        "appropriate_adult",
        Text("未成年人：有合适成年人在场", "a minor: an appropriate adult is present"),
        lambda f: not f.minor or f.move.get("appropriate_adult_present") is True,
        (25,),
        "刑事诉讼法 281",
    ),
    Requirement(
        StageCode.INVESTIGATION,
        "record:interview",
        "no_guardian_conflict",
        Text(
            "监护冲突期间，在场的合适成年人不得是监护人或其亲属",
            "while the guardian is in question the appropriate adult is neither the guardian nor of the family",
        ),
        lambda f: guardian_unquestioned(f) or f.move.get("accompanied_by") in OUTSIDE_THE_FAMILY,
        (25, 26),
        "刑事诉讼法 281; 未成年人保护法 110",
    ),
    Requirement(
        StageCode.INVESTIGATION,
        "record:interview",
        "recorded_throughout",
        Text("未成年人：全程同步录音录像", "a minor: recorded throughout"),
        lambda f: not f.minor or f.move.get("recorded") is True,
        (25,),
        "未成年人保护法 112",
    ),
    Requirement(
        StageCode.INVESTIGATION,
        "record:interview",
        "female_officer",
        Text("女童：由女性工作人员询问", "a girl: asked by a woman"),
        _by_a_woman,
        (25,),
        "未成年人保护法 112",
    ),
    Requirement(
        StageCode.INVESTIGATION,
        "record:interview",
        "single_interview",
        Text("只询问一次；再次询问须说明理由", "one interview only; a second one needs a reason"),
        lambda f: not _asked_before(f) or bool(f.move.get("reason")),
        (25,),
        "未成年人保护法 112",
    ),
)
