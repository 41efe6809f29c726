"""A chain of links as its reader meets it: whether every link of it holds, and what they come to together."""

from __future__ import annotations

from math import isfinite

from bsc_analysis.disclosure import ChainEffect, Disclosed, DisclosedGroup, Verdict
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.report.effect import step_of
from bsc_analysis.words import of, say


def chained(seen: Disclosed | DisclosedGroup) -> list[tuple[str, str]]:
    """Each chain of the declared links: its path, and what is known of it."""
    verdicts = {(t.link.leading, t.link.lagging): t.group for t in seen.links}
    return [(path(chain.path), told(seen, chain, verdicts)) for chain in seen.chains]


def path(ids: tuple[str, ...]) -> str:
    """'Engaged staff → Wait to be roomed → Provider rated 9 or 10'."""
    first, *rest = (of(kpi_named(id)) for id in ids)
    for title in rest:
        first = say("links.arrow", leading=first, lagging=title)
    return first


def told(seen: Disclosed | DisclosedGroup, chain: ChainEffect, verdicts: dict[tuple[str, str], Verdict]) -> str:
    """One or two sentences."""
    if chain.broken is not None:
        return say(f"chains.{chain.reason}", link=path(chain.broken), answer=say(f"answer.{chain.answer or 'pending'}"))
    if not isfinite(chain.effect):
        return say("chains.holds")
    first, last = kpi_named(chain.path[0]), kpi_named(chain.path[-1])
    step = step_of(first, last, verdicts[chain.path[0], chain.path[1]])
    grain = seen.group.shared.grain
    units = {"unit": say(f"unit.{grain}"), "one": say(f"unit.{grain}_one")}
    facts = {"leading": of(first, "short"), "lagging": of(last, "short"), "step": step.text}
    facts |= {"moved": say("effect.fell" if chain.effect < 0 else "effect.rose")}
    facts |= {"later": say("effect.later", n=int(chain.lag or 0), **units)}
    return say("chains.comes_to", **facts, **step.turned(chain.effect, chain.interval))
