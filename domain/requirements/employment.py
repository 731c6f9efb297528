"""What help with work needs (Art. 37; rule 7)."""

from typing import Final

from domain.agencies import Agency
from domain.openings import WORKING_AGE
from domain.requirements.facts import CHECK_AFTER, Facts, Requirement, guardian_safe, on_or_after
from domain.stages import StageCode
from domain.texts import Text


def _work_checked(facts: Facts) -> bool:
    if facts.of("stopped"):
        return True
    placed = facts.of("placement")
    start = placed[-1].day("started_on") if placed else None
    checks = [check for check in facts.of("private_check") if check.agency in (Agency.UNION, Agency.WOMEN)]
    return start is not None and any(on_or_after(check, start + CHECK_AFTER) for check in checks)


ROWS: Final = (
    Requirement(
        StageCode.EMPLOYMENT,
        "begin",
        "of_working_age",
        Text("年龄已知且年满16周岁", "the age is known, and 16 or more"),
        lambda f: f.years is not None and f.years >= WORKING_AGE,
        (37,),
        "禁止使用童工规定 2",
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
        Text("16、17岁：已告知安全的监护人", "at 16 and 17: a safe guardian is informed"),
        guardian_safe,
        (37, 40),
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
)
