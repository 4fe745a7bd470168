"""The tables of the benchmark page: all that was measured stands there, narrow enough for a phone."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from benchmarks import page

TABLES = (page.workloads, page.ratios, page.nodes, page.memory, page.goals, page.sites, page.serve)


def tables(made) -> list[ET.Element]:
    return ET.fromstring(f"<page>{made().text}</page>").findall("table")


def rows_of(made) -> list[ET.Element]:
    return [row for table in tables(made) for row in table.iter("tr")]


def words(element: ET.Element) -> str:
    return "".join(element.itertext())


@pytest.mark.parametrize("made", TABLES, ids=lambda made: made.__name__)
def test_a_table_is_narrow_and_each_column_and_row_has_a_name(made):
    for table in tables(made):
        columns = len(table.findall("thead/tr/th"))
        assert columns <= 5
        assert all(words(head).strip() for head in table.iter("th"))
        assert all(len(row) == columns for row in table.iter("tr") if "colspan" not in row[0].attrib)


def test_every_ratio_that_was_measured_stands_in_the_tables():
    shown = set()
    for table in tables(page.ratios):
        _, *keys = map(words, table.find("thead/tr"))
        for name, *cells in table.iter("tr"):
            shown |= {(words(name), key, words(cell)) for key, cell in zip(keys, cells, strict=True)}
    measured = {
        (name, workload["key"], page.multiple(timing["ratio"]))
        for workload in page.part("engines")["workloads"]
        for name, timing in page.timings(workload).items()
        if name != "numpy"
    }
    assert measured <= shown


def test_our_own_rows_are_marked():
    rows = [row for made in (page.ratios, page.nodes, page.memory, page.sites) for row in rows_of(made)]
    assert {words(row[0]) for row in rows if row.get("class") == "ours"} == page.OURS
    assert all(row.get("class") == "ours" for row in rows if words(row[0]) in page.OURS)
