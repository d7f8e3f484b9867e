//! One stream of random numbers per (seed, replication, purpose, index).
//!
//! Two designs are comparable only when they meet the same chance, so a stream is named by what it is for, and opening
//! it is cheap enough to do at the place of use: one more draw here moves nothing there.
//!
//! The four keys are mixed by Threefry-4x64 with 13 rounds (Salmon, Moraes, Dror and Shaw 2011, section 4.2), seed and
//! purpose as its key, replication and index as its counter: for one seed and purpose, different counters give
//! different states with certainty. The 256 bits that come out are the state of xoshiro256++ (Blackman and Vigna
//! 2021), which makes the numbers. Both are integer arithmetic, the same on every machine, and pinned by tests.

use std::convert::Infallible;

use rand::TryRng;
use rand_distr::Distribution as _;

use crate::special;

/// Name of the generator, for manifests: the same name gives the same numbers.
pub const GENERATOR: &str = "xoshiro256++ keyed by (seed, replication, purpose, index), version 1";

/// Draws and openings of all streams, for benchmarks; counting slows them down.
#[cfg(feature = "count-draws")]
mod count {
    use std::sync::atomic::{AtomicU64, Ordering};
    pub static DRAWN: AtomicU64 = AtomicU64::new(0);
    pub static OPENED: AtomicU64 = AtomicU64::new(0);
    pub fn one(more: &AtomicU64) {
        more.fetch_add(1, Ordering::Relaxed);
    }
}

/// Random words drawn so far, and streams opened; 0 without the feature `count-draws`.
pub fn draws() -> [u64; 2] {
    #[cfg(feature = "count-draws")]
    return [&count::DRAWN, &count::OPENED].map(|n| n.load(std::sync::atomic::Ordering::Relaxed));
    #[cfg(not(feature = "count-draws"))]
    [0; 2]
}

/// What a stream is for: the hash of a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Purpose(u64);

impl Purpose {
    /// The purpose called `name`. Usable in constants.
    pub const fn new(name: &str) -> Self {
        Self(finish(absorb(FNV_OFFSET, name.as_bytes())))
    }

    /// The purpose called `kind/name`, without building that string.
    pub const fn of(kind: &str, name: &str) -> Self {
        Self(finish(absorb(absorb(absorb(FNV_OFFSET, kind.as_bytes()), b"/"), name.as_bytes())))
    }
}

// FNV-1a (Fowler, Noll and Vo), then the finaliser of MurmurHash3.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

const fn absorb(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

const fn finish(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// A source of random numbers, named by its four keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomStream {
    state: [u64; 4],
}

impl RandomStream {
    /// Opens the stream of these keys.
    #[inline]
    pub fn new(seed: u64, replication: u64, purpose: Purpose, index: u64) -> Self {
        #[cfg(feature = "count-draws")]
        count::one(&count::OPENED);
        Self { state: threefry([seed, purpose.0, 0, 0], [replication, index, 0, 0]) }
    }

    /// Sixty-four random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        #[cfg(feature = "count-draws")]
        count::one(&count::DRAWN);
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// Uniform on the open interval (0, 1): the midpoints of 2^52 equal cells, so that `1 - u` is one of them too.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        const CELL: f64 = 1.0 / (1_u64 << 52) as f64;
        ((self.next_u64() >> 12) as f64 + 0.5) * CELL
    }

    /// Exponential with mean 1 by inversion, `-ln(1 - u)`: one uniform per draw, at most 36.8.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.uniform())
    }

    /// Exponential with mean 1 by the ziggurat (`rand_distr`): faster, but a varying number of uniforms per draw, and
    /// reproducible per target only, since one draw in a hundred takes the platform's `exp` or `ln`.
    #[inline]
    pub fn exponential_fast(&mut self) -> f64 {
        rand_distr::Exp1.sample(self)
    }

    /// Standard normal by the ziggurat, on the same terms as [`RandomStream::exponential_fast`].
    #[inline]
    pub fn normal_fast(&mut self) -> f64 {
        rand_distr::StandardNormal.sample(self)
    }

    /// Uniform on `0..n`, without bias (Lemire 2019).
    ///
    /// # Panics
    /// If `n` is zero.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "there is no number below 0");
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            let low = product as u64;
            if low >= n || low >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }

    /// True with probability `p`; one uniform per draw.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Poisson with this mean by inversion: one uniform per draw, increasing in it.
    ///
    /// # Panics
    /// If the mean is negative or not finite.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        special::poisson_quantile(mean, self.uniform())
    }
}

impl TryRng for RandomStream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_u64() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_u64())
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        for chunk in destination.chunks_mut(8) {
            chunk.copy_from_slice(&self.next_u64().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Threefry-4x64-13: a bijection of the counter for every key.
#[inline]
fn threefry(key: [u64; 4], counter: [u64; 4]) -> [u64; 4] {
    const PARITY: u64 = 0x1bd1_1bda_a9fc_1a22;
    let keys = [key[0], key[1], key[2], key[3], PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3]];
    let add_key = |x: [u64; 4], n: usize| {
        let key = |i: usize| keys[(n + i) % 5];
        [
            x[0].wrapping_add(key(0)),
            x[1].wrapping_add(key(1)),
            x[2].wrapping_add(key(2)),
            x[3].wrapping_add(key(3)).wrapping_add(n as u64),
        ]
    };
    // One round on (x0, x1) and (x2, x3); the permutation exchanges words 1 and 3.
    let round = |[x0, x1, x2, x3]: [u64; 4], a: u32, b: u32| {
        let (x0, x2) = (x0.wrapping_add(x1), x2.wrapping_add(x3));
        [x0, x3.rotate_left(b) ^ x2, x2, x1.rotate_left(a) ^ x0]
    };
    let odd = |x| round(round(round(round(x, 14, 16), 52, 57), 23, 40), 5, 37);
    let even = |x| round(round(round(round(x, 25, 33), 46, 12), 58, 22), 32, 32);
    let x = add_key(odd(add_key(counter, 0)), 1);
    let x = add_key(odd(add_key(even(x), 2)), 3);
    let [x0, x3, x2, x1] = round(x, 25, 33);
    [x0, x1, x2, x3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniforms_lie_strictly_between_0_and_1_and_have_mean_one_half() {
        let mut stream = RandomStream::new(1, 2, Purpose::new("test"), 3);
        let n = 1_000_000;
        let mean =
            (0..n).map(|_| stream.uniform()).inspect(|u| assert!(0.0 < *u && *u < 1.0)).sum::<f64>() / f64::from(n);
        // Five standard errors of sqrt(1 / 12 n).
        assert!((mean - 0.5).abs() < 5.0 * (1.0 / 12e6_f64).sqrt(), "{mean}");
    }

    /// The first numbers of streams whose keys are neighbours, for each key in turn: balanced bits, half of which change
    /// from one stream to the next, and no correlation.
    #[test]
    fn streams_with_neighbouring_keys_have_nothing_in_common() {
        let n = 200_000;
        let open: [fn(u64) -> RandomStream; 4] = [
            |i| RandomStream::new(i, 1, Purpose(1), 1),
            |i| RandomStream::new(1, i, Purpose(1), 1),
            |i| RandomStream::new(1, 1, Purpose(i), 1),
            |i| RandomStream::new(1, 1, Purpose(1), i),
        ];
        for (key, open) in open.into_iter().enumerate() {
            let (mut ones, mut flips, mut correlation) = ([0_u32; 64], [0_u32; 64], 0.0);
            let mut last = open(0);
            for i in 1..=n {
                let mut stream = open(i);
                let (x, y) = (stream.clone().next_u64(), last.next_u64());
                for bit in 0..64 {
                    ones[bit] += (x >> bit) as u32 & 1;
                    flips[bit] += ((x ^ y) >> bit) as u32 & 1;
                }
                correlation += (stream.uniform() - 0.5) * (open(i - 1).uniform() - 0.5);
                last = open(i);
            }
            let n = n as f64;
            // Five standard errors: sqrt(n) / 2 for a count of bits, sqrt(n) / 12 for the sum of products.
            for count in ones.iter().chain(&flips) {
                assert!((f64::from(*count) - 0.5 * n).abs() < 2.5 * n.sqrt(), "key {key}: {count}");
            }
            assert!(correlation.abs() < 5.0 * n.sqrt() / 12.0, "key {key}: {correlation}");
        }
    }

    /// Known answers of the authors' own test suite (Random123, `kat_vectors`, threefry4x64 with 13 rounds).
    #[test]
    fn the_mixing_function_gives_its_known_answers() {
        assert_eq!(
            threefry([0; 4], [0; 4]),
            [0x4071_fabe_e1dc_8e05, 0x02ed_3113_695c_9c62, 0x3973_11b5_b89f_9d49, 0xe212_92c3_2580_24bc]
        );
    }

    /// An independent implementation of the generator, from the same state.
    #[test]
    fn the_numbers_are_those_of_xoshiro256_plus_plus() {
        use rand::{Rng, SeedableRng};
        let mut stream = RandomStream::new(7, 8, Purpose::new("test"), 9);
        let mut seed = [0; 32];
        for (bytes, word) in seed.chunks_mut(8).zip(stream.state) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        let mut other = rand_xoshiro::Xoshiro256PlusPlus::from_seed(seed);
        for _ in 0..1_000 {
            assert_eq!(stream.next_u64(), other.next_u64());
        }
    }

    /// A change here changes every result of every user.
    #[test]
    fn draws_are_the_same_in_every_release() {
        let mut stream = RandomStream::new(1, 2, Purpose::new("pinned"), 3);
        assert_eq!([stream.next_u64(), stream.next_u64()], [0xf49a_75bb_1dd8_d11d, 0x9e3d_b594_323c_5ab0]);
        assert_eq!(stream.uniform().to_bits(), 0.762_342_264_335_295_6_f64.to_bits());
        assert_eq!(stream.exponential().to_bits(), 0.603_909_509_438_115_8_f64.to_bits());
        assert_eq!([stream.below(1_000), stream.poisson(3.0), stream.poisson(300.0)], [137, 3, 300]);
        assert_eq!(Purpose::of("outage", "north"), Purpose(12_107_014_042_949_680_718));
    }

    #[test]
    fn a_purpose_in_two_parts_is_the_joined_name() {
        assert_eq!(Purpose::of("outage", "north"), Purpose::new("outage/north"));
        assert_ne!(Purpose::new("a"), Purpose::new("b"));
    }
}
