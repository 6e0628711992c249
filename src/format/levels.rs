//! The levels of the probes of a dump, at one time.

use super::FormatError;
use super::grid::Placer;

/// Which probes are high, and which are not known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    high: u64,
    unknown: u64,
}

impl Levels {
    /// Before the first value, no level is known.
    pub(super) const UNKNOWN: Levels = Levels { high: 0, unknown: u64::MAX };

    /// The probe with this bit has this value, as dumps write it; false where it is none.
    pub(super) fn set(&mut self, bit: u32, value: u8) -> bool {
        let place = 1_u64.checked_shl(bit).unwrap_or(0);
        match value {
            b'0' | b'l' | b'L' => (self.high, self.unknown) = (self.high & !place, self.unknown & !place),
            b'1' | b'h' | b'H' => (self.high, self.unknown) = (self.high | place, self.unknown & !place),
            b'x' | b'X' | b'z' | b'Z' | b'u' | b'U' | b'w' | b'W' | b'-' | b'?' => self.unknown |= place,
            _ => return false,
        }
        true
    }

    /// From this time on, the wanted probes have these levels.
    pub(super) fn commit(self, time: i128, wanted: u64, placer: &mut Placer<'_>) -> Result<(), FormatError> {
        if self.unknown & wanted == 0 { placer.known(time, self.high & wanted) } else { placer.unknown(time) }
    }
}
