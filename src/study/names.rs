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

/// Words that may stand anywhere in a name.
const WORDS: [(&str, Claim); 23] = [
    ("fsin", Claim::Line(Role::Fsin)),
    ("fsync", Claim::Line(Role::Fsin)),
    ("framesync", Claim::Line(Role::Fsin)),
    ("vsync", Claim::Line(Role::Fsin)),
    ("xvs", Claim::Line(Role::Fsin)),
    ("trig", Claim::Line(Role::Trigger)),
    ("strobe", Claim::Line(Role::Strobe)),
    ("strb", Claim::Line(Role::Strobe)),
    ("expos", Claim::Line(Role::Strobe)),
    ("shutter", Claim::Line(Role::Strobe)),
    ("flash", Claim::Line(Role::Flash)),
    ("light", Claim::Line(Role::Flash)),
    ("lamp", Claim::Line(Role::Flash)),
    ("laser", Claim::Line(Role::Flash)),
    ("illum", Claim::Line(Role::Flash)),
    ("flood", Claim::Line(Role::Flash)),
    ("readout", Claim::Line(Role::Readout)),
    ("framevalid", Claim::Line(Role::Readout)),
    ("triggerready", Claim::Line(Role::Ready)),
    ("trigready", Claim::Line(Role::Ready)),
    ("uart", Claim::Foreign),
    ("mosi", Claim::Foreign),
    ("miso", Claim::Foreign),
];

/// Short words, which stand by themselves.
const SHORT: [(&str, Claim); 26] = [
    ("sync", Claim::Line(Role::Fsin)),
    ("fs", Claim::Line(Role::Fsin)),
    ("trg", Claim::Line(Role::Trigger)),
    ("exp", Claim::Line(Role::Strobe)),
    ("left", Claim::Line(Role::Strobe)),
    ("right", Claim::Line(Role::Strobe)),
    ("master", Claim::Line(Role::Strobe)),
    ("slave", Claim::Line(Role::Strobe)),
    ("led", Claim::Line(Role::Flash)),
    ("ir", Claim::Line(Role::Flash)),
    ("dot", Claim::Line(Role::Flash)),
    ("torch", Claim::Line(Role::Flash)),
    ("ro", Claim::Line(Role::Readout)),
    ("fv", Claim::Line(Role::Readout)),
    ("fval", Claim::Line(Role::Readout)),
    ("ready", Claim::Line(Role::Ready)),
    ("rdy", Claim::Line(Role::Ready)),
    ("clk", Claim::Foreign),
    ("sck", Claim::Foreign),
    ("scl", Claim::Foreign),
    ("sda", Claim::Foreign),
    ("cs", Claim::Foreign),
    ("tx", Claim::Foreign),
    ("rx", Claim::Foreign),
    ("spi", Claim::Foreign),
    ("i2c", Claim::Foreign),
];

/// What this name claims; nothing if it says nothing, or two things: `flash-strobe`.
pub(super) fn claim(name: &str) -> Option<Claim> {
    let name = name.to_lowercase();
    // `frame_valid` is one word.
    let letters: String = name.chars().filter(|letter| letter.is_alphabetic()).collect();
    let found = |short: bool| {
        let words = name.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
        let in_words = words.flat_map(|word| SHORT.iter().filter(move |(short, _)| *short == word));
        let anywhere = WORDS.iter().filter(|(word, _)| letters.contains(word));
        let claims: Vec<Claim> = if short {
            in_words.map(|(_, claim)| *claim).collect()
        } else {
            anywhere.map(|(_, claim)| *claim).collect()
        };
        claims
    };
    // `RIGHT_FSIN`: which camera's is no claim where something else is one.
    let long = found(false);
    let mut claims = if long.is_empty() { found(true) } else { long };
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
