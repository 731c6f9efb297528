"""Which of the two languages a caller reads."""

from domain.texts import Language

MOST_TAGS = 10


def language_of(accept: str | None) -> Language:
    """The language of Accept-Language with the highest weight among zh and en; Chinese when neither is named."""
    best, best_weight = Language.ZH, 0.0
    for part in (accept or "")[:200].split(",")[:MOST_TAGS]:
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        language = _known(tag.strip().lower())
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def _known(tag: str) -> Language | None:
    if tag == "zh" or tag.startswith("zh-"):
        return Language.ZH
    if tag == "en" or tag.startswith("en-"):
        return Language.EN
    return None


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
