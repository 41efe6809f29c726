"""The check before anything runs: every name that nothing answers to, with the nearest that something does."""

from pathlib import Path

import pytest

from bsc_analysis.check import faults_of
from bsc_analysis.errors import ParamsError
from bsc_analysis.params import load_group
from bsc_analysis.tables import EXPORTED
from tests.builders import group

ROOT = Path(__file__).parents[2]
GROUP = """
    group: g
    title: The group
    grain: month
    kpis: {no_show_rate: , wait_median: {perspective: patients}}
    vital_signs: [no_show_rate]
    feeds:
      visits:
        kind: table_file
        table: visits
        path: "{practice}/visits.csv"
        columns: {visit_id: visit, patient_id: mrn, appointment_at: at, status: status}
      history:
        kind: readings
        path: history.csv
        practice: clinic
        period: month
        kpis: {wait_median: {value: wait}}
    links:
      - {leading: no_show_rate, lagging: wait_median, within: 3, expect: positive, because: why, declared: "2026-01-04"}
    breaks:
      - {kpis: [wait_median], at: "2026-03", because: a new phone}
    sections: [summary]
    """
A = "group: g\npractice: a\ntitle: Clinic a\n"


def faults(root, old="", new="", own=""):
    assert old in GROUP
    params = {"group.yaml": GROUP.replace(old, new) if old else GROUP, "a.yaml": A + own}
    (root / "notebooks" / "report").mkdir(parents=True)
    for section in ("summary", "methods"):
        (root / "notebooks" / "report" / f"{section}.ipynb").touch()
    return [f"{f.file.removeprefix('params/g/')} {f.place}: {f.message}" for f in faults_of(group(root, params))]


@pytest.mark.parametrize("name", ["demo", "cms_aco"])
def test_the_groups_that_we_ship_have_no_faults(name):
    assert faults_of(load_group(name, ROOT)) == []


def test_no_faults(tmp_path):
    assert faults(tmp_path) == []


CHOSEN = "is not among the chosen kpis."
HAS = "which the group does not have: financial, patients, processes, people"
THESE = f"({', '.join(t.name for t in EXPORTED)})"
FORM = "write day, month and year as in strftime, such as %d/%m/%Y"
FEW = "names too few columns: give value, or numerator and denominator"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "{no_show_rate: ,",
            "{no_show_rat: , no_show_rate: ,",
            "kpis.no_show_rat: is not a KPI. Did you mean no_show_rate?  (bsc list kpis)",
        ),
        (
            "{no_show_rate: ,",
            "{no_show_rate: {target: {value: 170, source: us}},",
            "kpis.no_show_rate.target.value: is 170; no-show rate lies between 0 and 100 %",
        ),
        (
            "{no_show_rate: ,",
            "{automated_share: {target: {value: 20, source: us}}, no_show_rate: ,",
            "kpis.automated_share.target: cannot be met or missed: of calls completed in automation neither more nor "
            "less is better; remove it",
        ),
        ("perspective: patients", "perspective: patient", f"kpis.wait_median: stands in perspective 'patient', {HAS}"),
        (
            "perspective: patients",
            'perspective: patients, reviewed: "2026-02-30"',
            "kpis.wait_median.reviewed: is '2026-02-30', which no calendar has",
        ),
        ("vital_signs: [", "vital_signs: [wait_medan, ", f"vital_signs wait_medan: {CHOSEN} Did you mean wait_median?"),
        ("vital_signs: [", "vital_signs: [burnout, ", f"vital_signs burnout: {CHOSEN}"),
        ("leading: no_show_rate", "leading: engagement", f"links[0].leading engagement: {CHOSEN}"),
        ("lagging: wait_median", "lagging: wait_p90", f"links[0].lagging wait_p90: {CHOSEN}"),
        ("lagging: wait_median", "lagging: no_show_rate", "links[0]: leads from no_show_rate to itself; name two KPIs"),
        ("2026-01-04", "2026-02-30", "links[0].declared: is '2026-02-30', which no calendar has"),
        ("kpis: [wait_median]", "kpis: [wait_medan]", f"breaks[0].kpis wait_medan: {CHOSEN} Did you mean wait_median?"),
        ("table: visits", "table: visit", f"feeds.visits.table: is 'visit'. Did you mean visits? {THESE}"),
        (", status: status", "", "feeds.visits.columns.status: is missing; visits needs it"),
        (
            ", status: status",
            ", status: s, new_patent: n",
            "feeds.visits.columns.new_patent: is not a column of visits. Did you mean new_patient?",
        ),
        (
            '"{practice}/visits.csv"',
            "visits.csv",
            "feeds.visits.columns.practice: covers the whole group, so name the column that holds the practice's id",
        ),
        (
            "table: visits",
            "table: visits\n        date_format: dd/mm/yyyy",
            f"feeds.visits.date_format: is 'dd/mm/yyyy'; {FORM}",
        ),
        ("table: visits", "table: visits\n        date_format: mixed", f"feeds.visits.date_format: is 'mixed'; {FORM}"),
        (
            "{wait_median: {value: wait}}",
            "{wait_medan: {value: wait}}",
            "feeds.history.kpis.wait_medan: is not a KPI. Did you mean wait_median?",
        ),
        ("{value: wait}", "{numerator: wait}", f"feeds.history.kpis.wait_median: {FEW}"),
        ("{value: wait}", "{n: wait}", f"feeds.history.kpis.wait_median: {FEW}"),
        ("[summary]", "[sumary]", "sections: 'sumary' is not a section. Did you mean summary?  (bsc list sections)"),
        (
            "grain: month",
            "grain: month\n    practices: {from_feed: histroy}",
            "practices.from_feed histroy: is not a feed of this group. Did you mean history?",
        ),
    ],
)
def test_a_name_that_nothing_answers_to(tmp_path, old, new, expected):
    assert faults(tmp_path, old, new) == [f"group.yaml {expected}"]


def test_practices_can_come_only_from_a_feed_that_names_them(tmp_path):
    assert faults(tmp_path, "grain: month", "grain: month\n    practices: {from_feed: history}") == [
        "group.yaml practices.from_feed history: names no practices; a feed of kind cms_aco does, "
        "or one of kind readings with a title"
    ]


LINK = "links: [{{leading: {}, lagging: {}, within: 1, expect: positive, because: x, declared: '2026-01-04'}}]\n"


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("kpis: {burnut: }\n", "kpis.burnut: is not a KPI. Did you mean burnout?  (bsc list kpis)"),
        ("kpis: {burnout: {perspective: peple}}\n", f"kpis.burnout: stands in perspective 'peple', {HAS}"),
        ("kpis: {no_show_rate: {perspective: peple}}\n", f"kpis.no_show_rate: stands in perspective 'peple', {HAS}"),
        (LINK.format("burnout", "wait_median"), f"links[0].leading burnout: {CHOSEN}"),
        ("breaks: [{kpis: [burnout], at: '2026', because: x}]\n", f"breaks[0].kpis burnout: {CHOSEN}"),
        (
            "feeds: {own: {kind: table_file, table: ledgr, path: x.csv, columns: {}}}\n",
            f"feeds.own.table: is 'ledgr'. Did you mean ledger? {THESE}",
        ),
        ("sections: [method]\n", "sections: 'method' is not a section. Did you mean methods?  (bsc list sections)"),
    ],
)
def test_a_practices_own_slip_is_told_in_its_own_file(tmp_path, own, expected):
    assert faults(tmp_path, own=own) == [f"a.yaml {expected}"]


def test_a_practices_own_kpi_may_be_linked_and_broken(tmp_path):
    own = "kpis: {burnout: }\nbreaks: [{kpis: [burnout], at: '2026', because: x}]\n" + LINK.format(
        "burnout", "wait_median"
    )
    assert faults(tmp_path, own=own) == []


def test_the_groups_slip_is_told_once_however_many_practices(tmp_path):
    own = "kpis: {wait_median: {owner: me}, no_show_rate: {owner: me}}\n"
    assert len(faults(tmp_path, "perspective: patients", "perspective: patient", own)) == 1


def test_two_slips_read_as_a_table(tmp_path):
    params = {"group.yaml": GROUP.replace("{no_show_rate: ,", "{no_show_rat: , no_show_rate: ,"), "a.yaml": A}
    loaded = group(tmp_path, {"group.yaml": params["group.yaml"].replace("[summary]", "[sumary]"), "a.yaml": A})
    assert str(ParamsError(faults_of(loaded))) == (
        "params/g/group.yaml: 2 problems\n"
        "  sections          'sumary' is not a section.  (bsc list sections)\n"
        "  kpis.no_show_rat  is not a KPI. Did you mean no_show_rate?  (bsc list kpis)"
    )
