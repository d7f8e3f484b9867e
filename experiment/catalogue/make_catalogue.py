"""Derives the CSV files of this catalogue from the public data sets they cite.

    python3 make_catalogue.py DATA FACTS

DATA and FACTS are folders with the cited files; the results are committed, so building drsim does not need them.
"""

import csv
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ZONES = {
    "IE": "Europe/Dublin", "GB": "Europe/London", "ES": "Europe/Madrid", "FR": "Europe/Paris", "DE": "Europe/Berlin",
    "IT": "Europe/Rome", "PT": "Europe/Lisbon", "NL": "Europe/Amsterdam", "SE": "Europe/Stockholm",
    "PL": "Europe/Warsaw", "AT": "Europe/Vienna", "CH": "Europe/Zurich", "BE": "Europe/Brussels",
    "DK": "Europe/Copenhagen", "NO": "Europe/Oslo", "FI": "Europe/Helsinki", "CZ": "Europe/Prague",
    "GR": "Europe/Athens", "RO": "Europe/Bucharest", "HU": "Europe/Budapest", "BG": "Europe/Sofia",
}
CITY_ZONES = {
    "New York": "America/New_York", "Washington": "America/New_York", "Boston": "America/New_York",
    "Miami": "America/New_York", "Atlanta": "America/New_York", "Chicago": "America/Chicago",
    "Dallas": "America/Chicago", "Houston": "America/Chicago", "Denver": "America/Denver",
    "Phoenix": "America/Phoenix", "Los Angeles": "America/Los_Angeles", "Seattle": "America/Los_Angeles",
    "San Francisco": "America/Los_Angeles", "Toronto": "America/Toronto", "Montreal": "America/Toronto",
    "Vancouver": "America/Vancouver", "Mexico City": "America/Mexico_City",
}


def main(data: pathlib.Path, facts: pathlib.Path) -> None:
    rtt = {}
    for row in csv.DictReader((data / "aws-interregion-rtt-2024/aws_interregion_rtt_ms.csv").open()):
        rtt[row["src"], row["dst"]] = float(row["p50"])
    regions = sorted({src for src, _ in rtt})

    with (HERE / "region_trips.csv").open("w") as out:
        out.write("# from,to,round_trip_ms\n")
        for (src, dst), p50 in rtt.items():
            if src != dst:
                out.write(f"{src},{dst},{p50:.1f}\n")

    floor, zone = {}, {}
    for row in csv.DictReader((data / "client-city-aws-rtt-2023/city_to_aws_region_rtt_floor.csv").open()):
        if row["country"] in ZONES or row["city"] in CITY_ZONES:
            zone[row["city"]] = CITY_ZONES.get(row["city"]) or ZONES[row["country"]]
            near = row["rtt_floor_near_ms"] or row["rtt_floor_ms"]
            if near:
                floor[row["city"], row["region"]] = float(near)

    with (HERE / "cities.csv").open("w", newline="") as out:
        out.write("# city,timezone,region,round_trip_ms,basis\n")
        write = csv.writer(out, lineterminator="\n")
        for city in sorted(zone):
            legs = {r: floor[city, r] for r in regions if (city, r) in floor}
            if not legs:
                continue
            nearest = min(legs, key=lambda r: (legs[r], r))
            for region in regions:
                # Within a continent the measured floor; beyond it the floor jumps an ocean badly, so the leg to the
                # nearest region plus the measured trip between regions.
                measured = legs.get(region)
                if region == nearest or (measured is not None and measured <= 50):
                    write.writerow([city, zone[city], region, f"{measured:.0f}", "reported"])
                elif (nearest, region) in rtt:
                    write.writerow([city, zone[city], region, f"{legs[nearest] + rtt[nearest, region]:.0f}", "estimated"])

    count = {}
    for row in csv.DictReader((facts / "aws-outages.csv").open()):
        if row["scope"] == "region" and row["duration_min"]:
            count[row["region"]] = count.get(row["region"], 0) + 1
    with (HERE / "region_outages.csv").open("w", newline="") as out:
        out.write("# region,events,years\n")
        for region in sorted(set(regions) | set(count)):
            out.write(f"{region},{count.get(region, 0)},15.6\n")

    hours = [[0.0] * 24 for _ in range(7)]
    for row in csv.DictReader((data / "traffic-hourly/hour_of_week_profiles.csv").open()):
        if row["series"] == "nasa_http_1995_us_florida_local":
            hours[int(row["weekday"])][int(row["hour"])] = float(row["rel_to_mean"])
    flat = [hour for day in hours for hour in day]
    mean = sum(flat) / 168
    with (HERE / "profiles.csv").open("w", newline="") as out:
        out.write("# profile,hour of the week from Monday 00:00 local time,rate relative to the mean\n")
        for i, hour in enumerate(flat):
            out.write(f"consumer_mobile,{i},{hour / mean:.4f}\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
