"""What a KPI is. A definition says what is counted; params say which KPIs, how much and since when."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

import narwhals as nw

from bsc_analysis.tables import Table

Role = Literal["leading", "lagging"]
Better = Literal["up", "down", "neutral"]
Counts = Literal["patients", "staff", "respondents", "events", "money"]
col = nw.col
TOP_BOX_FLAT = 80.0  # %: above so many contented answers in a hundred, more of them are said to change little


@dataclass(frozen=True, kw_only=True)
class KPI:
    """What all KPIs declare.

    `title` heads its card and `short` stands for it within a sentence, where a small first letter would be
    wrong; `aliases` are what people call it as well; `plain` says it to a patient, `why` says what hangs on it,
    `source` names the definition and the variant taken. `counts` says whether n counts people (see disclosure.py).
    `least_n`: below it a reading is `too_few`. `matures_days`: how long after a period's end its rows still change.
    `scale` turns numerator / denominator into the unit (100 for %, 1000 for 'per 1,000'). `flat_above`: the value above
    which more of it is known to bring little; a link that it leads is asked whether that shows. `same_people`: the same
    persons answer period after period, so chance moves a reading by less than its interval says.
    """

    id: str
    title: str
    perspective: str
    role: Role
    better: Better
    unit: str
    plain: str
    why: str
    formula: str
    source: str
    counts: Counts
    decimals: int = 1
    least_n: int = 0
    matures_days: int = 0
    scale: float = 1.0
    short: str = ""
    aliases: tuple[str, ...] = ()
    flat_above: float | None = None
    same_people: bool = False
    pooled: ClassVar[bool] = True

    @property
    def in_sentence(self) -> str:
        """The title inside a sentence: `short`, else the title with a small first letter."""
        return self.short or self.title[0].lower() + self.title[1:]

    @property
    def possible(self) -> tuple[float, float]:
        """The least and the greatest value that it can have, in its unit."""
        return (-inf, inf)

    @property
    def measures(self) -> str:
        """What its number is, as a benchmark says it of its own (params.models.Standard); '' where nobody told."""
        return ""


@dataclass(frozen=True, kw_only=True)
class TableKPI(KPI):
    """A KPI computed from the rows of one table, dated by its column `at`.

    `known_at`: the column that says when a row became known, where rows of a period keep coming in for months.
    """

    table: Table
    at: str
    known_at: str = ""


@dataclass(frozen=True, kw_only=True)
class Ratio(TableKPI):
    """Σ numerator / Σ denominator × scale: sums first, then one division; no denominator, no value.

    The denominator may stand in another table (`over`, dated by `over_at`). `interval` says what the numerator
    is: a 'proportion' of the denominator (Wilson), a 'count' per exposure (exact Poisson), or 'none' (money).
    `n_is`: what n counts, the denominator (visits, answers, people) or, where that is money, the rows. `top_box`: a
    share of answers in the highest boxes of a scale.
    """

    numerator: nw.Expr
    denominator: nw.Expr
    over: Table | None = None
    over_at: str = ""
    interval: Literal["proportion", "count", "none"] = "proportion"
    n_is: Literal["denominator", "rows"] = "denominator"
    top_box: bool = False

    @property
    def measures(self) -> str:
        if self.top_box:
            return "top_box_share"
        return {"proportion": "share", "count": "per_exposure", "none": "amount"}[self.interval]

    @property
    def possible(self) -> tuple[float, float]:
        share, counted = self.interval == "proportion", self.interval != "none"
        return (0.0 if counted else -inf), (self.scale if share else inf)


@dataclass(frozen=True, kw_only=True)
class Total(TableKPI):
    """Σ amount / scale, such as dollars saved; there is no denominator and no interval."""

    amount: nw.Expr


@dataclass(frozen=True, kw_only=True)
class Quantile(TableKPI):
    """The quantile `q` of `value` over the rows where `eligible`; rows without a value are left out and counted.

    It cannot be summed, so each grain is computed from the rows. The interval is by order statistics.
    """

    value: nw.Expr
    eligible: nw.Expr
    q: float
    pooled: ClassVar[bool] = False

    @property
    def measures(self) -> str:
        return {0.5: "median", 0.9: "percentile_90"}.get(self.q, "")

    @property
    def possible(self) -> tuple[float, float]:
        return (0.0, inf)


@dataclass(frozen=True, kw_only=True)
class Stock(TableKPI):
    """Σ balance of a month / Σ flow per day of the `months` that end with it: how many days of flow the stock holds.

    It cannot be summed: a longer period's stock is that of its last month. Without the balance, or without a flow in
    each of the months, there is no value.
    """

    balance: nw.Expr
    flow: nw.Expr
    months: int
    pooled: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class Published(TableKPI):
    """A value as its source publishes it, without numerator and n: shown, never pooled, without interval."""

    value: nw.Expr
    pooled: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class PeerScore(KPI):
    """Mean over the KPIs `of` of how many SDs (ddof 1) a practice lies from the group's mean in that period.

    It needs every practice of the group and is computed from readings, never read from a file.
    """

    of: tuple[str, ...]
    pooled: ClassVar[bool] = False
