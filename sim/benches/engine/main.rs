//! The engine beside hand-written floors, in one run: `cargo bench -p drsim-sim`.
//!
//! One iteration is one customer (W1) or one hold (W2), 100,000 at a time.

#![allow(missing_docs)]

mod floors;
mod ours;

use divan::{Bencher, counter::ItemsCount};
use drsim_sim::RandomStream;
use rand::rngs::SmallRng;

const BATCH: u64 = 100_000;
const PENDING: [u32; 3] = [100, 10_000, 1_000_000];

fn main() {
    divan::main();
}

mod draws {
    use drsim_sim::{Distribution, Purpose, SimDuration};

    use super::{BATCH, Bencher, ItemsCount, RandomStream};

    fn bench<T>(bencher: Bencher, mut draw: impl FnMut(&mut RandomStream) -> T) {
        let mut stream = RandomStream::new(1, 0, Purpose::new("draws"), 0);
        bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
            for _ in 0..BATCH {
                std::hint::black_box(draw(&mut stream));
            }
        });
    }

    #[divan::bench]
    fn u64(bencher: Bencher) {
        bench(bencher, RandomStream::next_u64);
    }

    #[divan::bench]
    fn uniform(bencher: Bencher) {
        bench(bencher, RandomStream::uniform);
    }

    #[divan::bench]
    fn exponential_by_inversion(bencher: Bencher) {
        bench(bencher, RandomStream::exponential);
    }

    #[divan::bench]
    fn exponential_fast(bencher: Bencher) {
        bench(bencher, RandomStream::exponential_fast);
    }

    #[divan::bench]
    fn exponential_fast_as_duration(bencher: Bencher) {
        bench(bencher, |stream| SimDuration::from_secs_f64(stream.exponential_fast()));
    }

    #[divan::bench]
    fn normal_fast(bencher: Bencher) {
        bench(bencher, RandomStream::normal_fast);
    }

    #[divan::bench]
    fn open_and_draw(bencher: Bencher) {
        let mut index = 0;
        bench(bencher, |_| {
            index += 1;
            RandomStream::new(1, 0, Purpose::new("draws"), index).next_u64()
        });
    }

    fn distributions() -> [Distribution; 5] {
        [
            Distribution::Normal { mean: 1.0, sd: 2.0 },
            Distribution::LogNormal { mu: 7.5, sigma: 1.2 },
            Distribution::Gamma { shape: 0.7, scale: 3.0 },
            Distribution::Weibull { shape: 0.7, scale: 3.0 },
            Distribution::Pareto { shape: 1.5, scale: 3.0 },
        ]
    }

    #[divan::bench(args = distributions())]
    fn by_inversion(bencher: Bencher, distribution: &Distribution) {
        bench(bencher, |stream| distribution.sample(stream));
    }

    #[divan::bench(args = distributions())]
    fn fast(bencher: Bencher, distribution: &Distribution) {
        bench(bencher, |stream| distribution.sample_fast(stream));
    }
}

mod w1_single_server {
    use super::{BATCH, Bencher, ItemsCount, RandomStream, SmallRng, floors, ours};

    fn bench(bencher: Bencher, run: impl Fn() -> f64 + Sync) {
        bencher.counter(ItemsCount::new(BATCH)).bench(run);
    }

    #[divan::bench]
    fn floor_lindley(bencher: Bencher) {
        bench(bencher, || floors::lindley::<RandomStream>(BATCH, 0));
    }

    #[divan::bench]
    fn floor_two_event_loop(bencher: Bencher) {
        bench(bencher, || floors::two_event_loop::<u64, RandomStream>(BATCH, 0));
    }

    #[divan::bench]
    fn floor_two_event_loop_f64_smallrng(bencher: Bencher) {
        bench(bencher, || floors::two_event_loop::<f64, SmallRng>(BATCH, 0));
    }

    #[divan::bench]
    fn ours_single_server(bencher: Bencher) {
        bench(bencher, || ours::single_server(BATCH, 0));
    }
}

mod w2_hold {
    use super::{BATCH, Bencher, ItemsCount, PENDING, RandomStream, SmallRng, floors, ours};

    #[divan::bench(args = PENDING)]
    fn floor_bare_heap(bencher: Bencher, pending: u32) {
        let mut hold = floors::BareHold::<u64, RandomStream>::new(pending);
        bencher.counter(ItemsCount::new(BATCH)).bench_local(|| hold.run(BATCH));
    }

    #[divan::bench(args = PENDING)]
    fn floor_bare_heap_f64_smallrng(bencher: Bencher, pending: u32) {
        let mut hold = floors::BareHold::<f64, SmallRng>::new(pending);
        bencher.counter(ItemsCount::new(BATCH)).bench_local(|| hold.run(BATCH));
    }

    #[divan::bench(args = PENDING)]
    fn ours_hold(bencher: Bencher, pending: u32) {
        let mut hold = ours::Hold::new(pending);
        bencher.counter(ItemsCount::new(BATCH)).bench_local(|| hold.run(BATCH));
    }

    #[divan::bench(args = PENDING)]
    fn ours_hold_cancellable(bencher: Bencher, pending: u32) {
        let mut hold = ours::CancellableHold::new(pending, 0);
        bencher.counter(ItemsCount::new(BATCH)).bench_local(|| hold.run(BATCH));
    }

    #[divan::bench(args = PENDING)]
    fn ours_hold_with_a_fifth_cancelled(bencher: Bencher, pending: u32) {
        let mut hold = ours::CancellableHold::new(pending, 5);
        bencher.counter(ItemsCount::new(BATCH)).bench_local(|| hold.run(BATCH));
    }
}
