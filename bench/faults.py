"""Break Kafka or a worker in the middle of news, and account for the news, on a real Kafka.

usage: python -m bench.faults [--case NAME …] [--record]      (without --case all, about an hour)

A case prints a row: articles, how many are missing and how many double (`wirewatch audit`), alerts, how many never came
to the webhook and how many came more than once, after how long `/health/ready` said no and yes again, which alerts of
deploy/prometheus/rules.yml fired when, and how soon an article was tagged after the fault had ended. Kafka, the workers
with all steps, the webhook and Prometheus share this machine. --record puts the rows into docs/measured.md, those of cases
on three brokers into a table of their own.
"""

import argparse
import asyncio
import os
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

from bench.lab import BROKERS, Lab, feed, until
from bench.measured import FILE, record, table
from streams.records import Raw
from streams.topics import RAW
from tests.support.flow import load, news, settled

ARTICLES = 2_000
HEAD = ("case", "articles", "missing / double", "alerts", "lost / twice", "not ready", "rules that fired", "back after")
#: Articles that have come to their end when something is broken.
MIDDLE = 600
#: Alerts of the rules that a bench brings about by itself: it feeds old pages, at once.
OF_THE_BENCH = frozenset({"AlertsSlow", "AlertsLate", "SlowEndToEnd", "NothingTagged", "LagGrowing", "LagHigh"})


@dataclass
class Fault:
    """When it began and ended, by the clock."""

    began: float = 0.0
    ended: float = 0.0


Case = Callable[[Lab, Fault], Awaitable[None]]


def killed(seconds: float) -> Case:
    """Return the case in which Kafka is killed in the middle and is back after so long."""

    async def case(lab: Lab, fault: Fault) -> None:
        await load(lab.settings, news(ARTICLES))
        await lab.settle(MIDDLE)
        fault.began = time.time()
        await asyncio.to_thread(lab.kafka.kill)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(lab.kafka.start)
        fault.ended = time.time()

    return case


async def stopped(lab: Lab, fault: Fault) -> None:
    """Stop Kafka's process for a minute: connections stay, nothing is answered."""
    await load(lab.settings, news(ARTICLES))
    await lab.settle(MIDDLE)
    fault.began = time.time()
    lab.kafka.signal(signal.SIGSTOP)
    await asyncio.sleep(60)
    lab.kafka.signal(signal.SIGCONT)
    fault.ended = time.time()


async def turns(lab: Lab, fault: Fault) -> None:
    """Start one worker and end the other each ten seconds, for three minutes of five articles a second."""
    first, second = lab.workers
    second.terminate()
    feeding = asyncio.ensure_future(feed(lab.settings, fresh(900), 5))
    fault.began = time.time()
    for turn in range(18):
        on, off = (second, first) if turn % 2 == 0 else (first, second)
        on.start()
        await asyncio.sleep(10)
        await asyncio.to_thread(off.terminate)
    first.start() if second.runs else second.start()
    fault.ended = time.time()
    await feeding


async def frozen(lab: Lab, fault: Fault) -> None:
    """Freeze one of two workers for 90 s, 15 times its session, while five articles a second come."""
    feeding = asyncio.ensure_future(feed(lab.settings, fresh(750), 5))
    await until(lambda: len(lab.hook.ids) > 100, 120)
    fault.began = time.time()
    lab.away(lab.workers[0], signal.SIGSTOP)
    await asyncio.sleep(90)
    lab.away(lab.workers[0], signal.SIGCONT)
    fault.ended = time.time()
    await feeding


async def frozen_busy(lab: Lab, fault: Fault) -> None:
    """Freeze one of two workers for 90 s while both have all that the webhook takes to do."""
    lab.hook.delay = 0.1
    await load(lab.settings, news(ARTICLES))
    await until(lambda: len(lab.hook.ids) > MIDDLE, 240)
    fault.began = time.time()
    lab.away(lab.workers[0], signal.SIGSTOP)
    await asyncio.sleep(90)
    lab.away(lab.workers[0], signal.SIGCONT)
    fault.ended = time.time()


async def frozen_behind(lab: Lab, fault: Fault) -> None:
    """Kill a worker and Kafka in the middle, and freeze the other worker for 30 s just behind Kafka's return."""
    await load(lab.settings, news(ARTICLES))
    await lab.settle(MIDDLE)
    first, second = lab.workers
    fault.began = time.time()
    await asyncio.to_thread(first.kill)
    await asyncio.to_thread(lab.kafka.kill)
    await asyncio.sleep(6)
    await asyncio.to_thread(lab.kafka.start)
    first.start()
    await asyncio.sleep(2)
    lab.away(second, signal.SIGSTOP)
    await asyncio.sleep(30)
    lab.away(second, signal.SIGCONT)
    fault.ended = time.time()


async def full(lab: Lab, fault: Fault) -> None:
    """Fill the broker's disk in the middle; the broker ends, and is started again a minute later with room."""
    disk = lab.kafka.disk
    assert disk is not None
    await load(lab.settings, news(ARTICLES))
    await lab.settle(MIDDLE)
    fault.began = time.time()
    await asyncio.to_thread(disk.fill)
    ended = await until(lambda: not lab.kafka.runs, 120)
    print(f"the broker {'ended' if ended else 'goes on'} {time.time() - fault.began:.1f} s after its disk was full")
    await asyncio.sleep(60)
    disk.make_room()
    await asyncio.to_thread(lab.kafka.kill)
    await asyncio.to_thread(lab.kafka.start)
    fault.ended = time.time()


@asynccontextmanager
async def fed(lab: Lab, articles: int) -> AsyncIterator[None]:
    """Feed five articles a second. The block begins once a hundred are settled, and ends once the last is sent."""
    feeding = asyncio.ensure_future(feed(lab.settings, fresh(articles), 5))
    await lab.settle(100)
    yield
    await feeding


async def leader(lab: Lab, fault: Fault) -> None:
    """Kill the broker that leads a partition of news.raw, and others, for 30 s, while five articles a second come."""
    async with fed(lab, 600):
        broker = lab.cluster.brokers[await asyncio.to_thread(lab.cluster.leader, RAW.name)]
        fault.began = time.time()
        await asyncio.to_thread(broker.kill)
        await asyncio.sleep(30)
        broker.launch()
        await asyncio.to_thread(lab.cluster.wait, BROKERS)
        fault.ended = time.time()


async def rolling(lab: Lab, fault: Fault) -> None:
    """End and start one broker after the other, each once all replicas are in sync, while five articles a second come."""
    async with fed(lab, 600):
        fault.began = time.time()
        for broker in lab.cluster.brokers.values():
            await asyncio.to_thread(broker.stop)
            broker.launch()
            await asyncio.to_thread(lab.cluster.wait, BROKERS, in_sync=True)
        fault.ended = time.time()


async def stopped_leader(lab: Lab, fault: Fault) -> None:
    """Stop the process of a leader for 60 s, while five articles a second come: its connections stay, nothing is answered."""
    async with fed(lab, 900):
        broker = lab.cluster.brokers[await asyncio.to_thread(lab.cluster.leader, RAW.name)]
        fault.began = time.time()
        broker.signal(signal.SIGSTOP)
        await asyncio.sleep(60)
        broker.signal(signal.SIGCONT)
        await asyncio.to_thread(lab.cluster.wait, BROKERS)
        fault.ended = time.time()


async def few_replicas(lab: Lab, fault: Fault) -> None:
    """Kill two of three brokers for 30 s, while five articles a second come: the last one answers, and takes nothing."""
    async with fed(lab, 600):
        _, *others = lab.cluster.brokers.values()  # the first is the controller
        fault.began = time.time()
        for broker in others:
            await asyncio.to_thread(broker.kill)
        await asyncio.sleep(30)
        for broker in others:
            broker.launch()
        await asyncio.to_thread(lab.cluster.wait, BROKERS)
        fault.ended = time.time()


async def nothing(lab: Lab, fault: Fault) -> None:
    """Break nothing."""
    await load(lab.settings, news(ARTICLES))
    fault.began = fault.ended = time.time()


class Trial(NamedTuple):
    """A case of the table, and the parts that it runs on.

    `disk_mib` and `voters` are those of a `Lab`: the size of a lone broker's own disk, and the controllers of a cluster.
    """

    said: str
    case: Case
    workers: int = 1
    disk_mib: int = 0
    voters: int = 0


#: The cases by name.
CASES = {
    "nothing": Trial("nothing is broken", nothing),
    "killed-20": Trial("Kafka killed in the middle, back after 20 s", killed(20)),
    "killed-90": Trial("the same, back after 90 s", killed(90)),
    "killed-600": Trial("the same, back after 10 min", killed(600)),
    "stopped": Trial("Kafka stopped for 60 s (SIGSTOP)", stopped),
    "turns": Trial("two workers started and stopped in turns each 10 s for 3 min", turns, workers=2),
    "frozen": Trial("one of two workers frozen for 90 s, its session is 6 s", frozen, workers=2),
    "frozen-busy": Trial(
        "the same in the middle of 2,000 articles, 4 alerts at a time on the wire", frozen_busy, workers=2
    ),
    "frozen-behind": Trial(
        "Kafka and a worker killed; the other worker frozen for 30 s just behind", frozen_behind, workers=2
    ),
    "disk": Trial("the broker's disk full, room a minute later", full, disk_mib=400),
    "leader": Trial("a leader of partitions killed, back after 30 s", leader, workers=2, voters=BROKERS),
    "stopped-leader": Trial("a leader stopped for 60 s (SIGSTOP)", stopped_leader, workers=2, voters=BROKERS),
    "rolling": Trial("each broker ended and started, one after another", rolling, workers=2, voters=BROKERS),
    "few-replicas": Trial("two of three brokers killed, back after 30 s", few_replicas, workers=2, voters=1),
}


def fresh(count: int) -> list[Raw]:
    """Return so many articles that are neither copies nor revisions."""
    return [raw for number, raw in enumerate(news(2 * count)) if number % 10 != 9 and number % 25 != 13][:count]


async def run(name: str) -> tuple[str, ...]:
    """Run a case and return its row."""
    trial = CASES[name]
    fault = Fault()
    async with Lab(trial.workers, trial.disk_mib, voters=trial.voters) as lab:
        await asyncio.to_thread(lab.ready)
        await trial.case(lab, fault)
        await asyncio.to_thread(lab.ready)
        account = await settled(lab.settings, 300)
        wanted = await lab.alert_ids()
        await until(lambda: wanted <= lab.hook.ids, 120)
        await asyncio.sleep(10)  # what would come twice comes now, and alerts of rules end
        wanted = await lab.alert_ids()
        back = await lab.tagged_after(fault.ended)
        times = Counter(receipt.webhook_id for receipt in lab.hook.receipts)
        for each, count in times.items():
            if count > 1:
                when = [f"{r.at - fault.began:.3f}" for r in lab.hook.receipts if r.webhook_id == each]
                print(f"told {count} times: {each} at {', '.join(when)} s")
        live = [look for look in lab.looks if any(code not in (0, 200) for code in look.live)]
        print(account)
        at_odds = sum((200 in look.ready) > any(look.up) for look in lab.looks)
        print(f"{at_odds} of {len(lab.looks)} looks saw a worker ready, and wirewatch_kafka_up 0 at all workers")
        print(f"load {os.getloadavg()[0]:.1f}; liveness was other than 200 {len(live)} times")
        for change in changes(lab, fault):
            print(change)
        return (
            trial.said,
            str(account.fetches),
            f"{len(account.missing)} / {len(account.double)}" + ("" if account.settled else " not settled"),
            str(len(wanted)),
            f"{len(wanted - times.keys())} / {sum(count > 1 for count in times.values())}",
            unready(lab, fault) if trial.workers == 1 or trial.voters else "-",
            fired(lab, fault),
            f"{back:.1f} s" if back is not None and name != "nothing" else "-",
        )


def changes(lab: Lab, fault: Fault) -> list[str]:
    """Return a line for each change of health and of the alerts that fire."""
    lines, before = [], None
    for look in lab.looks:
        now = (look.ready, look.live, look.up, sorted(look.firing))
        if now != before:
            lines.append(
                f"  {look.at - fault.began:7.1f} s  ready {now[0]} live {now[1]} up {now[2]} firing "
                f"{', '.join(now[3]) or '-'}"
            )
        before = now
    return lines


def unready(lab: Lab, fault: Fault) -> str:
    """Say when the workers were not ready: from the first such moment after the fault began to the end of the last."""
    if fault.began == fault.ended:
        return "-"
    looks = [look for look in lab.looks if look.at >= fault.began]
    no = [look.at for look in looks if 200 not in look.ready]
    if not no:
        return "never"
    yes = next((look.at for look in looks if look.at > no[-1]), None)
    if yes is None:
        return f"from {no[0] - fault.began:.1f} s to never again"
    again = f"{yes - fault.ended:.1f} s after its end" if yes >= fault.ended else f"{yes - fault.began:.1f} s of it"
    return f"from {no[0] - fault.began:.1f} s to {again}"


def fired(lab: Lab, fault: Fault) -> str:
    """Say which alerts of the rules fired, from when after the fault began to when after it ended."""
    said = []
    for name in sorted(set().union(*(look.firing for look in lab.looks)) - OF_THE_BENCH):
        times = [look.at for look in lab.looks if name in look.firing]
        said.append(f"{name} {times[0] - fault.began:.0f} s to {times[-1] - fault.ended:+.0f} s")
    return ", ".join(said) or "none"


def keep(rows: dict[str, tuple[str, ...]]) -> None:
    """Put rows into docs/measured.md, beside those of other cases: those on one broker, and those on three."""
    told = (
        "Workers with all steps, a webhook that a watch tells of each article. Times of *not ready*, of all workers at "
        "once, and of rules are from the fault's beginning, those after *to* from its end; rules look each 5 s, and "
        "those of lateness and lag, which a backlog brings about by itself, are left out. *Back after*: from the "
        "fault's end to the next tagged article; all were tagged before where there is none.\n\n"
    )
    one, three = (
        {name: trial for name, trial in CASES.items() if bool(trial.voters) == several} for several in (False, True)
    )
    _keep(rows, one, "faults", "Faults", f"Real Kafka, one node. {told}", "python -m bench.faults --record")
    words = "Real Kafka, three brokers, three replicas, `min.insync.replicas=2`; two workers."
    command = f"python -m bench.faults --record {' '.join(f'--case {name}' for name in three)}"
    _keep(rows, three, "faults-of-three", "Faults of three brokers", f"{words} {told}", command)


def _keep(
    rows: dict[str, tuple[str, ...]], cases: dict[str, Trial], mark: str, title: str, text: str, command: str
) -> None:
    """Put the rows of some cases into their section."""
    found = {name: row for name, row in rows.items() if name in cases}
    if not found:
        return
    section = re.search(rf"<!-- {mark} -->.*?<!-- end {mark} -->", FILE.read_text(encoding="utf-8"), re.DOTALL)
    names = {trial.said: name for name, trial in cases.items()}
    for line in section[0].splitlines() if section else ():
        cells = tuple(cell.strip() for cell in line.strip("|").split(" | "))
        if cells[0] in names:
            found.setdefault(names[cells[0]], cells)
    record(mark, title, text + table(HEAD, [found[name] for name in cases if name in found]), command=command)


async def main() -> None:
    """Run the cases that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    for name in arguments.case or CASES:
        row = await run(name)
        print(table(HEAD, [row]), flush=True)
        if arguments.record:
            keep({name: row})


if __name__ == "__main__":
    asyncio.run(main())
