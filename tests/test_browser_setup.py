"""The browser that other tests rely on opens a page, and axe finds in it what is planted."""

from urllib.parse import quote

HTML = "<html lang=en><title>Hello</title><main><h1>Hello</h1><img src='data:,'></main>"
PAGE = "data:text/html," + quote(HTML)


def test_browser_opens_a_page(browser):
    page = browser.new_page()
    page.goto(PAGE)
    assert page.title() == "Hello"
    assert page.inner_text("h1") == "Hello"
    page.close()


def test_axe_finds_the_picture_without_words(browser, axe):
    page = browser.new_page()
    page.goto(PAGE)
    page.evaluate(axe)
    violations = page.evaluate("axe.run().then(found => found.violations.map(each => each.id))")
    assert violations == ["image-alt"]
    page.close()
