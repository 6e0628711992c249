//! The one font of all figures: its outlines, and how wide a text in it is.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef};

/// What a reader's machine may have instead: the first two are as wide as the font that texts are measured in, the
/// others are narrower, so that nothing overlaps.
pub(super) const CSS_FAMILIES: &str = "'DejaVu Sans', Verdana, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/// DejaVu Sans, reduced to what figures need; origin and licence in `DejaVuSans-subset.txt`.
pub(super) static DEJAVU_SANS: &[u8] = include_bytes!("DejaVuSans-subset.ttf");

static FONT: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| FontRef::try_from_slice(DEJAVU_SANS).ok());

/// Nobody reads more of a name than this in a figure.
const LONGEST_TEXT: usize = 160;

/// The embedded font; none where it cannot be read.
pub(super) fn font() -> Option<&'static FontRef<'static>> {
    FONT.as_ref()
}

/// Units of the font per em.
pub(super) fn units_per_em(font: &FontRef<'_>) -> f64 {
    font.units_per_em().map_or(2048.0, f64::from)
}

/// How far the text goes on after a character, in ems: a whole one where the font has none for it, which is what
/// ideographs take.
pub(super) fn advance(c: char) -> f64 {
    match (c, font()) {
        ('\u{2066}'..='\u{2069}', _) => 0.0,
        (c, Some(font)) if font.glyph_id(c).0 != 0 => {
            f64::from(font.h_advance_unscaled(font.glyph_id(c))) / units_per_em(font)
        }
        (_, _) => 1.0,
    }
}

/// How wide a text is, in px, at a font size in px per em.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
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
    fn long_names_are_shortened_to_the_room() {
        assert_eq!(fitted("STROBE", 12.0, 100.0), "STROBE");
        let short = fitted("a very long name of a probe", 12.0, 80.0);
        assert!(short.starts_with("a very") && short.ends_with('…'), "{short}");
        assert!(text_width(&short, 12.0) <= 80.0);
        assert_eq!(fitted("STROBE", 12.0, 5.0), "");
        assert!(fitted(&"x".repeat(1_000_000), 12.0, 1e9).chars().count() <= LONGEST_TEXT + 1);
    }
}
