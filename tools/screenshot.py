"""Take the picture of the page that README shows.

usage: python -m tools.screenshot [-o docs/page.png]

Runs the demo on a free port, waits until its sample is settled, and lets headless Chromium look at it, over its
DevTools protocol: the picture is taken once articles and alerts are drawn.
"""

import argparse
import asyncio
import base64
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

PICTURE = Path(__file__).parents[1] / "docs" / "page.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1200, 760
DRAWN = (
    "document.querySelectorAll('#articles article').length > 5 && document.querySelectorAll('#alerts > *').length > 3 "
    "&& document.querySelectorAll('#stories li').length > 3 && document.querySelector('#days svg') !== null"
)
SECONDS = 300.0


@asynccontextmanager
async def demo() -> AsyncIterator[str]:
    """Give the address of a demo whose sample is settled; end it afterwards."""
    command = ("-u", "-m", "wirewatch", "demo", "--plain", "--http-port", "0")
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            if served := re.match(r"serving (\S+?)/ ", line.decode()):
                yield served[1]
                return
        raise SystemExit(f"the demo ended with {await process.wait()} before it served its page")
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.wait()


@asynccontextmanager
async def tab() -> AsyncIterator["Tab"]:
    """Give a tab of a headless browser."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit(f"none of {', '.join(BROWSERS)} is installed")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0")
        process = await asyncio.create_subprocess_exec(
            *(path, *options, f"--user-data-dir={profile}", "about:blank"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            port_file = Path(profile) / "DevToolsActivePort"
            while not port_file.exists() or "\n" not in port_file.read_text(encoding="utf-8"):  # noqa: ASYNC110 - a file
                await asyncio.sleep(0.05)
            port = port_file.read_text(encoding="utf-8").split("\n")[0]
            async with ClientSession() as session:
                targets = await (await session.get(f"http://127.0.0.1:{port}/json")).json()
                page = next(target for target in targets if target["type"] == "page")
                async with session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    yield Tab(socket)
        finally:
            process.terminate()
            await process.wait()


class Tab:
    """A browser's tab."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._calls = 0

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the DevTools protocol and return its result."""
        self._calls += 1
        await self._socket.send_json({"id": self._calls, "method": method, "params": parameters})
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") == self._calls:
                result: dict[str, Any] = answer["result"]
                return result

    async def photograph(self, address: str, drawn: str, width: int, height: int) -> bytes:
        """Return a picture of a page once `drawn`, an expression of JavaScript, is true."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **screen)
        await self.call("Page.navigate", url=address)
        while not (await self.call("Runtime.evaluate", expression=drawn))["result"].get("value"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)  # what has just come is marked for a moment
        return base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])


async def picture() -> bytes:
    """Return the picture, as PNG."""
    async with asyncio.timeout(SECONDS), demo() as address, tab() as page:
        return await page.photograph(f"{address}/", DRAWN, WIDTH, HEIGHT)


def main() -> None:
    """Write the picture where the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=PICTURE, help="the picture's file (default: %(default)s)")
    path: Path = parser.parse_args().output
    path.write_bytes(asyncio.run(picture()))
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
