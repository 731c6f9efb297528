"""The policy as one document, to check or to build on: every article, every stage, every transition."""

from collections.abc import Iterable
from typing import TypedDict

from domain.articles import ARTICLES, EDITION, Article
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
