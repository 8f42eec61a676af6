"""Bodies of many requests at once."""

import asyncio

from aiohttp import web

from agents.fetch.asking.client import Client, Guard, HttpRequest
from agents.fetch.asking.room import Room
from tests.support.newsstand import Everywhere, MovedClock, Newsstand

SIZE, MOST = 300_000, 500_000


async def test_bodies_together_have_a_bound_and_each_gets_through() -> None:
    """Twenty servers send at once, and hold their bodies until they have been read; one more than fit is begun at most."""
    room = Room(MOST)
    client = Client(Guard("https://desk.example/bot", ["127.0.0.0/8"]), resolver=Everywhere(), room=room)
    most = 0

    async def ask(number: int) -> int:
        nonlocal most
        answer = await client.send(HttpRequest(stand.url(f"/{number}", f"{number}.example"), SIZE))
        most = max(most, room.held)
        await asyncio.sleep(0)  # read by a child process
        return len(answer.body)

    async with Newsstand(MovedClock()) as stand:
        stand.pages |= {f"/{number}": web.Response(body=bytes(SIZE)) for number in range(20)}
        sizes = await asyncio.gather(*(asyncio.create_task(ask(number)) for number in range(20)))
        await client.close()
    await asyncio.sleep(0)

    assert sizes == [SIZE] * 20
    assert MOST < most <= MOST + 2 * SIZE
    assert room.held == 0
