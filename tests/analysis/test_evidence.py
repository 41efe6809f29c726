"""The evidence of a report's links on a small store: what was tested, and what was asked of a found effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis import evidence as module
from bsc_analysis.analysis import whole
from bsc_analysis.analysis.evidence import evidence
from tests.stores import group_of, store_of

MONTHS = pd.period_range("2023-01", periods=36, freq="M")
NAMES = [f"p{i}" for i in range(12)]
SIDES = ["numerator", "denominator", "value", "n"]
LINK = {"within": 1, "because": "Told.", "declared": "2023-01-01", "expect": "positive"}


def told(kpi: str, values: np.ndarray, n: int) -> pd.DataFrame:
    """Ready-made readings, months × practices."""
    frame = pd.DataFrame(values, [str(m) for m in MONTHS], NAMES).rename_axis(index="period", columns="practice")
    long = frame.stack().rename("value").reset_index().assign(kpi=kpi, n=float(n), numerator=None, denominator=None)
    return long[["practice", "kpi", "period", *SIDES]]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Ratings move new patients a month later, the more the more hours were trained; engagement moves nothing."""
    rng = np.random.default_rng(5)
    rating, hours, engaged, new = (rng.standard_normal((36, 12)) for _ in range(4))
    new[1:] += (0.8 + 0.5 * hours[:-1]) * rating[:-1]
    given = [
        told("provider_rating", 78 + 4 * rating, 1000),
        told("new_patient_share", 30 + 2 * new, 500),
        told("training_hours", 9 + hours, 10),
        told("engagement", 60 + 4 * engaged, 20),
    ]
    links = [
        {"leading": "provider_rating", "lagging": "new_patient_share", "by": "training_hours", "least": 0.1} | LINK,
        {"leading": "engagement", "lagging": "new_patient_share", "by": "training_hours", "least": 0.1} | LINK,
    ]
    kpis = ["provider_rating", "new_patient_share", "training_hours", "engagement"]
    group = group_of(kpis, NAMES, links=links)
    practices = {id: type(p)(**vars(p) | {"links": tuple(group.shared.links)}) for id, p in group.practices.items()}
    group = type(group)(group.workspace, group.data, group.shared, practices)
    store = store_of(tmp_path_factory.mktemp("s"), given_readings=pd.concat(given))
    return group, store, evidence(group, "p0", MONTHS[-1], store)


def test_a_found_effect_is_described_and_nothing_else_is(found):
    rating, engagement = found[2]
    assert (rating.group.answer, rating.moderated.answer) == ("supported", "stronger")
    assert rating.moderated.q_value == rating.moderated.p  # the only one that was asked
    assert rating.saturation.knot == 80 and rating.saturation.p is not None and rating.saturation.practices == 12
    assert rating.attenuation.slope == rating.group.effect
    noise = 100**2 * 0.78 * 0.22 / 1000  # of 1,000 answers, in points², of 16 that it moves by
    assert rating.attenuation.reliability == pytest.approx(1 - noise / 16, abs=0.02)
    assert engagement.group.answer not in module.PASSED
    assert engagement.saturation is engagement.attenuation is engagement.moderated is engagement.departure is None


def test_it_is_asked_once_for_all_reports(found, monkeypatch):
    group, store, first = found
    monkeypatch.setattr(whole, "describe", None)
    monkeypatch.setattr(whole, "test_group_link", None)
    again = evidence(group, "p1", MONTHS[-1], store)
    assert (again[0].saturation, again[0].attenuation, again[0].moderated) == (
        first[0].saturation,
        first[0].attenuation,
        first[0].moderated,
    )


def test_what_a_practice_has_is_told_where_it_cannot_be_tested(found):
    group, store, _ = found
    early = evidence(group, "p0", MONTHS[9], store)
    assert [(t.own.reason, t.own.points) for t in early] == [("too_few_points", 10)] * 2
