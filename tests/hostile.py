"""Labels that break naive drawings: at least fifteen of each kind."""

from __future__ import annotations

# ruff: noqa: RUF001 - that letters of several alphabets look alike is what these are about
# fmt: off
LABELS: dict[str, list[str]] = {
    "quotes": [
        '"', "'", '""', "''", '"a"', "'a'", 'say "x"', "it's", "“a”", "«a»", 'a"b\'c', '\\"', '"]', '\'"\'',
        '`\'"', 'n1["x"]', "&quot;", "a'", "'''",
    ],
    "brackets": [
        "[", "]", "[x]", "x[0]", "x[0, 1]", "(", ")", "(x)", "f(x)", "((x))", "{", "}", "{x}", "{{x}}",
        "[[x]]", "[(x)]", "([x])", ">x]", "[/x/]", "[\\x\\]", "(((x)))", "[1, 2]", "np.float64(2.0)",
        "array([1., 2.])", "a]b[c",
    ],
    "words": [
        "end", "class", "graph", "style", "subgraph", "interpolate", "default", "click", "href", "call",
        "linkStyle", "classDef", "direction", "END", "End", " end", "end ", "the end", "end;", "graph LR",
        "graph TD;", "flowchart LR",
    ],
    "arrows": [
        "-->", "--->", "x-->y", "a --> b", "---", "-.->", "==>", "--o", "--x", "<-->", "->", "a -> b",
        "~~~", "-- text -->", "a & b", "|x|", "-->|x|", "o--o", "x--x", "A---oB",
    ],
    "html": [
        "<b>x</b>", "<br>", "<br/>", "a<b", "a > b", "x < y > z", "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>', "</text>", "<", ">",
        "<!-- x -->", "<svg onload=alert(1)>", "</script>", "<iframe src=javascript:alert(1)>",
        "<style>*{display:none}</style>", "]]>", "<![CDATA[x]]>", "<i", "<p>x",
    ],
    "entities": [
        "&amp;", "&lt;", "&", "&&", "&#35;", "#35;", "#quot;", "&nbsp;", "#", "#;", "#x23;", "&#x23;",
        "a;b", ";", "#9829;", "#lt;", "&copy", "&unknown;", "#ff0000", "style a:b#c;", "classDef x:y#z;",
    ],
    "backticks": [
        "`", "``", "```", "`x`", "`**x**`", "` x `", "a`b", "```mermaid", "`a` and `b`", "\\`", "`\n`",
        "`x", "x`", "~~~", "``x``", "`[x]`",
    ],
    "markdown": [
        "**x**", "*x*", "_x_", "__x__", "# x", "## x", "- x", "+ x", "* x", "1. x", "1) x", "12. x", "> x",
        "[x](y)", "![x](y)", "~~x~~", "| a | b |", "---", "===", "***", "-", "+", "- ", "1.", "a_b_c",
        "a*b*c", "x^2^", "H~2~O", "$x$", "$$x$$", "\\(x\\)",
    ],
    "newlines": [
        "a\nb", "\n", "a\n", "\na", "a\r\nb", "a\rb", "a\n\nb", "a\n--> b", "a\nend", "a\tb", "\t",
        "a\n%% b", "a\n  - b", "a\u2028b", "a\u2029b", "a\x0bb", "a\x0cb", "a\x85b", "\n]\n",
    ],
    "digits first": [
        "1", "0", "1st", "2x", "3.14", "1e-05", "-1", "+1", "1,000", "007", "1/2", "2**3", ".5", "5.",
        "1_000", "0x1F", "1-2", "9 lives", "1:2",
    ],
    "blank": [
        " ", "  ", "\t", "\xa0", "\u2003", "\u200b", " a", "a ", " a ", "a  b", "\u3000", "\ufeff",
        "\u2060", "\xad", "a\xa0b", "\u180e", "",
    ],
    "long": [word * (500 // len(word)) for word in (
        "x", "ab ", "[]", "()", '"', "<b>", "-->", "#;", "`", "é", "汉", "😀", "\n", "end ", "1. ",
    )],
    "right to left": [
        "שלום", "مرحبا", "العربية 123", "\u202eabc", "\u200fabc", "abc שלום", "(שלום)", "[مرحبا]",
        "\u2067x\u2069", "א", "ا", "שָׁלוֹם", "فارسی", "اردو", "1 שלום 2", "\u061c", "\u202d-->",
    ],
    "emoji": [
        "😀", "👩\u200d👩\u200d👧", "🇨🇭", "❤️", "👍🏽", "a😀b", "1️⃣", "😀😀", "🏳️\u200d🌈", "™", "©", "→",
        "∂L/∂w", "θ₁", "x²", "√x", "α→β", "𝒳", "ŵ", "é", "∞", "\ud800", "\U0010ffff", "�", "\x00",
        "\x1b[31m", "\x7f",
    ],
    "directives": [
        "%%", "%%{", "}%%", "%%{init: {}}%%", "%% comment", '%%{init: {"theme": "dark"}}%%', "%",
        "%%{wrap}%%", "a %% b", "{%", "---\ntitle: x\n---", "%%{config}%%",
        "%%{init: {'securityLevel': 'loose'}}%%", "accTitle: x", "accDescr: x", "accDescr { x }",
    ],
    "statements": [
        "click a b", 'click a href "javascript:alert(1)"', "click v1 call f()", "href",
        "style v1 fill:#f00", "class v1 x", ":::x", "a:::b", "linkStyle 0 stroke:red", "subgraph x", "v1",
        "v1 --> v2", "@{ shape: rect }", "v1@{ shape: x }", "e1@-->", "a@b", "fa:fa-car", "fab:fa-x x",
    ],
    "direction": [
        "direction LR", "direction TB", "direction RL", "direction BT", "direction TD", "direction  LR",
        "direction\tLR", "direction\xa0LR", "direction\nLR", "x direction LR y", "direction", "LR",
        "Direction LR", "direction LRx", "indirection LR", "direction LR;", "direction LR direction TB",
    ],
    "placeholders": [
        "¶ß", "ﬂ°", "ﬂ°°", "¶", "ß", "ﬂ", "°",
    ],
}
# fmt: on

ALL = [label for labels in LABELS.values() for label in labels]
