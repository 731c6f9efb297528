"""The policy as one document, to check or to build on: every article, every stage, every transition."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TypedDict

from domain.articles import ARTICLES, EDITION, Article
from domain.clocks import CLOCKS, Clock
from domain.ladders import LADDERS
from domain.mandates import MANDATES, Mandate
from domain.workflow import MACHINES, Transition


class ArticleShape(TypedDict):
    number: int
    gloss: str
    leads: list[str]
    cooperating: list[str]


class StageShape(TypedDict):
    """`articles` begins with the main one, whose lists of agencies these are."""

    code: str
    scope: str
    articles: list[int]
    accountable: str
    leads: list[str]
    cooperating: list[str]


# The functional form, because `from` is a word of the language.
TransitionShape = TypedDict(
    "TransitionShape",
    {"machine": str, "action": str, "from": list[str], "to": str | None, "by": list[str]},
)


def policy(language: str = "en") -> dict[str, object]:
    """The whole policy, ready for JSON: edition, articles 5 to 47, the 14 stages, the machines' transitions.

    `gloss` is in `language` (a BCP 47 tag); codes are the same in every language. "All members" is written
    out (leads of Article 20, cooperating agencies of Article 44). An empty `from` means that the thing comes
    into being; a null `to`, that its state stays.
    """
    return {
        "edition": EDITION,
        "articles": [_article(article, language) for article in ARTICLES.values()],
        "stages": [_stage(mandate) for mandate in MANDATES.values()],
        "transitions": [_transition(row) for rows in MACHINES.values() for row in rows],
    }


def clock_table(language: str = "en") -> list[dict[str, object]]:
    """Every clock, ready for JSON; lengths of time are ISO 8601 durations."""
    return [_clock(clock, language) for clock in CLOCKS.values()]


def _clock(clock: Clock, language: str) -> dict[str, object]:
    steps = LADDERS[clock.ladder]
    return {
        "code": clock.code,
        "text": clock.text.in_language(language),
        "starts": clock.starts.in_language(language),
        "amount": clock.amount,
        "unit": str(clock.unit),
        "day_type": str(clock.day_type),
        "pausable": clock.pausable,
        "extendable": clock.extendable,
        "least": clock.least if clock.overridable else None,
        "most": clock.most,
        "critical": clock.critical,
        "source": clock.source,
        "verified": clock.verified,
        "ladder": [
            {"after": duration(rung.after), "action": str(rung.action), "told": _codes(rung.told)}
            for rung in steps.rungs
        ],
        "again": duration(steps.again) if steps.again else None,
    }


def duration(length: timedelta) -> str:
    """ISO 8601, in minutes where it is no whole number of days."""
    sign, minutes = ("-", -length) if length < timedelta(0) else ("", length)
    days, rest = divmod(minutes, timedelta(days=1))
    return f"{sign}P{days}D" if not rest else f"{sign}PT{minutes // timedelta(minutes=1)}M"


def _codes(values: Iterable[str]) -> list[str]:
    return [str(value) for value in values]


def _article(article: Article, language: str) -> ArticleShape:
    return {
        "number": article.number,
        "gloss": article.gloss.in_language(language),
        "leads": _codes(article.leads),
        "cooperating": _codes(article.cooperating),
    }


def _stage(mandate: Mandate) -> StageShape:
    return {
        "code": str(mandate.stage),
        "scope": str(mandate.scope),
        "articles": list(mandate.articles),
        "accountable": str(mandate.accountable),
        "leads": _codes(mandate.leads),
        "cooperating": _codes(mandate.cooperating),
    }


def _transition(row: Transition) -> TransitionShape:
    return {
        "machine": str(row.machine),
        "action": row.action,
        "from": list(row.sources),
        "to": row.target,
        "by": _codes(row.by),
    }
