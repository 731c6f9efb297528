"""The pictures show every state and every action, fit a page, and are what the committed page says."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from domain.agencies import AGENCY_NAMES, Agency
from domain.mandates import MANDATES
from domain.openings import CASE_OPENINGS, PERSON_OPENINGS
from domain.pictures import mermaid, mermaid_stages, state_name, states, workflow_markdown, workflow_svg
from domain.requirements import REQUIREMENTS
from domain.stages import STAGE_NAMES, StageCode
from domain.workflow import ENDED, MACHINES, Machine

PAGE = Path(__file__).parents[2] / "openapi" / "workflow.md"
LANGUAGES = ("en", "zh-CN")
SVG = "{http://www.w3.org/2000/svg}"
EVERY_ACTION = [(machine, row.action) for machine, rows in MACHINES.items() for row in rows]


def named_states(machine: Machine) -> set[str]:
    """Every state that the rows of a machine speak of, whether it can be reached or not."""
    rows = MACHINES[machine]
    return {state for row in rows for state in (*row.sources, row.target) if state is not None}


def reachable(machine: Machine, start: str) -> set[str]:
    reached: set[str] = set()
    ahead = {start}
    while ahead:
        reached |= ahead
        ahead = {
            row.target for row in MACHINES[machine] if row.target and reached & set(row.sources)
        } - reached
    return reached


def picture(language: str) -> ET.Element:
    # The picture is our own, written a moment ago.
    return ET.fromstring(workflow_svg(language))  # noqa: S314


def words(root: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def panel(language: str, machine: Machine) -> ET.Element:
    """The group of one machine, found by the code under its name."""
    groups = [group for group in picture(language).iter(f"{SVG}g") if machine in _own_words(group)]
    assert len(groups) == (2 if machine is Machine.REPORT else 1)  # the report is a stage as well
    return groups[-1]


def _own_words(group: ET.Element) -> list[str]:
    return ["".join(child.itertext()) for child in group if child.tag == f"{SVG}text"]


def test_the_committed_page_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == workflow_markdown(), (
        "the workflow changed; write the page anew: homeward policy --markdown > openapi/workflow.md"
    )


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_can_be_reached_from_the_start(machine: Machine) -> None:
    starts = [row.target for row in MACHINES[machine] if row.target and not row.sources]
    reached = set().union(*(reachable(machine, start) for start in starts))
    assert reached == named_states(machine)


@pytest.mark.parametrize("machine", MACHINES)
def test_only_an_ended_state_is_a_dead_end(machine: Machine) -> None:
    left = {state for row in MACHINES[machine] for state in row.sources if row.target not in (None, state)}
    assert named_states(machine) - left <= set(ENDED[machine])


@pytest.mark.parametrize(("machine", "goal"), [(Machine.STAGE, "completed"), (Machine.CASE, "closed")])
def test_from_every_state_help_can_still_be_brought_to_its_end(machine: Machine, goal: str) -> None:
    stuck = [state for state in named_states(machine) if goal not in reachable(machine, state)]
    assert stuck == []


def test_help_on_hold_or_sent_back_goes_on_without_being_reopened() -> None:
    """Nobody must be declined or closed unmet to be helped again."""
    for state in ("on_hold", "returned"):
        onward = {row.target for row in MACHINES[Machine.STAGE] if state in row.sources} - set(
            ENDED[Machine.STAGE]
        )
        assert onward - {None} != set()


@pytest.mark.parametrize("machine", MACHINES)
def test_the_columns_are_all_the_states_with_the_ended_ones_last(machine: Machine) -> None:
    columns = states(machine)
    assert sorted(columns) == sorted(named_states(machine))
    assert set(columns[-len(ENDED[machine]) :]) == set(ENDED[machine])


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_has_a_name_in_both_languages(machine: Machine) -> None:
    for state in named_states(machine):
        assert state_name(machine, state).zh
        assert state_name(machine, state).en


@pytest.mark.parametrize("machine", MACHINES)
def test_the_mermaid_diagram_has_a_line_for_each_way_between_states(machine: Machine) -> None:
    drawn = mermaid(machine).splitlines()
    assert drawn[0] == "stateDiagram-v2"
    for row in MACHINES[machine]:
        label = f"{row.action} (approved)" if row.approved else row.action
        for source in row.sources or ("[*]",):
            assert f"    {source} --> {row.target or source}: {label}" in drawn


def test_a_move_that_keeps_the_state_is_a_loop_in_mermaid() -> None:
    assert "    on_hold --> on_hold: hand_over\n" in mermaid(Machine.STAGE)


@pytest.mark.parametrize("stage", StageCode)
def test_the_flowchart_shows_each_stage_with_its_accountable_lead(stage: StageCode) -> None:
    (node,) = re.findall(rf'^ +{stage}\["(.+)"\]$', mermaid_stages(), re.MULTILINE)
    assert node.endswith(f"· {MANDATES[stage].accountable}")
    assert STAGE_NAMES[stage].zh in node


def test_the_flowchart_shows_every_rule_that_opens_a_stage() -> None:
    drawn = mermaid_stages()
    expected = [f"person -->|{opening.rule}| {opening.stage}\n" for opening in PERSON_OPENINGS]
    expected += [f"report -->|{rule}| {stage}\n" for rule, (stage, _) in CASE_OPENINGS.items()]
    assert [line for line in expected if line not in drawn] == []


def test_the_page_holds_every_stage_move_and_requirement() -> None:
    page = workflow_markdown()
    assert [stage for stage in StageCode if f"`{stage}` | " not in page] == []
    assert [action for _, action in EVERY_ACTION if f" `{action}` | " not in page] == []
    assert [row.code for row in REQUIREMENTS if row.text.en not in page or row.text.zh not in page] == []
    assert page.count("```mermaid\n") == 5


def test_every_row_of_a_table_on_the_page_has_as_many_cells_as_its_head() -> None:
    width = 0
    for line in workflow_markdown().splitlines():
        cells = line.count(" | ") if line.startswith("| ") else 0
        assert not (width and cells) or cells == width, line
        width = cells


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("machine", MACHINES)
def test_the_picture_shows_every_state_and_action_of_a_machine(machine: Machine, language: str) -> None:
    shown = words(panel(language, machine))
    assert [state for state in named_states(machine) if state not in shown] == []
    actions = [row.action for row in MACHINES[machine]]
    assert [action for action in actions if not _ends_some(shown, action)] == []


def _ends_some(shown: list[str], action: str) -> bool:
    """An action stands alone in English and after its Chinese name in Chinese."""
    return any(words == action or words.endswith(f" {action}") for words in shown)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", StageCode)
def test_the_picture_shows_each_stage_with_article_and_leads(stage: StageCode, language: str) -> None:
    groups = [group for group in picture(language).iter(f"{SVG}g") if stage in _own_words(group)]
    (box,) = [
        group for group in groups if group.find(f"{SVG}g") is not None
    ]  # only a stage's box holds plates
    shown = words(box)
    mandate = MANDATES[stage]
    assert "".join(STAGE_NAMES[stage].in_language(language).split()) in "".join("".join(shown).split())
    assert [text for text in shown if str(mandate.articles[0]) in text] != []
    plates = [text for text in shown if text in set(Agency)]
    assert plates[0] == mandate.accountable
    assert sorted(plates) == sorted(mandate.leads)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_says_in_words_what_it_shows(language: str) -> None:
    root = picture(language)
    assert root.get("role") == "img"
    labels = {
        element.get("id"): element.text for element in root if element.tag in (f"{SVG}title", f"{SVG}desc")
    }
    assert list(labels) == (root.get("aria-labelledby") or "").split()
    description = root.findtext(f"{SVG}desc") or ""
    assert [stage for stage in StageCode if STAGE_NAMES[stage].in_language(language) not in description] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_needs_nothing_from_outside(language: str) -> None:
    root = picture(language)
    forbidden = {"script", "style", "image", "a", "use", "foreignObject", "link"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} & forbidden == set()
    attributes = [pair for element in root.iter() for pair in element.attrib.items()]
    assert [
        pair for pair in attributes if "href" in pair[0] or "url(" in pair[1] or pair[0].startswith("on")
    ] == []


def test_each_picture_keeps_to_its_language() -> None:
    chinese = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    assert chinese.search(workflow_svg("en")) is None
    assert picture("zh-CN").get("lang") == "zh-CN"
    assert AGENCY_NAMES[Agency.CAB].zh in words(picture("zh"))


def _places(root: ET.Element, dx: float = 0, dy: float = 0) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Each text with the frame it fills: left, top, right, bottom, in the measures of the page."""
    moved = re.fullmatch(r"translate\((\S+) (\S+)\)", root.get("transform", ""))
    if moved:
        dx, dy = dx + float(moved[1]), dy + float(moved[2])
    if root.tag == f"{SVG}text" and "".join(root.itertext()):
        size, shown = float(root.get("font-size", "12")), "".join(root.itertext())
        wide = sum(size if ord(letter) > 0x2E7F else size * 0.5 for letter in shown)
        x, y = float(root.get("x", "0")) + dx, float(root.get("y", "0")) + dy
        x -= {"middle": wide / 2, "end": wide}.get(root.get("text-anchor", ""), 0)
        yield shown, (x, y - size * 0.8, x + wide, y)
    for child in root:
        yield from _places(child, dx, dy)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_words_of_the_picture_overlap(language: str) -> None:
    overlapping = [
        (one, other)
        for (one, a), (other, b) in combinations(_places(picture(language)), 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert overlapping == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_words_stay_on_the_page(language: str) -> None:
    root = picture(language)
    _, _, width, height = (float(number) for number in (root.get("viewBox") or "").split())
    placed = list(_places(root))
    assert len(placed) > 150
    outside = [
        shown for shown, (x, y, right, bottom) in placed if x < 0 or y < 0 or right > width or bottom > height
    ]
    assert outside == []
