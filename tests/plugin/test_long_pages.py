"""What looks through finished pages takes a time that grows with their length, whatever stands on them.

A test here that does not end has found what looks for the same again and again.
"""

from __future__ import annotations

import pytest

from mkdocs_chainrule.site.late import Late
from mkdocs_chainrule.site.references import anchors, referenced

UNITS = (
    "<a href=",
    '<a href="#fig-',
    '<a href="x" ',
    "#fig-",
    "<svg ",
    "<svg>",
    "<!--",
    "<p data-search-exclude>",
    "<table data-search-exclude",
    "<x id=",
    " id='",
    "<h2",
    '<div data-chainrule-late="0f-',
)
COUNT = 10_000


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "around", ["{}", "<script>{}</script>", "<textarea>{}</textarea>", '<a href="#fig-{}">']
)
def test_a_long_page_is_read_once(unit: str, around: str) -> None:
    page = around.format(unit * COUNT) + '<p>said</p><a href="#fig-x"></a><i id="fig-x"></i>'
    assert "fig-x" in anchors(page)
    assert page[:9] in referenced(page, "", {"": {"fig-x": "Figure 1"}})
    late = Late("0f")
    whole = late.put_back(late.with_words(late.set_aside(page)))
    assert whole == page


def test_words_are_those_that_are_said() -> None:
    late = Late("0f")
    html = (
        "<svg><text>a</text></svg><p>one</p><p data-search-exclude>b</p>"
        "<table class='x' data-search-exclude>c</table><span style='x'>t</span>wo"
        "<template>d</template><style>e</style><svg>three"
    )
    mark = late.set_aside(html + "<pre data-search-exclude>f</pre>")
    assert late.with_words(mark).removeprefix(mark) == (
        "<!--chainrule-words 0f--><h6></h6><p>one two three</p><!--/chainrule-words 0f-->"
    )
