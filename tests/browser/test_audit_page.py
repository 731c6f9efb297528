"""The page for auditors in a real browser, against a real server: by mouse, by keyboard alone, at a phone's width."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from selenium.webdriver.common.keys import Keys
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.calls import House
from api.serving import in_background, server_for
from services.demo_journeys import Journey, Stage
from services.demo_journeys import first_steps as first
from services.demo_world import PASSWORD
from tests.browser.driver import CHROMIUM, DESKTOP, DRIVER, MISSING, PHONE, Browser, started
from tests.newcomers import Person, first_day

pytestmark = pytest.mark.skipif(CHROMIUM is None or DRIVER is None, reason=MISSING)
AUDITOR: Final = "auditor"
UNKNOWN: Final = "2026-268-3152-4"


@pytest.fixture(scope="module")
def served(house: House) -> Iterator[str]:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
    with in_background(server_for(replace(house, settings=replace(house.settings, port=port)))):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def journey(module_play: Stage) -> Journey:
    """A boy is found, and stays at the relief station for longer than he should: one due time is overrun."""
    receipt = first.report(module_play, "tip", ["child_alone"], {"narrative": "示例", "whereabouts": "示例"})
    journey = first.police_take_it_up(module_play, receipt, [])
    unsafe = dict.fromkeys(["safe_place_tonight", "identity_known"], "no")
    first.learn(journey, identity={"lowest_age": 12, "sex": "male"}, situation=unsafe)
    first.investigate(module_play, journey, "rescue_needed", on=0, seen_in_private=False)
    first.rescue(module_play, journey, on=1)
    first.hand_to_civil_affairs(module_play, journey)
    first.begin_guardianship(module_play, journey, on=1)
    first.shelter_at_the_station(module_play, journey, ["child_bed"], on=1)
    return journey


@pytest.fixture(scope="module")
def auditor(module_play: Stage, client: TestClient) -> Person:
    """Somebody with a password and a second factor of their own."""
    unit = module_play.desk("corps-proc-1").me["unit_id"]
    new = {"username": f"a-{uuid4().hex[:12]}", "password": PASSWORD, "unit_id": unit, "role": "auditor"}
    account = module_play.desk("admin").post("/accounts", new)
    return first_day(client, account["username"], PASSWORD, account)


@pytest.fixture(scope="module")
def browser(served: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    downloads = tmp_path_factory.mktemp("downloads")
    driver = started(downloads)
    browser = Browser(driver, served, downloads)
    browser.size(*DESKTOP)
    try:
        yield browser
    finally:
        driver.quit()


def sign_in(browser: Browser, username: str, password: str, code: str = "") -> None:
    browser.write("username", username)
    browser.write("password", password)
    browser.write("code", code)
    browser.press_enter("code")


@pytest.fixture
def page(browser: Browser) -> Browser:
    """The page as it opens, in English, with nobody signed in."""
    browser.size(*DESKTOP)
    browser.visit()
    browser.press("speak-en")
    return browser


@pytest.fixture
def at_case(browser: Browser, journey: Journey) -> Browser:
    """The case open before an auditor; where it is still open from the last test, as it was left."""
    browser.size(*DESKTOP)
    if not browser.every("#case:not([hidden])"):
        browser.visit()
        browser.press("speak-en")
        sign_in(browser, AUDITOR, PASSWORD)
        find(browser, journey.case["number"])
    return browser


def find(browser: Browser, number: str) -> None:
    browser.write("number", number)
    browser.press_enter("number")


# --- coming in ---


def test_the_page_speaks_both_languages_and_remembers_which(page: Browser) -> None:
    for spoken, tongue, title in (("zh", "zh-CN", "归途 · 审计"), ("en", "en", "Homeward · Audit")):
        page.press(f"speak-{spoken}")
        page.visit()
        assert page.script("return document.documentElement.lang") == tongue
        assert (page.driver.title, page.the("sign-in-head").is_displayed()) == (title, True)
    assert page.script("return Object.keys(localStorage)") == ["homeward.audit.language"]


def test_every_sentence_is_there_in_both_languages_and_no_sentence_is_missing(page: Browser) -> None:
    used: list[str] = page.script(
        "return [...document.querySelectorAll('[data-text]')].map((one) => one.dataset.text)"
    )
    missing = page.imported(
        "const texts = await import('/audit/texts.js');"
        "return values[0].filter((key) => !texts.has(key) || texts.pair(key).some((said) => !said));",
        used,
    )
    assert len(used) > 45
    assert missing == []
    assert page.imported("return (await import('/audit/texts.js')).unpaired()") == []


def test_a_wrong_password_is_refused_and_leaves_nothing_in_the_field(page: Browser) -> None:
    sign_in(page, "auditor", "not the password")
    assert "Sign-in refused" in page.text("problem")
    assert page.the("password").get_attribute("value") == ""
    assert page.shown("sign-in-form")


def test_somebody_who_audits_nothing_is_turned_away(page: Browser) -> None:
    sign_in(page, "cab-1", PASSWORD)
    assert "not for it" in page.text("problem")
    assert not page.shown("find")


def test_a_number_that_leads_nowhere_and_one_that_was_mistyped_are_told_apart(at_case: Browser) -> None:
    find(at_case, UNKNOWN)
    assert "no case of this number" in at_case.text("problem")
    assert not at_case.shown("case")
    find(at_case, UNKNOWN[:-1] + "5")
    assert "Invalid input" in at_case.text("problem")


# --- looking ---


def test_a_case_is_found_and_seen_whole_and_no_token_is_kept(at_case: Browser, journey: Journey) -> None:
    assert at_case.text("case-head") == f"Case {journey.case['number']}"
    assert "Whole: all" in at_case.text("chain-verdict")
    assert at_case.text("no-checkpoint") == "No checkpoint yet."
    assert "Withheld: names" in at_case.text("stood")
    kept = at_case.script("return [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]")
    assert kept == [["homeward.audit.language"], [], ""]


def test_the_picture_has_lanes_bars_and_an_overrun_and_a_table_says_the_same(at_case: Browser) -> None:
    lanes = [one.text for one in at_case.every("#picture .lane-name")]
    assert lanes[0] == "The case itself"
    assert lanes[-1] == "Who looked"
    assert "Civil Affairs Bureau" in lanes
    assert len(at_case.every("#picture .bar.work")) >= 4
    late = at_case.every("#picture .due.late")
    # a colour, a line and a sign of its own
    assert late
    parts = "return arguments[0].querySelectorAll('.overrun, .due-late').length"
    assert all(at_case.script(parts, one) == 2 for one in late)
    assert at_case.every("#picture .due.open")
    assert "overrun by" in at_case.text("picture-table")
    assert len(at_case.every("#picture-table tbody tr")) >= 6


def test_the_picture_can_be_shown_by_the_time_at_which_it_happened_and_widened(at_case: Browser) -> None:
    def width() -> float:
        return float(at_case.script("return document.querySelector('#picture svg').width.baseVal.value"))

    before = width()
    at_case.press("wider")
    assert width() > before
    at_case.press("narrower")
    at_case.choose("time-by", "happened_at")
    assert width() != before
    at_case.choose("time-by", "recorded_at")
    assert width() == pytest.approx(before, rel=0.2)


def test_lines_are_filtered_and_more_are_shown_on_demand(at_case: Browser) -> None:
    assert len(at_case.lines()) == 25
    at_case.press("more")
    assert len(at_case.lines()) > 25
    assert len({one.get_attribute("data-seq") for one in at_case.every("#lines > li")} - {""}) > 20
    at_case.choose("filter-kind", "read")
    at_case.submit("filter-form")
    assert at_case.lines()
    assert all("Looked at: " in one for one in at_case.lines())
    at_case.choose("filter-kind", "")
    at_case.choose("filter-stage", "shelter")
    at_case.submit("filter-form")
    assert all("Shelter and transit recovery" in one or "Looked at" in one for one in at_case.lines())
    at_case.press("clear")
    at_case.until(lambda: len(at_case.lines()) == 25)


def test_what_is_late_withheld_or_erased_says_so(at_case: Browser) -> None:
    at_case.choose("filter-stage", "rescue")
    at_case.submit("filter-form")
    assert any("Recorded late" in one for one in at_case.lines())
    at_case.press("clear")
    hidden = {
        "seq": 3, "id": "x", "recorded_at": "2026-01-01T00:00:00Z", "digest": "ab" * 32, "_redacted": ["what", "who"],
    }  # fmt: skip
    erased = {
        **hidden, "kind": "file", "happened_at": hidden["recorded_at"], "late": False, "corrects": 2, "_redacted": [],
        "what": {"action": "erase_person", "subject": "victim", "subject_id": "y"}, "who": {"role": "public"},
    }  # fmt: skip
    said = at_case.imported(
        "const { line } = await import('/audit/lines.js');"
        "return values[0].map((item) => line(item, new Map()).textContent);",
        [hidden, erased],
    )
    assert "Withheld: what happened, who did it" in said[0]
    assert "Erased" in said[1]
    assert "Corrects no. 2" in said[1]


def stands(at: str, state: str, agency: str, **further: Any) -> dict[str, Any]:
    what = {
        "action": "x",
        "stage": "shelter",
        "stage_id": "s",
        "subject": "stage",
        "subject_id": "s",
        "victim_id": None,
    }
    return {
        "seq": 1, "kind": "change", "recorded_at": at, "happened_at": at, "who": {}, "_redacted": [],
        "what": {**what, "stands": {"state": state, "agency": agency}, **further},
    }  # fmt: skip


def test_bars_follow_a_stage_from_agency_to_agency_and_stand_hatched_on_hold(at_case: Browser) -> None:
    due = "2026-01-03T00:00:00Z"
    clock = {"clock": "stage_begin", "subject_id": "s", "due_at": due}
    items = [
        stands("2026-01-01T00:00:00Z", "routed", "PSB", clocks=[{"did": "started", **clock}]),
        stands("2026-01-02T00:00:00Z", "active", "CAB"),
        stands("2026-01-04T00:00:00Z", "on_hold", "CAB", clocks=[{"did": "met", **clock}]),
        stands("2026-01-05T00:00:00Z", "completed", "CAB"),
    ]
    drawn = at_case.imported(
        "const { model } = await import('/audit/model.js');"
        "const made = model(values[0], Date.parse('2026-02-01T00:00:00Z'), 'recorded_at');"
        "return made.lanes.map((lane) => [lane.key, lane.rows.flatMap((row) => row.bars.map((bar) => bar.look)),"
        " lane.rows.flatMap((row) => row.clocks.map((one) => one.status))]);",
        items,
    )
    assert drawn == [["PSB", ["waiting"], ["late"]], ["CAB", ["work", "hold"], []]]
    hatched = at_case.imported(
        "const [{ model }, { picture }] = [await import('/audit/model.js'), await import('/audit/picture.js')];"
        "const until = Date.parse('2026-02-01T00:00:00Z');"
        "const { lanes, people } = model(values[0], until, 'recorded_at');"
        "return picture(lanes, { zoom: 1, shortened: true, people, until }).querySelector('.bar.hold').getAttribute('fill');",
        items,
    )
    assert hatched == "url(#hatch)"


def test_the_case_is_shown_as_it_stood_before_it_was_there_and_after(at_case: Browser) -> None:
    at_case.set("instant", "2020-01-01T12:00:00")
    at_case.submit("as-of-form")
    assert "As of 2020-01-01 12:00:00: 0 entries" in at_case.text("stood")
    assert at_case.lines() == []
    assert at_case.every("#picture .point") == []
    at_case.press("to-now")
    assert len(at_case.lines()) == 25
    assert "Nothing was on record" not in at_case.text("stood")
    assert at_case.every("#picture .point")


def test_the_state_of_the_chain_is_told_when_somebody_altered_it(
    at_case: Browser, admin: Engine, journey: Journey
) -> None:
    turn_a_bit(admin, journey)
    try:
        at_case.press("check-again")
        assert "Broken at entry 5 (the entry was altered)" in at_case.text("chain-verdict")
    finally:
        turn_a_bit(admin, journey)
    at_case.press("check-again")
    assert "Whole" in at_case.text("chain-verdict")


def turn_a_bit(admin: Engine, journey: Journey) -> None:
    """As the database's superuser, who takes the guards away for a moment; done twice, nothing was done."""
    turned = "update timeline_entries set digest = set_bit(digest, 0, 1 - get_bit(digest, 0)) where chain_id = :id and seq = 5"
    with admin.begin() as connection:
        guards = (
            "select tgname from pg_trigger where tgrelid = 'timeline_entries'::regclass and tgenabled = 'A'"
        )
        names = connection.execute(text(guards)).scalars().all()
        for name in names:
            connection.execute(text(f"alter table timeline_entries disable trigger {name}"))
        changed = connection.execute(text(turned), {"id": journey.case["id"]})
        assert changed.rowcount == 1
        for name in names:
            connection.execute(text(f"alter table timeline_entries enable always trigger {name}"))


# --- taking away ---


def test_an_export_asks_for_a_proof_first_and_then_holds_what_was_filtered(
    page: Browser, auditor: Person, journey: Journey, admin: Engine
) -> None:
    sign_in(page, auditor.username, auditor.password, auditor.device.code())
    find(page, journey.case["number"])
    with admin.begin() as connection:
        # the sign-in itself was the last proof, and is longer ago than five minutes
        unproved = "update sessions set confirmed_at = null where account_id = :id"
        connection.execute(text(unproved), {"id": auditor.account["id"]})
    page.choose("filter-kind", "routing")
    page.the("export-jsonl").click()
    page.until(lambda: page.shown("confirm"))
    page.write("proof", "000000 not a code")
    page.the("proof").send_keys(Keys.ENTER)
    page.until(lambda: page.text("confirm-problem"))
    page.write("proof", auditor.device.code())
    page.the("proof").send_keys(Keys.ENTER)
    lines = taken(page, "jsonl").decode().splitlines()
    page.settled()
    assert not page.shown("confirm")
    assert "Saved timeline-" in page.text("message")
    assert lines
    assert all('"kind":"routing"' in line.replace(": ", ":") for line in lines)
    page.press("export-pdf-zh")
    assert taken(page, "pdf").startswith(b"%PDF-")
    page.press("clear")


def taken(browser: Browser, form: str) -> bytes:
    """What the browser put into its folder, once it is whole there."""
    browser.until(lambda: [*browser.downloads.glob(f"*.{form}")])
    (found,) = browser.downloads.glob(f"*.{form}")
    browser.until(lambda: found.stat().st_size)
    return Path(found).read_bytes()


# --- by keyboard, and on a phone ---


def test_everything_is_reached_by_keyboard_alone(page: Browser, module_play: Stage, journey: Journey) -> None:
    page.visit()
    page.keys(Keys.TAB)
    assert page.focused("href") == "#main"
    page.keys(Keys.ENTER)
    walk_to(page, "username")
    page.keys("auditor", Keys.TAB, PASSWORD, Keys.ENTER)
    page.until(lambda: page.focused() == "number")
    page.keys(journey.case["number"], Keys.ENTER)
    page.until(lambda: page.focused() == "case-head")
    stops = walk_to(page, "more")
    assert (
        stops.index("instant") < stops.index("time-by") < stops.index("picture") < stops.index("filter-kind")
    )
    page.keys(Keys.ENTER)
    page.until(lambda: page.focused("class") == "line")
    page.script("document.querySelector('#picture .point[tabindex=\"0\"]').focus()")
    before = page.focused("aria-label")
    page.keys(Keys.ARROW_RIGHT)
    assert page.focused("aria-label") != before
    page.keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert page.every("#details li")
    assert page.focused("role") == "button"
    assert (
        page.script("return getComputedStyle(document.activeElement.querySelector('.halo')).strokeWidth")
        == "3px"
    )


def walk_to(page: Browser, name: str) -> list[str]:
    """Tab by tab; every stop is seen to be in focus."""
    stops: list[str] = []
    for _ in range(60):
        page.keys(Keys.TAB)
        stops.append(page.focused() or page.focused("role") or page.focused("data-export"))
        # the ring, or what stands for it in the picture
        assert page.script(
            "const one = document.activeElement; const style = getComputedStyle(one);"
            "return one.classList.contains('point') || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2"
        ), stops[-3:]
        if stops[-1] == name:
            return stops
    raise AssertionError(stops)


def test_nothing_goes_over_the_edge_of_a_phone_in_either_language(at_case: Browser) -> None:
    at_case.size(*PHONE)
    for spoken in ("zh", "en"):
        at_case.press(f"speak-{spoken}")
        assert not at_case.overflows()
        small = at_case.script(
            "return [...document.querySelectorAll('button, input, select')].filter((one) => one.offsetParent"
            " && (one.offsetHeight < 36 || one.getBoundingClientRect().right > innerWidth)).map((one) => one.id)"
        )
        assert small == []
    frame = at_case.the("picture")
    assert at_case.script("return arguments[0].scrollWidth > arguments[0].clientWidth", frame)
    at_case.script("arguments[0].scrollLeft = 200", frame)
    at_case.until(
        lambda: "translate(200 0)" in str(at_case.every("#picture .stays")[0].get_attribute("transform"))
    )


PAIRS: Final = (
    ("ink", "ground", 4.5), ("ink", "panel", 4.5), ("quiet", "ground", 4.5), ("quiet", "panel", 4.5),
    ("on-main", "main", 4.5), ("bad", "ground", 4.5), ("bad", "panel", 4.5), ("good", "ground", 4.5),
    ("bar", "ground", 3), ("hold", "hold-ground", 3), ("edge", "ground", 3), ("focus", "ground", 3),
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_told_apart_by_everybody_in_light_and_in_dark(page: Browser, scheme: str) -> None:
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    style = "const style = getComputedStyle(document.documentElement);"
    colours: dict[str, str] = page.script(
        style
        + "return Object.fromEntries(arguments[0].map((name) => [name, style.getPropertyValue(`--${name}`)]))",
        sorted({name for one, other, _ in PAIRS for name in (one, other)}),
    )
    weak = [(one, other) for one, other, least in PAIRS if contrast(colours[one], colours[other]) < least]
    assert weak == []
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour.strip()[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- going out ---


def test_a_session_that_ended_is_said_and_the_case_is_cleared(at_case: Browser, admin: Engine) -> None:
    ended = (
        "update sessions set revoked_at = now(), revoked_because = 'ended' where id = (select s.id from sessions s"
        " join accounts a on a.id = s.account_id where a.username = :who order by s.created_at desc limit 1)"
    )
    with admin.begin() as connection:
        connection.execute(text(ended), {"who": AUDITOR})
    at_case.press("check-again")
    assert "The session has ended" in at_case.text("message")
    assert at_case.shown("sign-in-form")
    assert not at_case.shown("case")
    for part in ("lines", "picture", "picture-table", "stood", "chain-state", "details"):
        assert at_case.text(part) == ""


def test_whoever_signs_out_leaves_nothing_behind(page: Browser) -> None:
    sign_in(page, "auditor", PASSWORD)
    page.press("sign-out")
    assert page.text("message") == "You are signed out."
    assert page.shown("sign-in-form")


def test_no_other_host_was_asked_and_the_browser_had_nothing_to_complain_of(
    browser: Browser, served: str
) -> None:
    """Over all that was done above. What the API refuses the console names too: those lines are told by their address."""
    browser.gather()
    refused = (
        "/checkpoints/latest",
        "/sign_in",
        "/audited_cases",
        "/export",
        "/timeline/check",
        "/sign_in/confirm",
    )
    left = [
        one
        for one in browser.complaints
        if "Failed to load resource" not in one or not any(path in one for path in refused)
    ]
    assert left == []
    assert browser.hosts - {""} == {served.removeprefix("http://")}
