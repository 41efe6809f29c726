"""Patients' KPIs: what patients say, and whether new ones come and how long they wait for it."""

import narwhals as nw

from bsc_analysis.kpis.kpi import TOP_BOX_FLAT, Quantile, Ratio, col
from bsc_analysis.kpis.receivables import days_from
from bsc_analysis.tables import SURVEY_ANSWERS, VISITS

provider_rating = Ratio(
    id="provider_rating",
    title="Provider rated 9 or 10",
    short="patients' rating of their provider",
    aliases=("patient satisfaction", "top-box rating"),
    perspective="patients",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=SURVEY_ANSWERS,
    at="answered_at",
    numerator=(col("survey") == "patient") & (col("question") == "provider_rating") & (col("answer") >= 9),
    denominator=(col("survey") == "patient") & (col("question") == "provider_rating"),
    counts="respondents",
    least_n=10,
    plain="Of every hundred patients who answered, how many gave their provider 9 or 10 out of 10.",
    why="Patients who rate their provider highly come back and bring others.",
    formula="answers of 9 or 10 ÷ all answers to the 0–10 provider rating",
    source="P05, CG-CAHPS 3.x provider rating, top box; not adjusted for case mix",
    flat_above=TOP_BOX_FLAT,
    top_box=True,
)

new_patient_share = Ratio(
    id="new_patient_share",
    title="New patients",
    aliases=("share of new patients",),
    perspective="patients",
    role="lagging",
    better="up",
    unit="%",
    scale=100,
    table=VISITS,
    at="appointment_at",
    numerator=(col("status") == "kept") & col("new_patient"),
    denominator=(col("status") == "kept") & ~col("new_patient").is_null(),
    counts="events",
    plain="Of every hundred kept visits, how many were a patient's first.",
    why="Growth begins with people who come for the first time.",
    formula="kept visits of new patients ÷ kept visits whose kind is known",
    source="P12; variant: kept visits",
)


response_rate = Ratio(
    id="response_rate",
    title="Survey response",
    aliases=("response rate",),
    perspective="patients",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=SURVEY_ANSWERS,
    at="answered_at",
    numerator=nw.when(col("survey") == "patient").then(col("question") == "provider_rating"),
    over=VISITS,
    over_at="appointment_at",
    denominator=col("status") == "kept",
    counts="patients",
    least_n=20,
    plain="For every hundred kept visits, how many patients answered the survey.",
    why="The fewer answer, the less the other answers tell of those who did not.",
    formula="completed patient surveys ÷ kept visits",
    source="P07; variant: over the kept visits of the same period (who was asked is not known); a survey counts as "
    "completed when its provider rating is answered",
)

new_patient_wait = Quantile(
    id="new_patient_wait",
    title="New patients' wait for a visit",
    aliases=("new-patient wait", "new-patient lag", "waits", "wait times"),
    perspective="patients",
    role="leading",
    better="down",
    unit="days",
    table=VISITS,
    at="appointment_at",
    value=days_from("booked_at", "appointment_at"),
    eligible=(col("status") == "kept") & col("new_patient").fill_null(False),
    q=0.5,
    counts="events",
    least_n=10,
    plain="Half of the new patients came within so many days of booking, half later.",
    why="Who has to wait weeks for a first visit books it elsewhere.",
    formula="median of (day of the visit − day of the booking) over new patients' kept visits",
    source="P09; variant: by visit, calendar days, median (who still waits is not in it); visits booked after they "
    "took place left out",
)

KPIS = (provider_rating, response_rate, new_patient_share, new_patient_wait)
