"""What may be done next, by whom, under which article; and what stands in the way."""

from collections.abc import Iterable, Sequence

from api.representations.answers import Answer
from domain.actors import MOVING_ROLES, Actor
from domain.labels import INTERNAL
from domain.refusals import Possible, Unmet
from domain.texts import Language


class ActionAnswer(Answer):
    LABEL = INTERNAL
    action: str
    by: list[str]
    agencies: list[str]
    articles: list[int]
    open_to_you: bool
    link: str | None


class BlockerAnswer(Answer):
    LABEL = INTERNAL
    code: str
    text: str
    articles: list[int]
    source: str | None


def actions_answer(actions: Iterable[tuple[Possible, bool]], actor: Actor, base: str) -> list[ActionAnswer]:
    """Each action that the state allows; with its address where this caller may take it."""
    return [_action(possible, stands and actor.role in MOVING_ROLES, base) for possible, stands in actions]


def _action(possible: Possible, open_to_you: bool, base: str) -> ActionAnswer:
    return ActionAnswer(
        action=possible.action,
        by=list(possible.by),
        agencies=[str(agency) for agency in possible.agencies],
        articles=list(possible.articles),
        open_to_you=open_to_you,
        link=f"{base}/{possible.action}" if open_to_you else None,
    )


def blockers_answer(unmet: Sequence[Unmet], language: Language) -> list[BlockerAnswer]:
    return [
        BlockerAnswer(
            code=one.code,
            text=one.text.in_language(language),
            articles=list(one.articles),
            source=one.source or None,
        )
        for one in unmet
    ]
