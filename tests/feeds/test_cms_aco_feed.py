"""CMS's yearly files: names, units and marks of a missing value differ by year and become one table."""

import csv
import io

import pytest

from bsc_analysis.errors import FeedError
from bsc_analysis.feeds.cms_aco import PUBLISHED
from bsc_analysis.params.feed_models import CmsAco
from tests.builders import aco, counts, read, refusals, rows, text


def published(block):
    """A year's CSV from a table that stands on its side: a column a line, a network a field."""
    fields = [[field.strip() for field in line.split("|")] for line in text(block).splitlines()]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(zip(*fields, strict=True))
    return out.getvalue()


# As in 2022: the score in per cent with a sign, '-', '*' and blanks for what is missing, columns that we do not read.
PY2022 = published("""
    ACO_ID                  | A1001           | A1006      | A1007
    ACO_Name                | Palm Beach, LLC | Hackensack | Losing
    Sav_rate                | 6.46%           | 0.58%      | -1.00%
    N_AB                    | 74992           | 30,324     | 10000
    N_AB_Year_PY            | 73400           | 29624      | 9900
    ABtotBnchmk             | 966116777       | 427696841  | $100,000,000
    ABtotExp                | 903712089       | 425214479  | 101000000
    EarnSaveLoss            | 45867446        | 0          | (500000)
    Per_Capita_Exp_TOTAL_PY | 12312           | 14354      | 9000
    CAHPS_1                 | 85.25           | -          | 80
    CAHPS_2                 | 93.06           | *          | 90
    CAHPS_3                 | 91.69           |            | 90
    CAHPS_4                 | 75.47           | N/A        | 70
    P_EDV_Vis               | 533             | *          | 500
    ADM                     | 237             |            | 200
    Measure_479             | 0.1726          | -          | 0.15
    QualScore               | 89.41%          | -          | 77%
    N_PCP                   | 568             | 552        | 10
    N_Spec                  | 703             | 552        | 20
    N_NP                    | 485             | 285        | 30
    N_PA                    | 140             | 177        | 40
    """)
# As in 2024: columns in another order and more of them, the score in points.
PY2024 = published("""
    ACO_ID                           | A1001
    ACO_Name                         | PBACO Holding, LLC
    QualScore                        | 77.05
    Report_eCQM_CQM_MedicareCQM      | 1
    N_AB                             | 116175
    N_AB_Year_PY                     | 113967
    ABtotBnchmk                      | 1650927172
    ABtotExp                         | 1504130805
    EarnSaveLoss                     | 107895330
    Per_Capita_Exp_TOTAL_PY          | 13198
    CAHPS_4                          | 77.14
    CAHPS_3                          | 94.67
    CAHPS_2                          | 96.08
    CAHPS_1                          | 89.68
    P_EDV_Vis                        | 561
    ADM                              | 248
    Measure_479                      | 0.25
    N_PA                             | 300
    N_NP                             | 1076
    N_Spec                           | 100
    N_PCP                            | 1102
    """)
ROW = "{id},{name},,1,1,1,1,1,1,,,,,,,,,1,1,1,1\n"


def year(*lines):
    return PY2022.splitlines()[0] + "\n" + "".join(lines)


def test_two_years_come_in_one_unit(tmp_path):
    delivery = aco(tmp_path, {"raw/2022.csv": PY2022, "raw/PY 2024 results.csv": PY2024}, path="raw/*.csv")
    assert counts(delivery) == "4 = 4 + 0 + 0"
    assert rows(delivery.rows, "practice year quality_score readmission_rate beneficiaries earned_savings_usd") == [
        "A1001 2022-01-01 89.41 17.26 74992 45867446",
        "A1006 2022-01-01 ~ ~ 30324 0",
        "A1007 2022-01-01 77 15 10000 -500000",
        "A1001 2024-01-01 77.05 25 116175 107895330",
    ]
    assert rows(delivery.rows, "cahps_access cahps_specialist_access pcps physician_assistants")[::3] == [
        "85.25 75.47 568 140",
        "89.68 77.14 1102 300",
    ]


@pytest.mark.shared
def test_the_files_as_published_are_used_whole(shared):
    delivery = read(shared / "data" / "cms_aco", CmsAco(kind="cms_aco", path="raw/*.csv"), {}, practices=None)
    assert counts(delivery) == "1411 = 1411 + 0 + 0"
    millions = delivery.rows.groupby("year")["earned_savings_usd"].sum() / 1e6
    assert millions.round(1).tolist() == [2524.5, 3080.2, 4104.2]
    assert delivery.rows["quality_score"].between(10, 100).all()
    assert delivery.rows["readmission_rate"].dropna().between(5, 30).all()


def test_what_cms_withholds_is_missing_never_zero(tmp_path):
    delivery = aco(tmp_path, {"2022.csv": PY2022})
    withheld = (
        "cahps_access cahps_communication cahps_provider_rating cahps_specialist_access "
        "ed_visits_per_1000 admissions_per_1000 readmission_rate quality_score"
    )
    assert rows(delivery.rows, withheld)[1] == "~ ~ ~ ~ ~ ~ ~ ~"
    assert rows(delivery.rows, "earned_savings_usd")[1] == "0"


def test_the_files_name_their_practices(tmp_path):
    delivery = aco(tmp_path, {"2022.csv": PY2022, "2024.csv": PY2024})
    assert rows(delivery.titles, "practice at title") == [
        "A1001 2022-01-01 Palm Beach, LLC",
        "A1006 2022-01-01 Hackensack",
        "A1007 2022-01-01 Losing",
        "A1001 2024-01-01 PBACO Holding, LLC",
    ]


def test_a_year_delivered_twice_counts_once(tmp_path):
    delivery = aco(tmp_path, {"2022.csv": PY2022, "2022 copy.csv": PY2022})
    assert counts(delivery) == "6 = 3 + 0 + 3"


def test_one_network_with_two_rows_in_a_year_is_quarantined(tmp_path):
    delivery = aco(tmp_path, {"2022.csv": year(ROW.format(id="A1", name="x"), ROW.format(id="A1", name="y"))})
    assert counts(delivery) == "2 = 0 + 2 + 0"
    assert refusals(delivery)[0] == "2022.csv:2 year: the same key with other values"


@pytest.mark.parametrize("name", ["results.csv", "2022-2024.csv", "x20222.csv", "1999.csv"])
def test_a_file_without_one_year_in_its_name_is_refused(tmp_path, name):
    with pytest.raises(FeedError) as error:
        aco(tmp_path, {name: PY2022})
    assert str(error.value) == f"{name}: 1 problem\n  name  must hold the performance year once, such as 2024.csv"


def test_hostile_names_are_carried_as_text(tmp_path):
    names = ["<script>alert(1)</script>", "=cmd()|' /C calc'!A0", "@SUM(1)", "+1", "nan", "NULL", "{{7*7}}"]
    lines = [ROW.format(id=f"A{i}", name=name) for i, name in enumerate(names)]
    delivery = aco(tmp_path, {"2022.csv": year(*lines)})
    assert delivery.rows["name"].tolist() == delivery.titles["title"].tolist() == names


@pytest.mark.parametrize("id", ["../../evil", "A/1", "-A1", "A" * 33, "A 1", "<b>", "A1\u202e", "."])
def test_a_name_that_is_no_id_is_quarantined_and_not_told(tmp_path, id):
    delivery = aco(tmp_path, {"2022.csv": year(ROW.format(id=id, name="x"), ROW.format(id="A1", name="y"))})
    assert counts(delivery) == "2 = 1 + 1 + 0"
    assert refusals(delivery) == ["2022.csv:2 practice: not an id"]
    assert delivery.refused["practice"].tolist() == [""]
    assert delivery.titles["practice"].tolist() == ["A1"]


@pytest.mark.parametrize("mark", ["-", "*", "", "N/A"])
def test_a_network_without_a_figure_that_cannot_be_missing_is_quarantined(tmp_path, mark):
    content = PY2022.replace(",74992,", f",{mark},")
    delivery = aco(tmp_path, {"2022.csv": content})
    assert counts(delivery) == "3 = 2 + 1 + 0"
    assert refusals(delivery) == ["2022.csv:2 beneficiaries: blank"]


def test_a_figure_that_is_no_number_is_quarantined(tmp_path):
    delivery = aco(tmp_path, {"2022.csv": PY2022.replace("0.1726", "17.26%").replace(",80,90,", ",high,90,")})
    rule = "not an amount such as 1234.50, $1,234.50 or (50.00)"
    assert refusals(delivery) == [f"2022.csv:2 readmission_rate: {rule}", f"2022.csv:4 cahps_access: {rule}"]


def test_short_and_cut_rows_are_quarantined(tmp_path):
    delivery = aco(
        tmp_path, {"2022.csv": year(ROW.format(id="A1", name="x"), "A2,y\n", ROW.format(id="A3", name="z")[:-1])}
    )
    assert counts(delivery) == "3 = 1 + 2 + 0"
    assert [r.split(":")[1] for r in refusals(delivery)] == ["3 ", "4 "]


def test_a_year_without_rows_delivers_none(tmp_path):
    delivery = aco(tmp_path, {"2022.csv": year(), "2024.csv": PY2024})
    assert counts(delivery) == "1 = 1 + 0 + 0"
    assert rows(delivery.rows, "practice year") == ["A1001 2024-01-01"]


@pytest.mark.parametrize("column", sorted(PUBLISHED.values()))
def test_every_published_column_is_needed(tmp_path, column):
    with pytest.raises(FeedError) as error:
        aco(
            tmp_path,
            {"2022.csv": PY2022.replace(f"{column},", f"x{column},", 1).replace(f"{column}\n", f"x{column}\n", 1)},
        )
    assert f"column {column}  is not in the file. Did you mean x{column}?" in str(error.value)
    assert str(error.value).endswith("Correct the export")
