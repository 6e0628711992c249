//! Which level of a line is the active one.

use super::roles::{CLEAR_PERCENT, Roles};
use crate::line::{Pulses, Shape, edges_to, level_at, overlap};
use crate::rig::{Polarity, Role};
use crate::signal::{Level, Waveform};

/// Lights are on for less of the time than this, or off for more.
const CLEAR_LIGHT_PERCENT: u64 = 5;

/// The active level of a line, as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActiveLevel {
    /// It is told by how the line and the others move.
    Known(Polarity),
    /// The other one cannot be ruled out.
    Likely(Polarity),
}

impl ActiveLevel {
    /// The level, told or likely.
    #[must_use]
    pub fn polarity(self) -> Polarity {
        match self {
            ActiveLevel::Known(polarity) | ActiveLevel::Likely(polarity) => polarity,
        }
    }

    /// Whether the other one cannot be ruled out.
    #[must_use]
    pub fn is_likely(self) -> bool {
        matches!(self, ActiveLevel::Likely(_))
    }
}

impl Roles<'_> {
    /// The active level of a line of this role.
    pub(super) fn active(&self, place: usize, role: Role) -> ActiveLevel {
        let candidate = &self.candidates[place];
        match candidate.pulses {
            // Pauses are never in pieces.
            Pulses::InPieces(Level::High) => return ActiveLevel::Known(Polarity::ActiveHigh),
            Pulses::InPieces(Level::Low) => return ActiveLevel::Known(Polarity::ActiveLow),
            Pulses::Whole => {}
        }
        let lesser = self.lesser(place);
        let clear = |percent| {
            if self.is_clear(place, percent) { ActiveLevel::Known(lesser) } else { ActiveLevel::Likely(lesser) }
        };
        match role {
            Role::Fsin | Role::Trigger => match clear(CLEAR_PERCENT) {
                ActiveLevel::Known(level) if self.is_turned_with_strobe(place) => ActiveLevel::Likely(level),
                told @ (ActiveLevel::Known(_) | ActiveLevel::Likely(_)) => told,
            },
            Role::Strobe => self.active_strobe(place, lesser),
            Role::Flash => self.active_flash(place).unwrap_or_else(|| clear(CLEAR_LIGHT_PERCENT)),
            Role::Readout => self.active_readout(place).unwrap_or_else(|| clear(CLEAR_LIGHT_PERCENT)),
            Role::Ready => self.active_ready(place).unwrap_or(ActiveLevel::Likely(lesser)),
        }
    }

    fn active_strobe(&self, place: usize, lesser: Polarity) -> ActiveLevel {
        let Some(line) = self.candidates[place].waveform else { return ActiveLevel::Likely(lesser) };
        let met = |level: Level| -> Vec<usize> {
            let fsins = self.all(Role::Fsin).into_iter();
            fsins.filter(|&fsin| self.meets(edges_to(line, level), self.starts(fsin))).collect()
        };
        let (low, high) = (met(Level::Low), met(Level::High));
        let is_clear = self.is_clear(place, CLEAR_PERCENT);
        // Exposures that begin with FSIN look like those of the other level that end with it: usual lengths tell them apart, else the
        // usual level, if they do not come behind FSIN.
        let is_end = |fsins: &[usize]| !fsins.iter().any(|&fsin| self.may_begin_at(line, Level::Low, fsin));
        match (!low.is_empty(), !high.is_empty()) {
            (true, false) if is_clear && lesser == Polarity::ActiveHigh => ActiveLevel::Known(Polarity::ActiveHigh),
            (true, false) if !is_clear && is_end(&low) => ActiveLevel::Known(Polarity::ActiveHigh),
            (true, false) => ActiveLevel::Likely(Polarity::ActiveHigh),
            (false, true) if is_clear && lesser == Polarity::ActiveLow => ActiveLevel::Known(Polarity::ActiveLow),
            (false, true) if is_clear => ActiveLevel::Likely(lesser),
            (false, true) => ActiveLevel::Likely(Polarity::ActiveHigh),
            (true, true) | (false, false) if !is_clear => ActiveLevel::Likely(Polarity::ActiveHigh),
            // Exposures that are nearly as long as the frame look like short ones that are active low.
            (true, true) | (false, false) if lesser == Polarity::ActiveLow => ActiveLevel::Likely(lesser),
            (true, true) | (false, false) => ActiveLevel::Known(lesser),
        }
    }

    /// Whether the pulses of a trigger fill part of each frame, and it is not told which level is active of what answers it: both may be
    /// turned.
    fn is_turned_with_strobe(&self, place: usize) -> bool {
        let is_likely = |strobe: usize| self.active(strobe, Role::Strobe).is_likely();
        self.candidates[place].shape == Shape::Window && self.all(Role::Strobe).into_iter().any(is_likely)
    }

    /// A light is on at the level of which more falls into exposures; for most of the time it is on by mistake only.
    fn active_flash(&self, place: usize) -> Option<ActiveLevel> {
        let strobe = self.only(Role::Strobe)?;
        let exposed = (self.candidates[strobe].waveform?, Level::from(self.active(strobe, Role::Strobe).polarity()));
        let light = self.candidates[place].waveform?;
        // In per mille of the time at that level.
        let share = |level: Level| {
            let all = u128::from(overlap((light, level), (light, level))).max(1);
            u128::from(overlap((light, level), exposed)) * 1000 / all
        };
        let (high, low) = (share(Level::High), share(Level::Low));
        let polarity = if high >= low { Polarity::ActiveHigh } else { Polarity::ActiveLow };
        let is_usual = polarity == self.lesser(place) || !self.is_clear(place, CLEAR_PERCENT);
        let is_told = is_usual && high.abs_diff(low) >= 200 && !self.active(strobe, Role::Strobe).is_likely();
        Some(if is_told { ActiveLevel::Known(polarity) } else { ActiveLevel::Likely(polarity) })
    }

    /// Where an exposure ends, the readout has not begun.
    fn active_readout(&self, place: usize) -> Option<ActiveLevel> {
        let strobes = self.all(Role::Strobe);
        let (&strobe, readout) = (strobes.first()?, self.candidates[place].waveform?);
        if strobes.len() > 1 || self.active(strobe, Role::Strobe).is_likely() {
            return None;
        }
        let ends = self.ends_at(strobe, self.active(strobe, Role::Strobe).polarity());
        idle_before(readout, &ends).map(ActiveLevel::Known)
    }

    /// A camera that follows its triggers was ready for them.
    fn active_ready(&self, place: usize) -> Option<ActiveLevel> {
        let (fsin, ready) = (self.only(Role::Fsin)?, self.candidates[place].waveform?);
        let active = match idle_before(ready, &self.starts(fsin))? {
            Polarity::ActiveHigh => Polarity::ActiveLow,
            Polarity::ActiveLow => Polarity::ActiveHigh,
        };
        Some(ActiveLevel::Likely(active))
    }
}

/// The polarity of a line that is not active just before these instants, as a rule.
fn idle_before(line: &Waveform, instants: &[u64]) -> Option<Polarity> {
    let high = instants.iter().filter(|at| level_at(line, at.saturating_sub(2)) == Level::High).count();
    match (high * 10 <= instants.len(), high * 10 >= instants.len() * 9) {
        (true, false) => Some(Polarity::ActiveHigh),
        (false, true) => Some(Polarity::ActiveLow),
        (true, true) | (false, false) => None,
    }
}
