use crate::random::Random;
use std::ops::Range;

/// No input grows beyond this many bytes.
const MAX_BYTES: usize = 128 * 1024;

/// Numbers at which length checks go wrong.
const EDGES: [u64; 12] =
    [0, 1, 0x1f, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_ffff_ffff_ffff];

/// The next input: a seed, another one spliced in now and then, with one to eight changes; sometimes noise.
pub(crate) fn next_input(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    if seeds.is_empty() || random.below(64) == 0 {
        return (0..random.below(256)).map(|_| random.next() as u8).collect();
    }
    let mut input = seeds[random.below(seeds.len())].clone();
    if random.below(8) == 0 {
        let other = &seeds[random.below(seeds.len())];
        let (at, from) = (random.below(input.len() + 1), random.below(other.len() + 1));
        input.truncate(at);
        input.extend_from_slice(&other[from..]);
    }
    for _ in 0..=random.below(8) {
        change(random, &mut input);
    }
    input.truncate(MAX_BYTES);
    input
}

fn change(random: &mut Random, input: &mut Vec<u8>) {
    let part = some_range(random, input.len());
    match random.below(9) {
        0 | 1 if !input.is_empty() => {
            let at = random.below(input.len());
            input[at] ^= 1 << random.below(8);
        }
        2 if !input.is_empty() => {
            let at = random.below(input.len());
            input[at] = random.next() as u8;
        }
        3 => overwrite_number(random, input),
        4 => input.truncate(part.start),
        5 => drop(input.drain(part)),
        6 => {
            let copies = 1 + random.below(4);
            let repeated = input[part.clone()].repeat(copies);
            drop(input.splice(part.end..part.end, repeated));
        }
        7 => {
            let noise: Vec<u8> = (0..random.below(16)).map(|_| random.next() as u8).collect();
            drop(input.splice(part.start..part.start, noise));
        }
        _ => {
            let byte = random.next() as u8;
            input[part].fill(byte);
        }
    }
}

/// Writes an edge number, of either byte order, where a length may be.
fn overwrite_number(random: &mut Random, input: &mut [u8]) {
    let width = random.choose(&[1, 2, 4, 8]);
    let length = input.len() as u64;
    let edge = random.choose(&EDGES);
    let number = random.choose(&[edge, length, length.wrapping_sub(1), length + 1]);
    let at = random.below(input.len());
    let (little, big) = (number.to_le_bytes(), number.to_be_bytes());
    let bytes = if random.below(2) == 0 { &little[..width] } else { &big[8 - width..] };
    input.iter_mut().skip(at).zip(bytes).for_each(|(to, from)| *to = *from);
}

/// Mostly short parts: a long one destroys what makes the seed interesting.
fn some_range(random: &mut Random, length: usize) -> Range<usize> {
    let start = random.below(length + 1);
    let longest = if random.below(8) == 0 { length } else { 16 };
    start..(start + random.below(longest + 1)).min(length)
}
