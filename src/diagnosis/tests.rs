//! Findings by hand.
