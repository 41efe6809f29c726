"""Claims' KPIs: how much of what is sent to payers comes back unpaid, and how well it was coded."""

import narwhals as nw

from bsc_analysis.kpis.kpi import Ratio, col
from bsc_analysis.kpis.reasons import DUPLICATE, NOT_DENIALS, reason_in
from bsc_analysis.tables import CLAIMS, CODING_AUDITS

SUBMITTED = ~reason_in("denial_reason", DUPLICATE)  # a duplicate is no submission of its own
DENIED = ~col("denied_at").is_null() & ~reason_in("denial_reason", NOT_DENIALS)
RUN_OUT = 90  # days in which payers answer nearly all claims

denial_rate = Ratio(
    id="denial_rate",
    title="Denied claims",
    aliases=("denial rate", "denials", "claim denials", "initial denials"),
    perspective="financial",
    role="leading",
    better="down",
    unit="%",
    scale=100,
    table=CLAIMS,
    at="submitted_at",
    known_at="denied_at",
    matures_days=RUN_OUT,
    numerator=SUBMITTED & DENIED,
    denominator=SUBMITTED,
    counts="events",
    least_n=20,
    plain="Of every hundred claims sent to payers, how many were denied at first, wholly or in part.",
    why="Each denial is work done twice and money that comes late, or never.",
    formula="claims denied at first ÷ claims submitted",
    source="F05, HFMA initial denial rate; variant: claims, by submission date; PR-1, PR-2, PR-3 and CO-45 are no "
    "denials, duplicates (CARC 18) left out, rejections before adjudication never counted",
)

denied_dollars = Ratio(
    id="denied_dollars",
    title="Denied dollars",
    aliases=("dollars denied",),
    perspective="financial",
    role="leading",
    better="down",
    unit="%",
    scale=100,
    table=CLAIMS,
    at="submitted_at",
    known_at="denied_at",
    matures_days=RUN_OUT,
    numerator=nw.when(SUBMITTED).then(nw.when(DENIED).then(col("charge")).otherwise(nw.lit(0.0))),
    denominator=nw.when(SUBMITTED).then(col("charge")),
    interval="none",
    n_is="rows",
    counts="money",
    plain="Of every hundred dollars charged to payers, how many were on claims denied at first.",
    why="It tells whether the denials are of large claims or of small ones.",
    formula="charges of claims denied at first ÷ charges of claims submitted",
    source="F06, HFMA initial denial rate, dollars; variant: the whole charge of a claim denied in part, by submission "
    "date; the same claims left out as in denied claims",
)

clean_claims = Ratio(
    id="clean_claims",
    title="Clean claims",
    aliases=("clean claim rate",),
    perspective="financial",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=CLAIMS,
    at="submitted_at",
    numerator=col("clean"),
    denominator=~col("clean").is_null(),
    counts="events",
    least_n=20,
    plain="Of every hundred claims, how many went out without anybody having to mend them.",
    why="A claim that needs no mending is paid sooner and costs less.",
    formula="claims that passed every edit untouched ÷ claims of which that is known",
    source="F08, HFMA CL-1; variant: edits (not first-pass paid), from the claim-edit log, never from the 835",
)

billing_accuracy = Ratio(
    id="billing_accuracy",
    title="Billing accuracy",
    aliases=("coding accuracy",),
    perspective="processes",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=CODING_AUDITS,
    at="audited_at",
    numerator=~col("error"),
    denominator=~col("error").is_null(),
    counts="events",
    least_n=10,
    plain="Of every hundred claims that an auditor looked at, how many had no error.",
    why="Errors are denied, or paid and taken back.",
    formula="audited claims without error ÷ audited claims",
    source="I13, AHIMA/AAPC; variant: claim level, by the day of the audit",
)

KPIS = (denial_rate, denied_dollars, clean_claims, billing_accuracy)
