"""The house's own readers make of the demo's odder exports what its truth says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bsc_analysis.feeds import Context, deliver
from bsc_analysis.params import load_group
from tests.demo.raw import calls

ROOT = Path(__file__).parents[2]
ODD = [
    ("maple_street", "appointments"),  # cp1252 and semicolons
    ("maple_street", "claims"),  # decimal commas too
    ("meadow_park", "appointments"),  # codes for statuses
    ("harbor_heart", "claims"),  # each delivery holds those before
    ("summit_heart", "ledger"),  # a workbook
    ("summit_heart", "history"),
    ("lakeside", "phones"),
    ("lakeside", "transactions"),
    ("lakeside", "audits"),
    ("old_mill", "roster"),
    ("lakeside", "trainings"),
    ("lakeside", "survey"),
    ("lakeside", "safety"),  # a register in which nothing happened
    ("lakeside", "complaints"),
    ("lakeside", "transfers"),
    ("lakeside", "reminders"),
    ("lakeside", "workshops"),
    ("lakeside", "registers"),
    ("harbor_heart", "agent"),
    ("harbor_heart", "buy_in"),
    ("", "actions"),
    ("", "participation"),
    ("", "initiatives"),
    ("", "reviews"),
    ("", "decisions"),
    ("", "sign_offs"),
    ("", "ideas"),
    ("", "concerns"),
]


@pytest.fixture(scope="module")
def group(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "notebooks").mkdir()
    shutil.copytree(ROOT / "params" / "demo", workspace / "params" / "demo")
    return load_group("demo", workspace)


def delivered(group, folder, practice, feed):
    """The delivery of one feed to one practice, or of one file to all of them."""
    served = [practice] if practice else list(group.practices)
    spec = (group.shared.feeds | (group.practices[practice].feeds if practice else {}))[feed]
    premises = {id: group.practices[id].premises for id in served}
    return deliver(Context(feed, spec, folder, practice, frozenset(served), str, premises=premises))


@pytest.mark.parametrize("practice, feed", ODD)
def test_each_odd_export_is_read_as_its_truth_says(group, exports, truth, practice, feed):
    for account in delivered(group, exports, practice, feed).accounts:
        told = truth["files"][account.file]
        assert (account.physical, account.used) == (told["rows"], told["used"])
        assert (account.deduplicated, account.layout) == (told["deduplicated"], told["layout"])
        assert account.quarantined == sum(told["quarantined"].values())


def test_calls_written_in_greenwich_are_read_in_new_york(group, exports):
    rows = delivered(group, exports, "east_clinic", "phones").rows
    rang = calls(exports).query("p == 'east_clinic' and Result != 'XFR'")
    assert sorted(rows["started_at"]) == sorted(rang["Start"])
    assert rows["started_at"].dt.hour.between(6, 21).all()
    late = ~rows["in_hours"]
    assert 0.06 < late.mean() < 0.12 and (rows.loc[~late, "started_at"].dt.day_of_week < 5).all()


def test_decimal_commas_are_cents(group, exports):
    assert 50 < delivered(group, exports, "maple_street", "claims").rows["charge"].median() < 500
