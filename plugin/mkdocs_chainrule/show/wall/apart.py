"""Drawing in a process of its own, which can be stopped: what may take long there, or much memory.

The process is this file run as a program. It gets one item and the settings as JSON, and answers with HTML,
with the files that go with it, and with what is to be told. Where a file is to be had the page knows and the
process does not: it writes a word of one drawing's own there, which is replaced.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import secrets
import signal
import subprocess
import sys
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.errors import UnshownError
from mkdocs_chainrule.session.block import Bundle, Stream
from mkdocs_chainrule.session.data import from_data, to_data
from mkdocs_chainrule.show.settings import SECONDS, ShowSettings
from mkdocs_chainrule.show.wall.reasons import reason

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMORY = 768 << 20  # bytes, beyond which the process has none
_MOST_HTML = 64 << 20
_SET_DEATH_SIGNAL = 1  # of <linux/prctl.h>
_PLAIN = ("prefix", "mermaid_url", "caption", "first", "sets_formulas")


def draw_apart(item: Stream | Bundle, settings: ShowSettings, seconds: float) -> str:
    """Return an item as HTML, drawn within so many seconds.

    Raises:
        UnshownError: It takes longer, or more memory, or cannot be drawn at all.
    """
    word = f"chainrule-{secrets.token_hex(8)}-" if settings.save else ""
    request = {
        "item": to_data(item),
        "options": dict(settings.options),
        "scripts": dict(settings.scripts),
        "word": word,
        "for": os.getpid(),
        **{name: getattr(settings, name) for name in _PLAIN},
    }
    answer = _asked(json.dumps(request).encode("utf-8", "surrogatepass"), seconds)
    if "error" in answer:
        raise UnshownError(answer["error"])
    for remark, is_once in answer["remarks"]:
        settings.remark(remark, **{"once": True} if is_once else {})
    html = str(answer["html"])
    if not word or settings.save is None:
        return html
    urls = {name: settings.save(name, b64decode(content)) for name, content in answer["files"]}
    return re.sub(rf"{word}([\w.-]+)", lambda match: urls.get(match[1], ""), html)


def _asked(request: bytes, seconds: float) -> Mapping[str, Any]:
    from mkdocs_chainrule.run.spawned import kill_tree  # noqa: PLC0415 - rarely wanted

    command = [sys.executable, "-P", "-m", "mkdocs_chainrule.show.wall.apart"]
    with subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            told, _ = process.communicate(request, seconds)
        except subprocess.TimeoutExpired:
            raise UnshownError(f"it takes longer than {seconds:.2g} s") from None
        finally:
            if process.poll() is None:
                kill_tree(process.pid)
                process.kill()
    if process.returncode:
        raise UnshownError("the process that drew it ended, for want of memory perhaps")
    answer: Mapping[str, Any] = json.loads(told)
    return answer


def _answer(request: Mapping[str, Any]) -> dict[str, Any]:
    from mkdocs_chainrule.show.rich import show_bundle  # noqa: PLC0415 - here, where errors of it are told
    from mkdocs_chainrule.show.text import show_stream  # noqa: PLC0415 - the same

    files: list[tuple[str, str]] = []
    remarks: list[tuple[str, bool]] = []

    def keep(name: str, content: bytes) -> str:
        files.append((name, b64encode(content).decode()))
        return f"{request['word']}{name}"

    def note(remark: str, *, once: bool = False) -> None:
        remarks.append((remark, once))

    settings = ShowSettings(
        options=request["options"],
        scripts=request["scripts"],
        save=keep if request["word"] else None,
        remark=note,
        **{name: request[name] for name in _PLAIN},
    )
    item = request["item"]
    is_text = "stream" in item
    html = show_stream(from_data(Stream, item)) if is_text else show_bundle(from_data(Bundle, item), settings)
    if len(html) > _MOST_HTML:
        return {"error": f"as HTML it has {len(html) >> 20} MiB"}
    return {"html": html, "files": files, "remarks": remarks}


def _limit() -> None:
    """Take no more memory than is given, and end with the build; a while later elsewhere than on Linux."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - see below

        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if hasattr(signal, "alarm"):
        signal.alarm(2 * math.ceil(SECONDS))
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource  # noqa: PLC0415 - see above

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def main() -> None:
    """Answer the one request that comes."""
    out = sys.stdout.buffer
    _limit()
    try:
        request = json.loads(sys.stdin.buffer.read())
        if sys.platform == "linux" and os.getppid() != request["for"]:  # it has ended already
            return
        answer = _answer(request)
    except Exception as error:  # noqa: BLE001 - it is told where the block is
        answer = {"error": reason(error)}
    out.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
