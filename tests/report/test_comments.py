"""What owners say of their KPIs, in their own words; and who has not said anything of a KPI of concern."""

import pytest
from bs4 import BeautifulSoup
from workspaces import GROUP, make_workspace, write_yaml

from bsc_analysis import open_run
from bsc_analysis.check import faults_of
from bsc_analysis.ledger.edition import Edition, Final
from bsc_analysis.params import load_group
from bsc_analysis.params.comments import comments_of
from bsc_analysis.report.run import Run
from bsc_analysis.store import fingerprint

PERIOD = "2026Q3"
SAID = {"by": "Front <desk>", "on": "2026-10-05", "text": "We lost <b>two</b> rooms & a printer.\nBoth are back."}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace whose comments come and go; `comment` writes them."""
    return make_workspace(tmp_path_factory.mktemp("comments"))


def comment(workspace, text, period=PERIOD):
    folder = workspace / "params" / GROUP / "comments"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    if isinstance(text, str):
        (folder / f"{period}.yaml").write_text(text)
    else:
        write_yaml(folder / f"{period}.yaml", text)


@pytest.fixture
def opened(workspace, monkeypatch):
    monkeypatch.setenv("BSC_WORKSPACE", str(workspace))
    monkeypatch.setenv("BSC_DATA", str(workspace / "data"))

    def run(comments, practice="alder"):
        comment(workspace, comments)
        return open_run(GROUP, practice, PERIOD)

    return run


def remarks(run):
    """KPI title → text of the remark on its card."""
    html = "".join(str(run.perspective(p).cards().html) for p in ("patients", "processes"))
    cards = BeautifulSoup(html, "html.parser").find_all("section")
    found = {card.h3.contents[0].strip(): card.find(class_="remark") for card in cards}
    return {title: remark for title, remark in found.items() if remark}


def test_a_comment_stands_on_its_card_as_it_was_written_with_who_and_when(opened):
    found = remarks(opened({"alder": {"wait_median": SAID}, "birch": {"no_show_rate": dict(SAID)}}))
    assert set(found) == {"Wait to be roomed", "New patients"}
    assert found["Wait to be roomed"].blockquote.text == SAID["text"]
    assert found["Wait to be roomed"].p.text == "Front <desk>, 5 Oct 2026"
    assert found["Wait to be roomed"].find_all(["b", "desk"]) == []


def test_a_draft_asks_the_owner_of_a_concern_and_a_final_names_who_was_silent(opened, workspace):
    run = opened({})
    assert [c.id for c in run.cards.values() if c.word == "concern"] == ["new_patient_share"] == run.seen.of_concern
    assert remarks(run)["New patients"].text == "Please name an owner who comments on this concern."
    assert run.owners().text == "Please comment before this is made final: an owner yet to be named (new patients)."
    choice = run.seen.practice.kpis["new_patient_share"].model_copy(update={"owner": "Dr <Ada>"})
    run.seen.practice.kpis["new_patient_share"] = choice
    assert remarks(run)["New patients"].text == "Dr <Ada>: please comment on this concern."
    assert "Dr &lt;Ada&gt; (new patients)" in run.owners().html
    final = Run(run.seen, Edition(Final("2026-10-06", "Ann")))
    assert remarks(final)["New patients"].text == "Dr <Ada> did not comment."
    assert final.owners().text == "Did not comment: Dr <Ada> (new patients)."


def test_who_has_commented_is_asked_no_more(opened):
    run = opened({"alder": {"new_patient_share": SAID}})
    assert run.owners().text == "" and str(run.owners().html).strip() == ""
    assert set(remarks(run)) == {"New patients"}


def test_comments_are_no_part_of_the_store(opened, workspace):
    opened({})
    before = fingerprint(load_group(GROUP, workspace))
    opened({"alder": {"wait_median": SAID}})
    assert fingerprint(load_group(GROUP, workspace)) == before


ONE = "alder: {{no_show_rate: {{by: {by}, on: {on}, text: b{more}}}}}"
FAULTS = {
    "practice": ("aldr: {}", "aldr", "is not a practice of tiny. Did you mean alder?"),
    "kpi": ("alder: {no_show_rat: {by: a, on: '2026-10-05', text: b}}", "alder: no_show_rat", "Did you mean no_show_r"),
    "no text": ("alder: {no_show_rate: {by: a, on: '2026-10-05'}}", "alder.no_show_rate.text", "is missing"),
    "day": (ONE.format(by="a", on="5 Oct", more=""), "alder.no_show_rate.on", "write a date such as '2026-01-04'"),
    "no calendar's day": (ONE.format(by="a", on="2026-02-30", more=""), "alder: no_show_rate", "no calendar has"),
    "name": (ONE.format(by="NO", on="2026-10-05", more=""), "alder.no_show_rate.by", "write 'NO' in quotes"),
    "key": (ONE.format(by="a", on="2026-10-05", more=", x: c"), "alder.no_show_rate.x", "is not known here."),
    "number": ("0124: {}", "0124", "Did you mean 0123?"),
    "twice": ("alder: {}\nalder: {}", "line 2", "stands twice"),
}


@pytest.mark.parametrize("text, place, message", FAULTS.values(), ids=FAULTS)
def test_check_names_what_is_wrong_in_a_file_of_comments(workspace, text, place, message):
    comment(workspace, text)
    (fault,) = faults_of(load_group(GROUP, workspace))
    assert fault.file == f"params/{GROUP}/comments/{PERIOD}.yaml"
    assert fault.place.startswith(place) and message in fault.message


def test_a_file_of_comments_is_called_by_its_period(workspace):
    comment(workspace, "alder: {}", "2026-Q3")
    (fault,) = faults_of(load_group(GROUP, workspace))
    assert (fault.file, fault.place) == (f"params/{GROUP}/comments/2026-Q3.yaml", "name")


def test_keys_are_text_as_written_also_those_that_yaml_takes_for_numbers_and_truths(workspace):
    comment(workspace, "0123: {no_show_rate: {by: Ann, on: 2026-10-05, text: Well.}}")
    assert faults_of(load_group(GROUP, workspace)) == []
    assert comments_of(load_group(GROUP, workspace), PERIOD)["0123"]["no_show_rate"].on == "2026-10-05"
