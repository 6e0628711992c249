//! Random numbers that are the same on every machine, and do not depend on each other: each is drawn from a key of seed,
//! stream and frame, so that a fault in one frame leaves the jitter of all others as it was.

use super::time::Femtos;

/// SplitMix64: G. L. Steele Jr., D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014;
/// the finalizer is D. Stafford's variant 13.
#[derive(Debug, Clone)]
pub(super) struct SplitMix64 {
    state: u64,
}

/// The odd integer next to 2^64 divided by the golden ratio: the step of the generator.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A whole number from 0 up to but without `below`, which is above 0. The bias is under `below` in 2^64.
    pub(super) fn below(&mut self, below: u64) -> u64 {
        // The product's upper half is below `below`.
        ((u128::from(self.next()) * u128::from(below)) >> 64) as u64
    }

    /// A time from `from` up to but without `to`; `from` where that is no later. Spans of more than five hours are cut.
    pub(super) fn within(&mut self, from: Femtos, to: Femtos) -> Femtos {
        let range = u64::try_from((to - from).get().max(1)).unwrap_or(u64::MAX);
        from + Femtos::new(i128::from(self.below(range)))
    }

    /// Whether something of this chance, in billionths, happens.
    pub(super) fn happens(&mut self, billionths: u64) -> bool {
        self.below(1_000_000_000) < billionths
    }
}

/// What random numbers are drawn for; the number is part of the key, and stays what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    FrameTime = 1,
    ExposureTime = 2,
    ExposureOffset = 3,
    FlashStart = 4,
    FlashEnd = 5,
    Fault = 6,
    TriggerLatency = 7,
    DeviceTimestamp = 8,
    HostTimestamp = 9,
}

/// The random numbers of one purpose of one owner (a camera, or a fault, by its place in the scenario).
#[derive(Debug, Clone, Copy)]
pub(super) struct Stream {
    key: u64,
}

impl Stream {
    pub(super) fn new(seed: u64, purpose: Purpose, owner: usize) -> Stream {
        let key = mix(mix(seed.wrapping_add(GOLDEN)) ^ purpose as u64);
        Stream { key: mix(key.wrapping_add(GOLDEN) ^ owner as u64) }
    }

    /// The generator for one frame.
    pub(super) fn at(self, frame: i64) -> SplitMix64 {
        SplitMix64 { state: mix(self.key ^ frame.cast_unsigned().wrapping_mul(GOLDEN)) }
    }
}

/// How a time strays from what is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Jitter {
    /// Not at all.
    #[default]
    None,
    /// Evenly, by at most `most` to either side.
    Uniform { most: Femtos },
    /// Normally distributed with this standard deviation, and never by more than `clip` to either side.
    Gaussian { sd: Femtos, clip: Femtos },
    /// Only to the later side, exponentially distributed with this mean, which is above 0, and never by more than `clip`:
    /// waiting times on a network.
    Exponential { mean: Femtos, clip: Femtos },
}

/// The steps that the mean of an exponential stray is divided into.
const STEPS: i128 = 64;
/// The chance, in billionths, that an exponential stray ends at a step: then it goes on for 63.5 steps on average, and
/// the even part of a step that is added makes it 64.
const STEP_ENDS: u64 = 15_503_876;

/// The bits of each of the twelve numbers that a normally distributed one is the sum of.
const TERM_BITS: u32 = 48;

impl Jitter {
    /// The largest stray to either side.
    pub(super) fn bound(self) -> Femtos {
        match self {
            Jitter::None => Femtos::ZERO,
            Jitter::Uniform { most } => most,
            Jitter::Gaussian { clip, .. } | Jitter::Exponential { clip, .. } => clip,
        }
    }

    /// The least stray: below 0 where it may be to the earlier side.
    pub(super) fn earliest(self) -> Femtos {
        match self {
            Jitter::None | Jitter::Exponential { .. } => Femtos::ZERO,
            Jitter::Uniform { most: clip } | Jitter::Gaussian { clip, .. } => -clip,
        }
    }

    /// One stray.
    pub(super) fn draw(self, random: &mut SplitMix64) -> Femtos {
        match self {
            Jitter::None => Femtos::ZERO,
            Jitter::Uniform { most } => {
                // At most an hour (values.rs), so that the range fits 64 bits.
                let range = u64::try_from(2 * most.get() + 1).unwrap_or(u64::MAX);
                Femtos::new(i128::from(random.below(range)) - most.get())
            }
            // The sum of twelve even numbers between 0 and 1, less 6, has a standard deviation of exactly 1 and follows
            // the normal distribution closely up to 3 of them (Irwin and Hall); integers make it reproducible.
            Jitter::Gaussian { sd, clip } => {
                let sum: i128 = (0..12).map(|_| i128::from(random.next() >> (64 - TERM_BITS))).sum();
                let centred = sum - 6 * ((1 << TERM_BITS) - 1);
                let stray = sd.get() * centred / (1 << TERM_BITS);
                Femtos::new(stray.clamp(-clip.get(), clip.get()))
            }
            // A geometric number of short steps: it follows the exponential distribution as closely as steps allow, in
            // integers.
            Jitter::Exponential { mean, clip } => {
                let step = (mean.get() / STEPS).max(1);
                let mut stray = i128::from(random.below(u64::try_from(step).unwrap_or(u64::MAX)));
                while stray < clip.get() && !random.happens(STEP_ENDS) {
                    stray += step;
                }
                Femtos::new(stray.min(clip.get()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_splitmix64() {
        // The reference values of S. Vigna's implementation in C for the seed 1234567.
        let mut random = SplitMix64 { state: 1_234_567 };
        let expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431_u64];
        assert_eq!([(); 4].map(|()| random.next()), expected);
    }

    fn strays(jitter: Jitter, count: i64) -> Vec<i128> {
        let stream = Stream::new(7, Purpose::FrameTime, 0);
        (0..count).map(|frame| jitter.draw(&mut stream.at(frame)).get()).collect()
    }

    #[test]
    fn uniform_strays_fill_their_range_evenly() {
        let strays = strays(Jitter::Uniform { most: Femtos::new(2) }, 5000);
        for value in -2..=2 {
            let share = strays.iter().filter(|&&stray| stray == value).count();
            // 1000 expected; the standard deviation of the count is 28.
            assert!((850..1150).contains(&share), "{value}: {share}");
        }
    }

    #[test]
    fn gaussian_strays_have_their_deviation_and_their_clip() {
        let jitter = Jitter::Gaussian { sd: Femtos::new(1_000_000), clip: Femtos::new(2_000_000) };
        let strays = strays(jitter, 10_000);
        let within = |most: i128| strays.iter().filter(|stray| stray.abs() <= most).count();
        // 68.3 % within one standard deviation, 4.6 % beyond two: these sit at the clip.
        assert!((6650..7000).contains(&within(1_000_000)), "{}", within(1_000_000));
        assert_eq!(within(2_000_000), 10_000);
        let clipped = 10_000 - within(1_999_999);
        assert!((360..560).contains(&clipped), "{clipped}");
        // The standard error of the mean is 1 % of the deviation.
        assert!(strays.iter().sum::<i128>().abs() < 10_000 * 50_000);
    }

    #[test]
    fn exponential_strays_have_their_mean_and_their_tail() {
        let jitter = Jitter::Exponential { mean: Femtos::new(1_000_000), clip: Femtos::new(5_000_000) };
        let strays = strays(jitter, 10_000);
        assert!(strays.iter().all(|stray| (0..=5_000_000).contains(stray)));
        // 1 - exp(-1) = 63.2 % lie below the mean, exp(-3) = 5.0 % above three times it; the standard deviations of the
        // counts are 48 and 22.
        let below = strays.iter().filter(|&&stray| stray < 1_000_000).count();
        let above = strays.iter().filter(|&&stray| stray > 3_000_000).count();
        assert!((6120..6520).contains(&below) && (400..600).contains(&above), "{below} {above}");
    }

    #[test]
    fn streams_differ_by_seed_purpose_owner_and_frame() {
        let first = |stream: Stream, frame| stream.at(frame).next();
        let base = first(Stream::new(1, Purpose::FrameTime, 0), 0);
        for other in [
            first(Stream::new(2, Purpose::FrameTime, 0), 0),
            first(Stream::new(1, Purpose::ExposureTime, 0), 0),
            first(Stream::new(1, Purpose::FrameTime, 1), 0),
            first(Stream::new(1, Purpose::FrameTime, 0), 1),
            first(Stream::new(1, Purpose::FrameTime, 0), -1),
        ] {
            assert_ne!(base, other);
        }
        assert_eq!(base, first(Stream::new(1, Purpose::FrameTime, 0), 0));
    }
}
