//! Which flash lines are lit in which frame.

use super::frame::{Count, first_judged};
use super::{Absent, ClockShare, Measure, Needs, On, Quantity, Track, Unseen};
use crate::frame::{Exposure, Observation};
use crate::rig::{FlashPattern, Role, SequencePhase};
use crate::units::Unit;

/// Frames that break the pattern of the flash lines.
pub(super) static PATTERN: Quantity = Quantity {
    id: "flash.pattern",
    unit: Unit::Count,
    label: "frames that break the flash pattern",
    definition: "frames whose exposure is touched by other flash lines than timing.flash_pattern says, laid at its best phase, or from frame 0 on (timing.sequence)",
    formula: "number of frames n with lit lines ≠ pattern[(n + phase) mod length]",
    source: "alternating illumination (ABAB) of structured light and flood",
    raised_by: "a missed or doubled trigger, which slips the pattern by a frame; crosstalk between the lines",
    needs: Needs::Pattern(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Numbered(&[Role::Strobe, Role::Flash])),
    measure: Measure::Capture(pattern),
};

/// An exposure, its number in the pattern, and the names of the flash lines that touch it, in order.
struct Lit<'a> {
    exposure: &'a Exposure,
    number: i128,
    lines: Vec<&'a str>,
}

fn pattern(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let pattern = observation.rig.flash_pattern.as_ref().ok_or(Absent::NoPattern)?;
    let lit = lit(observation, camera);
    if lit.is_empty() {
        return Err(Absent::TooLittle("no exposure of a frame was seen whole".to_owned()));
    }
    let mut count = Count::default();
    for lit in broken(pattern, &lit, best_phase(pattern, &lit)) {
        count.add(1, lit.exposure.pulse.from(), lit.exposure.pulse.to());
    }
    Ok(count.track(observation))
}

fn broken<'a, 'o>(pattern: &'a FlashPattern, lit: &'a [Lit<'o>], phase: usize) -> impl Iterator<Item = &'a Lit<'o>> {
    lit.iter().filter(move |lit| *pattern.entry(lit.number, phase) != *lit.lines)
}

/// The entry of the pattern that frame 0 has.
fn best_phase(pattern: &FlashPattern, lit: &[Lit<'_>]) -> usize {
    match pattern.phase {
        SequencePhase::Strict => 0,
        SequencePhase::Fit => (0..pattern.len()).min_by_key(|&phase| broken(pattern, lit, phase).count()).unwrap_or(0),
    }
}

/// Whether the pattern says of an exposure's frame that it is lit; without a pattern every one is.
pub(super) fn owed_by_pattern(observation: &Observation, camera: usize) -> impl Fn(&Exposure) -> bool {
    let pattern = observation.rig.flash_pattern.as_ref().filter(|_| observation.rig.has_pattern_lines(camera));
    let phase = pattern.map_or(0, |pattern| best_phase(pattern, &lit(observation, camera)));
    let number = number_in_bursts(observation, camera);
    move |exposure| match (pattern, exposure.frame) {
        (Some(pattern), Some(frame)) => !pattern.entry(number(frame, exposure), phase).is_empty(),
        (None, _) | (_, None) => true,
    }
}

/// The number of an exposure in the pattern, which goes on within a burst.
fn number_in_bursts(observation: &Observation, camera: usize) -> impl Fn(i64, &Exposure) -> i128 + use<> {
    let burst = i128::from(observation.rig.cameras[camera].burst.get());
    move |frame, exposure| i128::from(frame) * burst + i128::from(exposure.burst_index)
}

/// The judged exposures that were seen whole.
fn lit(observation: &Observation, camera: usize) -> Vec<Lit<'_>> {
    let first = first_judged(observation);
    let rig = &observation.rig;
    let number = number_in_bursts(observation, camera);
    let frames = &observation.cameras[camera];
    let judged = frames.exposures.iter().filter(|exposure| exposure.pulse.is_whole());
    judged
        .filter_map(|exposure| {
            let frame = exposure.frame.filter(|frame| first == 0 || *frame >= first)?;
            let names = exposure.flashes.iter().map(|&flash| rig.wire(frames.flashes[flash].wire).name.as_deref());
            let mut lines: Vec<&str> = names.flatten().collect();
            lines.sort_unstable();
            lines.dedup();
            Some(Lit { exposure, number: number(frame, exposure), lines })
        })
        .collect()
}

impl FlashPattern {
    /// The most frames from one in which a line of this name is lit to the next; `None` if it never is.
    #[must_use]
    pub fn longest_pause(&self, name: &str) -> Option<usize> {
        let lit = |frame: &usize| self.entries()[*frame].iter().any(|line| line == name);
        let frames: Vec<usize> = (0..self.len()).filter(lit).collect();
        let (first, last) = (frames.first()?, frames.last()?);
        frames.windows(2).map(|pair| pair[1] - pair[0]).chain([first + self.len() - last]).max()
    }

    /// The flash lines of the frame of this number when frame 0 has the entry `phase`.
    fn entry(&self, number: i128, phase: usize) -> &[String] {
        let place = (number + phase as i128).rem_euclid(self.len() as i128);
        usize::try_from(place).ok().and_then(|place| self.entries().get(place)).map_or(&[], Vec::as_slice)
    }
}
