//! What truly happened: the event lists that faults change and lines are made from. They know nothing of samples.

use super::lines::{TrueLine, TruePulse};
use super::time::Femtos;
use crate::rig::Alignment;

/// A flash pulse of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlashTruth {
    /// The line that it lights, by its place in [`Truth::lines`], which is that of its wire in the scenario's rig.
    pub line: usize,
    /// When it is lit.
    pub pulse: TruePulse,
}

/// What belongs to one frame of one camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameTruth {
    /// Its number: frame 0 begins at the first boundary that the scenario states.
    pub number: i64,
    /// The frame boundary that it begins at.
    pub opens: Femtos,
    /// The frame boundary that it ends at: the next frame's beginning.
    pub closes: Femtos,
    /// By how many lines soft sync made it longer; below 0: shorter.
    pub lines: i64,
    /// The host's trigger pulse before FSIN.
    pub trigger: Option<TruePulse>,
    /// The FSIN pulse that its exposures belong to: at `closes` (end-aligned), where the exposure ends, or at `opens`
    /// (start-aligned), where it is triggered.
    pub fsin: Option<TruePulse>,
    /// Its exposures, as STROBE shows them: one, or one for each pulse of a burst.
    pub exposures: Vec<TruePulse>,
    /// The flash pulses that were lit for it.
    pub flashes: Vec<FlashTruth>,
    /// The readout of each exposure.
    pub readouts: Vec<TruePulse>,
}

/// What happened to one camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraTruth {
    /// Its name.
    pub name: String,
    /// How its exposures sit in the frame.
    pub alignment: Alignment,
    /// Its frames in the order of time, from before the first sample to after the last.
    pub frames: Vec<FrameTruth>,
    /// STROBE pulses that no trigger and no boundary asked for.
    pub extra_strobes: Vec<TruePulse>,
}

impl CameraTruth {
    /// The number of its pulses.
    pub(super) fn pulses(&self) -> usize {
        let in_frames: usize = (self.frames.iter())
            .map(|frame| frame.exposures.len() + frame.flashes.len() + frame.readouts.len() + 2)
            .sum();
        in_frames + self.extra_strobes.len()
    }
}

/// What truly happened, in femtoseconds, faults included: the yardstick for what is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// What the cameras, the trigger and the flash did, in the order of the rig's cameras.
    pub cameras: Vec<CameraTruth>,
    /// What each wire of the rig truly showed, by its place: the sum of its pulses, after faults of the line itself.
    pub lines: Vec<TrueLine>,
}
