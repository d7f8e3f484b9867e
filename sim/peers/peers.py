"""The Python engines on W1 and W2: pip install simpy salabim ciw, then python peers.py.

Nanoseconds of CPU time per customer or per hold, the least of three rounds, as a Markdown table.
"""

import random
import time

import ciw
import salabim
import simpy


def w1_simpy_callbacks(customers):
    env, rng, queue = simpy.Environment(), random.Random(1), []
    served, total, done = 0, 0.0, env.event()

    def after(delay, callback):
        env.timeout(delay).callbacks.append(callback)

    def arrive(_):
        if not queue:
            after(rng.expovariate(1.0), depart)
        queue.append(env.now)
        after(rng.expovariate(0.9), arrive)

    def depart(_):
        nonlocal served, total
        total += env.now - queue.pop(0)
        served += 1
        if served == customers:
            done.succeed()
        if queue:
            after(rng.expovariate(1.0), depart)

    after(rng.expovariate(0.9), arrive)
    env.run(done)
    return total / customers


def w1_simpy_processes(customers):
    env, rng = simpy.Environment(), random.Random(1)
    server, times, done = simpy.Resource(env), [], env.event()

    def customer():
        arrival = env.now
        with server.request() as request:
            yield request
            yield env.timeout(rng.expovariate(1.0))
        times.append(env.now - arrival)
        if len(times) == customers:
            done.succeed()

    def source():
        while True:
            yield env.timeout(rng.expovariate(0.9))
            env.process(customer())

    env.process(source())
    env.run(done)
    return sum(times) / customers


def w1_salabim(customers):
    env, rng, times = salabim.Environment(trace=False, yieldless=False), random.Random(1), []
    queue = []

    class Server(salabim.Component):
        def process(self):
            while len(times) < customers:
                while not queue:
                    yield self.passivate()
                yield self.hold(rng.expovariate(1.0))
                times.append(env.now() - queue.pop(0))
            env.main().activate()

    class Source(salabim.Component):
        def process(self):
            while True:
                yield self.hold(rng.expovariate(0.9))
                queue.append(env.now())
                if server.ispassive():
                    server.activate()

    server = Server()
    Source()
    env.run()
    return sum(times) / customers


def w1_ciw(customers):
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(0.9)],
        service_distributions=[ciw.dists.Exponential(1.0)],
        number_of_servers=[1],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers, method="Finish")
    times = [r.exit_date - r.arrival_date for r in simulation.get_all_records()]
    return sum(times) / len(times)


def w2_simpy(pending, holds):
    env, rng = simpy.Environment(), random.Random(1)

    def hold(_):
        env.timeout(rng.expovariate(1.0)).callbacks.append(hold)

    for _ in range(pending):
        hold(None)
    env.run(1.0)
    start = time.process_time()
    env.run(1.0 + holds / pending)
    return time.process_time() - start


def w2_salabim(pending, holds):
    env, rng = salabim.Environment(trace=False, yieldless=False), random.Random(1)

    class Holder(salabim.Component):
        def process(self):
            while True:
                yield self.hold(rng.expovariate(1.0))

    for _ in range(pending):
        Holder()
    env.run(till=1.0)
    start = time.process_time()
    env.run(till=1.0 + holds / pending)
    return time.process_time() - start


def cpu(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def main():
    rows = [
        ("SimPy callbacks", w1_simpy_callbacks, w2_simpy),
        ("SimPy processes", w1_simpy_processes, None),
        ("salabim", w1_salabim, w2_salabim),
        ("ciw", w1_ciw, None),
    ]
    print("| Engine | W1 ns/customer | W2 1e2 ns/hold | 1e4 |\n| --- | --- | --- | --- |")
    customers, holds = 20_000, 100_000
    for name, w1, w2 in rows:
        cells = [min(cpu(lambda: w1(customers)) for _ in range(3)) / customers]
        if w2:
            cells += [min(w2(pending, holds) for _ in range(3)) / holds for pending in (100, 10_000)]
        print(f"| {name} | " + " | ".join(f"{1e9 * c:,.0f}" for c in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
