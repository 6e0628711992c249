//! The one font of all figures: registered with plotters in one place, and how wide a text in it is.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use plotters::style::{FontFamily, FontStyle, IntoFont, register_font};

use super::PlotError;

/// The name under which plotters knows the font; [`super::svg`] replaces it by [`CSS_FAMILIES`].
pub(super) const FAMILY: &str = "sans-serif";

/// What a reader's machine may have instead: the first two are as wide as the font that texts are measured in, the
/// others are narrower, so that nothing overlaps.
pub(super) const CSS_FAMILIES: &str = "'DejaVu Sans', Verdana, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/// DejaVu Sans, reduced to [`COVERED`]; origin and licence in `DejaVuSans-subset.txt`.
pub(super) static DEJAVU_SANS: &[u8] = include_bytes!("DejaVuSans-subset.ttf");

/// The characters that the embedded font has.
const COVERED: [RangeInclusive<char>; 18] = [
    '\u{20}'..='\u{7e}',
    '\u{a0}'..='\u{17f}',
    '\u{391}'..='\u{3a1}',
    '\u{3a3}'..='\u{3a9}',
    '\u{3b1}'..='\u{3c9}',
    '\u{400}'..='\u{45f}',
    '\u{2010}'..='\u{2015}',
    '\u{2018}'..='\u{201e}',
    '\u{2026}'..='\u{2026}',
    '\u{202f}'..='\u{202f}',
    '\u{2190}'..='\u{2195}',
    '\u{2212}'..='\u{2212}',
    '\u{2248}'..='\u{2248}',
    '\u{2264}'..='\u{2265}',
    '\u{25b2}'..='\u{25b2}',
    '\u{25bc}'..='\u{25bc}',
    '\u{2713}'..='\u{2713}',
    '\u{2717}'..='\u{2717}',
];

/// plotters takes a line height for a font size; this many of it are one em of the SVG text that it writes.
pub(super) const PLOTTERS_PER_EM: f64 = 1.24;

/// ab_glyph, which measures for plotters, takes ascent and descent together for a font size: of this font, in ems.
const MEASURED_PER_EM: f64 = 1.164_062_5;

/// Nobody reads more of a name than this in a figure.
const LONGEST_TEXT: usize = 160;

/// Registers the font; every other call is free.
///
/// # Errors
/// [`PlotError::Font`] when the embedded font cannot be read.
pub(super) fn register() -> Result<(), PlotError> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let done = REGISTERED.get_or_init(|| register_font(FAMILY, FontStyle::Normal, DEJAVU_SANS).is_ok());
    if *done { Ok(()) } else { Err(PlotError::Font) }
}

/// How wide a text is, in px, at a font size in px per em. Characters beyond the embedded font count as a whole em,
/// which is what ideographs take.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    const MEASURED_AT: f64 = 1000.0;
    let is_covered = |c: char| COVERED.iter().any(|range| range.contains(&c));
    let covered: String = text.chars().filter(|&c| is_covered(c)).collect();
    let without_width = |c: &char| matches!(c, '\u{2066}'..='\u{2069}');
    let others = text.chars().filter(|c| !without_width(c)).count() - covered.chars().count();
    let whole_ems = others as f64 * size;
    if register().is_err() {
        return whole_ems + covered.chars().count() as f64 * size;
    }
    let font = (FontFamily::SansSerif, MEASURED_AT * MEASURED_PER_EM).into_font();
    let width =
        font.layout_box(&covered).map_or(MEASURED_AT * covered.len() as f64, |(_, (width, _))| f64::from(width));
    whole_ems + width * size / MEASURED_AT
}

/// The text, or as much of its beginning as fits into `room` px, with `…` behind it; empty where not even that fits.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    let short: String = text.chars().take(LONGEST_TEXT).collect();
    if short.len() == text.len() && text_width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept: Vec<char> = short.chars().collect();
    while !kept.is_empty() {
        let shortened = closed(kept.iter().collect::<String>().trim_end().to_owned() + "…");
        if text_width(&shortened, size) <= room {
            return shortened;
        }
        kept.pop();
    }
    String::new()
}

/// A text that was cut within a name set apart from the text around it ends that name.
fn closed(mut text: String) -> String {
    if text.matches('\u{2068}').count() > text.matches('\u{2069}').count() {
        text.push('\u{2069}');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Advance widths of DejaVu Sans 2.37, in 1/2048 em: m 1995, 0 1303, blank 651, µ 1303.
    #[test]
    fn widths_are_those_of_the_font() {
        for (text, units) in [("m", 1995.0), ("00", 2606.0), ("0 0", 3257.0), ("µ", 1303.0), ("", 0.0)] {
            let expected = units / 2048.0 * 12.0;
            assert!((text_width(text, 12.0) - expected).abs() < 0.02, "{text:?}: {}", text_width(text, 12.0));
        }
    }

    #[test]
    fn characters_that_the_font_lacks_count_as_one_em() {
        assert!((text_width("漢字", 10.0) - 20.0).abs() < 1e-9);
        assert!((text_width("漢0", 10.0) - 16.36).abs() < 0.02);
    }

    #[test]
    fn every_covered_character_is_in_the_font() {
        register().unwrap();
        let missing = text_width("\u{e000}", 2048.0);
        assert!((missing - 2048.0).abs() < 1e-9);
        // The glyph for "not there" is 1229 units wide, and only three covered characters are as wide by chance.
        let as_wide: Vec<char> = (COVERED.iter().cloned().flatten())
            .filter(|c| (text_width(&c.to_string(), 2048.0) - 1229.0).abs() < 0.6)
            .collect();
        assert_eq!(as_wide, Vec::<char>::new());
    }

    #[test]
    fn long_names_are_shortened_to_the_room() {
        assert_eq!(fitted("STROBE", 12.0, 100.0), "STROBE");
        let short = fitted("a very long name of a probe", 12.0, 80.0);
        assert!(short.starts_with("a very") && short.ends_with('…'), "{short}");
        assert!(text_width(&short, 12.0) <= 80.0);
        assert_eq!(fitted("STROBE", 12.0, 5.0), "");
        assert!(fitted(&"x".repeat(1_000_000), 12.0, 1e9).chars().count() <= LONGEST_TEXT + 1);
    }
}
