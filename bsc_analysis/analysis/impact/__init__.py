"""Whether an action moved a KPI: interrupted series, comparisons with practices that did not act, claims audited."""
