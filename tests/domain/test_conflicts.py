"""Who may put a guardian, a unit or an officer in question, who confirms it, and what clearing needs."""

from itertools import product

import pytest

from domain.clocks import CLOCKS
from domain.conflicts import CLEARING, TERMS, Clearing, ConflictKind, Party, decide_conflict, require_cleared
from domain.pictures import workflow_markdown
from domain.refusals import MoveNotPossible, RequirementsUnmet, StageNotYours

UNIT_AND_OFFICER = (ConflictKind.UNIT, ConflictKind.OFFICER)


@pytest.mark.parametrize("kind", ConflictKind)
def test_each_kind_has_its_articles_its_clock_and_its_effects_on_the_page(kind: ConflictKind) -> None:
    terms, page = TERMS[kind], workflow_markdown()
    assert terms.articles
    assert f"`{kind}` | Art. " in page
    assert CLOCKS[terms.clock].text.en in page
    assert [effect for effect in terms.effects if effect.zh not in page or effect.en not in page] == []


@pytest.mark.parametrize("party", Party)
def test_only_the_guardianship_unit_clears_a_guardian_and_nobody_confirms_one(party: Party) -> None:
    with pytest.raises(StageNotYours):
        decide_conflict(ConflictKind.GUARDIAN, "open", "confirm", {party})
    if party is Party.GUARDIANSHIP_UNIT:
        decide_conflict(ConflictKind.GUARDIAN, "open", "clear", {party})
        return
    with pytest.raises(StageNotYours) as refused:
        decide_conflict(ConflictKind.GUARDIAN, "open", "clear", {party})
    assert (refused.value.accountable, refused.value.possible.articles) == ("CAB", (40, 26))


@pytest.mark.parametrize("kind", UNIT_AND_OFFICER)
@pytest.mark.parametrize("action", ["confirm", "clear"])
@pytest.mark.parametrize("party", Party)
def test_only_the_level_above_and_the_procuratorate_confirm_and_clear(
    kind: ConflictKind, action: str, party: Party
) -> None:
    if party in (Party.LEVEL_ABOVE, Party.PROSECUTOR):
        decide_conflict(kind, "open", action, {party})
        return
    with pytest.raises(StageNotYours):
        decide_conflict(kind, "open", action, {party})


@pytest.mark.parametrize("kind", UNIT_AND_OFFICER)
def test_what_is_confirmed_may_still_be_cleared_and_what_is_cleared_is_over(kind: ConflictKind) -> None:
    above = {Party.LEVEL_ABOVE}
    decide_conflict(kind, "confirmed", "clear", above)
    with pytest.raises(MoveNotPossible) as refused:
        decide_conflict(kind, "confirmed", "confirm", above)
    assert [possible.action for possible in refused.value.possible] == ["clear"]
    for action in ("confirm", "clear"):
        with pytest.raises(MoveNotPossible) as refused:
            decide_conflict(kind, "cleared", action, above)
        assert refused.value.possible == ()


@pytest.mark.parametrize("answers", list(product([True, False], repeat=3)))
def test_clearing_a_guardian_tells_everything_that_is_missing(answers: tuple[bool, bool, bool]) -> None:
    missing = [unmet.code for unmet, met in zip(CLEARING, answers, strict=True) if not met]
    if not missing:
        require_cleared(Clearing(*answers))
        return
    with pytest.raises(RequirementsUnmet) as refused:
        require_cleared(Clearing(*answers))
    assert [unmet.code for unmet in refused.value.unmet] == missing
