//! How figures look, in one place: sizes, inks, line widths and dashes.
//!
//! No meaning is carried by colour alone: what is outside is a cross, what straddles a triangle, what is not judged a
//! ring; limits are dashed and labelled; lost stretches are hatched. The inks keep a contrast of 4.5 to their page
//! (3 for lines), on the light one and on the dark one, and differ in lightness, so that they survive a grey printer.

use std::fmt::Write as _;

use strum::VariantArray;

/// Width of a figure that shows lines over time, in px.
pub(super) const TIMELINE_WIDTH: f64 = 1120.0;
/// Of those, the px left of the lanes, for their names, and right of them: half a tick label.
pub(super) const TIMELINE_LEFT: f64 = 132.0;
pub(super) const TIMELINE_RIGHT: f64 = 34.0;
/// Width of a track, in px.
pub(super) const TRACK_WIDTH: f64 = 740.0;
/// Width of a histogram, in px.
pub(super) const HISTOGRAM_WIDTH: f64 = 360.0;
/// Width and height of a track in a table cell, in px.
pub(super) const SPARKLINE_SIZE: (f64, f64) = (132.0, 28.0);

/// Font size of names and titles, in px.
pub(super) const NAME: f64 = 13.0;
/// Font size of all other texts, in px.
pub(super) const SMALL: f64 = 11.0;

/// Width of thin lines: grids, brackets, hatches.
pub(super) const THIN: f64 = 0.75;
/// Width of lines that carry data or limits.
pub(super) const LINE: f64 = 1.25;
/// Width of marks that must not be overlooked.
pub(super) const BOLD: f64 = 2.0;

/// How a line is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dash {
    /// Not at all.
    Solid,
    /// Long strokes: limits.
    Dashed,
    /// Short strokes: nominals and guides.
    Dotted,
}

impl Dash {
    /// Strokes and gaps in px; none for a solid line.
    pub(super) fn pattern(self) -> Option<[f64; 2]> {
        match self {
            Dash::Solid => None,
            Dash::Dashed => Some([6.0, 3.0]),
            Dash::Dotted => Some([1.5, 2.5]),
        }
    }
}

/// A line's look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stroke {
    pub(super) ink: Ink,
    /// In px.
    pub(super) width: f64,
    pub(super) dash: Dash,
}

impl Stroke {
    pub(super) const fn solid(ink: Ink, width: f64) -> Stroke {
        Stroke { ink, width, dash: Dash::Solid }
    }

    pub(super) const fn dashed(ink: Ink) -> Stroke {
        Stroke { ink, width: LINE, dash: Dash::Dashed }
    }

    pub(super) const fn dotted(ink: Ink) -> Stroke {
        Stroke { ink, width: THIN, dash: Dash::Dotted }
    }
}

/// What a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub(super) enum Ink {
    /// The page itself: behind labels that cross lines.
    Page,
    /// Names and numbers.
    Text,
    /// Texts and guides of less weight.
    Muted,
    /// Grid lines and lane borders.
    Grid,
    /// The level of a line.
    Signal,
    /// Below a line's active level.
    Active,
    /// Measured values.
    Value,
    /// Where values are allowed.
    Allowed,
    /// Limits and nominals.
    Limit,
    /// What is proven outside.
    Outside,
    /// A frame in which something is proven outside.
    OutsideFrame,
    /// What straddles a limit.
    Straddling,
    /// What is shown and not judged.
    NotJudged,
    /// Lost stretches.
    Lost,
}

impl Ink {
    /// Red, green and blue on a light page and on a dark one.
    const fn colours(self) -> [[u8; 3]; 2] {
        match self {
            Ink::Page => [[0xff, 0xff, 0xff], [0x16, 0x1a, 0x20]],
            Ink::Text => [[0x1b, 0x20, 0x27], [0xe7, 0xea, 0xee]],
            Ink::Muted => [[0x56, 0x60, 0x6c], [0xa3, 0xad, 0xb9]],
            Ink::Grid => [[0xdf, 0xe3, 0xe8], [0x32, 0x39, 0x43]],
            Ink::Signal => [[0x24, 0x2c, 0x38], [0xd7, 0xde, 0xe7]],
            Ink::Active => [[0xd3, 0xe3, 0xf6], [0x23, 0x3c, 0x5c]],
            Ink::Value => [[0x1a, 0x5f, 0xae], [0x85, 0xb8, 0xf2]],
            Ink::Allowed => [[0xe3, 0xf1, 0xe6], [0x1c, 0x33, 0x26]],
            Ink::Limit => [[0x24, 0x69, 0x3f], [0x74, 0xc6, 0x93]],
            Ink::Outside => [[0xb3, 0x1d, 0x1d], [0xff, 0x8d, 0x82]],
            Ink::OutsideFrame => [[0xfb, 0xe4, 0xe1], [0x4a, 0x21, 0x22]],
            Ink::Straddling => [[0x88, 0x55, 0x00], [0xf0, 0xb4, 0x4c]],
            Ink::NotJudged => [[0x77, 0x80, 0x8c], [0x8e, 0x98, 0xa5]],
            Ink::Lost => [[0x8c, 0x95, 0xa1], [0x76, 0x80, 0x8d]],
        }
    }

    /// Its colour on a light page; no two inks are equal, because [`dark_css`] tells them apart by it.
    pub(super) const fn light(self) -> [u8; 3] {
        self.colours()[0]
    }

    const fn dark(self) -> [u8; 3] {
        self.colours()[1]
    }

    /// The ink of this light colour; that of texts, where there is none.
    pub(super) fn of(light: [u8; 3]) -> Ink {
        Ink::VARIANTS.iter().copied().find(|ink| ink.light() == light).unwrap_or(Ink::Text)
    }

    pub(super) fn hex(rgb: [u8; 3]) -> String {
        let [red, green, blue] = rgb;
        format!("#{red:02X}{green:02X}{blue:02X}")
    }
}

/// Style rules that turn figures into their dark colours, for a page that is dark.
///
/// Figures carry their light colours as attributes, so that they are right wherever they are opened by themselves; a
/// rule of a style sheet overrides an attribute.
#[must_use]
pub fn dark_css() -> String {
    let mut css = String::new();
    for ink in Ink::VARIANTS {
        let (light, dark) = (Ink::hex(ink.light()), Ink::hex(ink.dark()));
        // Writing to a string cannot fail.
        let _ = writeln!(css, "figure [fill=\"{light}\"], .spark [fill=\"{light}\"] {{ fill: {dark}; }}");
        let _ = writeln!(css, "figure [stroke=\"{light}\"], .spark [stroke=\"{light}\"] {{ stroke: {dark}; }}");
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.1).
    fn luminance(rgb: [u8; 3]) -> f64 {
        let linear = |byte: u8| {
            let c = f64::from(byte) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])
    }

    fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn inks_can_be_told_apart_by_their_light_colour() {
        for (i, a) in Ink::VARIANTS.iter().enumerate() {
            for b in &Ink::VARIANTS[i + 1..] {
                assert_ne!(a.light(), b.light(), "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn texts_and_marks_can_be_read_on_both_pages() {
        let texts = [Ink::Text, Ink::Muted, Ink::Limit, Ink::Outside, Ink::Straddling];
        for ink in texts {
            for behind in [Ink::Page, Ink::Allowed, Ink::Active, Ink::OutsideFrame] {
                let (light, dark) = (contrast(ink.light(), behind.light()), contrast(ink.dark(), behind.dark()));
                assert!(light >= 4.5 && dark >= 4.5, "{ink:?} on {behind:?}: {light:.2}, {dark:.2}");
            }
        }
        for ink in [Ink::Signal, Ink::Value, Ink::NotJudged, Ink::Lost] {
            let (light, dark) = (contrast(ink.light(), Ink::Page.light()), contrast(ink.dark(), Ink::Page.dark()));
            assert!(light >= 3.0 && dark >= 3.0, "{ink:?}: {light:.2}, {dark:.2}");
        }
    }
}
