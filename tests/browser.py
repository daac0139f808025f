"""A real browser for the tests: Chromium behind its own pipe, so no driver has to be installed."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WAIT = 60.0  # seconds for anything
COMMAND = next((path for name in ("chromium", "chromium-browser", "google-chrome", "chrome")
                if (path := shutil.which(name))), "")
# Puts the browser's ends of the pipes where it looks for them: 3 to read from, 4 to write to.
_LAUNCH = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 20) for end in sys.argv[1:3]]
for place, end in zip((3, 4), ends):
    os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])
"""
# What the browser reports though no page is at fault.
_HARMLESS = ("net::ERR_ABORTED",)


class Browser:
    """A Chromium with one page; `faults` are its console errors, exceptions and refused requests.

    It speaks the DevTools protocol over two pipes (--remote-debugging-pipe).
    """

    def __init__(self, home: Path) -> None:
        ours, theirs = os.pipe(), os.pipe()
        self._out, self._in = ours[1], theirs[0]
        command = [COMMAND, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                   "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe",
                   f"--user-data-dir={home / 'profile'}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, str(ours[0]), str(theirs[1]), *command],
            pass_fds=(ours[0], theirs[1]), start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(ours[0])
        os.close(theirs[1])
        self._buffer, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        self.faults: list[str] = []
        try:
            self._attach(home)
        except AssertionError:
            self.close()
            raise

    def _attach(self, home: Path) -> None:
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target,
                                  flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.send(f"{domain}.enable")
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)
        self.downloads = home / "downloads"
        self.downloads.mkdir(exist_ok=True)
        self.send("Page.setDownloadBehavior", behavior="allow",
                  downloadPath=str(self.downloads))

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """What the browser answers to a command; raises AssertionError for an error."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            found = self._read(end - time.monotonic())
            if found is not None and found.get("id") == self._number:
                assert "error" not in found, f"{method}: {found['error']}"
                answer: dict[str, Any] = found["result"]
                return answer
        raise AssertionError(f"{method}: no answer in {WAIT:.0f} s")

    def _read(self, seconds: float) -> dict[str, Any] | None:
        """The next message, an event being kept; None where there is none in time."""
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], max(0.0, seconds))[0]:
                return None
            part = os.read(self._in, 1 << 20)
            assert part, "the browser is gone"
            self._buffer += part
        text, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(text)
        if "method" in found:
            self.events.append(found)
            if fault := _fault(found):
                self.faults.append(fault)
        return found

    def settle(self, seconds: float) -> None:
        """Reads events for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)

    def open(self, address: str) -> None:
        """Goes to an address and waits until it is loaded."""
        self.events.clear()
        found = self.send("Page.navigate", url=address)
        assert not found.get("errorText"), found
        self.loaded()

    def loaded(self) -> None:
        """Waits until the page that is being opened is there."""
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def js(self, text: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        found = self.send("Runtime.evaluate", expression=text, awaitPromise=True,
                          returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def until(self, text: str) -> None:
        """Waits until an expression is true; raises AssertionError where it stays false."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            try:
                if self.js(f"Boolean({text})"):
                    return
            except AssertionError:  # the page is on its way to the next
                pass
            self.settle(0.05)
        raise AssertionError(f"never true: {text}")

    def type(self, text: str) -> None:
        """Puts text in where the focus is, as a keyboard would."""
        for letter in text:
            self.send("Input.dispatchKeyEvent", type="char", text=letter)

    def key(self, name: str, modifiers: int = 0) -> None:
        """Presses a key that has a name ("Enter", "ArrowDown"); 2 is the control key."""
        codes = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "Tab": 9, " ": 32}
        given: dict[str, Any] = {"key": name, "code": "Space" if name == " " else name,
                                 "windowsVirtualKeyCode": codes[name], "modifiers": modifiers}
        if name == "Enter" and not modifiers:
            given["text"] = "\r"
        self.send("Input.dispatchKeyEvent", type="keyDown", **given)
        self.send("Input.dispatchKeyEvent", type="keyUp", **given)

    def look(self, width: int, dark: bool = False, height: int = 900) -> None:
        """The width of the window, and light or dark."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.send("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def picture(self, path: Path, whole: bool = False) -> None:
        """A screenshot of what can be seen, or of the whole page."""
        found = self.send("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(found["data"]))

    def close(self) -> None:
        """Ends the browser and all of its processes."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._out)
        os.close(self._in)


def _fault(event: dict[str, Any]) -> str:
    """What an event says is wrong with a page; empty for nothing."""
    what, params = event["method"], event["params"]
    if what == "Runtime.exceptionThrown":
        return str(params["exceptionDetails"].get("exception", {}).get("description")
                   or params["exceptionDetails"]["text"])
    if what == "Runtime.consoleAPICalled" and params["type"] in {"error", "warning"}:
        return " ".join(str(one.get("value")) for one in params["args"])
    if what == "Log.entryAdded" and params["entry"]["level"] == "error":
        return f"{params['entry']['text']} {params['entry'].get('url', '')}"
    if what == "Network.loadingFailed" and params["errorText"] not in _HARMLESS:
        return f"{params['errorText']} {params.get('blockedReason', '')}"
    return ""


@contextmanager
def started(home: Path) -> Iterator[Browser]:
    """A browser with its files in `home`; it ends with the block."""
    made = Browser(home)
    try:
        yield made
    finally:
        made.close()


def answering(host: str, port: int) -> None:
    """Waits until something answers at an address; raises AssertionError where nothing does."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        try:
            socket.create_connection((host, port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {host}:{port}")


def downloaded(folder: Path, name: str) -> Path:
    """The file that a page had downloaded, when it is whole."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if (folder / name).is_file() and not list(folder.glob("*.crdownload")):
            return folder / name
        time.sleep(0.1)
    raise AssertionError(f"{name} never came: {list(folder.iterdir())}")
