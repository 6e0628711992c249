//! What PulseView opens a session with: a `.pvs` file of the same stem, which it reads by itself (`Session::load_file` and
//! `View::restore_settings` of PulseView 0.4). It is zoomed on one place, with cursors around it and flags on it, and its ruler shows
//! the time of the whole capture.

use super::Imprinting;
use super::words::{check_name, judged_text};
use crate::report::{Imprint, Judgement, Written};
use crate::signal::{LostSpan, Stretch};
use crate::units::{Rational, Rounding, SampleCount, SampleRate};
use crate::verdict::{Check, Judged};

/// Where such a file says what wrote it: in a comment of its own kind.
pub const PULSEVIEW: Imprinting = Imprinting::Comment("; ", "");

/// The width of a window of PulseView, and how much of it shows what the cursors are on, in pixels.
const PIXELS: i128 = 900;
const SHOWN: i128 = 350;
/// More flags than this hide each other.
const MOST_FLAGS: usize = 40;

/// How a session is shown. Times are in seconds of the session.
struct View {
    /// What the cursors are on.
    from: Rational,
    to: Rational,
    /// Times with a text.
    flags: Vec<(Rational, String)>,
    /// What the ruler calls the first sample.
    zero: Rational,
}

/// That of the clip of a violation, which shows this stretch.
pub(super) fn clip_view(judgement: &Judgement, check: &Check, violation: &Judged, window: Stretch) -> Vec<u8> {
    let (begin, end) = (window.from.get(), window.to.get());
    let rate = &judgement.provenance.rate;
    let inside = |at: u64| time(rate, at.clamp(begin, end) - begin);
    let name = check_name(judgement, check);
    let what = violation.frame.map_or_else(|| name.clone(), |frame| format!("frame {frame}: {name}"));
    let value = format!("{}, limit {}", judged_text(violation, check.quantity.unit), check.rule);
    let (from, to) = (inside(violation.from.get()), inside(violation.to.get()));
    let spans = judgement.observation.lost.spans().iter().filter(|span| span.to.get() > begin && span.from.get() < end);
    let flags =
        [(from.clone(), what), (to.clone(), value)].into_iter().chain(spans.flat_map(|span| lost(span, &inside)));
    let skipped = judgement.provenance.window.as_ref().map_or(0, |window| window.first_sample);
    let view = View { from, to, flags: flags.take(MOST_FLAGS).collect(), zero: time(rate, begin + skipped) };
    view.text().into_bytes()
}

/// That of a repaired capture: at the first of its lost stretches, with flags on them; none where nothing is lost.
#[must_use]
pub fn repaired_view(rate: &SampleRate, spans: &[LostSpan]) -> Option<Vec<u8>> {
    let first = spans.first()?;
    let at = |sample: u64| time(rate, sample);
    let flags = spans.iter().flat_map(|span| lost(span, &at)).take(MOST_FLAGS).collect();
    let view = View { from: at(first.from.get()), to: at(first.to.get()), flags, zero: Rational::ZERO };
    Some(PULSEVIEW.add(view.text().into_bytes(), &Imprint::new(Written::Repaired)))
}

fn lost(span: &LostSpan, at: &dyn Fn(u64) -> Rational) -> [(Rational, String); 2] {
    [(at(span.from.get()), "lost from here".to_owned()), (at(span.to.get()), "lost to here".to_owned())]
}

fn time(rate: &SampleRate, sample: u64) -> Rational {
    rate.seconds(SampleCount::new(i128::from(sample)))
}

impl View {
    fn text(&self) -> String {
        let span = (&self.to - &self.from).max(Rational::decimal(1, -6));
        let scale = Rational::new(1, SHOWN).map_or(Rational::ZERO, |part| &span * &part);
        let offset = &self.from - &scale.times((PIXELS - SHOWN) / 2);
        let mut text = format!(
            "[General]\ndecode_signals=0\ngenerated_signals=0\nviews=1\nmeta_objs={}\n\n[view0]\nscale={}\noffset={}\nzero_offset={}\n",
            self.flags.len() + 1,
            scale.to_decimal(12, Rounding::Up),
            archived(&offset),
            archived(&-&self.zero),
        );
        for (number, (at, what)) in self.flags.iter().enumerate() {
            text += &format!(
                "\n[meta_obj{number}]\ntype=time_marker\nassoc_view=0\ntime={}\ntext={}\n",
                archived(at),
                quoted(what)
            );
        }
        text += &format!(
            "\n[meta_obj{}]\ntype=selection\nassoc_view=0\nstart_time={}\nend_time={}\n",
            self.flags.len(),
            archived(&self.from),
            archived(&self.to)
        );
        text
    }
}

/// A time as Boost's text archive holds a `cpp_dec_float<24>`: six limbs of eight decimals, the exponent of the first, whether it is
/// negative, that it is finite, and that six limbs count.
fn archived(time: &Rational) -> String {
    const LIMBS: usize = 6;
    const BASE: i128 = 100_000_000;
    /// Two limbs behind the point: ten femtoseconds.
    const BEHIND: i32 = 2;
    let scaled = time.abs().times(BASE).times(BASE).to_integer(Rounding::Nearest);
    let mut rest = scaled.unwrap_or(0);
    let mut limbs = Vec::new();
    while rest > 0 {
        limbs.push(rest % BASE);
        rest /= BASE;
    }
    let exponent = if limbs.is_empty() { 0 } else { 8 * (limbs.len() as i32 - 1 - BEHIND) };
    let limbs = limbs.into_iter().rev().chain(std::iter::repeat(0)).take(LIMBS);
    let limbs: Vec<String> = limbs.map(|limb| limb.to_string()).collect();
    let is_negative = u8::from(time.is_negative());
    format!("22 serialization::archive 18 0 0 0 0 {} {exponent} {is_negative} 0 6", limbs.join(" "))
}

/// A text as Qt's settings read it: in ASCII, within quotes.
fn quoted(text: &str) -> String {
    let plain = text.replace('µ', "u").replace('±', "+-").replace('≥', ">=").replace('−', "-");
    let inert: String = plain.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect();
    format!("\"{}\"", inert.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_pulseview_wrote_them() {
        // From a file that PulseView 0.4.2 shows at these times.
        let written = |mantissa: i128, exponent: i32| archived(&Rational::decimal(mantissa, exponent));
        assert_eq!(written(16_667, -6), "22 serialization::archive 18 0 0 0 0 1666700 0 0 0 0 0 -8 0 0 6");
        assert_eq!(written(-1_031_688, -6), "22 serialization::archive 18 0 0 0 0 1 3168800 0 0 0 0 0 1 0 6");
        assert_eq!(written(0, 0), "22 serialization::archive 18 0 0 0 0 0 0 0 0 0 0 0 0 0 6");
        assert_eq!(written(5, -9), "22 serialization::archive 18 0 0 0 0 50000000 0 0 0 0 0 -16 0 0 6");
    }

    #[test]
    fn texts_stay_within_their_quotes() {
        assert_eq!(quoted("20 µs ± 1 \"x\\\n[view9]"), "\"20 us +- 1 \\\"x\\\\?[view9]\"");
    }
}
