//! Which flash lines are lit in which frame.

use super::count::Count;
use super::{Absent, Bound, ClockShare, Doubt, Measure, Needs, On, Quantity, Track, Unseen};
use crate::frame::{CameraView, Exposure};
use crate::rig::{FlashPattern, Role};
use crate::units::{SampleIndex, Unit};

/// Frames that break the pattern of the flash lines.
pub(crate) static PATTERN: Quantity = Quantity {
    id: "flash.pattern",
    unit: Unit::Count,
    label: "frames that break the flash pattern",
    definition: "frames whose exposure, of a burst each exposure, is touched by other flash lines than timing.flash_pattern says, laid where it and the arrays of limits are broken least, or from frame 0 on (timing.sequence)",
    formula: "number of frames n with lit lines ≠ pattern[(n + phase) mod length]; of a burst of b, n counts b for each frame",
    source: "alternating illumination (ABAB) of structured light and flood",
    raised_by: "a missed or doubled trigger, which slips the pattern by a frame; crosstalk between the lines",
    needs: Needs::Pattern(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Numbered(&[Role::Strobe, Role::Flash])),
    measure: Measure::Capture(pattern),
};

/// An exposure, its number in the pattern, and the names of the flash lines that touch it, in order.
struct Lit<'a> {
    exposure: Exposure,
    number: i128,
    lines: Vec<&'a str>,
}

fn pattern(camera: CameraView<'_>) -> Result<Track, Absent> {
    let laid = Laid::of(camera).ok_or(Absent::NoPattern)?;
    let lit = lit(camera);
    if lit.is_empty() {
        return Err(Absent::TooLittle("no exposure of a frame was seen whole".to_owned()));
    }
    let mut count = Count::default();
    for lit in lit.iter().filter(|lit| *laid.entry(&lit.exposure, lit.number) != *lit.lines) {
        count.add(1, lit.exposure.pulse.from(), lit.exposure.pulse.to());
    }
    let mut track = count.track(camera.observation);
    if laid.is_turned() && !camera.observation.seams.all().is_empty() {
        // Samples that are lost there would be why the pattern goes on otherwise, or else it slipped.
        track.points = track.points.with_first(|point| point.reading.high = Bound::Unbounded);
        track.doubt.get_or_insert(Doubt::Seam);
    }
    Ok(track)
}

/// In how many frames of a part of time the pattern is broken, by the entry that frame 0 would have; none where there is no
/// pattern.
pub(crate) fn pattern_breaks(camera: CameraView<'_>, part: usize) -> Option<Vec<u64>> {
    let Laid { pattern, restarts, .. } = Laid::of(camera)?;
    let lit: Vec<Lit<'_>> = lit(camera).into_iter().filter(|lit| part_of(&restarts, &lit.exposure) == part).collect();
    let is_broken = |lit: &&Lit<'_>, phase: u64| *pattern.entry(lit.number, phase) != *lit.lines;
    let broken = |phase: u64| lit.iter().filter(|lit| is_broken(lit, phase)).count() as u64;
    Some((0..pattern.len() as u64).map(broken).collect())
}

/// A pattern where its frames are.
struct Laid<'a> {
    pattern: &'a FlashPattern,
    /// Where time begins anew: how many frames have passed since those before is not known.
    restarts: Vec<SampleIndex>,
    /// The phase of the camera in each part of time.
    phases: &'a [u64],
}

impl<'a> Laid<'a> {
    /// The pattern of a camera's flash lines, if it has one.
    fn of(camera: CameraView<'a>) -> Option<Laid<'a>> {
        let pattern = camera
            .observation
            .rig
            .flash_pattern
            .as_ref()
            .filter(|_| camera.observation.rig.has_pattern_lines(camera.place))?;
        Some(Laid { pattern, restarts: camera.observation.renumberings(), phases: &camera.frames.phases })
    }

    fn phase(&self, part: usize) -> u64 {
        self.phases.get(part).copied().unwrap_or(0) % self.pattern.len() as u64
    }

    /// The flash lines of this exposure, whose number is this.
    fn entry(&self, exposure: &Exposure, number: i128) -> &[String] {
        self.pattern.entry(number, self.phase(part_of(&self.restarts, exposure)))
    }

    /// Whether it goes on otherwise in another part of time.
    fn is_turned(&self) -> bool {
        (1..=self.restarts.len()).any(|part| self.phase(part) != self.phase(0))
    }
}

/// The part of time in which an exposure lies.
fn part_of(restarts: &[SampleIndex], exposure: &Exposure) -> usize {
    restarts.partition_point(|restart| *restart <= exposure.pulse.from())
}

/// Whether the pattern says of an exposure's frame that it is lit; without a pattern every one is. One of no frame is if all
/// are.
pub(super) fn owed_by_pattern(camera: CameraView<'_>) -> impl Fn(&Exposure) -> bool {
    let laid = Laid::of(camera);
    let number = number_in_bursts(camera);
    move |exposure| match (&laid, exposure.frame) {
        (Some(laid), Some(frame)) => !laid.entry(exposure, number(frame, exposure)).is_empty(),
        (Some(laid), None) => laid.pattern.entries().iter().all(|lines| !lines.is_empty()),
        (None, _) => true,
    }
}

/// The number of an exposure in the pattern, which goes on within a burst.
fn number_in_bursts(camera: CameraView<'_>) -> impl Fn(i64, &Exposure) -> i128 + use<> {
    let burst = i128::from(camera.wiring.burst.get());
    move |frame, exposure| i128::from(frame) * burst + i128::from(exposure.burst_index)
}

/// The judged exposures that were seen whole.
fn lit(camera: CameraView<'_>) -> Vec<Lit<'_>> {
    let rig = &camera.observation.rig;
    let number = number_in_bursts(camera);
    let judged = camera.frames.exposures.iter().filter(|exposure| exposure.pulse.is_whole());
    judged
        .filter_map(|exposure| {
            let frame = exposure.frame.filter(|frame| camera.judges(*frame))?;
            let names =
                exposure.flashes.iter().map(|&flash| rig.wire(camera.frames.flashes.at(flash).wire).name.as_deref());
            let mut lines: Vec<&str> = names.flatten().collect();
            lines.sort_unstable();
            lines.dedup();
            Some(Lit { number: number(frame, &exposure), exposure, lines })
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
    fn entry(&self, number: i128, phase: u64) -> &[String] {
        let place = (number + i128::from(phase)).rem_euclid(self.len() as i128);
        usize::try_from(place).ok().and_then(|place| self.entries().get(place)).map_or(&[], Vec::as_slice)
    }
}
