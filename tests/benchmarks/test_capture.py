"""The probes of what blocks show all reach our page, and what does not is said."""

from __future__ import annotations

import pytest
from benchmarks.capture import PROBES, Probe, missing, outcomes, table


@pytest.mark.slow
def test_every_probe_reaches_the_page(tmp_path):
    found = outcomes(tmp_path)
    assert dict(zip([probe.title for probe in PROBES], found, strict=True)) == {
        probe.title: "" for probe in PROBES
    }
    assert table({"chainrule": found}).row_count == len(PROBES)


@pytest.mark.parametrize(
    ("probe", "part", "answer"),
    [
        (Probe("", (), "4 < 5"), "Probe 4 < 5</h2><p>4 &lt; 5</p>", ""),
        (Probe("", (), "42"), "Probe 42</h2><script>42</script>", "says something else: no text"),
        (Probe("", (), "b", "<b>"), "</h2><p>b</p>", "shown as something else: b"),
        (Probe("", (), without="None"), "</h2><pre>None</pre>", "shows what it should not: None"),
        (Probe("", (), pictures=1), "</h2><svg></svg><img src='x'><img src=\"x\">", "2 pictures: no text"),
        (Probe("", (), pictures=None), "</h2><svg></svg>", ""),
    ],
)
def test_what_is_missing_is_said(probe, part, answer):
    assert missing(probe, part) == answer
