"""The way of a person through the stages, drawn."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from domain.agencies import AGENCY_NAMES, Agency
from domain.mandates import MANDATES, Mandate
from domain.pictures.drawing import (
    ACCOUNTABLE,
    AFTER_CARE,
    ARTICLE,
    AT_ONCE,
    BEFORE_CARE,
    CARE,
    CARE_NOTE,
    COLOURS,
    COLUMN_GAP,
    COMMA,
    DIFFICULTY,
    GREY,
    LINE,
    MARGIN,
    OTHER_LEAD,
    PALE,
    PANEL_COLUMNS,
    PANEL_HEAD,
    PANEL_PAD,
    STAGE_GAP,
    STAGE_HEIGHT,
    STAGE_WIDTH,
    WIDTH,
    Box,
    arrowhead,
    code_at,
    draw_chip,
    element,
    frame,
    moved_to,
    stroke,
    text_at,
    text_length,
    wrapped,
)
from domain.stages import STAGE_NAMES, StageCode
from domain.texts import Language


def _care_stages() -> tuple[StageCode, ...]:
    placed = {stage for column in (*BEFORE_CARE, *AFTER_CARE) for stage in column}
    return tuple(stage for stage in StageCode if stage not in placed)


def _care_panel(top: float) -> Box:
    rows = -(-len(_care_stages()) // PANEL_COLUMNS)
    width = PANEL_COLUMNS * (STAGE_WIDTH + STAGE_GAP) - STAGE_GAP + 2 * PANEL_PAD
    height = PANEL_HEAD + rows * (STAGE_HEIGHT + STAGE_GAP) - STAGE_GAP + PANEL_PAD
    return Box(MARGIN + len(BEFORE_CARE) * (STAGE_WIDTH + COLUMN_GAP), top, width, height)


def _column(stages: Sequence[StageCode], x: float, middle: float) -> Iterator[tuple[StageCode, Box]]:
    step = STAGE_HEIGHT + 3 * STAGE_GAP
    top = middle - (len(stages) * step - 3 * STAGE_GAP) / 2
    for place, stage in enumerate(stages):
        yield stage, Box(x, top + place * step, STAGE_WIDTH, STAGE_HEIGHT)


def _places(panel: Box) -> dict[StageCode, Box]:
    """Where each of the 14 stages stands."""
    places: dict[StageCode, Box] = {}
    for column, stages in enumerate(BEFORE_CARE):
        places |= _column(stages, MARGIN + column * (STAGE_WIDTH + COLUMN_GAP), panel.middle)
    for column, stages in enumerate(AFTER_CARE):
        x = panel.right + COLUMN_GAP + column * (STAGE_WIDTH + COLUMN_GAP)
        places |= _column(stages, x, panel.middle)
    for place, stage in enumerate(_care_stages()):
        row, column = divmod(place, PANEL_COLUMNS)
        x = panel.x + PANEL_PAD + column * (STAGE_WIDTH + STAGE_GAP)
        y = panel.y + PANEL_HEAD + row * (STAGE_HEIGHT + STAGE_GAP)
        places[stage] = Box(x, y, STAGE_WIDTH, STAGE_HEIGHT)
    return places


def _stage_box(stage: StageCode, box: Box, language: Language) -> str:
    mandate = MANDATES[stage]
    left = box.x + 14
    names = wrapped(STAGE_NAMES[stage].in_language(language), 12.5, box.width - 20)
    articles = COMMA.in_language(language).join(str(article) for article in mandate.articles)
    stripe = Box(box.x, box.y + 4, 5, box.height - 8)
    return element(
        "g",
        element(
            "title",
            escape(f"{STAGE_NAMES[stage].in_language(language)}: {mandate.opens.in_language(language)}"),
        )
        + frame(box, rx=7, fill="#ffffff", stroke=LINE)
        + frame(stripe, rx=2.5, fill=COLOURS.get(mandate.accountable, GREY))
        + "".join(
            text_at(left, box.y + 20 + 15 * n, name, 12.5, font_weight=700) for n, name in enumerate(names)
        )
        + code_at(left, box.y + 18 + 15 * len(names), stage)
        + text_at(left, box.y + 71, ARTICLE.in_language(language).format(articles), 11.5, fill=GREY)
        + _lead_chips(mandate, left, box.y + 80),
    )


def _lead_chips(mandate: Mandate, x: float, y: float) -> str:
    """The accountable lead first and filled, the other leads after it in the article's order."""
    drawn = ""
    for agency in sorted(mandate.leads, key=lambda lead: lead is not mandate.accountable):
        chip, width = draw_chip(agency, filled=agency is mandate.accountable)
        drawn, x = drawn + moved_to(x, y, chip), x + width + 4
    return drawn


def _ways(places: Mapping[StageCode, Box], panel: Box) -> str:
    """The arrows between the columns."""
    report, end = places[StageCode.REPORT], places[StageCode.FOLLOW_UP]
    reintegration = places[StageCode.REINTEGRATION_SUPPORT]
    drawn = _across(panel.right, reintegration.x, panel.middle) + _across(
        reintegration.right, end.x, panel.middle
    )
    for stage in BEFORE_CARE[1]:
        box = places[stage]
        half, y = (report.right + box.x) / 2, box.middle
        drawn += stroke(f"M{report.right} {report.middle}C{half} {report.middle} {half} {y} {box.x - 6} {y}")
        drawn += arrowhead(box.x - 1, y, "right") + _across(box.right, panel.x, y)
    return drawn


def _across(start: float, end: float, y: float) -> str:
    return stroke(f"M{start} {y}H{end - 6}") + arrowhead(end - 1, y, "right")


def _around(places: Mapping[StageCode, Box], panel: Box, language: Language) -> str:
    """The two ways below the boxes: care at once, and back to care when a difficulty shows."""
    y = panel.bottom + 24
    reported, ended = places[StageCode.REPORT], places[StageCode.FOLLOW_UP]
    grid = [places[stage] for stage in _care_stages()]
    drawn = ""
    for box, goal, anchor, words in (
        (reported, grid[0].centre, "start", AT_ONCE),
        (ended, grid[PANEL_COLUMNS - 1].centre, "end", DIFFICULTY),
    ):
        path = f"M{box.centre} {box.bottom}V{y}H{goal}V{panel.bottom + 7}"
        drawn += stroke(path, stroke_dasharray="5 4") + arrowhead(goal, panel.bottom + 1, "up")
        drawn += text_at(box.centre, y + 17, words.in_language(language), 11.5, text_anchor=anchor, fill=GREY)
    return drawn


def draw_way(top: float, language: Language) -> tuple[str, float]:
    """The upper picture, and where it ends."""
    panel = _care_panel(top)
    places = _places(panel)
    drawn = (
        frame(panel, rx=12, fill=PALE, stroke=LINE)
        + text_at(panel.x + PANEL_PAD + 2, panel.y + 22, CARE.in_language(language), 13.5, font_weight=700)
        + text_at(panel.x + PANEL_PAD + 2, panel.y + 39, CARE_NOTE.in_language(language), 11, fill=GREY)
        + _ways(places, panel)
        + _around(places, panel, language)
        + "".join(_stage_box(stage, box, language) for stage, box in places.items())
    )
    legend, bottom = _agency_legend(panel.bottom + 62, language)
    return drawn + legend, bottom


def _agency_legend(y: float, language: Language) -> tuple[str, float]:
    leads = {lead for mandate in MANDATES.values() for lead in mandate.leads}
    entries = [(draw_chip(agency, filled=True), AGENCY_NAMES[agency]) for agency in Agency if agency in leads]
    entries[:0] = [(draw_chip("", filled=True), ACCOUNTABLE), (draw_chip("", filled=False), OTHER_LEAD)]
    drawn, x = "", float(MARGIN)
    for (chip, width), meaning in entries:
        words = meaning.in_language(language)
        length = width + 6 + text_length(words, 11)
        if x + length > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 23
        drawn += moved_to(x, y, chip + text_at(width + 6, 12, words, 11, fill=GREY))
        x += length + 20
    return drawn, y + 16
