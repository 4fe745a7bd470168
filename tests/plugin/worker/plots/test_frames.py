"""An animation is some of its frames, of one size, and its figure is not shown again."""

from __future__ import annotations

import pytest

from mkdocs_chainrule.session.block import FRAMES, Bundle, Stream
from pictures import Picture
from sessions import run_one

ANIMATION = """
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots(figsize=(2, 1))
line, = ax.plot([0, 1], [0, 1], animated=True)
def update(frame):
    line.set_ydata([0, frame])
    ax.set_title("f" * frame)
    return line,
"""
SHOW = ANIMATION + "FuncAnimation(fig, update, frames={}, blit=True)"


@pytest.mark.parametrize(("count", "kept"), [(1, [1]), (3, [1, 2, 3]), (40, [*range(1, 41, 2), 40])])
def test_frames_are_kept_evenly_spread_to_the_last(count, kept):
    (item,) = run_one(SHOW.format(count)).items
    assert isinstance(item, Bundle)
    data = item.data[FRAMES]
    assert (data["count"], data["numbers"]) == (count, kept)
    assert len({Picture(svg).box for svg in data["frames"]}) == 1
    assert item.data["image/svg+xml"] == data["frames"][-1]
    assert item.metadata["chainrule"]["kind"] == "figure"


def test_an_animation_without_frames_is_its_figure():
    warning, item = run_one(SHOW.format(0)).items
    assert isinstance(warning, Stream)  # Matplotlib's own, of no frames
    assert isinstance(item, Bundle)
    assert (item.data[FRAMES]["count"], len(item.data[FRAMES]["frames"])) == (1, 1)


@pytest.mark.slow
def test_an_animation_that_says_no_end_has_one():
    source = ANIMATION.replace('"f" * frame', "frame") + "FuncAnimation(fig, update, cache_frame_data=False)"
    (item,) = run_one(source).items
    assert isinstance(item, Bundle)
    assert item.data[FRAMES]["count"] == item.data[FRAMES]["numbers"][-1] == 1000
    assert "999" in Picture(item.data["image/svg+xml"]).texts()


@pytest.mark.parametrize(
    "source", ["display({})", "animation = {}; display(animation)", "animation = {}\nanimation"]
)
def test_it_is_shown_once_however_it_is_displayed(source):
    made = "FuncAnimation(fig, update, frames=2)"
    (item,) = run_one(ANIMATION + source.format(made)).items
    assert isinstance(item, Bundle)
    assert FRAMES in item.data


def test_one_that_is_only_made_is_a_figure():
    (item,) = run_one(ANIMATION + "animation = FuncAnimation(fig, update, frames=2, blit=True)").items
    assert isinstance(item, Bundle)
    assert list(item.data) == ["image/svg+xml"]
    assert "#4e76e2" in item.data["image/svg+xml"]


def test_to_jshtml_is_what_it_is_in_a_notebook():
    source = (
        ANIMATION
        + """
class Html:
    def _repr_html_(self):
        return FuncAnimation(fig, update, frames=2).to_jshtml()
plt.close(fig)
Html()
"""
    )
    (item,) = run_one(source).items
    assert isinstance(item, Bundle)
    assert "data:image/png;base64" in item.data["text/html"]
