"""What help with work needs (Art. 37; rule 7): one willing person at a time, of age, free to stop, never sent away in haste."""

from typing import Final

from domain.agencies import Agency
from domain.consents import Purpose, rested
from domain.facts import CHECK_AFTER, Facts, Requirement, guardian_safe, on_or_after
from domain.openings import WORKING_AGE
from domain.stages import StageCode
from domain.texts import Text
from domain.work import FORBIDDEN_BELOW_ADULT_AGE, HEALTH_CHECKS, YOUNG_WORKERS

PRIVATE_CHECKERS: Final = frozenset({Agency.UNION, Agency.WOMEN})
STEPS_INTO_WORK: Final = ("record:training", "record:job_offer", "record:placement")
OFFERS_OF_WORK: Final = ("record:job_offer", "record:placement")


def _work_checked(facts: Facts) -> bool:
    if facts.of("stopped"):
        return True
    placed = facts.of("placement")
    start = placed[-1].day("started_on") if placed else None
    checks = [check for check in facts.of("private_check") if check.agency in PRIVATE_CHECKERS]
    return start is not None and any(on_or_after(check, start + CHECK_AFTER) for check in checks)


def _of_working_age(facts: Facts) -> bool:
    return facts.years is not None and facts.years >= WORKING_AGE


def _guardian_informed(facts: Facts) -> bool:
    """At 16 and 17: the guardian is safe, and it is on record when they were told."""
    told = facts.last("assessment", "guardian_informed_on")
    return not facts.minor or (guardian_safe(facts) and told is not None)


def _permitted(facts: Facts) -> bool:
    return not facts.minor or facts.move.get("work_kind") not in FORBIDDEN_BELOW_ADULT_AGE


def _goes_elsewhere(facts: Facts) -> bool:
    """An offer that was not accepted moves nobody; a placement does."""
    return facts.move.get("place_elsewhere") is True and facts.move.get("accepted", "yes") == "yes"


def _relocation_agreed(facts: Facts) -> bool:
    return not _goes_elsewhere(facts) or Purpose.RELOCATION in facts.consents


def _relocation_thought_over(facts: Facts) -> bool:
    return not _goes_elsewhere(facts) or rested(Purpose.RELOCATION, facts.consents, facts.at, facts.amounts)


_OF_AGE: Final = Text("年龄已知且年满16周岁", "the age is known, and 16 or more")

ROWS: Final = (
    *(
        Requirement(
            StageCode.EMPLOYMENT, action, "of_working_age", _OF_AGE, _of_working_age, (37,), "禁止使用童工规定 2, 13"
        )
        for action in ("begin", *STEPS_INTO_WORK)
    ),
    Requirement(
        StageCode.EMPLOYMENT,
        "begin",
        "willing",
        Text("30天内本人私下表示过愿意", "the person said so in private within the last 30 days"),
        lambda f: bool(f.person and f.person.willing_to_work),
        (37,),
    ),
    Requirement(
        StageCode.EMPLOYMENT,
        "begin",
        "guardian_informed",
        Text("16、17岁：已告知安全的监护人，并有记录", "at 16 and 17: a safe guardian is informed, and it is on record"),
        _guardian_informed,
        (37, 40),
    ),
    *(
        Requirement(
            StageCode.EMPLOYMENT,
            action,
            "consent_in_force",
            Text("本人的同意仍然有效", "the person's consent is still in force"),
            lambda f: Purpose.EMPLOYMENT in f.consents,
            (37,),
        )
        for action in STEPS_INTO_WORK
    ),
    *(
        Requirement(
            StageCode.EMPLOYMENT,
            action,
            "permitted_under_18",
            Text(
                "未满18周岁：不得从事矿山井下、有毒有害、第四级体力劳动，不得进入酒吧和娱乐场所工作",
                "under 18: no mines, nothing toxic or harmful, no labour of the fourth grade, no bars or places of entertainment",
            ),
            _permitted,
            (37,),
            YOUNG_WORKERS,
        )
        for action in OFFERS_OF_WORK
    ),
    Requirement(
        StageCode.EMPLOYMENT,
        "record:placement",
        "health_check_under_18",
        Text("未满18周岁：上岗前已安排健康检查", "under 18: a health check is arranged before the work starts"),
        lambda f: not f.minor or f.move.get("health_check_arranged") is True,
        (37,),
        HEALTH_CHECKS,
    ),
    *(
        Requirement(StageCode.EMPLOYMENT, action, code, text, met, (37,), "workflow 4, rule 7")
        for action in OFFERS_OF_WORK
        for code, text, met in (
            (
                "relocation_agreed",
                Text("异地就业须本人另行同意", "work in another place has a consent of its own"),
                _relocation_agreed,
            ),
            (
                "relocation_thought_over",
                Text("同意异地就业后须满7天", "seven days have passed since the consent to another place"),
                _relocation_thought_over,
            ),
        )
    ),
    Requirement(
        StageCode.EMPLOYMENT,
        "complete",
        "privately_checked",
        Text(
            "满90天由工会或妇联单独回访，或本人已停止",
            "a private check by the union or the women's federation at 90 days, or stopped by the person",
        ),
        _work_checked,
        (37,),
    ),
)  # fmt: skip
