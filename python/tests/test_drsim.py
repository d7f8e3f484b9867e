"""What users of the package rely on. Run from the repository's root by tests/all.sh."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import drsim
import drsim.distributed
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("DRSIM", str(ROOT / "target/checked/drsim"))
SHIPPED = "scenarios/mobile_backend.toml"
YEARS = 2_000


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="module")
def results():
    with contextlib.chdir(ROOT) if sys.version_info >= (3, 11) else contextlib.nullcontext():
        return drsim.run(SHIPPED, n=YEARS, incidents=True)


def binary(*args):
    return subprocess.run([BINARY, *args], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard():
    """A shell that starts the tests in the background has it ignored, and then nothing ever ends a run."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_the_same_bytes_as_the_binary(results):
    there = binary("run", SHIPPED, "-n", str(YEARS), "--quiet", "--format", "json")
    assert there.returncode == 0, there.stderr
    assert results.to_json() == there.stdout
    assert str(results) == binary("run", SHIPPED, "-n", str(YEARS), "--quiet").stdout
    changed = {"objects.size.p50": "5 MB", "outages.causes": ["region", "zone"], "database.write_forwarding": True}
    known = [key for key in changed if "write_forwarding" not in key]
    set_ = [f"--set={key}={changed[key] if isinstance(changed[key], str) else json.dumps(changed[key])}" for key in known]
    there = binary("run", SHIPPED, "-n", "500", "--seed", "7", "--quiet", "--format", "json", *set_)
    here = drsim.run(SHIPPED, 500, seed=7, set={key: changed[key] for key in known})
    assert here.to_json() == there.stdout


def test_the_files_of_a_run_are_those_of_the_binary(tmp_path):
    drsim.run(SHIPPED, 500, out=tmp_path / "here")
    binary("run", SHIPPED, "-n", "500", "--quiet", "--no-what-if", "--out", str(tmp_path / "there"))
    for path in sorted((tmp_path / "there").rglob("*.*")):
        if path.name != "run.json":
            assert (tmp_path / "here" / path.relative_to(tmp_path / "there")).read_bytes() == path.read_bytes(), path


def test_tables_are_taken_by_polars_pyarrow_pandas_and_duckdb(results):
    import duckdb
    import polars
    import pyarrow

    metrics = polars.DataFrame(results.metrics)
    assert metrics.height == len(results.metrics) and metrics.columns == results.metrics.column_names
    csv = results.to_csv().splitlines()
    assert len(csv) == metrics.height + 1
    incidents = pyarrow.table(results.incidents)
    assert incidents.num_rows == len(results.incidents) > 1000
    frame = incidents.to_pandas()
    assert set(frame.architecture) <= set(drsim.load(SHIPPED).architectures)
    parts = [c for c in frame if c.endswith("ing_seconds") or c in ("undetected_seconds", "undecided_seconds", "waiting_for_repair_seconds")]
    recovered = frame.recovery_time_seconds.notna()
    assert (frame.loc[recovered, parts].sum(axis=1) - frame.recovery_time_seconds[recovered]).abs().max() < 1e-6
    claims = pyarrow.table(results.claims)  # duckdb finds it by its name
    fails = duckdb.sql("SELECT count(*) FROM claims WHERE architecture = 'adr_fast_checks' AND verdict = 'fails'")
    assert fails.fetchall() == [(sum(c["verdict"] == "fails" and c["architecture"] == "adr_fast_checks" for c in results.to_dict()["claims"]),)]
    assert claims.num_rows == len(results.claims)


def test_incidents_are_kept_only_if_asked():
    with pytest.raises(AttributeError, match="incidents=True"):
        _ = drsim.run(SHIPPED, 250).incidents
    none = drsim.run(SHIPPED, 1, incidents=True)
    assert "recovery_time_seconds" in none.incidents.column_names


def test_incidents_as_parquet_are_read_by_duckdb_and_polars_as_the_csv_is(tmp_path):
    import duckdb
    import polars
    from polars.testing import assert_frame_equal

    drsim.run(SHIPPED, 1000, out=tmp_path / "csv")
    written = []
    for jobs in ("1", "2"):
        to = tmp_path / f"jobs-{jobs}"
        done = binary("run", SHIPPED, "-n1000", "-j", jobs, "--quiet", "--out", str(to), "--incidents=incidents.parquet")
        assert done.returncode == 0 and not (to / "incidents.csv").exists(), done.stderr
        written.append((to / "incidents.parquet").read_bytes())
    drsim.run(SHIPPED, 1000, out=tmp_path / "here", incidents_name="incidents.parquet")
    assert written[0] == written[1] == (tmp_path / "here/incidents.parquet").read_bytes()
    rows, csv = polars.read_parquet(tmp_path / "jobs-1/incidents.parquet"), polars.read_csv(tmp_path / "csv/incidents.csv", infer_schema_length=None)
    assert_frame_equal(rows, csv.cast(rows.schema), check_exact=True)
    count = duckdb.sql(f"SELECT count(*), count(recovery_time_seconds) FROM '{tmp_path}/jobs-1/incidents.parquet'").fetchall()
    assert count == [(csv.height, csv["recovery_time_seconds"].count())]
    drsim.run(SHIPPED, 1, out=tmp_path / "none", incidents_name="incidents.parquet")
    none = polars.read_parquet(tmp_path / "none/incidents.parquet")
    assert none.columns == rows.columns and none.height < 100
    with pytest.raises(drsim.UsageError, match="incidents.parquet"):
        drsim.run(SHIPPED, 1, out=tmp_path / "wrong", incidents_name="incidents.xlsx")
    assert binary("run", SHIPPED, "-n1", "--out", str(tmp_path), "--incidents=../x.parquet").returncode == 2


def test_a_dictionary_is_a_scenario():
    scenario = drsim.load(SHIPPED)
    content = scenario.to_dict()
    assert drsim.load(content).digest == scenario.digest
    assert drsim.load(drsim.Scenario.parse(drsim.to_toml(content), "again", [])).digest == scenario.digest
    with pytest.raises(TypeError, match="None"):
        drsim.load({"title": None})
    content["claims"]["rto_reads"]["share"] = "50 %"
    edited = drsim.load(content)
    assert edited.digest != scenario.digest
    assert edited.digest == drsim.load(scenario, set={"claims.rto_reads.share": "50 %"}).digest
    assert scenario.proposed == "adr_fast_checks" and scenario.baseline == "single_region"
    assert any("rto_reads" in warning for warning in scenario.warnings)


def test_errors_have_the_words_and_the_place_of_the_command_line(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text((ROOT / SHIPPED).read_text().replace("[regions]", "[regios]").replace("p50", "p5O"))
    with pytest.raises(drsim.ScenarioError) as caught:
        drsim.load(bad)
    assert str(caught.value) == binary("validate", str(bad)).stderr.strip()
    first = caught.value.problems[0]
    assert first["file"] == str(bad) and first["line"] > 0 and first["column"] > 0
    with pytest.raises(drsim.ScenarioError, match="nowhere.toml"):
        drsim.run("nowhere.toml")
    with pytest.raises(drsim.ScenarioError, match="<dict>"):
        drsim.load({"schema_version": 1})
    for wrong in ({"n": 0}, {"n": 10, "precision": 0.01}, {"n": 10, "confidence": 95}):
        with pytest.raises(ValueError):
            drsim.run(SHIPPED, **wrong)


def test_progress_is_told_and_its_error_ends_the_run():
    told = []
    drsim.run(SHIPPED, 1000, progress=lambda done, most: told.append((done, most)))
    assert told[-1] == (1000, 1000) and told == sorted(told)

    def stop(done, most):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        drsim.run(SHIPPED, 10**8, progress=stop)


def test_other_threads_run_meanwhile_and_ctrl_c_ends_a_run():
    ticks = 0
    done = threading.Event()

    def tick():
        nonlocal ticks
        while not done.wait(0.01):
            ticks += 1

    other = threading.Thread(target=tick)
    other.start()
    threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        drsim.run(SHIPPED, 10**8)
    took = time.monotonic() - began
    done.set()
    other.join()
    # With the lock held throughout there would be next to none.
    assert ticks > 5 and took < 60


def test_shards_over_processes_merge_to_the_same_bytes(results):
    with ProcessPoolExecutor(2) as pool:
        merged = drsim.distributed.run(SHIPPED, YEARS, shards=3, map=pool.map, incidents=True)
    assert merged.to_json() == results.to_json()
    assert len(merged.incidents) == len(results.incidents)
    parts = [drsim.run_shard(SHIPPED, 500, i, 2) for i in (1, 2)]
    with pytest.raises(drsim.MergeError, match="1 missing of 2 parts: shard 2"):
        drsim.merge(parts[:1])
    with pytest.raises(drsim.MergeError, match="damaged"):
        drsim.merge([parts[0], parts[1][:-20]])


def test_sweeps_and_tornados_are_those_of_the_binary(tmp_path):
    import polars

    vary = {"objects.size.*": ["1 MB", "4 MB"], "objects.copy_throughput": "3 Mbps..12 Mbps:3"}
    told = []
    asked = {"claim": "rpo_files", "architecture": "adr_fast_10mbps", "n": 500, "set": {"outages.causes": ["region"]}}
    here = drsim.sweep(SHIPPED, vary, **asked, out=tmp_path, progress=lambda done, most: told.append(done / most))
    words = ["--vary=objects.size.*=1 MB, 4 MB", "--vary=objects.copy_throughput=3 Mbps..12 Mbps:3", "--claim=rpo_files"]
    words += ["--architecture=adr_fast_10mbps", "-n500", '--set=outages.causes=["region"]', "--quiet"]
    there = binary("sweep", SHIPPED, *words, "--format=json")
    assert here.to_json() == there.stdout, there.stderr
    assert here.to_dict() == json.loads(there.stdout) and told[-1] == 1 and told == sorted(told)
    assert str(here) == binary("sweep", SHIPPED, *words).stdout
    assert (tmp_path / "sweep.csv").read_text() == binary("sweep", SHIPPED, *words, "--format=csv").stdout
    table, csv = polars.DataFrame(here), polars.read_csv(tmp_path / "sweep.csv")
    assert table.drop("x", "y").columns == csv.columns and table.height == 6
    assert table["estimate"].to_list() == csv["estimate"].to_list()
    assert table["x"].unique().sort().to_list() == [1e6, 4e6] and set(table["y"]) == {3e6, 7.5e6, 12e6}

    here = drsim.sensitivity(SHIPPED, "rpo_files", n=200)
    there = binary("sensitivity", SHIPPED, "--claim=rpo_files", "-n200", "--quiet", "--format=json")
    assert here.to_json() == there.stdout, there.stderr
    assert polars.DataFrame(here).height == len(here.to_dict()["claims"][0]["bars"])
    every = drsim.sensitivity(SHIPPED, n=200)
    assert set(polars.DataFrame(every)["claim"]) == {"rto_reads", "rto_writes", "rpo_files", "rpo_rows"}
    here = drsim.sensitivity(SHIPPED, "rto_writes", architecture="adr_default_checks", detail=True, rows=8, n=100)
    words = ["--claim=rto_writes", "--architecture=adr_default_checks", "--detail", "--rows=8", "-n100", "--quiet"]
    assert here.to_json() == binary("sensitivity", SHIPPED, *words, "--format=json").stdout
    assert str(here) == binary("sensitivity", SHIPPED, *words).stdout
    assert polars.DataFrame(here).height == len(here.to_dict()["inputs"])


#: Claims that some settings of adr_fast_checks meet and others do not.
KEPT = {
    "claims.rto_reads.below": "140 s",
    "claims.rto_writes.below": "20 min",
    "claims.rto_writes.share": "60 %",
    "claims.rpo_files.share": "5 %",
    "claims.rpo_rows.share": "80 %",
    "claims.cheap.at_most": "90 %",
}
OWN = "architectures.adr_fast_checks"


def test_the_cheapest_setting_is_that_of_the_binary(tmp_path):
    import polars

    vary = {f"{OWN}.health_check.interval": ["10 s", "30 s"], f"{OWN}.decision": ["automatic", "on_call"]}
    told = []
    here = drsim.optimize(SHIPPED, vary, n=4000, set=KEPT, out=tmp_path, progress=lambda done, most: told.append(done / most))
    words = [f"--vary={path}={','.join(values)}" for path, values in vary.items()] + ["-n4000", "--quiet"]
    words += [f"--set={path}={value}" for path, value in KEPT.items()]
    assert here.to_json() == binary("optimize", SHIPPED, *words, "--format=json").stdout
    assert str(here) == binary("optimize", SHIPPED, *words).stdout
    assert (tmp_path / "optimize.csv").read_text() == binary("optimize", SHIPPED, *words, "--format=csv").stdout
    table = polars.DataFrame(here)
    assert table.columns == polars.read_csv(tmp_path / "optimize.csv").columns and told and told == sorted(told)
    assert table["ruling"].to_list().count("accepted") == 1 and table["cost_a_year"].is_sorted()
    # A dictionary has no file to read again.
    again = drsim.optimize(drsim.load(SHIPPED).to_dict(), vary, n=4000, set=KEPT)
    assert polars.DataFrame(again).equals(table)


def test_an_optimum_is_refused_in_the_words_of_the_binary_and_ended_by_ctrl_c():
    refused = [
        ({f"{OWN}.health_check.interva": ["10 s"]}, {}, drsim.UsageError),
        ({f"{OWN}.ttl": ["10 s"]}, {"architecture": "adr_fast_cheks"}, drsim.UsageError),
        ({f"{OWN}.ttl": "10 s..20 s"}, {}, drsim.UsageError),
    ]
    for vary, asked, kind in refused:
        with pytest.raises(kind) as caught:
            drsim.optimize(SHIPPED, vary, **asked)
        words = [f"--vary={path}={values if isinstance(values, str) else ','.join(values)}" for path, values in vary.items()]
        there = binary("optimize", SHIPPED, *words, *(f"--{key}={value}" for key, value in asked.items()), "--quiet")
        assert there.returncode and str(caught.value) in there.stderr, (str(caught.value), there.stderr)
    with pytest.raises(drsim.ScenarioError) as wrong:
        drsim.optimize(SHIPPED, set={"objects.sise.p50": "1 MB"})
    assert str(wrong.value) in binary("optimize", SHIPPED, "--set=objects.sise.p50=1 MB", "--quiet").stderr
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        drsim.optimize(SHIPPED, {f"{OWN}.ttl": "1 s..300 s:40"}, n=10**6, set=KEPT)
    assert time.monotonic() - began < 60


def test_a_sweep_is_refused_in_the_words_of_the_binary_and_ended_by_ctrl_c():
    refused = [
        ({"objects.sise.*": ["1 MB"]}, {"claim": "rpo_files"}, drsim.ScenarioError),
        ({"objects.size.*": "1 MB..2 MB"}, {"claim": "rpo_files"}, drsim.UsageError),
        ({"objects.size.*": ["1 MB"]}, {"claim": "rpo_flies"}, drsim.UsageError),
        ({"objects.size.*": ["1 MB"]}, {"metric": "recovery_time_secods read p95"}, drsim.UsageError),
    ]
    for vary, asked, kind in refused:
        with pytest.raises(kind) as caught:
            drsim.sweep(SHIPPED, vary, **asked)
        words = [f"--vary={path}={values if isinstance(values, str) else ','.join(values)}" for path, values in vary.items()]
        there = binary("sweep", SHIPPED, *words, *(f"--{key}={value}" for key, value in asked.items()), "--quiet")
        assert there.returncode and str(caught.value).removeprefix("error: ") in there.stderr, (str(caught.value), there.stderr)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        drsim.sweep(SHIPPED, {"objects.size.*": "1 MB..20 MB:50"}, claim="rpo_files", n=10**6)
    assert time.monotonic() - began < 60


def test_money_is_that_of_the_binary(results):
    import polars

    assert str(drsim.cost(SHIPPED, 500)) == binary("cost", SHIPPED, "-n500", "--quiet").stdout
    assert results.cost.to_json() == binary("cost", SHIPPED, "-n", str(YEARS), "--quiet", "--format=json").stdout
    costs = polars.DataFrame(results.costs)
    bills = costs.filter(kind="cloud").group_by("architecture").agg(polars.col("usd_per_month_expected").sum())
    for bill in results.to_dict()["bills"]:
        found = bills.row(by_predicate=polars.col("architecture") == bill["architecture"], named=True)
        assert abs(found["usd_per_month_expected"] - float(bill["usd_per_month"])) < 0.005
    money = polars.DataFrame(results.money)
    assert {"cloud_a_year", "loss_a_year", "break_even_per_hour"} <= set(money["quantity"])
    assert len(results.budget) == len(results.to_dict()["budget"])


def test_designs_are_compared_as_by_the_binary(results):
    import polars

    ask = ("--architecture=accelerator", "--against=warm_standby")
    here = results.compare("accelerator", "warm_standby")
    assert here.to_json() == binary("compare", SHIPPED, "-n", str(YEARS), "--quiet", "--format=json", *ask).stdout
    assert str(drsim.compare(SHIPPED, 500)) == binary("compare", SHIPPED, "-n500", "--quiet").stdout
    table = polars.DataFrame(here)
    shares = table.filter(polars.col("statistic").str.starts_with("p_")).group_by("metric", "operation", "store", "per").agg(polars.col("estimate").sum())
    assert shares.height > 5 and (shares["estimate"] - 1).abs().max() < 1e-9
    with pytest.raises(drsim.UsageError, match="no architecture `nobody`"):
        results.compare("nobody")


def test_a_year_and_real_outages_are_replayed():
    import polars

    year = drsim.replay(SHIPPED, 5167)
    assert polars.DataFrame(year).columns == ["architecture", "at_seconds", "event", "subject", "detail"]
    assert str(year) == binary("replay", SHIPPED, "5167").stdout
    assert year.to_json() == binary("replay", SHIPPED, "5167", "--format=json").stdout
    one = drsim.replay(SHIPPED, "2021-12-07", draws=20)
    assert str(one) == binary("replay", SHIPPED, "2021-12-07", "--draws=20").stdout
    assert len(one.table) == len(one.to_dict()) == len(drsim.load(SHIPPED).architectures)
    with pytest.raises(drsim.UsageError, match="2021-12-07"):
        drsim.replay(SHIPPED, "2021-12-08")


def test_fits_are_those_of_the_binary(tmp_path):
    import polars

    data = "notebooks/data/aws_incidents.csv"
    how = {"to": "outages.service.duration", "rounds": 50}
    here = drsim.fit(data, column="minutes", only=("region", "us-east-1"), **how)
    words = ["--column=minutes", "--only=region=us-east-1", "--to=outages.service.duration", "--rounds=50"]
    assert str(here) == binary("fit", data, *words).stdout
    assert here.best == "lognormal" and here.lines in str(here)
    here.plot(tmp_path / "qq.png")
    values = polars.read_csv(data).filter(region="us-east-1")["minutes"]
    again = drsim.fit(values, unit="min", **how)
    assert polars.DataFrame(again)["aic"].to_list() == pytest.approx(polars.DataFrame(here)["aic"].to_list())
    assert again.quantile(0.5) == pytest.approx(here.quantile(0.5))
    with pytest.raises(drsim.UsageError, match="unit"):
        drsim.fit(values)
    with pytest.raises(drsim.UsageError, match="at least 5"):
        drsim.fit([1.0, 2.0], unit="s")
    bad = tmp_path / "bad.csv"
    bad.write_text("t,lag_ms\n1,20\n2,twenty\n")
    with pytest.raises(drsim.ScenarioError, match="bad.csv:3:3"):
        drsim.fit(bad, column="lag_ms")


def test_held_out_values_are_scored_as_by_the_binary_and_real_ones_are_not_always_predicted(tmp_path):
    import random

    import polars

    # Nothing changed between the halves of these; the later ones of those are 3 times as long.
    draw = random.Random(1)
    same = [draw.lognormvariate(4, 1) for _ in range(400)]
    changed = same[:200] + [3 * value for value in same[200:]]
    assert drsim.fit(same, unit="s", hold_out=0.5, rounds=100).predicts is True
    fit = drsim.fit(changed, unit="s", hold_out=0.5, rounds=100)
    assert fit.predicts is False and "does not predict" in str(fit)
    scored = polars.DataFrame(fit.held_out)
    assert scored["p"].to_list() == [0.25, 0.5, 0.75, 0.9, 0.95] and (scored["below"] < scored["expected_low"]).sum() >= 4
    assert drsim.fit(same, unit="s", rounds=20).predicts is None
    with pytest.raises(AttributeError, match="hold_out"):
        _ = drsim.fit(same, unit="s", rounds=20).held_out
    with pytest.raises(drsim.UsageError, match="hold_out"):
        drsim.fit(same, unit="s", hold_out=50)

    data = "notebooks/data/aws_incidents.csv"
    here = drsim.fit(data, column="minutes", only=("region", "us-east-1"), hold_out=0.5, rounds=100)
    words = ["--column=minutes", "--only=region=us-east-1", "--hold-out=50%", "--rounds=100"]
    assert str(here) == binary("fit", data, *words).stdout
    assert here.predicts is False
    censored = tmp_path / "open.csv"
    censored.write_text("minutes,open\n" + "".join(f"{value},{i % 5 == 0}\n" for i, value in enumerate(same)))
    assert drsim.fit(censored, column="minutes", censored="open", hold_out=0.4, rounds=50).held_out.column_names[0] == "p"
    for wrong in ("0%", "100%", "half"):
        assert binary("fit", data, "--column=minutes", f"--hold-out={wrong}").returncode == 2


def test_a_bar_is_shown_where_tqdm_is_there(capsys):
    pytest.importorskip("tqdm")
    drsim.run(SHIPPED, 4_000, progress=True)
    assert "years" in capsys.readouterr().err


def test_the_package_holds_one_compiled_module_and_no_older_one():
    found = sorted(path.name for path in pathlib.Path(drsim.__file__).parent.glob("_native*") if path.suffix != ".pyi")
    assert len(found) == 1, found


def test_the_example_of_the_readme_works_as_printed():
    for page in ("README.md", "python/README.md"):
        code = (ROOT / page).read_text().split("```python\n")[1].split("```")[0]
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "rto_reads" in done.stdout
        output = (ROOT / page).read_text().split("```python\n")[1].split("```text\n")
        if page == "README.md":
            assert done.stdout.strip() == output[1].split("```")[0].strip()
