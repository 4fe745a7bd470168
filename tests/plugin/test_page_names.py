"""What a page is called, whoever made it and however MkDocs came to it; and where links to files lead."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from building import first_now, mkdocs, skip_or_fail
from projects import CONFIG

if TYPE_CHECKING:
    from projects import Project

RAN = re.compile(r"ran (\d+) blocks?")
FAILING = "# Page\n\n```autograd\nprint('sh' + 'own')\n```\n\n```autograd\nz\n```\n"
PAGE = "# Page\n\n```autograd\nprint('sh' + 'own')\n```\n"
FREEZE = CONFIG.replace("chainrule]", "chainrule: {freeze: _freeze, execute: always}]")
FOLDERS = ("site", "_freeze", ".cache")
# What gen-files does: pages in a folder that is made for the build, and gone after it.
GENERATED = """
import tempfile
from pathlib import Path

from mkdocs.structure.files import File, InclusionLevel


def on_files(files, config):
    global folder
    folder = tempfile.TemporaryDirectory(prefix="generated-", dir={dir!r})
    path = Path(folder.name, {address!r}.replace("..", "up").lstrip("/"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text({page!r})
    file = File({address!r}, folder.name, config.site_dir, config.use_directory_urls)
    file.abs_src_path, file.dest_uri = str(path), "gen/p1/index.html"
    file.generated_by, file.inclusion = {by!r}, InclusionLevel.INCLUDED
    files.append(file)
    return files


def on_post_build(config):
    folder.cleanup()
"""


def generate(
    project: Project, page: str, address: str = "gen/p1.md", *, by: str | None = "x", inside: bool = False
) -> None:
    with (project.root / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("hooks: [gen.py]\n")
    folder = str(project.root) if inside else None
    hook = GENERATED.format(page=page, address=address, by=by, dir=folder)
    (project.root / "gen.py").write_text(hook)


def ran(run: subprocess.CompletedProcess[str]) -> int:
    assert run.returncode == 0, run.stderr
    return int(RAN.search(run.stderr)[1])


def texts(folder: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("by", "inside"), first_now(("mkdocs-gen-files", False), ("mkdocs-gen-files", True), (None, False))
)
def test_a_generated_page_is_named_by_its_address(project: Project, by: str | None, *, inside: bool) -> None:
    project.configure(FREEZE)
    generate(project, PAGE, by=by, inside=inside)
    project.page("index.md", "# Home\n")
    assert ran(project.build("--strict")) == 1
    assert (project.root / "_freeze/docs/gen/p1.md.json").exists()
    assert "# %% docs/gen/p1.md:3" in (project.root / "site/assets/chainrule/gen/p1.py").read_text("utf-8")
    assert "generated-" not in "".join(map(texts, map(project.root.joinpath, FOLDERS)))

    (project.root / "mkdocs.yml").write_text(CONFIG)
    generate(project, PAGE, by=by, inside=inside)
    assert ran(project.build("--strict")) == 0  # the store knows it
    generate(project, FAILING, by=by, inside=inside)
    run = project.build()
    assert "docs/gen/p1.md:8: NameError" in run.stderr
    assert "generated-" not in run.stderr + texts(project.root / "site")


GEN_FILES = """
import mkdocs_gen_files

with mkdocs_gen_files.open("gen/p1.md", "w") as page:
    page.write({page!r})
"""


@pytest.mark.slow
def test_gen_files(project: Project) -> None:
    if find_spec("mkdocs_gen_files") is None:
        skip_or_fail("mkdocs-gen-files is not installed (pip install -e '.[companions]')")
    project.page("index.md", "# Home\n")
    for freeze, count in ((", freeze: _freeze, execute: always", 1), ("", 0)):
        project.configure(
            CONFIG.replace(
                "chainrule]", f"chainrule: {{timeout: 30{freeze}}}, gen-files: {{scripts: [gen.py]}}]"
            )
        )
        (project.root / "gen.py").write_text(GEN_FILES.format(page=PAGE))
        assert ran(project.build("--strict")) == count
    assert (project.root / "_freeze/docs/gen/p1.md.json").exists()
    (project.root / "gen.py").write_text(GEN_FILES.format(page=FAILING))
    run = project.build()
    assert "docs/gen/p1.md:8: NameError" in run.stderr
    assert "mkdocs_gen_files_" not in run.stderr + "".join(map(texts, map(project.root.joinpath, FOLDERS)))


@pytest.mark.parametrize(
    ("address", "name"),
    first_now(
        ("../../out.md", "docs/__/__/out.md"),
        ("/abs/out.md", "docs/abs/out.md"),
        ("a/../../b.md", "docs/a/__/__/b.md"),
    ),
)
def test_no_name_leads_out_of_the_project(project: Project, address: str, name: str) -> None:
    project.configure(FREEZE)
    generate(project, FAILING, address, by=None)
    project.page("index.md", "# Home\n")
    before = {path for path in project.root.parent.rglob("*") if project.root not in path.parents}
    run = project.build()
    assert f"{name}:8: NameError" in run.stderr
    generate(project, PAGE, address, by=None)
    assert project.build("--strict").returncode == 0
    assert (project.root / "_freeze" / f"{name}.json").exists()
    assert (project.root / "site/assets/chainrule" / name.removeprefix("docs/")).with_suffix(".py").exists()
    after = {path for path in project.root.parent.rglob("*") if project.root not in path.parents}
    assert after == before


def linked(project: Project, what: str) -> Path:
    """Make one thing a link, and return the folder in which it stands."""
    book, other = project.root / "book", project.root / "elsewhere"
    for folder in (book, other):
        folder.mkdir()
    for name in ("docs", "mkdocs.yml"):
        shutil.move(project.root / name, book / name)
    moved = {"configuration": "mkdocs.yml", "docs": "docs", "page": "docs/index.md", "folder": ""}.get(what)
    if moved is not None:
        target = other / Path(book / moved).name
        shutil.move(book / moved, target)
        (book / moved).symlink_to(target)
    return book


@pytest.mark.parametrize("what", first_now("configuration", "nothing", "docs", "page", "folder"))
@pytest.mark.parametrize("where", first_now("inside", "outside"))
def test_a_link_counts_where_it_stands(project: Project, what: str, where: str) -> None:
    project.configure(FREEZE)
    project.page("index.md", PAGE.replace("'sh' + 'own'", "open('docs/data.txt').read()"))
    project.page("data.txt", "shown")
    book = linked(project, what)
    folder, config = (book, "mkdocs.yml") if where == "inside" else (project.root, book / "mkdocs.yml")
    (book / "docs/bad.md").write_text(FAILING)
    run = mkdocs("build", "-f", config, cwd=folder)
    assert "docs/bad.md:8: NameError" in run.stderr
    assert "../" not in run.stderr
    assert "shown" in (book / "site/index.html").read_text("utf-8")
    assert (book / "_freeze/docs/index.md.json").exists()
    assert (book / ".cache/plugin/chainrule").is_dir()
    assert not list((project.root / "elsewhere").rglob("*.json")) or what == "folder"
    (book / "docs/bad.md").unlink()
    (book / "mkdocs.yml").write_text(CONFIG)
    assert ran(mkdocs("build", "--strict", "-f", config, cwd=folder)) == 0
    (book / "docs/data.txt").write_text("changed")
    assert ran(mkdocs("build", "--strict", "-f", config, cwd=folder)) == 1


def test_a_configuration_from_standard_input_counts_where_the_build_stands(project: Project) -> None:
    project.page("index.md", FAILING)
    (project.root / "mkdocs.yml").rename(project.root / "other.yml")
    run = subprocess.run(
        [Path(sys.executable).with_name("mkdocs"), "build", "-f", "-"],
        input=(project.root / "other.yml").read_text("utf-8"),
        cwd=project.root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "docs/index.md:8: NameError" in run.stderr
    assert not (project.root.parent / ".cache").exists()
    assert "shown" in project.html()


NAMES = ["a b", "c#1", "100%25", "it's", 'say "x"', "q?a=1&b", "ü"]


@pytest.mark.slow
@pytest.mark.parametrize("urls", first_now("true", "false"))
def test_links_to_files_are_encoded(project: Project, urls: str) -> None:
    project.configure(f"{CONFIG}use_directory_urls: {urls}\n")
    code = "import matplotlib.pyplot as plt\nimport numpy as np\n"
    code += "for x, y in np.random.rand(4, 2, 700):\n    plt.scatter(x, y, marker='*')\n"
    for name in NAMES:
        project.page(f"{name}/{name}.md", f"# Page\n\n```autograd\n{code}```\n")
    project.page("index.md", "# Home\n")
    assert project.build("--strict").returncode == 0
    for name in NAMES:
        end = f"{name}/index.html" if urls == "true" else f"{name}.html"
        page = project.root / "site" / name / end
        html = page.read_text("utf-8")
        links = re.findall(r'(?:href|src)="([^"]*(?:\.py|assets/chainrule/[^"/]*\.svg))"', html)
        assert [Path(link).suffix for link in links] == [".svg", ".py"]
        for link in links:
            assert not set(link) & set(" #?\"'")
            assert (page.parent / unquote(link)).exists()
