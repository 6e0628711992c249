//! The files of analyzers' own programs, `.sal` and `.dsl`, written here byte by byte from random levels: read, they show
//! these levels, and no others.

mod damage;
mod dsl;
mod sal;

use strobecheck::capture::{Capture, Request};
use strobecheck::format::{FormatError, open, read_capture};
use strobecheck::signal::LostSpan;
use strobecheck::units::SampleIndex;

use crate::generator::Random;
pub(crate) use damage::good_files;

/// The level of a line at each sample of a capture; none where it is not known.
type Levels = Vec<Option<bool>>;

fn read(file: &[u8]) -> Result<Capture, FormatError> {
    let reader = open(Box::new(file.to_vec()))?;
    let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
    read_capture(&*reader, &Request::of(bits))
}

fn refused(file: &[u8]) -> String {
    match read(file) {
        Ok(capture) => panic!("it is read: {:?}", capture.problems),
        Err(error) => error.to_string(),
    }
}

/// The samples at which a level differs from that of the sample before it, and the stretches in which none is known.
fn told(levels: &[Option<bool>]) -> (Vec<u64>, Vec<(u64, u64)>) {
    let pairs = (1..).zip(levels.windows(2));
    let is_edge = |pair: &[Option<bool>]| pair[0].zip(pair[1]).is_some_and(|(before, after)| before != after);
    let edges = pairs.filter(|(_, pair)| is_edge(pair)).map(|(at, _)| at).collect();
    let mut unknown: Vec<(u64, u64)> = Vec::new();
    for (at, _) in (0..).zip(levels).filter(|(_, level)| level.is_none()) {
        match unknown.last_mut() {
            Some((_, to)) if *to == at => *to = at + 1,
            Some(_) | None => unknown.push((at, at + 1)),
        }
    }
    (edges, unknown)
}

/// Whether a capture shows these levels, each of so many samples, on the probes of these bits.
fn expect(capture: &Capture, lines: &[(u32, Levels)], scale: u64, what: &str) {
    let length = lines.first().map_or(0, |(_, levels)| levels.len() as u64);
    assert_eq!(capture.length.get(), length * scale, "{what}");
    assert_eq!(capture.lines.iter().map(|line| line.probe.bit).collect::<Vec<_>>(), bits(lines), "{what}");
    for (line, (bit, levels)) in capture.lines.iter().zip(lines) {
        let (edges, unknown) = told(levels);
        let lost = capture.lost_on([line]);
        let ends = |span: &LostSpan| (span.from.get() / scale, span.to.get() / scale);
        assert_eq!(lost.spans().iter().map(ends).collect::<Vec<_>>(), unknown, "{what}, line {bit}");
        let changes = line.waveform.changes();
        let found: Vec<u64> = changes.iter().filter(|at| lost.joins(SampleIndex::new(*at))).collect();
        assert_eq!(found, edges.iter().map(|at| at * scale).collect::<Vec<_>>(), "{what}, line {bit}");
        // Behind a stretch that is not known, too, it is the level of its sample.
        let firsts = (0..)
            .zip(levels)
            .filter(|(at, level)| level.is_some() && (*at == 0 || unknown.iter().any(|(_, to)| to == at)));
        for (at, level) in firsts {
            let passed = changes.iter().filter(|change| *change <= at * scale).count();
            let shown = (line.waveform.initial().bit() == 1) ^ (passed % 2 == 1);
            assert_eq!(Some(shown), *level, "{what}, line {bit} at {at}");
        }
    }
}

fn bits(lines: &[(u32, Levels)]) -> Vec<u32> {
    lines.iter().map(|(bit, _)| *bit).collect()
}

/// So many samples, in runs of which most are short.
fn random_levels(random: &mut Random, length: u64) -> Vec<bool> {
    let mut level = random.below(2) == 1;
    let mut levels = Vec::new();
    while (levels.len() as u64) < length {
        let longest = [1, 2, 8, 90, 400][random.below(5)];
        let run = 1 + random.below(longest);
        levels.extend(std::iter::repeat_n(level, run));
        level = !level;
    }
    levels.truncate(length as usize);
    levels
}

/// Places between 0 and a length, in order.
fn random_places(random: &mut Random, length: u64, most: usize) -> Vec<u64> {
    let mut places: Vec<u64> = (0..random.below(most + 1)).map(|_| random.next() % length).collect();
    places.sort_unstable();
    places.dedup();
    places.retain(|place| *place > 0);
    places
}
