"""Links as declared: what contradicts itself is told at once, and no claim changes without leaving a trace."""

import json
from itertools import count, pairwise

import pytest
import yaml

from bsc_analysis.check import faults_of
from bsc_analysis.errors import ParamsError
from bsc_analysis.report.publish import publish
from tests.builders import group

SHARED = {
    "group": "g",
    "title": "The group",
    "grain": "month",
    "feeds": {},
    "kpis": dict.fromkeys(["burnout", "engagement", "no_show_rate", "provider_rating", "wait_median"]),
}
FIRST = {"leading": "wait_median", "lagging": "provider_rating", "within": 3, "expect": "negative", "because": "why"}
FIRST |= {"declared": "2026-01-04"}


def link(leading="wait_median", lagging="provider_rating", **told):
    return FIRST | {"leading": leading, "lagging": lagging} | told


def edit(at, **was):
    return {"at": at, "was": was, "because": "we learnt better"}


ENDED = {"leading": "no_show_rate", "lagging": "provider_rating", "ended": "2026-08-01", "because": "no longer held"}


def workspace(root, *links, own=(), ended=()):
    practice = {"group": "g", "practice": "a", "title": "A", "links": list(own)}
    files = {
        "group.yaml": SHARED | ({"ended_links": list(ended)} if ended else {}) | {"links": list(links)},
        "a.yaml": practice,
    }
    return group(root, {name: yaml.safe_dump(facts) for name, facts in files.items()})


def faults(root, *links, own=(), ended=()):
    """'file place: message', one a fault."""
    found = faults_of(workspace(root, *links, own=own, ended=ended))
    return [f"{f.file.removeprefix('params/g/')} {f.place}: {f.message}" for f in found]


def test_a_moderator_and_edits_may_be_declared(tmp_path):
    edits = [edit("2026-02-01", expect="positive"), edit("2026-03-01", least=None, by=None)]
    declared = link(by="engagement", least=0.5, edits=edits)
    assert faults(tmp_path, declared) == []
    (read,) = workspace(tmp_path, declared).practices["a"].links
    assert [each.was.model_dump() for each in read.edits] == [{"expect": "positive"}, {"least": None, "by": None}]


@pytest.mark.parametrize(
    "was, message",
    [
        ({"expekt": "positive"}, "links[0].edits[0].was.expekt (line 17): is not known here. Did you mean expect?"),
        ({"expect": None}, "links[0].edits[0].was.expect (line 17): is 'null'; write positive or negative"),
        ({"within": 0}, "links[0].edits[0].was.within (line 17): input should be greater than or equal to 1"),
    ],
)
def test_a_slip_of_an_edits_shape_is_told_in_its_line(tmp_path, was, message):
    with pytest.raises(ParamsError) as error:
        workspace(tmp_path, link(edits=[edit("2026-02-01", **was)]))
    assert [f"{f.place}: {f.message}" for f in error.value.faults] == [message]


CHOSEN = "is not among the chosen kpis."


@pytest.mark.parametrize(
    "told, message",
    [
        ({"by": "engagemet"}, f"links[0].by engagemet: {CHOSEN} Did you mean engagement?"),
        ({"by": "wait_median"}, "links[0].by: is wait_median, an end of the link itself; name a third KPI"),
        ({"by": "provider_rating"}, "links[0].by: is provider_rating, an end of the link itself; name a third KPI"),
        (
            {"edits": [edit("2026-01-03", expect="positive")]},
            "links[0].edits[0].at: is 2026-01-03, before the link was declared (2026-01-04); "
            "write the oldest edit first",
        ),
        (
            {"edits": [edit("2026-03-01", expect="positive"), edit("2026-02-01", within=2)]},
            "links[0].edits[1].at: is 2026-02-01, before the edit above it (2026-03-01); write the oldest edit first",
        ),
        (
            {"edits": [edit("2026-02-30", expect="positive")]},
            "links[0].edits[0].at: is '2026-02-30', which no calendar has",
        ),
        (
            {"edits": [edit("2026-02-01", within=3)]},
            "links[0].edits[0].was.within: is 3, as it is after the edit; name what was other",
        ),
        (
            {"edits": [edit("2026-02-01", expect="negative"), edit("2026-03-01", expect="negative")]},
            "links[0].edits[0].was.expect: is negative, as it is after the edit; name what was other|"
            "links[0].edits[1].was.expect: is negative, as it is after the edit; name what was other",
        ),
        (
            {"edits": [edit("2026-02-01")]},
            "links[0].edits[0].was: names nothing; write what the link said before, as {expect: positive}",
        ),
    ],
)
def test_a_link_that_contradicts_itself(tmp_path, told, message):
    assert faults(tmp_path, link(**told)) == [f"group.yaml {each}" for each in message.split("|")]


def test_a_claim_may_change_and_change_back(tmp_path):
    there_and_back = [edit("2026-02-01", expect="negative"), edit("2026-02-01", within=6)]
    assert faults(tmp_path, link(edits=[*there_and_back, edit("2026-03-01", expect="positive")])) == []


def test_a_pair_is_declared_once_in_the_group_and_its_practices(tmp_path):
    again = link(expect="positive")
    assert faults(tmp_path, link(), again, own=[again]) == [
        "group.yaml links[1]: declares wait_median → provider_rating again, after links[0]; keep one of them",
        "a.yaml links[0]: declares wait_median → provider_rating again, after group.yaml; keep one of them",
    ]


FIRST_CAUSE = "take one of them out, so that there is a first cause"


def test_a_circle_is_named_in_its_order_whatever_the_order_of_the_links(tmp_path):
    chain = ["engagement", "wait_median", "provider_rating", "engagement"]
    links = [link(*pair) for pair in pairwise(chain)]
    outside = [link("burnout", "engagement"), link("provider_rating", "no_show_rate")]
    for n, order in zip(count(), ([0, 1, 2], [2, 1, 0], [1, 0, 2]), strict=False):
        first = links[order[0]]["leading"]
        at = chain.index(first)
        circle = " → ".join([*chain[at:3], *chain[:at], first])
        found = faults(tmp_path / str(n), outside[0], *(links[i] for i in order), outside[1])
        assert found == [f"group.yaml links: lead in a circle: {circle}; {FIRST_CAUSE}"]


def test_every_circle_is_told_at_once_each_in_the_file_that_closes_it(tmp_path):
    both = [link("engagement", "wait_median"), link("wait_median", "engagement")]
    found = faults(tmp_path, *both, link(), own=[link("provider_rating", "wait_median")])
    assert found == [
        f"group.yaml links: lead in a circle: engagement → wait_median → engagement; {FIRST_CAUSE}",
        f"a.yaml links: lead in a circle: wait_median → provider_rating → wait_median; {FIRST_CAUSE}",
    ]


def test_a_kpi_linked_to_itself_is_told_once(tmp_path):
    assert faults(tmp_path, link("burnout", "burnout")) == [
        "group.yaml links[0]: leads from burnout to itself; name two KPIs"
    ]


# --- against what was made final ---


def make_final(root, *links, own=(), ended=(), period="2026Q2", on="2026-07-06", practice="a", n=1):
    facts = {
        "final.json": {"on": on},
        "params.json": {
            "group": {"links": list(links), "ended_links": list(ended)},
            "practice": {"links": [*links, *own], "ended_links": list(ended)},
        },
    }
    texts = {name: json.dumps(told) for name, told in facts.items()}
    publish(root / "ledger" / "g" / period / practice / str(n), texts, {}, replace=False)


TEST = "each edit counts as a test"


@pytest.mark.parametrize(
    "then, now, said",
    [
        ({"expect": "positive"}, {}, "expect was positive {}negative now; {}{{expect: positive}}"),
        ({}, {"within": 6}, "within was 3 {}6 now; {}{{within: 3}}"),
        ({}, {"least": 0.5}, "least was null {}0.5 now; {}{{least: null}}"),
        ({"least": 0.3}, {"least": 0.5}, "least was 0.3 {}0.5 now; {}{{least: 0.3}}"),
        ({"by": "engagement"}, {}, "by was engagement {}null now; {}{{by: engagement}}"),
        ({}, {"because": "another reason"}, ""),
    ],
)
def test_a_claim_that_changed_since_the_final_without_an_edit(tmp_path, then, now, said):
    make_final(tmp_path, link(**then))
    told = said.format("when 2026Q2 was made final and is ", "add to edits: {at: …, was: ")
    assert faults(tmp_path, link(**now)) == ([f"group.yaml links[0]: {told}, because: …}}: {TEST}"] if said else [])


@pytest.mark.parametrize(
    "edits, faulty",
    [
        ([edit("2026-07-06", expect="positive")], False),
        ([edit("2026-08-01", within=3, expect="positive"), edit("2026-08-02", within=6)], False),
        ([edit("2026-08-01", within=6, expect="positive")], True),
        ([edit("2026-08-01", within=6), edit("2026-08-02", within=2, expect="positive")], True),
        ([edit("2026-07-05", expect="positive")], True),
        ([edit("2026-08-01", within=2)], True),
    ],
    ids=["same day", "two steps", "names more than changed", "out of step", "dated before the final", "names another"],
)
def test_only_edits_since_the_final_that_lead_back_to_it_tell_of_the_change(tmp_path, edits, faulty):
    make_final(tmp_path, link(expect="positive"))
    assert bool(faults(tmp_path, link(edits=edits))) == faulty


def test_an_edit_that_the_final_knew_of_tells_of_no_later_change(tmp_path):
    known = edit("2026-07-06", within=2)
    make_final(tmp_path, link(within=3, edits=[known]))
    assert faults(tmp_path, link(within=3, edits=[known])) == []
    assert faults(tmp_path, link(within=6, edits=[known])) == [
        "group.yaml links[0]: within was 3 when 2026Q2 was made final and is 6 now; "
        f"add to edits: {{at: …, was: {{within: 3}}, because: …}}: {TEST}"
    ]
    assert faults(tmp_path, link(within=6, edits=[known, edit("2026-07-07", within=3)])) == []


def test_an_edit_that_leads_back_to_another_value_is_not_enough(tmp_path):
    make_final(tmp_path, link())
    assert faults(tmp_path, link(edits=[edit("2026-07-07", within=6)])) == [
        "group.yaml links[0]: within was 3 when 2026Q2 was made final and is 6 before the first edit since; "
        f"add to edits: {{at: …, was: {{within: 3}}, because: …}}: {TEST}"
    ]


GONE = (
    "group.yaml links: no longer hold no_show_rate → provider_rating, declared when 2026Q2 was made final; "
    "add to ended_links: {leading: no_show_rate, lagging: provider_rating, ended: …, because: …}: "
    "it goes on counting as a test"
)


def test_a_link_that_is_believed_in_no_longer_is_kept_among_those_that_ended(tmp_path):
    make_final(tmp_path, link("no_show_rate"), link())
    assert faults(tmp_path, link()) == [GONE]
    assert faults(tmp_path, link(), ended=[ENDED]) == []
    make_final(tmp_path, link(), ended=[ENDED], period="2026Q3", on="2026-10-07")
    assert faults(tmp_path, link()) == [GONE.replace("Q2", "Q3")]


def test_a_practices_own_links_are_kept_too_and_the_groups_are_not_asked_of_it(tmp_path):
    own = link("burnout", "no_show_rate")
    make_final(tmp_path, link(), own=[own])
    assert faults(tmp_path, link(), own=[own]) == []
    (fault,) = faults(tmp_path, link())
    assert fault.startswith("a.yaml links: no longer hold burnout → no_show_rate")


def test_an_ended_link_names_a_day_and_perhaps_a_kpi_that_is_measured_no_longer(tmp_path):
    found = faults(tmp_path, link(), ended=[ENDED | {"leading": "messages", "ended": "2026-02-30"}])
    assert found == ["group.yaml ended_links[0].ended: is '2026-02-30', which no calendar has"]


def test_another_variant_of_a_kpi_is_the_same_link_where_an_edit_says_so(tmp_path):
    make_final(tmp_path, link("no_show_rate", expect="positive"))
    assert faults(tmp_path, link()) == [GONE]  # another pair, newly declared
    followed = link(edits=[edit("2026-08-01", leading="no_show_rate")])
    assert [fault.split(" when")[0] for fault in faults(tmp_path, followed)] == [
        "group.yaml links[0]: expect was positive"
    ]
    followed["edits"][0]["was"]["expect"] = "positive"
    assert faults(tmp_path, followed) == []


def test_the_register_neither_loses_an_edit_nor_a_date(tmp_path):
    make_final(tmp_path, link(edits=[edit("2026-02-01", expect="positive")]))
    assert faults(tmp_path, link(declared="2026-07-20")) == [
        "group.yaml links[0].declared: was 2026-01-04 when 2026Q2 was made final; put it back: changes belong in edits",
        "group.yaml links[0].edits: held one of 2026-02-01 when 2026Q2 was made final, which is gone; "
        f"put it back: {TEST}",
    ]


@pytest.mark.parametrize("damaged", ["final.json", "params.json"])
def test_the_newest_final_of_the_latest_period_counts_and_damaged_ones_do_not(tmp_path, damaged):
    make_final(tmp_path, link(within=1), period="2026Q1", on="2026-09-01")
    make_final(tmp_path, link(within=2))
    make_final(tmp_path, link(within=3), on="2026-07-20", practice="b")
    assert faults(tmp_path, link(within=3)) == []
    (tmp_path / "ledger" / "g" / "2026Q2" / "b" / "1" / damaged).write_text("{")
    assert [fault.split(" was")[1] for fault in faults(tmp_path, link(within=3))] == [" 2 when 2026Q2"]


def test_a_practices_own_link_is_held_to_its_own_final(tmp_path):
    own = link("burnout", "no_show_rate")
    make_final(tmp_path, link(), own=[own], practice="b")
    assert faults(tmp_path, link(), own=[own | {"within": 6}]) == []
    make_final(tmp_path, link(), own=[own])
    (fault,) = faults(tmp_path, link(), own=[own | {"within": 6}])
    assert fault.startswith("a.yaml links[0]: within was 3 when 2026Q2 was made final and is 6 now")


def test_a_final_from_before_links_had_edits_is_compared_by_what_it_holds(tmp_path):
    make_final(tmp_path, {k: v for k, v in link().items() if k != "by"})
    assert faults(tmp_path, link()) == []
