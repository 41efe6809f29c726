"""What tests may need of the machine: the folder of real data, a Chromium, axe-core.

A test asks by marker (`shared`, `browser`) or by fixture (`shared`, `browser`, `axe`), and is skipped where
the thing is missing, saying what would bring it.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
SHARED = (ROOT / os.environ.get("BSC_SHARED", "../shared")).resolve()
AXE = ROOT / "tests/browser/node_modules/axe-core/axe.min.js"
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)

QUIET_AND_CLOSED = [
    "--headless",
    "--no-sandbox",  # as root, as in CI, Chromium starts in no other way; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# What takes long to make. Its tests all go to one worker of pytest-xdist, so that no other waits for it.
MADE_ONCE = ["clinics", "exports", "finalised", "troubled", "across", "faulty"]


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for made in [made for made in MADE_ONCE if made in getattr(item, "fixturenames", ())][:1]:
            item.add_marker(pytest.mark.xdist_group(made))

    missing = {}
    if not SHARED.is_dir():
        missing["shared"] = "needs the real data of BSC_SHARED (default ../shared)"
    if CHROMIUM is None:
        missing["browser"] = "needs chromium (apt-get install chromium)"
    if not AXE.is_file():
        missing["axe"] = "needs axe-core (npm ci --prefix tests/browser)"

    for item in items:
        for need, reason in missing.items():
            if wants(item, need):
                item.add_marker(pytest.mark.skip(reason=reason))

    # Playwright's event loop goes on until its worker ends, and asyncio.run() fails beside it.
    items.sort(key=lambda item: wants(item, "browser"))


def wants(item: pytest.Item, need: str) -> bool:
    return item.get_closest_marker(need) is not None or need in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real and sample data, which is never committed."""
    return SHARED


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium a worker, with a profile of its own. Close the pages you open."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_AND_CLOSED)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source, to be evaluated in a page."""
    return AXE.read_text(encoding="utf-8")
