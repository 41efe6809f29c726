"""A strategy as params declare it: vision, themes and objectives, each with its KPIs; the links between KPIs are its
arrows."""

from __future__ import annotations

from typing import Literal

from bsc_analysis.params.shapes import Model, Name, Text


class Theme(Model):
    """What several objectives of more than one perspective are for, such as 'Access without waiting'."""

    id: Name
    title: Text


class Objective(Model):
    """What a practice wants to be true. `kpis` say whether it is, `initiatives` what is done for it; its owner answers
    for it. It stands in one of the group's perspectives."""

    id: Name
    title: Text
    perspective: Name
    theme: Name | None = None
    owner: Text | None = None
    kpis: list[Name] = []
    initiatives: list[Text] = []


class Strategy(Model):
    """A practice's own stands in place of its group's.

    `cascade`: the label of a row that names its department, and the one that names its team there, if any.
    """

    vision: Text | None = None
    themes: list[Theme] = []
    objectives: list[Objective] = []
    cascade: list[Literal["location", "provider_group"]] = []
