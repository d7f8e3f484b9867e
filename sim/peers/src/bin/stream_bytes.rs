//! Random bytes for a test battery: `stream_bytes opened | dieharder -a -g 200`.
//!
//! `opened` takes one number from each of ever new streams, whose keys differ in few bits: replication, then index.
//! `interleaved` takes numbers in turn from 64 streams with neighbouring keys.

use std::io::{Write, stdout};

use drsim_sim::{Purpose, RandomStream};

fn main() {
    let mode = std::env::args().nth(1).unwrap_or_default();
    let open = |i: u64| RandomStream::new(1, i >> 6, Purpose::new("battery"), i & 63);
    let mut streams: Vec<RandomStream> = (0..64).map(open).collect();
    let mut bytes = Vec::with_capacity(1 << 16);
    for block in 0_u64.. {
        bytes.clear();
        for i in 0..1 << 13 {
            let number = match mode.as_str() {
                "opened" => open((block << 13) + i).next_u64(),
                "interleaved" => streams[i as usize % 64].next_u64(),
                _ => panic!("usage: stream_bytes opened|interleaved"),
            };
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        // The reader has enough.
        if stdout().write_all(&bytes).is_err() {
            return;
        }
    }
}
