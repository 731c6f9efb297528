"""The policy as it is read over HTTP, and the public keys that tokens are checked with."""

from typing import Literal

from pydantic import ConfigDict, Field

from api.representations.answers import Answer
from domain.labels import PUBLIC


class PolicyArticle(Answer):
    """One article: what it says in one line, who leads, who cooperates."""

    LABEL = PUBLIC

    number: int
    gloss: str
    leads: list[str]
    cooperating: list[str]


class PolicyStage(Answer):
    """One stage: `articles` begins with the main one, whose lists of agencies these are."""

    LABEL = PUBLIC

    code: str
    scope: str
    articles: list[int]
    accountable: str
    leads: list[str]
    cooperating: list[str]


class PolicyTransition(Answer):
    """One row of a machine. `from` empty: the thing comes into being. `to` null: its state stays."""

    LABEL = PUBLIC

    model_config = ConfigDict(populate_by_name=True)
    machine: str
    action: str
    sources: list[str] = Field(alias="from")
    to: str | None
    by: list[str]


class PolicyAnswer(Answer):
    """One edition, whole: codes are the same in every language, glosses in the reader's."""

    LABEL = PUBLIC

    edition: str
    articles: list[PolicyArticle]
    stages: list[PolicyStage]
    transitions: list[PolicyTransition]


class PublicKey(Answer):
    """The public half of a signing key (RFC 7517)."""

    LABEL = PUBLIC

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    kid: str
    use: Literal["sig"]
    alg: Literal["ES256"]


class PublicKeys(Answer):
    """The keys that are good now; a token names its own by `kid`."""

    LABEL = PUBLIC

    keys: list[PublicKey]
