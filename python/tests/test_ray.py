"""A real local Ray with two workers, one of which is killed; skipped, with a word, where Ray is not installed."""

import os
import pathlib
import signal
import threading
import time

import drsim
import drsim.distributed
import pytest

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install ray")
ROOT = pathlib.Path(__file__).resolve().parents[2]
YEARS = 6_000


def test_a_killed_worker_is_replaced_and_the_bytes_are_the_same(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("HOME", str(tmp_path))  # where Ray keeps a token of its own

    def pid():
        time.sleep(0.5)
        return os.getpid()

    alone = drsim.run("scenarios/mobile_backend.toml", YEARS)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        # Two workers that are up, so that there is one to kill.
        began = time.monotonic()
        workers = set(ray.get([ray.remote(pid).remote() for _ in range(4)]))
        assert workers
        killed = []

        def kill():
            time.sleep(0.3)
            os.kill(min(workers), signal.SIGKILL)
            killed.append(min(workers))

        thread = threading.Thread(target=kill)
        thread.start()
        results = drsim.distributed.run_on_ray("scenarios/mobile_backend.toml", YEARS, shards=8)
        thread.join()
        print(f"8 shards on Ray, one worker killed: {time.monotonic() - began:.1f} s; alone {alone.wall_seconds:.1f} s")
    finally:
        ray.shutdown()
    assert killed and results.to_json() == alone.to_json()
