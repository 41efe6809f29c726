"""YAML without its surprises: papermill's own types, but no aliases and no duplicate keys; every value knows its
line and how it was written, so that a fault can name both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bsc_analysis.errors import Fault, ParamsError

MOST_BYTES = 1_000_000  # a params file is a page or two; more is a mistake or an attack


class Loader(yaml.SafeLoader):
    """papermill's types (dates stay text), so that both read a file alike; what is not plain text is refused."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent, index):
        event = self.peek_event()
        for sign, written in (
            ("an alias (*)", isinstance(event, yaml.AliasEvent)),
            ("an anchor (&)", getattr(event, "anchor", None)),
            ("a tag (!)", getattr(event, "tag", None)),
        ):
            if written:
                raise yaml.MarkedYAMLError(problem=f"has {sign}; write the value out", problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge" or not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(
                    problem="has a merge (<<) or a list for a key; write the values out", problem_mark=key.start_mark
                )
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key.value!r} stands twice (first on line {seen[key.value]}); keep one",
                    problem_mark=key.start_mark,
                )
            seen[key.value] = key.start_mark.line + 1
        return super().construct_mapping(node, deep=deep)


class TextKeys(Loader):
    """A loader for files that papermill never reads: every key is the text that stands there, `on` and 0123 too."""

    def construct_mapping(self, node, deep=False):
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep=deep)


class Document:
    """A parsed params file: its `data`, and `written(place)` for the text and line behind a value."""

    def __init__(self, path: Path, shown: str, reader: type[Loader] = Loader):
        self.shown = shown
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise ParamsError([Fault(shown, "", f"cannot be read: {type(error).__name__}")]) from None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise ParamsError([Fault(shown, f"line {line}", "is not UTF-8; save it as UTF-8")]) from None
        if len(text) > MOST_BYTES:
            raise ParamsError([Fault(shown, "", f"holds more than {MOST_BYTES:,} characters")])
        try:
            loader = reader(text)
            self.node = loader.get_single_node()
            self.data = {} if self.node is None else loader.construct_document(self.node)
        except RecursionError:
            raise ParamsError([Fault(shown, "", "is nested too deeply")]) from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            raise ParamsError([Fault(shown, f"line {line}", error.problem or "is not YAML")]) from None
        except yaml.YAMLError:
            raise ParamsError([Fault(shown, "", "is not YAML text; save it as UTF-8")]) from None
        except ValueError:
            raise ParamsError([Fault(shown, "", "has a number that cannot be read; write it in quotes")]) from None
        if not isinstance(self.data, dict):
            raise ParamsError([Fault(shown, "line 1", "must hold `key: value` lines")])

    def written(self, place: tuple[Any, ...]) -> tuple[str | None, int | None]:
        """The text as written (None for a list or mapping) and the line of the value at `place`."""
        node = self.node
        for step in place:
            inner = self._step(node, step)
            if inner is None:
                break
            node = inner
        line = node.start_mark.line + 1 if node is not None else None
        return (node.value if isinstance(node, yaml.ScalarNode) else None), line

    @staticmethod
    def _step(node, step):
        if isinstance(node, yaml.MappingNode):
            return next((value for key, value in node.value if key.value == str(step)), None)
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            return node.value[step]
        return None
