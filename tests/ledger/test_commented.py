"""Who had commented on an earlier final: by owner, kept with the next final, and none where there was none."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import group as group_of

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.ledger.commented import commented
from bsc_analysis.ledger.edition import Final, draft_of, frozen, open_edition
from bsc_analysis.params.comments import Comment
from bsc_analysis.report.publish import publish

GROUP = """
    group: g
    title: G
    grain: month
    report: quarter
    audience: leadership
    feeds:
      visits:
        kind: table_file
        table: visits
        path: visits.csv
        columns: {practice: clinic, visit_id: visit, patient_id: mrn, appointment_at: at, status: status}
    kpis: {no_show_rate: {owner: front desk}, late_cancel_rate: {owner: front desk}, new_patient_share: }
    """
VISITS = "clinic,visit,mrn,at,status\n" + "".join(
    f"a,v{month}-{day},m{day},2026-{month:02}-{day:02} 09:00,kept\n" for month in range(4, 10) for day in range(1, 31)
)
SAID = Comment(by="Ann", on="2026-07-04", text="We lost two rooms.")


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """A group whose three KPIs are all of concern."""
    monkeypatch.setattr(Disclosed, "of_concern", property(lambda seen: list(seen.kpis)))
    return group_of(
        tmp_path, {"group.yaml": GROUP, "a.yaml": "group: g\npractice: a\ntitle: A\n"}, {"visits.csv": VISITS}
    )


def make_final(loaded, period: str, **comments: Comment):
    seen, edition = draft_of(loaded, "a", period)
    told = type(edition)(comments=comments, restated=edition.restated, commented=edition.commented)
    folder = loaded.workspace / "ledger" / "g" / period / "a" / "1"
    publish(folder, frozen(seen, told, Final("2026-07-06", "Ann")), {}, replace=False)


def test_nothing_was_final_before_so_nobody_was_asked(loaded):
    assert draft_of(loaded, "a", "2026Q2")[1].commented is None


def test_an_owner_is_silent_who_left_one_of_two_without_a_word(loaded):
    make_final(loaded, "2026Q2", no_show_rate=SAID)
    found = draft_of(loaded, "a", "2026Q3")[1].commented
    assert (found.period, found.silent) == ("2026Q2", ("front desk",))
    assert (found.owners.count, found.owners.of, found.owners.undated) == (0, 1, 1)
    make_final(loaded, "2026Q3")
    assert open_edition(loaded, "a", "2026Q3")[1].commented == found


def test_an_owner_who_said_something_of_each_has_commented(loaded):
    seen, _ = draft_of(loaded, "a", "2026Q2")
    found = commented(seen, {"no_show_rate": SAID, "late_cancel_rate": SAID}, "2026-07-06")
    assert (found.owners.count, found.owners.of, found.silent) == (1, 1, ())
    late = SAID.model_copy(update={"on": "2026-07-07"})
    found = commented(seen, {"no_show_rate": SAID, "late_cancel_rate": late}, "2026-07-06")
    assert found.silent == ("front desk",)


def test_where_nothing_is_of_concern_nobody_is_asked(loaded, monkeypatch):
    monkeypatch.setattr(Disclosed, "of_concern", property(lambda seen: []))
    seen, _ = draft_of(loaded, "a", "2026Q2")
    found = commented(seen, {}, "2026-07-06")
    assert (found.owners.of, found.owners.undated, found.silent) == (0, 0, ()) and pd.isna(found.owners.share.value)
