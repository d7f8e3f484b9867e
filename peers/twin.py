"""One design of drsim in SimPy: the same events and the same algorithm, as processes or as callbacks.

    python twin.py processes|callbacks INCIDENTS

A regional outage of two hours: 16 checkers find out, the verdict is published, 1,000 edge caches learn it one by one, the
database is promoted; after the repair all go back. As in drsim the years jump from incident to incident. Prints JSON.
"""

import json
import math
import random
import sys
import time

import simpy

CHECKERS, HEALTHY_SHARE, INTERVAL, TIMEOUT, THRESHOLD = 16, 0.18, 10.0, 4.0, 3
CACHES, TTL, SERVED, OUTAGE = 1000, 60.0, 0.99, 7200.0
USERS = 1_000_000
READS_PER_SECOND = USERS * 9 / 86_400
ASKED = USERS * (12 * 0.2 + 9 + 3) / 86_400 / CACHES * TTL
HOLDS = ASKED / (1 + ASKED)
MU, SIGMA = math.log(90), math.log(300 / 90) / 1.6448536269514722


class Incident:
    """State that both ways share: what the endpoint looks like, who names which region, what fails."""

    def __init__(self, env, rng):
        self.env, self.rng = env, rng
        self.up, self.healthy = False, True
        self.opinions = [True] * CHECKERS
        self.streak = [0] * CHECKERS
        # Every cache starts with the primary, somewhere in its cycle or without an entry.
        self.first = [rng.random() * TTL if rng.random() < HOLDS else None for _ in range(CACHES)]
        self.held = [0] * CACHES
        self.moved, self.answer = 0, 0
        self.publication = [rng.uniform(5, 10), rng.uniform(5, 10)]
        self.reads = self.writes = None
        self.writer_back = None
        self.share, self.since, self.failed = 0.0, 0.0, 0.0
        self.events = 0

    def answered(self, checker):
        """A probe has its answer; whether the checker goes on, and whether the verdict changed."""
        self.events += 1
        if self.opinions[checker] == self.up:
            self.streak[checker] = 0
        else:
            self.streak[checker] += 1
            if self.streak[checker] >= THRESHOLD:
                self.opinions[checker], self.streak[checker] = self.up, 0
        healthy = sum(self.opinions) > HEALTHY_SHARE * CHECKERS
        changed, self.healthy = healthy != self.healthy, healthy
        return self.opinions[checker] != self.up, changed

    def gap(self):
        return INTERVAL + (0.0 if self.up else TIMEOUT)

    def publish(self):
        """The verdict reaches the answers; the caches that learn it later, with their delays."""
        self.events += 1
        self.answer = 0 if self.healthy else 1
        later = []
        for cache, first in enumerate(self.first):
            if self.held[cache] != self.answer:
                if first is None:
                    self.take(cache)
                else:
                    later.append((cache, (first - self.env.now) % TTL))
        self.evaluate()
        return later

    def take(self, cache):
        self.moved += self.answer - self.held[cache]
        self.held[cache] = self.answer

    def expired(self, cache):
        self.events += 1
        self.take(cache)
        self.evaluate()

    def evaluate(self):
        now = self.env.now
        self.failed += (1 - self.share) * READS_PER_SECOND * (now - self.since)
        away = self.moved / CACHES
        self.share, self.since = away + (1 - away) * self.up, now
        if self.share >= SERVED:
            if self.reads is None:
                self.reads = now
            if self.writes is None and self.writer_back is not None:
                self.writes = now

    def database_steps(self):
        rng = self.rng
        detection = rng.random() * INTERVAL + 10 + 2 * 5
        promotion = math.exp(rng.gauss(MU, SIGMA))
        while promotion > 3600:
            promotion = math.exp(rng.gauss(MU, SIGMA))
        return detection, 30.0, promotion, rng.uniform(5, 60)


def by_processes(env, incident):
    """Idiomatic SimPy: everything that waits is a generator."""
    rng = incident.rng

    def checker(number):
        yield env.timeout(rng.random() * INTERVAL + (0.0 if incident.up else TIMEOUT))
        while True:
            goes_on, changed = incident.answered(number)
            if changed:
                env.process(publication(incident.publication[incident.healthy]))
            if not goes_on:
                return
            yield env.timeout(incident.gap())

    def publication(delay):
        yield env.timeout(delay)
        for cache, wait in incident.publish():
            env.process(expiry(cache, wait))

    def expiry(cache, wait):
        yield env.timeout(wait)
        incident.expired(cache)

    def database():
        for step in incident.database_steps():
            yield env.timeout(step)
            incident.events += 1
        incident.writer_back = env.now
        incident.evaluate()

    def outage():
        for number in range(CHECKERS):
            env.process(checker(number))
        env.process(database())
        yield env.timeout(OUTAGE)
        incident.events += 1
        incident.evaluate()
        incident.up = True
        incident.evaluate()
        for number in range(CHECKERS):
            env.process(checker(number))

    env.process(outage())
    env.run()


def by_callbacks(env, incident):
    """The same without generators: each event carries what happens next."""
    rng = incident.rng

    def after(delay, action, *args):
        env.timeout(delay).callbacks.append(lambda _event: action(*args))

    def probe(number):
        goes_on, changed = incident.answered(number)
        if changed:
            after(incident.publication[incident.healthy], publish)
        if goes_on:
            after(incident.gap(), probe, number)

    def publish():
        for cache, wait in incident.publish():
            after(wait, incident.expired, cache)

    def database(steps):
        incident.events += 1
        if steps:
            after(steps[0], database, steps[1:])
        else:
            incident.writer_back = env.now
            incident.evaluate()

    def look():
        for number in range(CHECKERS):
            after(rng.random() * INTERVAL + (0.0 if incident.up else TIMEOUT), probe, number)

    def repaired():
        incident.events += 1
        incident.evaluate()
        incident.up = True
        incident.evaluate()
        look()

    look()
    steps = incident.database_steps()
    after(steps[0], database, steps[1:])
    after(OUTAGE, repaired)
    env.run()


def main():
    way, incidents = {"processes": by_processes, "callbacks": by_callbacks}[sys.argv[1]], int(sys.argv[2])
    rng = random.Random(1)
    reads, writes, failed, events = [], [], [], 0
    start = time.process_time()
    for _ in range(incidents):
        env = simpy.Environment()
        incident = Incident(env, rng)
        way(env, incident)
        reads.append(incident.reads)
        writes.append(incident.writes)
        failed.append(incident.failed)
        events += incident.events
    cpu = time.process_time() - start
    print(json.dumps({"cpu": cpu, "events": events, "reads": reads, "writes": writes, "failed": failed}))


if __name__ == "__main__":
    main()
