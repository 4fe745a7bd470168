"""An MkDocs hook: which blocks a build found, and where, written to recorded.json beside mkdocs.yml."""

import json
from pathlib import Path

from mkdocs.plugins import event_priority

from mkdocs_chainrule.session.data import to_data


@event_priority(-1000)
def on_env(env, config, files):
    site = config.plugins["chainrule"].site
    found = {run.session.page: run.session.blocks for run in site.runs}
    recorded = {
        "pages": {page: to_data(blocks) for page, blocks in found.items()},
        "problems": [str(problem) for problem in site.problems],
    }
    Path(config.config_file_path).with_name("recorded.json").write_text(json.dumps(recorded))
