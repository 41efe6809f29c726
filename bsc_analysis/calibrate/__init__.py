"""How often the link tests err, measured: designs where the truth is known, the tests and the naive ones beside them.

`designs` draws pairs of KPIs, `naive` holds the tests that must not be used, `cells` says what is asked of what and
which bar it must meet, `measure` asks it, `run` does so resumably, `page` tells it in docs/calibration.md.
"""
