"""The whole picture."""

from html import escape

from domain.mandates import MANDATES
from domain.pictures.drawing import (
    COMMA,
    FONTS,
    GREY,
    INK,
    MACHINES_TITLE,
    MARGIN,
    SUBTITLE,
    TITLE,
    WIDTH,
    Box,
    element,
    frame,
    plain_number,
    text_at,
)
from domain.pictures.ladders import draw_ladders, draw_signs
from domain.pictures.way import draw_way
from domain.pictures.words import MACHINE_NAMES
from domain.stages import STAGE_NAMES
from domain.texts import Language
from domain.workflow import MACHINES


def workflow_svg(language: str) -> str:
    """The way of a person and the four machines as one self-contained SVG, 1240 wide.

    `language` is a BCP 47 tag. No scripts, styles, links or outside fonts: it may be shown under the
    strictest content policy.
    """
    spoken = Language.ZH if language.lower().startswith("zh") else Language.EN
    way, bottom = draw_way(88, spoken)
    heading = text_at(MARGIN, bottom + 46, MACHINES_TITLE.in_language(spoken), 18, font_weight=700)
    machines, end = draw_ladders(bottom + 86, spoken)
    drawn = (
        element("title", escape(TITLE.in_language(spoken)), id=f"way-title-{spoken}")
        + element("desc", escape(_description(spoken)), id=f"way-desc-{spoken}")
        + frame(Box(0, 0, WIDTH, end + MARGIN), fill="#ffffff")
        + text_at(MARGIN, 42, TITLE.in_language(spoken), 24, font_weight=700)
        + text_at(MARGIN, 66, SUBTITLE.in_language(spoken), 13, fill=GREY)
        + way
        + heading
        + draw_signs(bottom + 70, spoken)
        + machines
    )
    return element(
        "svg",
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {plain_number(end + MARGIN)}",
        width=WIDTH,
        role="img",
        lang=spoken,
        font_family=FONTS,
        fill=INK,
        aria_labelledby=f"way-title-{spoken} way-desc-{spoken}",
    )


def _description(language: Language) -> str:
    """The picture in words, for whoever cannot see it."""
    comma = COMMA.in_language(language)
    stages = comma.join(
        f"{STAGE_NAMES[stage].in_language(language)} ({mandate.accountable})"
        for stage, mandate in MANDATES.items()
    )
    machines = comma.join(MACHINE_NAMES[machine].in_language(language) for machine in MACHINES)
    return f"{stages}. {MACHINES_TITLE.in_language(language)}: {machines}."
