# What the report says in English. One message per line; gaps are { $named }.

## Head and frame
head-over = Disaster-recovery review
head-size = { $designs } designs · { $years } simulated years · { $outages } outages
skip = Skip to the claims
contents = Contents
theme = Light or dark
footer = Made by drsim from results.json and the files beside it; every number above stands there. Nothing was loaded from a network.

## Verdicts
verdict = Verdict
verdict-holds = holds
verdict-fails = fails
verdict-undecided = undecided
verdict-depends = depends
verdict-not-refuted = not refuted
verdict-no-cases = no cases
verdict-not-estimated = not estimated

## Words of tables
claim = Claim
asked = Asked
found = Found
range = Range
decided-by = Decided by
always = always
design = Design
proposed = proposed
baseline = baseline
worse = worse
mean = Whole
cases = Cases
operation-reads = reads
operation-writes = writes

## Claims
claims = Claims
claims-title = { $judged ->
    [0] { $design }: no claim could be judged
    [one] { $holds ->
        [0] { $design } does not keep the one claim that was judged
       *[other] { $design } keeps the one claim that was judged
    }
   *[other] { $holds ->
        [0] { $design } keeps none of the { $judged } claims that were judged
       *[other] { $design } keeps { $holds } of the { $judged } claims that were judged
    }
}
claims-all = The same claims under every design
claims-gauge = found { $found } %, asked { $asked }
claims-per-incident = of { $n } outages that affected it
claims-per-year = of { $n } simulated years
claims-per-client = of { $n } clients
claims-per-instant = of all instants
claims-burst = It takes { $burst }
claims-example = Closest break: { $words } (simulated year { $year })
claims-note = Found: share of the cases that met the bound, ± half-width of its { $level } % interval; it shrinks with more simulated years. Range (band): P10 to P90 over { $worlds } worlds that differ in what nobody knows exactly; it does not shrink. The upright mark is what was asked. A claim depends where the range lies on both sides of it.

## Where the time goes
waterfall-name = Where the time goes
waterfall-table = Mean seconds of each part of the recovery time, outages of one region only
part-undetected = undetected
part-undecided = undecided
part-promoting = promoting
part-reconnecting = reconnecting
part-routing = routing
part-draining = draining
part-warming = warming
part-waiting_for_repair = waiting for repair

## Distributions
recovery-name = Time to recover
recovery-table-reads = Time until reads are back, all populations; an interval where it spans more than a factor of two
recovery-table-writes = Time until writes are back
loss-name = Data at risk
loss-table-objects = Age of the oldest file at risk, over the cuts that left one
loss-table-database = Age of the oldest row lost, over the cuts that lost one

## Designs
designs-name = Designs side by side
designs-title = { $worse ->
    [0] No design is worse than { $baseline } in requests that fail
    [one] One of { $others } designs fails more requests than { $baseline }
   *[other] { $worse } of { $others } designs fail more requests than { $baseline }
}
reads-back = Reads back
writes-back = Writes back
oldest-missing = Oldest missing
file-p95 = file, P95
row-p95 = row, P95
outages-a-year = Outages met a year
minutes-down = Minutes down a year
failed-requests = Failed requests
a-year = a year
against-baseline = against baseline
claims-kept = Claims kept
returns = returns
designs-note = Back: from the onset until served again, all outages and populations; { $level } % interval where a percentile is uncertain by more than a factor of two. Oldest missing: at the cut to the other region, P95 of the cuts that left something; "returns": the data come back with their region. Minutes down: mean below the minimum service level. Against baseline: mean difference to { $baseline }, paired year by year on the same outages. "-": too few cases to say. Worse: more failed requests than the baseline, beyond the paired interval.

## Capacity
capacity-name = Capacity of the survivor
capacity-title = { $design }: the survivor carries everyone; { $resource } are needed most, { $needed } of { $limit }
capacity-title-over = { $design }: no region is short for long, but to carry everyone at once in 99 % of its outages takes { $needed } { $resource }; the limit is { $limit }
capacity-title-short = { $design }: in { $share } % of its outages the survivor is first short of { $resource }
capacity-note = Needed by the busiest region of an outage to carry everyone who reaches it, retries included: the smallest limit that suffices in 95 % and 99 % of the outages, the other limits as they are. First short: share of the outages in which this resource ran out first.
resource = Resource
has = Has
limit = limit
needs-95 = Needs, 95 %
needs-99 = Needs, 99 %
first-short = First short
resource-requests_per_second = requests a second
resource-burst = a burst of requests
resource-concurrency_growth = new functions a second
resource-bandwidth = Mbit/s
resource-concurrency = functions at once
resource-database_units = database capacity units
resource-database_growth = database units before the jump
resource-connections = database connections

## Assumptions
assumptions-name = Assumptions
assumptions-title = { $weak } of { $n } inputs are estimates that nobody has checked against this system
assumptions-intro = { $ranges } of { $n } inputs state a range, and only these widen the range of a claim. Causes of outages simulated: { $causes }; { $off } others are switched off.
input = Input
value = Value
range-stated = Range
source = Source
owner = Owner
no-source = no source
given-scenario = scenario, line { $line }
given-base = { $file }, line { $line }
given-command-line = command line
given-built-in = built in
basis-unverified = Unverified: { $n }
basis-unverified-means = recalled or assumed; replace these first
basis-estimated = Estimated: { $n }
basis-estimated-means = engineering judgement
basis-reported = Reported: { $n }
basis-reported-means = by third parties
basis-documented = Documented: { $n }
basis-documented-means = by the provider
basis-contract = Contract: { $n }
basis-contract-means = fixed by agreement
basis-measured = Measured: { $n }
basis-measured-means = on this system

## The worst year
worst-name = The worst year
worst-title = In its worst year, { $design } is down for { $down }
worst-downtime = Below the minimum service level, mean over users:
worst-failed = requests that fail:
worst-note = It is year { $year } of { $years } simulated, the one with the most downtime: a story, not a forecast. { $quiet ->
    [0] {""}
    [one] One more outage of that year interrupted nobody.
   *[other] { $quiet } more outages of that year interrupted nobody.
}
worst-outage = { $at } { $cause } outage
worst-more = … { $n } more lines
worst-again = The whole year, again:
event-fails = { $subject } fails: { $detail }
event-repaired = { $subject } is repaired: { $detail }
event-verdict = health checks find { $subject } { $detail }
event-published = the verdict on { $subject } reaches the answers
event-pointed = people point the records to { $subject }
event-blocked = blocked at { $subject }: { $detail }
event-evacuated = people take { $subject } out of the answers
event-writer-lost = the writer in { $subject } is lost
event-writer-missed = the canary misses the writer
event-decided = decided: promote
event-promoted = { $subject } accepts writes
event-reconnected = functions have found the new writer
event-rebuilt = { $subject } is a copy of the database again
event-fails-back = the writer returns to { $subject }: nobody writes
event-failed-back = { $subject } accepts writes again
event-drill = a drill: { $detail }
event-scaled-out = { $subject } carries everyone
event-destroyed = what the stores of { $subject } hold is destroyed
event-unfenced = the old writer in { $subject } is not fenced off and goes on accepting
event-commits = commits { $detail }
event-rows-lost = rows lost: { $detail }
event-files-at-risk = files at risk: { $detail }
event-back = { $subject }: back, { $detail }
event-below = { $subject }: down, { $detail }

## Method
method-name = Method
method-title = How these numbers came about, and how to get them again
method-again = The same scenario file, seed and number of years give the same bytes, on any number of threads:
method-checklist = By the STRESS-DES checklist for reports of discrete-event simulations (Monks et al. 2019, Journal of Simulation 13(1), 55-67).
method-objectives = 1. Objectives
method-objectives-purpose = Purpose
method-objectives-purpose-is = To judge the { $claims } claims of "{ $title }" and to compare its designs: { $designs }.
method-objectives-outputs = Outputs
method-objectives-outputs-is = Per outage: time until reads and writes are served again, age of the oldest file and row that the surviving region lacks. Per year: minutes below the minimum service level, failed requests. Of each the distribution, never a mean alone.
method-objectives-aims = Aims
method-objectives-aims-is = For each claim the share of cases that meet its bound, with a verdict; for each design, what decides it.
method-logic = 2. Logic
method-logic-overview = Overview
method-logic-overview-is = One replication is one year, which jumps from outage to outage. Within one, probes, expiries of cached answers, promotions and repairs are events; the load between two events is a rate that is integrated exactly.
method-logic-base = Base model
method-logic-base-is = Regions { $regions }; users in { $populations }. Causes of outages: { $causes }.
method-logic-scenarios = Scenarios
method-logic-scenarios-is = { $designs }. Each differs from its preset only where the scenario file says so.
method-logic-components = Components
method-logic-components-is = Entities: outages, requests, files under way. Activities: probing, publishing, caching, deciding, promoting, reconnecting, scaling out, copying. Resources: requests a second, functions at once, database units and connections, copy streams. Queues: files on a link, requests that are retried.
method-data = 3. Data
method-data-sources = Sources
method-data-sources-is = Every one of the { $inputs } inputs stands above with basis, source and owner; most built-in values come from the provider's documentation and from post-mortems of real outages.
method-data-assumptions = Assumptions
method-data-assumptions-is = What varies from case to case is drawn; what nobody knows exactly is drawn once per world, so that ignorance is not averaged away.
method-experimentation = 4. Experimentation
method-experimentation-initialisation = Initialisation
method-experimentation-initialisation-is = A year starts on { $start } with everything healthy; no warm-up is needed, since outages find a system whose caches and files under way are drawn from their steady state.
method-experimentation-length = Run length
method-experimentation-length-is = { $years } years per design, { $outages } outages that hit the workload; an outage is followed to its end, at most 30 days.
method-experimentation-estimation = Estimation
method-experimentation-estimation-is = Year i lies in world i mod { $worlds }. Intervals are at { $level } %, worlds held fixed, with the year as the unit; ranges are P10 to P90 over worlds with the noise of the simulation subtracted. A percentile is given only where the sample bears its interval.
method-experimentation-comparison = Comparison
method-experimentation-comparison-is = All designs meet the same outages and the same uploads (common random numbers), so differences are paired year by year.
method-implementation = 5. Implementation
method-implementation-software = Software
method-implementation-software-is = drsim { $version }, commit { $commit }, in Rust; event list ordered by time and then by order of scheduling.
method-implementation-randomness = Random numbers
method-implementation-randomness-is = { $generator }, one stream per seed, year, purpose and index; seed { $seed }.
method-implementation-execution = Execution
method-implementation-execution-is = Years are computed in fixed blocks and folded in order: the same bytes at any number of threads. Machine and wall time stand in run.json.
method-access = 6. Code access
method-access-code = Code and scenario
method-access-code-is = Open source, MIT or Apache-2.0. Digest of the scenario: { $digest }.

## What the simulation says
story-requests = { $what }: { $share } % of requests
story-answered = { $share } % answered
story-files = { $n } files, the oldest { $age } s old
story-rows = { $n } rows, the oldest { $age } s old
story-no-copy = { $n } files without a copy, the oldest { $age } s old
story-rows-gone = { $n } rows lost, the oldest { $age } s old
story-destroyed = { $n } files destroyed, the oldest { $age } s old
story-to-return = { $n } files to return, the oldest { $age } s old
story-salvaged = { $n } rows salvaged, the oldest { $age } s old
story-recovered = recovered after { $age } s
story-down = { $age } minutes down in the year
said-files-stay = `{ $design }` keeps the files of { $who } on their continent, but its global database copies all rows to { $region }
said-events-in-years = { $n } in { $years } years
said-no-check = `{ $design }` has no health check: its records never fail over, users wait for the repair
said-unstable = `{ $design }`: the link out of { $region } is unstable at the base case: mean utilisation { $share }, the backlog grows { $grows } s per day
said-origin-wait = `{ $design }`: a dead origin costs { $wait } s before the second is tried; clients give up after { $timeout } s
said-alias-ttl = `{ $design }`: an alias record takes its target's TTL, 60 s; a TTL of { $ttl } s needs a plain CNAME
said-best-case = the best case of `{ $design }` cannot meet `{ $claim }` ({ $bound } s): { $sum } = { $best } s
said-best-probes = probes { $probes } s + publication { $publication } s + cached answers { $caches } s
said-best-origin = connection attempts { $wait } s
said-person-promotes = `{ $design }` lets a person decide on the promotion, but writes are claimed back within minutes
said-invoice-off = the modelled bill of `{ $design }` is { $ratio } % of the invoice: every figure of money is in doubt
said-added = { $service }: { $share } % of what is added
worst-day = day { $day }, { $clock } UTC:

## The answer in sentences
answer-no-claims = { $design }: the scenario makes no claims.
answer-kept-unjudged = { $design }: no claim could be judged
answer-kept-one-open = { $design }: one claim was judged
answer-kept-one-not = { $design } does not keep the one claim that was judged
answer-kept-one = { $design } keeps the one claim that was judged{ $list }
answer-kept-none = { $design } keeps none of its { $n } claims
answer-kept-all = { $design } keeps all of its { $n } claims{ $list }
answer-kept-some = { $design } keeps { $k } of its { $n } claims{ $list }
answer-open = { $n } not refuted{ $list }
answer-fails = It fails { $list }.
answer-depends = What is not known decides { $list }.
answer-undecided = Undecided, more years would tell: { $list }.
answer-no-cases = Nothing happened that would test { $list }.
answer-not-estimated = Not estimated: { $list }.
answer-money-bill = Its bill is { $total } { $unit } a year{ $range }.
answer-money-more = Its bill is { $total } { $unit } a year, { $more }{ $range } { $less ->
    [0] more
   *[other] less
} than { $base }{ $share }.
answer-money-costs = It costs { $all } { $unit } a year { $less ->
    [0] more
   *[other] less
} than { $base } ({ $range }cloud { $cloud }{ $share }, { $people }) and { $worth }.
answer-money-people = people { $amount }
answer-money-no-people = people not estimated
answer-lowers = lowers the expected loss by { $amount } { $unit }{ $range }
answer-raises = raises the expected loss by { $amount } { $unit }
answer-tail = , the 1-in-100 year from { $from } to { $to }
answer-pays = on money alone it pays
answer-pays-not = on money alone it does not pay
answer-pays-open = too few years to say whether it pays
answer-pays-above = it pays above { $price } { $currency } per hour of downtime, the scenario says { $given }
answer-pays-never = no price of an hour makes it pay, since it is not down less
answer-loses-more = Losing more than { $base } ({ $loss }) a year: { $names }.
answer-worse = Worse than { $than }: { $names }
answer-no-second-region = no second region
answer-more = { $n } more
answer-meets = { $population } meets { $ours } outages a year against { $theirs }
answer-others-meet = and { $n } other populations meet more too
answer-under = { $whose } under { $baseline }
answer-down = down { $ours } minutes a year against { $theirs }
answer-down-of = { $design } is down { $ours } minutes a year against { $theirs }
answer-failed = { $ours } requests a year fail against { $theirs }
answer-failed-of = { $ours } requests a year of { $design } fail against { $theirs }
answer-more-fail = more requests fail a year than
answer-best = { $design } keeps more: { $most } of { $judged }.
answer-years = { $design } fails { $ours } requests a year against { $theirs } under { $baseline }{ $change }
answer-years-short = { $design }, failed requests against { $baseline }
answer-times = { $n } times as many
answer-less-than-1 = less than 1 %
answer-worse-but-less = worse in { $worse } % of years, but by less than it is better in { $better } %
answer-better-but-less = better in { $better } % of years, but by less than it is worse in { $worse } %
answer-worse-better = worse in { $worse } % of years, better in { $better } %
answer-better-worse = better in { $better } % of years, worse in { $worse } %

## Figures
plot-reads = Reads: share of outages not over after this time
plot-writes = Writes: share of outages not over after this time
plot-recovery-title = { $design }: half of the outages are over after { $reads } for reads, { $writes } for writes
plot-recovery-title-plain = Time until recovered, by design
plot-recovery-axis = time since the onset of the outage (log scale)
plot-recovery-cases = outages
plot-recovery-endless = never
plot-recovery-empty = no outage affected anybody
plot-recovery-empty-of = No outage affected
plot-recovery-nothing = every one was over at once
plot-found-reads = reads back within { $bound } in { $found } % of outages (asked: { $asked })
plot-found-writes = writes back within { $bound } in { $found } % of outages (asked: { $asked })
plot-files = Files: share of cuts whose oldest missing file is older than this
plot-rows = Rows: share of cuts whose oldest missing row is older than this
plot-loss-title = { $design }: in one cut of twenty the oldest missing file is older than { $age }
plot-loss-title-plain = Data missing at the cut, by design
plot-loss-axis = age of the oldest item that the surviving region lacks (log scale)
plot-loss-cases = cuts that left some behind
plot-loss-endless = unbounded
plot-loss-empty = no design ever cuts over to another region
plot-loss-empty-of = Never cuts over
plot-loss-nothing = nothing was missing at any cut
plot-found-files = oldest missing file at most { $bound } old in { $found } % of cuts (asked: { $asked })
plot-found-rows = oldest missing row at most { $bound } old in { $found } % of cuts (asked: { $asked })
plot-asked = asked: { $sign } { $bound } { $share }
plot-asked-in = in { $share }
plot-to = { $low } to { $high }
plot-n = n = { $n } { $cases }
plot-n-two = n = { $above } (above) and { $below } (below) { $cases }
plot-per-design = Per design { $n }, from { $years } simulated years, seed { $seed }.
plot-ends = A curve ends where 3.7 cases are left (95 %): beyond, the sample bounds nothing.
plot-shaded = Shaded: forbidden by a claim.
plot-no-curve = No curve, as { $why }: { $names }.
plot-waterfall-title = of the { $whole } until { $what } are back, { $part } takes { $seconds }
plot-waterfall-title-plain = Where the time goes, by design
plot-waterfall-up-to = Mean time until recovered, up to { $longest }
plot-waterfall-coarser = Mind the scale: { $times } times as coarse as at the top
plot-waterfall-empty = no outage of one region affected anybody
plot-waterfall-also = also { $parts }
plot-waterfall-note = Means over outages of one region only, n = { $n } outages x populations per bar; { $years } simulated years, seed { $seed }. The parts sum to the whole.
story-queue = queue on { $n } x { $mbps } Mbps
story-checks = checks { $seconds } s x { $n }

## Latency

latency-name = How long requests take
latency-table = Writes in normal times, and once the region that served these people is lost and traffic and writer have moved
latency-lost-head = { $percentile }, region lost
latency-normal = normal
latency-lost = region lost
leg-resolver = look-up
leg-connection = connecting
leg-client = client to front door
leg-region = front door to region
leg-transfer = sending the file
leg-function = function and database
leg-cold_start = cold start
leg-forwarding = to the writer abroad
leg-consistency = waiting for the copy
latency-table-operation = { $operation } of { $population }
plot-latency-cacheable-read = Cached reads of { $population }
plot-latency-dynamic-read = Other reads of { $population }
plot-latency-write = Writes of { $population }
plot-latency-alike = { $name } (+{ $n } alike)
plot-latency-title-plain = How long requests take, by design
plot-latency-title-abroad = { $design }: half of the writes of { $population } take { $median } or more, { $trip } of it the trip to the writer abroad
plot-latency-title-writes = { $design }: half of the writes of { $population } take { $median } or more
plot-latency-title-reads = { $design }: half of the reads of { $population } take { $median } or more
plot-latency-note = Bar: the mean, leg by leg; of cached reads { $hits } are answered by an edge, where there is one, and have no further legs. Below it: median (square), 95th and 99th percentile. Region lost: the one that served these people, once traffic and writer have moved. Without queueing; n = { $n } requests per bar, seed { $seed }. Uploads are bound by the client's uplink: metrics.csv.

## Designs against each other
compare-heading = { $title }: A = { $a } against B = { $b }, on the same { $years } simulated years (seed { $seed })
compare-differs = DIFFERS{"  "}
compare-differs-not = in nothing
compare-none = none
compare-yes = yes
compare-no = no
compare-what = compared
compare-better = better:
compare-tie = tie
compare-mean = mean:
compare-interval = (interval)
compare-pairing = pairing
compare-saves = saves
compare-pairs = EACH YEAR AND EACH OUTAGE, PAIRED
compare-pairs-note = better: share of the years, or of the outages that interrupted one of the two, in which A, neither or B did better (less is better); with 0 for a design that an outage does not interrupt. Files and rows missing: outages at which both cut over. pairing saves: so many times the years would be needed without the same chance for both (measured).
compare-percentiles = PERCENTILES, OUTAGE BY OUTAGE
compare-percentiles-note = difference of percentiles: how much later the slowest outages end under A than under B, each ranked for itself. percentile of differences: what A adds in one and the same outage (below 0: A is sooner), ranked. The two are different things.
compare-difference-of-percentiles = difference of percentiles
compare-percentile-of-differences = percentile of differences
compare-others = { $design } AGAINST EVERY OTHER DESIGN
compare-against = B
compare-sooner = sooner back:
compare-down = down a year, A - B
compare-front = PARETO FRONT
duel-recovery-time-seconds-all-year = worst recovery of a year
duel-downtime-minutes-all-year = down a year
duel-failed-requests-all-year = failed requests a year
duel-items-left-behind-objects-year = files left behind a year
duel-items-left-behind-database-year = rows left behind a year
duel-loss-all-year = loss a year
duel-recovery-time-seconds-overall-outage = everything back
duel-recovery-time-seconds-read-outage = reads back
duel-recovery-time-seconds-write-outage = writes back
duel-data-loss-window-seconds-objects-outage = oldest file missing
duel-data-loss-window-seconds-database-outage = oldest row missing
duel-name = The duel
duel-title = { $a } is back sooner than { $b } in { $share } % of the outages, later in { $worse } %
duel-title-plain = { $a } against { $b }, on the same chance
duel-less = {"; down "}{ $down } a year less
duel-more = {"; down "}{ $down } a year more
duel-caption = Bars: share of the years, or of the outages that interrupted at least one of the two, in which { $a } (left) or { $b } (right) did better; grey: a tie. Right: mean of { $a } minus { $b }, with its { $level } % interval from pairs. Both met the same { $years } years, seed { $seed }.
duel-table = { $a } against every other design, outage by outage and year by year
duel-sooner = Sooner back
duel-tie = Tie
duel-later = Later back
duel-difference = Down a year, difference
duel-variance = Pairing saves, times
duel-wins = { $name } better
front-name = The Pareto front
front-title = { $dominated ->
    [0] No design is dominated by another
    [one] { $first } is dominated by { $by }: nowhere better, and worse in something
   *[other] { $dominated } of { $designs } designs are dominated by another: { $first } by { $by }, for one
}
front-cost = Cost a year
front-down = Down a year
front-files = Files lost a year
front-rows = Rows lost a year
front-latency = Read P95
front-dominated = Dominated by
front-on = none: on the front
front-behind = { $by }: less { $better }
front-behind-perhaps = perhaps { $by }: less { $better }
front-caption = Each design by what it costs and how long it is down in a year. Filled: on the front; hollow: dominated, another is nowhere worse and somewhere better. The line joins the cheapest designs with the least downtime. { $years } simulated years, seed { $seed }.
front-note = Dominated: another design is nowhere worse and somewhere better, of cost, downtime, files and rows left behind at cuts, and P95 of dynamic reads; "?": a difference lies within its interval. Cost: cloud and people; within 1 % counts as equal. Where data return with their region nothing is left behind; the wait is in the downtime.
front-axis-cost = cost a year, { $currency }
front-axis-down = minutes down a year
## Availability

sla-name = Availability
sla-title = { $design }: { $operation } are down { $simulated } minutes a year where arithmetic says { $arithmetic }: { $one } while one region is down, { $both } while both are
sla-title-alone = { $design }: { $operation } are down { $simulated } minutes a year
sla-title-plain = Availability promised, designed and simulated
sla-table = Availability of { $operation }
sla-dynamic_read = reads
sla-write = writes
sla-upload = uploads
sla-promised = Promised by the provider
sla-designed = Designed
sla-simulated = Simulated
sla-beyond = Minutes a year beyond what is designed
sla-budget-table = The error budget: { $target } of a month was promised, which leaves { $minutes } minutes
sla-months = Months that spend it
sla-years = Years with such a month
sla-front = Minutes down a year, no region failed
sla-one = one region failed
sla-both = both failed
sla-tail = One year in 100, minutes
sla-credits = Paid back a year
sla-formula = Promised, writes of { $design }: { $formula }. A commitment is what is refunded below, not a measurement, and says nothing of recovery times or lost data.
sla-note = Promised: the provider's monthly commitments in series, regions that run in parallel. Designed: the same arithmetic on this scenario's own outages ({ $causes }) of each region and way in. Both take regions to be independent and the move between them to take no time; simulated has what that leaves out. Minutes by what failed: the worst operation, users weighted. Paid back: service credits in { $currency }, by month and service, if every claim is made in time; they do not lower the losses elsewhere in this report.

## Data and law

law-name = Data and law
law-title = { $design }: { $n ->
    [0] no data rest on another continent than the people they are of
    [one] data rest on another continent than the people they are of in one place
   *[other] data rest on another continent than the people they are of in { $n } places
}
law-lead = This informs counsel. It is worked out from the scenario, judges nothing, and does not say which rules apply.
law-places = Whose data rest where
law-whose = Data of
law-store = Store
law-store-database = rows
law-store-objects = files
law-region = Region
law-holds = Holds
law-holds-original = the original
law-holds-copy = a copy
law-holds-snapshots = snapshots
law-abroad = Continent
law-leaves = another one
law-stays = their own
law-unknown = not known
law-declared = Basis declared for the transfer
law-basis-not_declared = none declared
law-basis-standard_contractual_clauses = standard contractual clauses
law-basis-adequacy_decision = adequacy decision
law-basis-binding_corporate_rules = binding corporate rules
law-basis-none_needed = declared to need none
law-plan = Contingency plan for health data, 45 CFR 164.308(a)(7)(ii): what this scenario speaks of
law-item = Item
law-item-data_backup_plan = data backup plan
law-item-disaster_recovery_plan = disaster recovery plan
law-item-emergency_mode_operation_plan = emergency mode operation plan
law-item-testing_and_revision = testing and revision procedures
law-item-criticality_analysis = applications and data criticality analysis
law-rule = In the rule
law-required = required
law-addressable = addressable
law-covered = Here
law-covered-simulated = simulated: times, losses and service while it lasts
law-covered-assumed = an input: how often drills are held
law-covered-not_covered = not covered
law-erase = How long what was erased may stay
law-held = Held in
law-held-restore_points = restore points
law-held-snapshots = snapshots in the other region
law-held-copies = copies: deletions are passed on only where a rule says so, those of versions never
law-at-most = At most
law-no-bound = no bound follows from the scenario
law-may = May be said, with the list of assumptions beside it: in { $years } simulated years of this scenario, { $design } kept { $claims }.
law-may-not = May not be said of { $design }: { $claims }. What holds for one store or one kind of outage may not be said of all data or all outages.
law-note = The basis of a transfer is what the scenario declares (compliance.transfer_basis), not a finding. Access from abroad, by support or operators, is not looked at; whose data: by population, in its own city's continent. A simulation is no evidence of a drill: keep dated logs of drills, restores and measured times.

## Money

money-name = Money
money-title = { $design } costs { $more } { $unit } a year more and avoids { $avoided }: it pays above { $price } { $unit } per hour of downtime
money-title-never = { $design } costs { $more } { $unit } a year more and avoids { $avoided }: no price of an hour makes it pay, since it is not down less
money-title-bill = The bill of { $design } is { $amount } { $unit } a year
money-table = { $unit } a year; the price of an hour in { $unit }
money-bill = Cloud bill
money-more = above the baseline
money-people = People above the baseline
money-loss = Expected loss
money-any = Years with a loss
money-10 = One year in 10 loses
money-100 = One year in 100 loses
money-avoided = Loss avoided
money-pays = Pays above, per hour down
money-never = never
money-note = Bills at list prices without tax, expected (base case); every line with its source: costs.csv. Loss: hours down x price of an hour, plus what is lost beside and penalties; years without an outage count. Avoided: below the baseline's loss of the same simulated year. "-": not estimated, or too few years to say.
invoice-none = Bill not reconciled: no invoice was given (money.invoice_check).
invoice-agrees = The modelled bill of { $design } is { $ratio } % of the invoice of { $month } ({ $usd } USD): within 80 to 125 %.
invoice-off = WARNING: the modelled bill of { $design } is { $ratio } % of the invoice of { $month } ({ $usd } USD), outside 80 to 125 %: every figure of money is in doubt.
invoice-services = Modelled over invoiced, by service: { $list }.
invoice-not-modelled = On the invoice and not in the model: { $list }.
invoice-not-on-it = In the model and not on the invoice: { $list }.
invoice-mark-none = Bill not reconciled
invoice-mark-off = WARNING: modelled { $ratio } % of the invoice
not-priced = Lost by { $design } a year, without a price (money.lost_item): { $list }.
not-priced-transaction = { $n } rows
not-priced-file = { $n } files destroyed
not-priced-unavailable-file = { $n } files without a copy until their region returns
not-priced-store = { $n } stores lost as a whole
worth-name = Is it worth it?
exceedance-name = Bad years
plot-worth-title = { $design } pays above { $price } { $unit } per hour of downtime
plot-worth-title-plain = Net benefit against the price of an hour of downtime
plot-worth-tip = at { $price } { $unit } per hour, net { $unit } a year
plot-exceedance-tip = more than { $amount } { $unit }, share of years
plot-worth-axis = price of an hour of downtime, { $unit }; upwards: net benefit a year, { $unit }
plot-worth-given = shaded: the range that was given
plot-worth-note = Net benefit: loss avoided less what the design costs more than the baseline, both a year; a straight line in the price of an hour, from the means of { $years } simulated years, seed { $seed }. Dashed: where the proposed design breaks even. Above zero it pays on money alone.
plot-exceedance-title = { $design } loses something in { $share } % of years
plot-exceedance-title-plain = How often a year loses more than so much
plot-exceedance-axis = loss of a year, { $unit } (log scale); upwards: share of years that lose more
plot-exceedance-note = Share of { $years } simulated years that lose more than an amount, seed { $seed }; a curve ends where 3.7 years are left.

## The terminal: run
text-answer = ANSWER
text-worse = Worse
text-size = { $designs ->
    [one] 1 design, { $years } simulated years{ $stop }, { $outages } region outages
   *[other] { $designs } designs, { $years } simulated years{ $stop }, { $outages } region outages
}
text-size-short = { $designs ->
    [one] 1 design, { $years } years{ $stop }, { $outages } outages
   *[other] { $designs } designs, { $years } years{ $stop }, { $outages } outages
}
text-no-claims = the scenario makes no claims
text-heading-claims = Claims
text-heading-designs = Designs
text-heading-trust = How far to trust it
text-more-claims = { $n } more claims: --format table
text-more-designs = { $n } more designs: --format table
text-claims = CLAIMS
text-claims-of = CLAIMS of { $design }
text-design = DESIGN
text-claim = CLAIM
text-bound = BOUND
text-asked = asked
text-found = found
text-sim = ±sim
text-range = range
text-verdict = verdict
text-decided-by = decided by
text-holds = holds
text-fails = FAILS
text-undecided = undecided
text-depends = depends
text-not-refuted = not refuted
text-no-cases = no cases
text-not-estimated = not est.
text-per-incident = outages that affected it
text-per-year = years
text-per-client = clients
text-per-instant = instants
text-found-of = found: share of the { $per }, n = { $n }
text-found-of-these = { $names }: of the { $per }, n = { $n }
text-sim-is = ±sim: { $level } % interval, worlds held fixed
text-range-is = range: P10 .. P90 of { $worlds } worlds
text-range-is-or-none = range: P10 .. P90 of { $worlds } worlds (-: no difference beyond noise, or too few cases)
text-closest = { $claim }, closest break: { $words } (simulated year { $year })
text-designs = DESIGNS
text-reads = reads
text-writes = writes
text-back = back
text-oldest-file = oldest / file
text-outages = outages
text-a-year = a year
text-minutes-down = minutes / down/y
text-failed = failed / req./y
text-claims-kept = claims / kept
text-bill = bill
text-people = people
text-loss = loss
text-money-a-year = { $unit }/y
text-note-the-baseline = the baseline
text-note-proposed = *: proposed
text-note-worse = !: more requests fail a year than under { $baseline }
text-note-open = +n?: not refuted
text-note-few = -: too few cases to say
text-returns = returns
text-note-returns = returns: data returns with its region
text-note-money = bill, people, loss: { $mark }
text-note-unpriced = bill: without lines that no price was found for
text-note-back = back: all outages of all populations (each: metrics.csv)
text-note-interval = a..b: { $level } % interval
text-note-oldest = oldest file: at risk, P95 of the cuts that left one
text-note-down = down: below the service level
text-note-populations = { $n } other populations: --format csv
text-time = WHERE THE TIME GOES, { $design }, mean over outages of one region only; parts from 3 %
text-waited = ({ $share } % waited for the database)
text-capacity = CAPACITY
text-new-functions = new functions/s
text-requests-a-second = requests/s
text-units-beforehand = database units beforehand
text-capacity-need = { $needed } { $resource } ({ $within }has { $limit }) for { $share } % of outages
text-capacity-needs = busiest region needs { $list }
text-capacity-together = enough of everything at once in { $share } % of outages: { $list }{ $cost }; limits found so in half of the outages suffice in { $held } % ± { $half } of the others
text-capacity-together-cost = {" "}(the units: { $cost } { $unit } a year)
text-capacity-short = in { $share } % of its outages a region is first short of { $resource }
text-sla = SLA
text-sla-says = { $target } % is missed in { $share } % of months; { $operation } are down { $simulated } min a year, arithmetic says { $arithmetic }.
text-sla-alone = { $target } % is missed in { $share } % of months; { $operation } are down { $simulated } min a year.
text-trust = TRUST
text-inputs = range covers { $ranges } of { $inputs } inputs; { $kinds }{ $names }.
text-basis-measured = { $n } measured
text-basis-contract = { $n } contract
text-basis-documented = { $n } documented
text-basis-reported = { $n } reported
text-basis-estimated = { $n } estimated
text-basis-unverified = { $n } unverified
text-all-causes = All causes of outage are switched on.
text-causes = Causes switched on: { $on }; { $off } others are off (outages.causes).
text-warning = Warning: { $words }
text-warnings-more = {" "}(+{ $n } more: drsim validate)
text-warnings = { $n ->
    [one] 1 warning: drsim validate
   *[other] { $n } warnings: drsim validate
}
text-warnings-rest = { $n ->
    [one] 1 more warning: drsim validate
   *[other] { $n } more warnings: drsim validate
}
text-again = Again:

## The terminal: sweep
sweep-heading = { $title }: { $fields }; { $years } simulated years each, seed { $seed }
sweep-field = { $field } ({ $n } values)
sweep-from-to = { $low } to { $high }
sweep-what = { $claim } { $bound } (asked: { $share })
sweep-found-share = found %
sweep-interval = { $level } % interval
sweep-map = { $design }, { $what }: { $x } to the right, { $y } upwards
sweep-map-share = { $design }, { $what }, found %: { $x } to the right, { $y } upwards
sweep-legend-found = found: share of cases that meet the bound; { $level } % intervals, worlds held fixed, at most ± { $widest } points
sweep-legend-scaled = .*: the value is the median, the rest of the distribution in proportion
sweep-legend-chance = all settings met the same chance

## The terminal: sensitivity
hangs-heading = { $title }: { $design }; { $years } simulated years at each end of each range, seed { $seed }
hangs-on = { $what } hangs most on { $input }: { $low } % at its P10, { $high } % at its P90
hangs-on-nothing = { $what } is met in { $base } % of cases and hangs on no input's stated range
hangs-input = input
hangs-range = range
hangs-at-p10 = at P10
hangs-at-p90 = at P90
hangs-difference = difference
hangs-points = points
hangs-owner = owner
hangs-basis = basis
basis-word-measured = measured
basis-word-contract = contract
basis-word-documented = documented
basis-word-reported = reported
basis-word-estimated = estimated
basis-word-unverified = unverified
hangs-legend = difference: found at P90 minus found at P10, all else at its base case and the same chance; ±sim: { $level } % interval of the difference; { $n } other values of the scenario have no range and are not looked at
sobol-heading = { $title }: { $design }, { $what }; all ranges at once, 2 x { $rows } rows, { $years } simulated years each, seed { $seed }
sobol-first = first-order %
sobol-total = total %
sobol-knowing = knowing it
sobol-narrows = narrows by ≥
sobol-worth = is worth
sobol-worth-unit = { $currency } a year
sobol-nothing = found on average: { $mean } %; over the ranges it does not vary beyond the noise of the simulation: no input decides (or more rows or years would tell).
sobol-legend = found on average: { $mean } %, standard deviation over what is not known { $deviation } points; the simulation's own noise, { $noise } points a row, is subtracted. first-order: share of that variance that would go if the input were known; total: share that would stay if all others were; { $level } % intervals from a bootstrap of rows; "-": the interval reaches 0.
sobol-worth-is = is worth: by how much the yearly net benefit of deciding for or against the proposed design would rise on average if the input were known first (interval); 0: no value of it would change the decision.
sobol-next = MEASURE NEXT
sobol-next-one = { $input } ({ $owner }): from ±{ $from } to ±{ $to } points or less
sobol-next-none = No single input's value would narrow the verdict beyond the noise of these rows.
sobol-owner = owner { $owner }
sobol-no-owner = no owner
knowing-one = { $input } ({ $owner }), { $value } { $currency } a year
knowing-worth = In money: { $design } has a net benefit over { $base } of { $net } ({ $low } .. { $high }) { $currency } a year, and pays in { $share } % of { $n } worlds; before deciding it is worth knowing { $list }.
knowing-never = In money nothing is worth measuring first: { $design } has a net benefit over { $base } of { $net } ({ $low } .. { $high }) { $currency } a year and pays in none of { $n } worlds, so that no value of an input would change the decision.
knowing-always = In money nothing is worth measuring first: { $design } has a net benefit over { $base } of { $net } ({ $low } .. { $high }) { $currency } a year and pays in each of { $n } worlds, so that no value of an input would change the decision.
knowing-nothing = In money no single input is worth measuring beyond the noise of { $n } worlds: { $design } has a net benefit over { $base } of { $net } ({ $low } .. { $high }) { $currency } a year, and pays in { $share } % of them.

## The terminal: optimize
best-found = { $title }: the cheapest setting of { $design } that meets every claim costs { $cost } a year: { $set }.
best-cheaper-open = { $n ->
    [one] One cheaper setting is undecided.
   *[other] { $n } cheaper settings are undecided.
}
best-open = { $title }: no setting of { $design } was found to meet every claim, and { $n } are undecided: more years (-n) would tell.
best-none = { $title }: no setting of { $design } meets every claim: all { $n } are refuted.
best-binds = What binds is `{ $claim }`.
best-cost = cost a year
best-ruling = ruling
best-claim = claim
best-years = years
best-accepted = accepted
best-refuted = refuted
best-undecided = undecided
best-not-looked-at = not looked at
best-legend = cost: cloud and people, expected; refuted, with the claim and the share found, as soon as one claim fails; a setting that does not meet every claim is accepted with probability at most { $alpha } in all; claims on "always" are only ever not refuted; seed { $seed }
best-invalid = { $n } combinations are no valid scenario ({ $why })
best-left-out = { $n } combinations are simulated like another or lie off the coarse grid

## Figures of what if
plot-asked-share = asked: { $share }
plot-tornado-note = Share of cases that meet the bound with one input at P10 (blue) or P90 (orange) of its stated range, all others at their base case (upright line). Numbers: difference in points. { $years } simulated years at each end, all with the same chance, seed { $seed }.
plot-tornado-bar = { $input } | { $range } | at P10: { $low } % | at P90: { $high } %
plot-sweep-by = { $what } by { $field }
plot-sweep-met = is met as often as asked
plot-sweep-unbroken = has no counterexample
plot-sweep-every = { $design }: { $what } { $met } at every { $field }
plot-sweep-no = { $design }: { $what } { $met } at no { $field }
plot-sweep-from = { $design }: { $what } { $met } from { $field } = { $value } on
plot-sweep-up-to = { $design }: { $what } { $met } up to { $field } = { $value }
plot-sweep-note = Bands: { $level } % intervals, worlds held fixed. { $years } simulated years at each value; all met the same chance, seed { $seed }.
plot-sweep-note-share = Share of cases that meet the bound. Bands: { $level } % intervals, worlds held fixed. { $years } simulated years at each value; all met the same chance, seed { $seed }.
plot-map-met = { $design }: { $what } is met as often as asked at { $k } of { $n } settings
plot-map-no-counterexample = { $design }: { $what } has no counterexample at { $k } of { $n } settings
plot-map-between = { $design }: { $what } from { $low } to { $high }
plot-map-upwards = { $field } (upwards)
plot-map-asked = { $share } %: asked
plot-map-unbroken = no counterexample
plot-map-turns = the claim turns
plot-map-open = interval contains what is asked
plot-map-cell-share = { $x } { $xvalue } | { $y } { $yvalue } | found { $found } % ± { $half } of { $n } cases
plot-map-cell = { $x } { $xvalue } | { $y } { $yvalue } | { $found }
plot-map-note = { $years } simulated years at each setting; all met the same chance, seed { $seed }.
plot-map-note-share = Share of cases that meet the bound; { $level } % intervals at most ± { $widest } points, worlds held fixed. { $years } simulated years at each setting; all met the same chance, seed { $seed }.
plot-axis-scaled = { $field }: its median, the rest in proportion
plot-axis-log = { $field }, log scale

## The terminal: check
gate-heading = { $design }: { $verdict } ({ $years } simulated years, seed { $seed })
gate-open = every claim holds
gate-undecided = not decided
gate-refuted = refuted
gate-bound = Bound
gate-claim = { $claim } { $bound }: asked { $asked }, found { $found }
gate-per-incident = incident
gate-per-year = year
gate-per-client = client
gate-per-instant = instant
gate-found = { $share } ± { $half } % of { $n } (per { $per })
gate-found-range = { $share } ± { $half } % of { $n } (per { $per }), range { $range }
since-then = since then:
since-heading = Since then:
since-run = run
since-field = field
since-claim = claim
since-metric = metric
since-new = new
since-more = { $n } more beyond their intervals
since-because = only `{ $field }` changed: what changed below is because of it
since-nothing = nothing changed in the scenario
since-run-only = nothing changed in the scenario, but the run did
since-several = { $n ->
    [one] one field changed, and so did the run: nothing is put down to it
   *[other] { $n } fields changed: nothing is put down to one of them
}
since-metrics = { $beyond } metrics beyond their intervals, { $within } within

## The terminal: replay
story-quiet = simulated year { $year }: nothing failed
story-year = { $design }, simulated year { $year }
replay-outage = { $name } { $region }: { $title }
replay-struck = { $scope } in { $region }, lasted { $lasted }; replayed as if it struck { $place }, { $draws } times at its hour of the week
replay-source = source: { $source }
replay-reads = reads back
replay-writes = writes back
replay-failed = failed
replay-loses = loses data
replay-requests = requests
replay-chance = chance
replay-back-is = back: from the onset until everybody is served again, over draws that were interrupted; -: none was
replay-none = no outages
replay-head-outage = Outage
replay-head-region = Region
replay-head-what = What failed
replay-within = back within { $within }
replay-within-of = back within { $within }, of { $n }
replay-median = median time until everybody is back
replay-dash-is = -: at least half of the draws were not interrupted

## The timeline
timeline-axis = time since the onset (log scale)
timeline-fails = { $subject } fails
timeline-down = { $subject } down
timeline-caption = Orange: what fails; below, in the colour of the design: who is below the minimum service level, and for how long; between, the steps to recovery. { $more ->
    [0] {""}
    [one] One more outage of that year interrupted somebody.
   *[other] { $more } more outages of that year interrupted somebody.
} Simulated year { $year }, seed { $seed }.
timeline-title = { $design } in simulated year { $year }: down for { $down }
step-verdict = verdict on { $subject }
step-published = { $subject } in the answers
step-pointed = people point to { $subject }
step-evacuated = people empty { $subject }
step-writer-lost = writer lost
step-writer-missed = canary misses it
step-decided = decided to promote
step-promoted = promoted: { $subject }
step-reconnected = functions find it
step-blocked = blocked: { $subject }
step-scaled-out = { $subject } has grown
step-rebuilt = { $subject } rebuilt
step-fails-back = writer returns to { $subject }
step-failed-back = { $subject } writes again
step-rows-lost = rows lost
step-files-at-risk = files at risk
step-destroyed = { $subject } destroyed
step-unfenced = { $subject } not fenced off

## What decides, and the map
sensitivity-name = Which inputs decide
inputs-table = What moves from P10 to P90 of an input's stated range, in points, all else at its base case. There: { $claims }.
inputs-worth = Worth knowing, { $currency } a year (interval)
inputs-note = Rows: inputs that move a claim beyond the noise of the runs, or are worth knowing; { $n } values without a range were not moved. Worth knowing: by how much the yearly net benefit of deciding for or against the proposed design would rise on average if the input were known first; 0: no value of it would change the decision. drsim sensitivity --detail varies all ranges at once.
hangs-basis-head = Basis
map-name = What if
map-table = { $what }: { $x } to the right, { $y } upwards
break-none = no claim fails
break-claim = { $claim } { $bound } (asked: { $asked }), smallest counterexample of { $design }: { $words } (simulated year { $year })
burst-is = { $n } files of { $size } within one second on this link: { $seconds }
break-never = { $claim } { $bound } (asked: { $asked }): no counterexample of { $design } in { $n } cases
break-burst = it takes { $burst }

## The terminal: cost
cost-heading = { $title }: the bill of { $n } designs, prices collected { $date }
cost-note = USD per month, list prices before tax and discounts, expected (base case): lines are rounded to the cent and add up. P10 and P90 over worlds do not add up. `-`: nothing of it is used.
cost-bill = BILL
cost-total = total
cost-above = above baseline
cost-as-a-share = as a share
cost-people = people and drills
cost-worth = IS IT WORTH IT?
cost-head-more = costs / more
cost-head-loss = expected / loss
cost-head-range = P10 .. P90 / of worlds
cost-head-avoided = avoided
cost-head-years = years / with loss
cost-head-10 = 1 in 10 / loses
cost-head-100 = 1 in 100 / loses
cost-head-pays = pays / above
cost-of-both = cloud and people
cost-of-cloud = cloud alone
cost-worth-note = Costs more: { $what }, above the baseline. Avoided: below the baseline's loss, the same outages year by year. Pays above: the price of an hour down from which what is avoided exceeds what it costs; the loss is a straight line in that price. { $years } simulated years; SLA credits are not deducted; fines and churn are not estimated.
cost-tail = ~: few years make up this mean.
cost-of-kind = { $kind } ({ $share } % of the bill)
cost-kinds = { $design }: prices of its lines are { $kinds }.
cost-line = { $service } { $item } in { $region }
cost-largest = Its largest lines: { $list }.
cost-missing = No price was found for { $list }: the bill is too low.
cost-left = Not estimated ({ $n }): { $list }.
cost-lines = Every line with quantity, price, source and date: run --out DIR, costs.csv.

## What nobody vouches for

doubts-counts = Inputs and prices by how they came to be known: { $list }.
doubts-of-basis = { $basis } { $inputs } and { $prices }{ $stale ->
    [0] {""}
   *[other] { " " }({ $stale } stale)
}
doubts-basis-measured = measured
doubts-basis-contract = contract
doubts-basis-documented = documented
doubts-basis-reported = reported
doubts-basis-estimated = estimated
doubts-basis-unverified = unverified
doubts-lead = { $inputs } inputs and { $prices } prices on the bills of { $design } and { $base } are unverified or stale (more than { $months } months old when prices were collected, or undated). Each was tried alone, all else at its base case and with the same chance in { $years } years: at both ends of its range; without one at half and at double (of a share the odds); a price at 80 and at 125 %. { $named ->
    [0] None of them turns a claim or moves a headline by 10 %, beyond chance.
    [one] One of them turns a claim or moves a headline by 10 %, beyond chance:
   *[other] { $named } of them turn a claim or move a headline by 10 %, beyond chance:
}
doubts-not-tried = Not tried, since they move nothing that is simulated or billed: { $list }.
doubts-heading = UNVERIFIED OR STALE
doubts-price = price { $path }
doubts-unverified = unverified
doubts-stale = of { $date }
doubts-undated = undated
doubts-why = Why
doubts-tried = Tried
doubts-halved = half .. double
doubts-moves = Moves
doubts-money = { $headline }, { $unit }/y
doubts-turns = { $headline }: turns
doubts-base = Base case
doubts-low = Low end
doubts-high = High end
headline-cloud_bill = cloud bill
headline-dr_premium = bill above baseline
headline-dr_premium_with_people = bill, people above it
headline-loss = expected loss
headline-loss_avoided = loss avoided

## The page to sign

memo-title = { $title }: decision on disaster recovery
memo-asked = **Decision asked:** build `{ $design }` in place of `{ $base }`.
memo-sum = { $first } to { $last } that is expected to take { $total } { $currency }, { $more } more than `{ $base }`.
memo-recommendation = **Recommendation: { $advice }.** `{ $design }` { $claims }; { $money }.
memo-approve = approve
memo-approve-not = do not approve as it stands; change the design or the claims
memo-approve-otherwise = approve only for reasons beside money
memo-breaks = breaks { $claims }
memo-breaks-none = breaks no claim
memo-pays-unknown = whether it pays is not estimated
memo-budget-heads = fiscal year | one-off | cloud | people, drills | expected | contingency | baseline's cloud
memo-budget-all = all
memo-budget-note = { $currency } without tax; contingency = P90 - expected of a year's joint total, which does not add up over years.
memo-benefit = **Benefit, a year:** costs { $more }{ $morerange } { $unit }; avoids an expected loss of { $avoided }{ $avoidedrange } { $unit }; the 1-in-100 year falls from { $from } to { $to } { $unit }. { $pays }; given: { $given }{ $givenrange } { $unit }. In brackets: P10 .. P90.
memo-pays-above = It pays above { $price } { $unit } per hour of downtime
memo-more = { $n } more: report.html
memo-unpriced = Lost a year without a price: { $list }.
memo-reconciled = The modelled bill is { $ratio } % of the invoice of { $month }.
memo-claims = Claims not shown to hold
memo-claims-hold = **Every claim holds.**
memo-claim = `{ $claim }` { $bound } ({ $asked }): { $verdict }, found { $found }{ $decided }
memo-alternatives = Alternatives, and why not
memo-as-it-is = `{ $design }`, as it is: costs nothing more, loses { $loss } { $unit } a year (1 year in 100: { $tail })
memo-alternative = `{ $design }`: { $more } { $unit } a year, avoids { $avoided }, claims kept { $kept }: { $why }
memo-why-worse = more requests fail than as it is
memo-why-claims = keeps fewer claims
memo-why-dearer = { $amount } { $unit } dearer
memo-why-cheaper = { $amount } { $unit } cheaper, but{" "}
memo-why-down = down { $own } minutes a year against { $proposed }
memo-why-none = no worse in claims, cost or downtime: ask why it is not proposed
memo-no-owner = no owner
memo-none-stands-out = none stands out
memo-inputs = **Inputs that decide the money:** { $list }.
memo-doubts = Unverified or stale, and moving a headline by 10 %: { $list }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
}.
memo-left-out = **Not included:** { $list }; taxes, SLA credits, { $penalties ->
    [0] {""}
   *[other] penalties,{" "}
}fines, churn.
memo-foot = Valid until { $until }; scenario { $digest }, { $years } simulated years, seed { $seed }.
memo-signatures = Architecture: ____________________   Finance: ____________________   Date: __________
story-most-of-what-is-added = { $what }: { $share } % of what is added

## What moved

moved-heading = WHAT MOVED on the bill of { $design }, against { $against }: { $n } of { $all } lines, USD per month, expected
moved-plain = the scenario without --set and --prices
moved-line = LINE
moved-before = before
moved-now = now
moved-change = change
moved-because = because
moved-new = new
moved-gone = gone
moved-quantity-times = quantity x { $times }
moved-quantity-from-none = quantity 0 -> { $now } { $unit }
moved-price-times = price x { $times }
moved-price = price { $before } -> { $now }
moved-costs_more = costs more
moved-expected_loss = expected loss
moved-loss_avoided = loss avoided
moved-pays_above_an_hour = pays above, an hour
