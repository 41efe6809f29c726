"""For people in a notebook: the rows behind a report and a KPI of one's own (`rows`), a link tested by hand (`links`),
and what other tests find where nothing leads (`shuffles`).
"""
