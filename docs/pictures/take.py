"""Takes the pictures of README from the demo group's reports: `make pictures`, with Debian's chromium installed."""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
REPORTS = HERE.parents[1] / "reports" / "demo" / "2026Q3"
COLOURS = 96  # of each picture's palette: they are committed, and kept small
SETTINGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def page_one(page: Page) -> bytes:
    """What an owner reads in a minute."""
    return page.screenshot(clip={"x": 0, "y": 0, "width": 1120, "height": 980})


def card(page: Page) -> bytes:
    """One KPI with its chart."""
    return page.locator("section.kpi", has_text="Wait to be roomed").first.screenshot()


def data_quality(page: Page) -> bytes:
    """What was found of how the data came, and the strip of months."""
    top = page.locator("#data_quality").bounding_box()["y"]
    end = page.get_by_text("What arrived", exact=True).bounding_box()["y"]
    return page.screenshot(full_page=True, clip={"x": 0, "y": top - 16, "width": 1120, "height": end - top})


PICTURES = {
    "page-one": ("north_clinic", 1120, page_one),
    "card": ("north_clinic", 1120, card),
    "data-quality": ("bayview_heart", 1120, data_quality),
}


def take() -> None:
    """Write every picture beside this file."""
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser_path is None or not REPORTS.is_dir():
        sys.exit("needs Chromium (apt-get install chromium) and the demo's reports (make reports)")
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=browser_path, args=list(SETTINGS))
        for name, (practice, width, picture) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto((REPORTS / practice / "report.html").as_uri())
            small = Image.open(BytesIO(picture(page))).convert("RGB").quantize(COLOURS)
            small.save(HERE / f"{name}.png", optimize=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    take()
