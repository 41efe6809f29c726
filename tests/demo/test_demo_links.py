"""What was planted between KPIs shows in them, and what was not does not."""

import numpy as np


def slopes(readings, leading, lagging):
    """Slope and t of the lagging KPI on the leading one 0–5 months before, each less its practice's mean."""
    found = {}
    for lag in range(6):
        pair = readings[[leading, lagging]].copy()
        pair[leading] = pair.groupby("practice")[leading].shift(lag)
        pair = pair.dropna()
        x, y = (pair - pair.groupby("practice").transform("mean")).to_numpy().T
        slope = x @ y / (x @ x)
        error = np.sqrt(np.sum((y - slope * x) ** 2) / (len(x) - 13) / (x @ x))
        found[lag] = (slope, slope / error)
    return found


def test_planted_links_show_with_their_sign_at_their_lag(readings, truth):
    for link in truth["links_planted"]:
        found = slopes(readings, link["leading"], link["lagging"])
        slope, t = found[link["lag"]]
        assert np.sign(slope) == np.sign(link["effect"]), link
        assert abs(t) > 4, (link, t)
        assert max(found, key=lambda lag: abs(found[lag][1])) == link["lag"], (link, found)


def test_burnout_does_not_lead_no_shows(readings, truth):
    assert {"leading": "burnout", "lagging": "no_show_rate"} in truth["links_not_planted"]
    assert all(abs(t) < 3 for _, t in slopes(readings, "burnout", "no_show_rate").values())
