"""What is said at a person's own door."""

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from api.representations.records.choices import ContactChannel
from api.representations.types import Body, LongText, ShortText, StrictBool
from domain.own_door import LetterKind
from domain.stages import StageCode
from services.letters import NewLetter


def _example(**values: JsonValue) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class EnterBody(Body):
    """The code as it was handed over; blanks, hyphens and small letters do not matter."""

    model_config = _example(code="7KQ2-M9XD-4R8V-T3HN-0WZE")
    code: Annotated[str, Field(strict=True, min_length=1, max_length=60)]


class LeaveBody(Body):
    """`end_code`: the code counts no more either, for somebody who fears that another holds it."""

    model_config = _example(end_code=False)
    end_code: StrictBool = False


class OwnWordsBody(Body):
    """In one's own words, or without any."""

    model_config = _example(own_words="我愿意")
    own_words: LongText | None = None


class AssentBody(Body):
    """A child's own yes or no; a guardian's yes does not count against a child's no."""

    model_config = _example(assent=True, own_words="我想去")
    assent: StrictBool
    own_words: LongText | None = None


class OwnWillingnessBody(Body):
    """Whether one wants training or work now. A no changes no other help."""

    model_config = _example(willing=True, own_words="我想学做面点")
    willing: StrictBool
    own_words: LongText


class CorrectionBody(Body):
    """What is wrong, and what would be right."""

    model_config = _example(words="我的生日写错了，是五月三日")
    words: LongText

    def letter(self) -> NewLetter:
        return NewLetter(LetterKind.CORRECTION, {"words": self.words})


class OwnComplaintBody(Body):
    """About which kind of help; without it, about the office that keeps the case."""

    model_config = _example(words="约好的日子没有人来", about="medical_care")
    words: LongText
    about: StageCode | None = None

    def letter(self) -> NewLetter:
        return NewLetter(LetterKind.COMPLAINT, {"words": self.words}, self.about)


class ContactWishBody(Body):
    """In which safe way one wants to be reached, and when."""

    model_config = _example(channel="meeting", when="星期三上午", words=None)
    channel: ContactChannel
    when: ShortText | None = None
    words: LongText | None = None

    def letter(self) -> NewLetter:
        said = self.model_dump(mode="json", exclude_none=True)
        return NewLetter(LetterKind.CONTACT_WISH, said)
