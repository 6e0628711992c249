//! The levels of the probes of a dump, at one time.

/// Which probes are high, and which are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Levels {
    high: u64,
    unknown: u64,
}

impl Levels {
    /// Before the first value, no level is known.
    pub(super) const UNKNOWN: Levels = Levels { high: 0, unknown: u64::MAX };

    /// All levels are known: those of these bits are high.
    #[cfg(test)]
    pub(super) const fn of(high: u64) -> Levels {
        Levels { high, unknown: 0 }
    }

    /// The bits of the probes that are high, among those that are known.
    pub(super) const fn high(self) -> u64 {
        self.high & !self.unknown
    }

    /// The bits of the probes whose level is known.
    pub(super) const fn known(self) -> u64 {
        !self.unknown
    }

    /// The probe with this bit has this level, none where it is not known.
    pub(super) fn put(&mut self, bit: u32, level: Option<bool>) {
        let place = 1_u64.checked_shl(bit).unwrap_or(0);
        match level {
            Some(false) => (self.high, self.unknown) = (self.high & !place, self.unknown & !place),
            Some(true) => (self.high, self.unknown) = (self.high | place, self.unknown & !place),
            // The same however it came to be unknown.
            None => (self.high, self.unknown) = (self.high & !place, self.unknown | place),
        }
    }

    /// The probe with this bit has this value, as dumps write it; false where it is none.
    pub(super) fn set(&mut self, bit: u32, value: u8) -> bool {
        let level = match value {
            b'0' | b'l' | b'L' => Some(false),
            b'1' | b'h' | b'H' => Some(true),
            b'x' | b'X' | b'z' | b'Z' | b'u' | b'U' | b'w' | b'W' | b'-' | b'?' => None,
            _ => return false,
        };
        self.put(bit, level);
        true
    }
}
