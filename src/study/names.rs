//! What a probe's own name says of the line that it is on: whoever wired it knew, as a rule.

use crate::rig::Role;

/// What a name claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// A line of a camera.
    Line(Role),
    /// A line that is none of a camera's: `SCK`, `TX`.
    Foreign,
}

/// What each claim is called: by words that may stand anywhere in a name, and by short ones, which stand by themselves.
const WORDS: [(Claim, &[&str], &[&str]); 7] = [
    (Claim::Line(Role::Fsin), &["fsin", "fsync", "framesync", "vsync", "xvs"], &["sync", "fs"]),
    (Claim::Line(Role::Trigger), &["trig"], &["trg"]),
    (Claim::Line(Role::Strobe), &["strobe", "strb", "expos", "shutter"], &["exp", "left", "right", "master", "slave"]),
    (Claim::Line(Role::Flash), &["flash", "light", "lamp", "laser", "illum", "flood"], &["led", "ir", "dot", "torch"]),
    (Claim::Line(Role::Readout), &["readout", "framevalid"], &["ro", "fv", "fval"]),
    (Claim::Line(Role::Ready), &["triggerready", "trigready"], &["ready", "rdy"]),
    (Claim::Foreign, &["uart", "mosi", "miso"], &["clk", "sck", "scl", "sda", "cs", "tx", "rx", "spi"]),
];

/// What this name claims; nothing if it says nothing, or two things: `flash-strobe`.
pub(super) fn claim(name: &str) -> Option<Claim> {
    let name = name.to_lowercase();
    // `frame_valid` is one word.
    let letters: String = name.chars().filter(|letter| letter.is_alphabetic()).collect();
    let words: Vec<&str> = name.split(|letter: char| !letter.is_alphabetic()).collect();
    let anywhere = WORDS.iter().filter(|(_, long, _)| long.iter().any(|word| letters.contains(word)));
    let alone = WORDS.iter().filter(|(_, _, short)| short.iter().any(|word| words.contains(word)));
    let long: Vec<Claim> = anywhere.map(|(claim, ..)| *claim).collect();
    // `RIGHT_FSIN`: which camera's is no claim where something else is one.
    let mut claims = if long.is_empty() { alone.map(|(claim, ..)| *claim).collect() } else { long };
    // What says that a camera is ready for a trigger is none.
    if claims.contains(&Claim::Line(Role::Ready)) {
        claims.retain(|claim| *claim != Claim::Line(Role::Trigger));
    }
    let (first, others) = claims.split_first()?;
    others.iter().all(|other| other == first).then_some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_people_call_their_lines() {
        for (name, role) in [
            ("FSIN", Role::Fsin),
            ("cam0.fsync", Role::Fsin),
            ("XVS", Role::Fsin),
            ("TRIG1", Role::Trigger),
            ("Strobe_L", Role::Strobe),
            ("RIGHT", Role::Strobe),
            ("right fsin", Role::Fsin),
            ("EXP2", Role::Strobe),
            ("FLASH0A", Role::Flash),
            ("IR LED", Role::Flash),
            ("READOUT", Role::Readout),
            ("FVAL", Role::Readout),
            ("frame_valid3", Role::Readout),
            ("READY", Role::Ready),
            ("cam1 trigger_ready", Role::Ready),
        ] {
            assert_eq!(claim(name), Some(Claim::Line(role)), "{name}");
        }
        assert_eq!(claim("SPI_CS"), Some(Claim::Foreign));
        for name in ["D0", "7", "", "TP18", "flash strobe", "mirror", "FSIN/STROBE"] {
            assert_eq!(claim(name), None, "{name}");
        }
    }
}
