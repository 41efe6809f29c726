"""Links in finals: kept to the last digit, and what is claimed for the first time is called new until it stands."""

import json
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.departures import Departure
from bsc_analysis.analysis.tested import Tested as Evidence
from bsc_analysis.analysis.verdict import PROFILE, Verdict
from bsc_analysis.ledger import edition
from bsc_analysis.ledger.edition import Final, draft_of, frozen, open_edition
from bsc_analysis.ledger.log import append
from bsc_analysis.ledger.standing import links_of, with_standing
from bsc_analysis.params.models import Link
from bsc_analysis.report.publish import publish
from tests.builders import group as group_of

LINK = Link(
    leading="wait_median", lagging="provider_rating", within=3, expect="negative", because="x", declared="2026-01-04"
)
EDITED = LINK.model_validate(
    LINK.model_dump()
    | {
        "within": 6,
        "by": "engagement",
        "edits": [{"at": "2026-02-01", "was": {"within": 3, "by": None}, "because": "it takes longer"}],
    }
)
PROFILES = pd.DataFrame([[1, -0.4, -0.7, -0.1], [2, 1 / 3, np.nan, 0.5]], columns=PROFILE)
VERDICT = Verdict(
    expect="negative",
    p_forecasts=0.001,
    q_value=1 / 7,
    answer="supported",
    effect=np.float64(-0.1) * 3,
    interval=(-np.inf, 0.1 + 0.2),
    lag=np.int64(2),
    lags_tested=(1, 2),
    profile=PROFILES,
    points=np.int64(432),
    practices=12,
    feedback=0.5,
    without_influential=Verdict(answer="forecasts", shares=("visits.status",), profile=PROFILES.assign(lower=np.nan)),
    shares=("visits.status", "visits.new_patient"),
)
FULL = Evidence(
    link=EDITED,
    group=VERDICT,
    own=Verdict(reason="too_few", answer="cannot_tell"),
    since=Verdict(least=0.3, answer="not_supported", gain=-0.01),
    departure=Departure(-0.3, -0.5, -0.1, np.nan, apart=True),
    standing="new",
    edits=1,
)


def told(answer, own="pending", link=LINK, p=0.01):
    return Evidence(link, Verdict(answer=answer, p_forecasts=p), Verdict(answer=own))


def group(root):
    params = {
        "group.yaml": """
            group: g
            title: G
            grain: month
            report: quarter
            feeds:
              history: {kind: readings, path: h.csv, practice: clinic, period: period, kpis: {wait_median: {value: w}}}
            kpis: {wait_median: }
            """,
        "a.yaml": "group: g\npractice: a\ntitle: A\n",
    }
    history = "".join(f"a,2026-{month:02d},{month}\n" for month in range(1, 10))
    return group_of(root, params, {"h.csv": f"clinic,period,w\n{history}"})


@pytest.fixture
def tested(monkeypatch):
    """Let disclosure give these links, as though they had been tested."""
    found = edition.disclose

    def tell(*links):
        monkeypatch.setattr(edition, "disclose", lambda *args: replace(found(*args), links=links))

    return tell


def make_final(loaded, period, n=1, texts=lambda told: told):
    seen, told = draft_of(loaded, "a", period)
    folder = loaded.workspace / "ledger" / "g" / period / "a" / str(n)
    publish(folder, texts(frozen(seen, told, Final("2026-07-06", "Ann", n))), {}, replace=False)


def assert_alike(one, other):
    """Alike in every field, to the last digit and of the same kind."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    elif is_dataclass(one):
        assert type(one) is type(other)
        for field in fields(one):
            assert_alike(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, tuple):
        assert isinstance(other, tuple) and len(one) == len(other)
        for pair in zip(one, other, strict=True):
            assert_alike(*pair)
    else:
        assert one == other or (one != one and other != other)


def test_a_final_brings_its_links_back_to_the_last_digit(tmp_path, tested):
    tested(FULL, told("cannot_tell"))
    make_final(group(tmp_path), "2026Q2")
    tested()
    kept, now = open_edition(group(tmp_path), "a", "2026Q2")
    assert now.state == "final"
    assert_alike(kept.links, (FULL, told("cannot_tell")))


def as_it_was_frozen_before(texts):
    """Without links, and without the types of the frames' columns."""
    seen = json.loads(texts["seen.json"])
    del seen["links"], seen["through"]["types"], seen["flow"]["types"]
    return texts | {"seen.json": json.dumps(seen)}


def test_a_final_from_before_links_were_tested_has_none(tmp_path):
    loaded = group(tmp_path)
    seen, _ = draft_of(loaded, "a", "2026Q2")
    make_final(loaded, "2026Q2", texts=as_it_was_frozen_before)
    kept, _ = open_edition(loaded, "a", "2026Q2")
    assert kept.links == links_of(None) == ()
    pd.testing.assert_frame_equal(kept.through, seen.through)


# --- standing ---

CLAIMS = ["supported", "forecasts", "contradicted"]
NO_CLAIMS = ["cannot_tell", "not_supported", "moves_together"]


def standing(now, *before):
    (found,) = with_standing([now], before)
    return found.standing, found.before


@pytest.mark.parametrize("answer", CLAIMS)
def test_a_claim_is_new_until_a_final_of_an_earlier_period_has_it(answer):
    assert standing(told(answer)) == ("new", "")
    assert standing(told(answer), told("cannot_tell")) == ("new", "")
    assert standing(told(answer), told(answer)) == ("confirmed", "")
    assert standing(told(answer), told(answer, link=LINK.model_copy(update={"leading": "burnout"}))) == ("new", "")


@pytest.mark.parametrize("answer", NO_CLAIMS)
def test_what_claims_nothing_stands_for_nothing(answer):
    assert standing(told(answer)) == ("", "")
    assert standing(told(answer), told(answer)) == ("", "")
    assert [standing(told(answer), told(other)) for other in NO_CLAIMS] == [("", "")] * 3


@pytest.mark.parametrize("answer", NO_CLAIMS)
@pytest.mark.parametrize("before", CLAIMS)
def test_a_claim_that_is_lost_says_what_it_was(answer, before):
    assert standing(told(answer), told(before)) == ("changed", before)


def test_a_claim_that_became_another_is_new_and_says_what_it_was():
    assert standing(told("contradicted"), told("supported")) == ("new", "supported")


@pytest.mark.parametrize("field", ["within", "expect", "least", "by", "edits"])
def test_what_was_found_under_another_claim_confirms_nothing(field):
    other = {"within": 2, "expect": "positive", "least": 0.3, "by": "engagement", "edits": EDITED.edits}[field]
    assert standing(told("supported"), told("supported", link=LINK.model_copy(update={field: other}))) == ("new", "")


def test_another_reason_is_no_other_claim():
    worded = LINK.model_copy(update={"because": "better worded"})
    assert standing(told("supported", link=worded), told("supported")) == ("confirmed", "")


def test_a_practices_own_answer_counts_where_the_group_could_not_be_tested():
    alone = told("cannot_tell", "supported", p=None)
    assert standing(alone) == ("new", "")
    assert standing(alone, alone) == ("confirmed", "")
    assert standing(alone, told("supported", "supported")) == ("new", "")
    assert standing(told("cannot_tell", "supported"), alone) == ("changed", "supported")


def test_every_edit_counts():
    (found,) = with_standing([told("cannot_tell", link=EDITED)], [])
    assert found.edits == 1


def test_a_draft_compares_with_the_newest_final_of_an_earlier_period(tmp_path, tested):
    loaded = group(tmp_path)

    def drafted(period):
        (link,) = draft_of(loaded, "a", period)[0].links
        return link.standing

    tested(told("supported"))
    assert drafted("2026Q2") == "new"
    make_final(loaded, "2026Q2")
    append(tmp_path, "g", {"what": "reopen", "period": "2026Q2", "practice": "a", "n": 1})
    assert drafted("2026Q2") == "new"  # its own reopened final confirms nothing
    assert drafted("2026Q3") == "confirmed"
    tested(told("cannot_tell"))
    assert drafted("2026Q3") == "changed"
    make_final(loaded, "2026Q2", n=2)
    assert drafted("2026Q3") == ""
