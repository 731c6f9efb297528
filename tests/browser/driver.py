"""A real browser on the page: what it shows, what it is told, what it asked whom, what it complained of."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

CHROMIUM: Final = shutil.which("chromium")
DRIVER: Final = shutil.which("chromedriver")
MISSING: Final = "the tests of the audit page need Debian's chromium, chromium-driver and fonts-wqy-zenhei: no browser is here"
DESKTOP, PHONE = (1280, 900), (360, 740)
_SWITCHES: Final = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=en-US", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
)  # fmt: skip


def started(downloads: Path) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    for switch in _SWITCHES:
        options.add_argument(switch)
    assert CHROMIUM is not None
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))


@dataclass(slots=True)
class Browser:
    driver: webdriver.Chrome
    house: str
    downloads: Path
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def visit(self, path: str = "/audit") -> None:
        self.driver.get(self.house + path)
        self.until(lambda: self.script("return document.documentElement.dataset.ready === 'true'"))

    def size(self, width: int, height: int) -> None:
        shape = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)

    def script(self, program: str, *values: object) -> Any:
        return self.driver.execute_script(program, *values)

    def imported(self, program: str, *values: object) -> Any:
        """What an asynchronous program finds out that takes the page's own modules."""
        asked = (
            "const done = arguments[arguments.length - 1];"
            f"(async (values) => {{ {program} }})([...arguments].slice(0, -1))"
            ".then(done, (error) => done(String(error)));"
        )
        return self.driver.execute_async_script(asked, *values)

    def until(self, holds: Callable[[], object], seconds: float = 8) -> None:
        WebDriverWait(self.driver, seconds, poll_frequency=0.03).until(lambda _driver: holds())

    def the(self, name: str) -> WebElement:
        return self.driver.find_element(By.ID, name)

    def every(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, name: str) -> str:
        return str(self.script("return document.getElementById(arguments[0]).textContent", name))

    def shown(self, name: str) -> bool:
        return self.the(name).is_displayed()

    def write(self, name: str, text: str) -> None:
        self.the(name).clear()
        self.the(name).send_keys(text)

    def set(self, name: str, value: str) -> None:
        """For fields of dates, which take keys as the machine's region has them."""
        self.script("document.getElementById(arguments[0]).value = arguments[1]", name, value)

    def choose(self, name: str, value: str) -> None:
        Select(self.the(name)).select_by_value(value)

    def press(self, name: str) -> None:
        self.click(self.the(name))

    def click(self, element: WebElement) -> None:
        """Presses it, and waits until what it set going is done."""
        self.script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        self.settled()

    def press_enter(self, name: str) -> None:
        self.the(name).send_keys(Keys.ENTER)
        self.settled()

    def submit(self, form: str) -> None:
        self.click(self.the(form).find_element(By.CSS_SELECTOR, "button.main"))

    def settled(self) -> None:
        self.until(
            lambda: not self.script("return document.getElementById('main').hasAttribute('aria-busy')")
        )

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def focused(self, what: str = "id") -> str:
        return str(self.script("return document.activeElement?.getAttribute(arguments[0]) ?? ''", what))

    def lines(self) -> Sequence[str]:
        """The lines of the list, as text."""
        found: list[str] = self.script(
            "return [...document.querySelectorAll('#lines > li')].map((one) => one.innerText)"
        )
        return found

    def overflows(self) -> bool:
        return bool(self.script("return document.documentElement.scrollWidth > window.innerWidth"))

    def gather(self) -> None:
        """What the console and the network log have had to say since the last time."""
        log: Callable[[str], list[dict[str, Any]]] = self.driver.get_log
        self.complaints += [
            entry["message"] for entry in log("browser") if entry["level"] in ("SEVERE", "WARNING")
        ]
        for entry in log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.hosts.add(urlsplit(message["params"]["request"]["url"]).netloc)
