"""The demo's billing hangs together: journal, claims, ledger; and its newest months have not run out."""

import numpy as np
import pandas as pd

from tests.demo.raw import claims, journal, ledger


def collected(postings):
    """(payments − refunds) ÷ (charges − contractual) in % by practice and month of service."""
    sums = postings["Amount"].groupby([postings["p"], postings["DOS"].dt.to_period("M"), postings["Type"]]).sum()
    by = sums.unstack(fill_value=0)
    return 100 * (by["PMT"] - by["REF"]) / (by["CHG"] - by["ADJ"])


def test_money_runs_out_over_months_so_that_the_newest_look_poor(exports):
    rate = collected(journal(exports)).unstack("p").drop(columns="old_mill")
    assert rate[:"2026-02"].mean().between(90, 99).all()
    assert (rate.loc["2026-09"] < 25).all()
    assert rate.loc["2026-08"].between(50, 90).all()


def test_practices_differ_in_how_fast_their_money_comes(exports):
    paid = journal(exports).query("Type == 'PMT' and DOS < '2026-04-01'")
    lag = (paid["Posted"] - paid["DOS"]).dt.days
    middle = lag.groupby(paid["p"]).median()
    assert (lag > 0).all() and (lag < 240).all()
    assert middle.max() - middle.min() > 8


def test_each_kind_of_posting_has_the_reason_that_belongs_to_it(exports):
    reasons = journal(exports).groupby("Type")["Reason"].agg(lambda reason: set(reason.dropna()))
    assert reasons["ADJ"] == {"CO-45"}
    assert reasons["WO"] == {"CO-16", "CO-29", "CO-50", "CO-97", "CO-197", "PR-1"}
    assert not set().union(reasons["CHG"], reasons["PMT"], reasons["REF"])


def test_the_ledger_holds_as_receivables_what_the_journal_has_open(exports):
    postings = journal(exports).assign(month=lambda rows: rows["Posted"].dt.to_period("M"))
    sent = claims(exports).set_index(["p", "ClaimNo"])
    contracted = postings[postings["Type"] == "ADJ"].set_index(["p", "ClaimNo"])["Amount"]
    payers = (contracted / sent["Charge"]).groupby(sent["Payer"]).median()  # what contracts take off
    share = sent["Payer"].map(payers).reindex(pd.MultiIndex.from_frame(postings[["p", "ClaimNo"]].fillna("")))
    share = share.fillna(share.mean()).to_numpy()  # a charge whose claim is not yet sent
    still = postings["Amount"] * postings["Type"].map({"PMT": -1, "WO": -1, "REF": 1, "ADJ": 0}).fillna(
        pd.Series(1 - np.where(postings["ClaimNo"].isna(), 0, share), index=postings.index)
    )
    open_items = still.groupby([postings["month"], postings["p"]]).sum().unstack().fillna(0).cumsum()
    told = ledger(exports)["receivables"].unstack("practice")
    months = pd.period_range("2025-10", "2026-06", freq="M")  # what was open before January 2025 has run out
    difference = (open_items / told).loc[months] - 1
    assert difference.abs().max().max() < 0.06
    assert difference.abs().median().max() < 0.025


def test_days_in_receivables_are_those_of_a_practice(exports):
    books = ledger(exports)
    days = 30.4 * books["receivables"] / books["patient_revenue"]
    assert days.between(20, 45).all()
    assert (days.groupby("practice").std() < 4).all()


def test_a_claim_is_answered_after_it_was_sent_and_sent_after_the_visit(exports):
    sent = claims(exports)
    assert (sent["Submitted"].dropna() >= sent["DOS"][sent["Submitted"].notna()]).all()
    assert not (sent["Adjudicated"] < sent["Submitted"]).any()
    assert (sent["Denied"].dropna() == sent["Adjudicated"][sent["Denied"].notna()]).all()
    assert (sent["Denied"].notna() == sent["Reason"].notna()).all()
    assert set(sent["Payer"]) == {"Commercial", "Medicare", "Medicaid"}
    assert np.isclose((sent["Clean"] == "Y").mean(), 0.935, atol=0.02)
    waiting = sent["Adjudicated"].isna().groupby(sent["Submitted"].dt.to_period("M")).mean()
    assert waiting["2026-09"] > 0.6 and (waiting[:"2026-06"].drop(pd.Period("2026-06")) < 0.05).all()
