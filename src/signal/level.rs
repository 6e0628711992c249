//! The two levels of a logic line.

use std::ops::Not;

use strum::IntoStaticStr;

/// The level of a line as the analyzer's threshold saw it, before polarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Level {
    /// Below the threshold.
    Low,
    /// Above the threshold.
    High,
}

impl Level {
    /// The word for it.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// The level that a sample's bit shows.
    #[must_use]
    pub const fn from_bit(bit: u64) -> Level {
        if bit & 1 == 1 { Level::High } else { Level::Low }
    }

    /// The bit that stands for this level.
    #[must_use]
    pub const fn bit(self) -> u8 {
        match self {
            Level::Low => 0,
            Level::High => 1,
        }
    }
}

impl Not for Level {
    type Output = Level;

    fn not(self) -> Level {
        match self {
            Level::Low => Level::High,
            Level::High => Level::Low,
        }
    }
}
