//! A capture as a value change dump (IEEE 1364), for GTKWave, surfer and whatever else reads one; written while the
//! capture is being read.

use std::fmt::Write as _;
use std::io::Write;

use crate::capture::{Probe, Sink, SinkError};
use crate::escape::visible;
use crate::report::RateSource;
use crate::signal::LostSpan;
use crate::units::{Rational, Rounding, SampleCount, SampleIndex, SampleRate, Unit, value_text};

/// Writes the changes of probes as they come.
#[derive(Debug)]
pub struct VcdWriter<W: Write> {
    out: W,
    /// The bit of each probe and the code that stands for it.
    probes: Vec<(u32, String)>,
    rate: SampleRate,
    /// The length of a tick, in seconds.
    tick: Rational,
    state: Option<u64>,
    /// Stretches that are lost and not written yet.
    lost: Vec<LostSpan>,
}

/// What every dump of ours begins with.
pub const VCD_BEGINNING: &str = concat!("$version ", env!("CARGO_PKG_NAME"), " ");

/// The power of ten of the finest unit of time of a dump: a femtosecond.
const FINEST: i32 = -15;

impl<W: Write> VcdWriter<W> {
    /// Begins a dump of these probes, named as given. Its unit of time is the largest of which a sample period is a whole
    /// number; where none is, times are rounded to the femtosecond. A rate that is more than the unit of a file's times is stated in
    /// sigrok's comment, by which it is known when the dump is read again.
    ///
    /// # Errors
    /// [`SinkError::Write`] when `out` fails.
    pub fn new(
        mut out: W,
        probes: &[(Probe, String)],
        (rate, source): (&SampleRate, RateSource),
    ) -> Result<VcdWriter<W>, SinkError> {
        let tick = |exponent: i32| Rational::decimal(1, exponent);
        let is_whole = |exponent: i32| {
            let ticks = rate.period().checked_div(&tick(exponent));
            ticks.is_some_and(|ticks| ticks.to_integer(Rounding::Down) == ticks.to_integer(Rounding::Up))
        };
        let exponent = (FINEST..=0).rev().find(|exponent| is_whole(*exponent)).unwrap_or(FINEST);
        let coded: Vec<(u32, String)> = probes.iter().zip(0..).map(|((probe, _), n)| (probe.bit, code(n))).collect();
        let mut head = format!("{VCD_BEGINNING}{} $end\n", env!("CARGO_PKG_VERSION"));
        let stated = match source {
            RateSource::File | RateSource::Stated => rate_text(rate),
            RateSource::TimeUnit => None,
        };
        // Writing to a string cannot fail.
        if let Some(stated) = stated {
            let count = probes.len();
            let _ = writeln!(head, "$comment Acquisition with {count}/{count} channels at {stated} $end");
        }
        let _ = writeln!(head, "$timescale {} $end\n$scope module logic $end", unit(exponent));
        for ((_, name), (_, code)) in probes.iter().zip(&coded) {
            let _ = writeln!(head, "$var wire 1 {code} {} $end", word(name));
        }
        head.push_str("$upscope $end\n$enddefinitions $end\n");
        out.write_all(head.as_bytes())?;
        Ok(VcdWriter { out, probes: coded, rate: rate.clone(), tick: tick(exponent), state: None, lost: Vec::new() })
    }

    /// Ends the dump after `length` samples.
    ///
    /// # Errors
    /// [`SinkError::Write`] when `out` fails.
    pub fn finish(mut self, length: SampleIndex) -> Result<(), SinkError> {
        if self.state.is_none() {
            self.change(SampleIndex::default(), 0)?;
        }
        let mut text = String::new();
        self.write_lost(&mut text, length);
        writeln!(self.out, "{text}#{}", self.ticks(length))?;
        Ok(self.out.flush()?)
    }

    /// Writes what was lost as levels that are not known, up to what is behind it or the end of the record.
    fn write_lost(&mut self, text: &mut String, end: SampleIndex) {
        let Some(state) = self.state else { return };
        for span in std::mem::take(&mut self.lost) {
            // Where samples are missing between two, nothing is known from the one to the other.
            let from = if span.from == span.to { span.from.get().saturating_sub(1) } else { span.from.get() };
            let _ = writeln!(text, "#{}", self.ticks(SampleIndex::new(from)));
            self.probes.iter().for_each(|(_, code)| _ = writeln!(text, "x{code}"));
            if span.to < end {
                let _ = writeln!(text, "#{}", self.ticks(span.to));
                self.probes.iter().for_each(|(bit, code)| _ = writeln!(text, "{}{code}", level(state, *bit)));
            }
        }
    }

    fn ticks(&self, at: SampleIndex) -> i128 {
        let samples = SampleCount::new(i128::from(at.get()));
        let ticks = self.rate.seconds(samples).checked_div(&self.tick);
        ticks.and_then(|ticks| ticks.to_integer(Rounding::Nearest)).unwrap_or(0)
    }
}

impl<W: Write> Sink for VcdWriter<W> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        let mut text = String::new();
        self.write_lost(&mut text, SampleIndex::new(u64::MAX));
        let before = self.state.replace(state);
        let _ = writeln!(text, "#{}", self.ticks(at));
        if before.is_none() {
            text.push_str("$dumpvars\n");
        }
        for (bit, code) in &self.probes {
            if before.is_none_or(|before| level(before, *bit) != level(state, *bit)) {
                let _ = writeln!(text, "{}{code}", level(state, *bit));
            }
        }
        if before.is_none() {
            text.push_str("$end\n");
        }
        Ok(self.out.write_all(text.as_bytes())?)
    }

    fn lost(&mut self, span: LostSpan) {
        self.lost.push(span);
    }
}

/// A power of ten of a second, from 1 s down: `100 us`.
fn unit(exponent: i32) -> String {
    const NAMES: [&str; 6] = ["s", "ms", "us", "ns", "ps", "fs"];
    let places = exponent.unsigned_abs() as usize;
    format!("{} {}", [1, 100, 10][places % 3], NAMES[places.div_ceil(3)])
}

fn level(state: u64, bit: u32) -> u64 {
    state.checked_shr(bit).unwrap_or(0) & 1
}

/// A rate as sigrok writes it; none of one that no text of this kind says exactly.
fn rate_text(rate: &SampleRate) -> Option<String> {
    let whole = rate.hz().to_integer(Rounding::Nearest).map(|hz| format!("{hz} Hz"));
    let texts = [Some(value_text(rate.hz(), Unit::Hertz, Rounding::Nearest)), whole];
    texts.into_iter().flatten().find(|text| SampleRate::parse(text).as_ref() == Ok(rate))
}

/// The name of a probe as one word.
fn word(name: &str) -> String {
    let word: String = visible(name).chars().map(|c| if c.is_whitespace() || c == '$' { '_' } else { c }).collect();
    if word.is_empty() { "_".to_owned() } else { word }
}

/// The code of a probe by its place: `!` to `~`, then pairs of them.
fn code(place: u32) -> String {
    const FIRST: u32 = 33;
    const COUNT: u32 = 94;
    let mut rest = place;
    let mut code = String::new();
    loop {
        code.extend(char::from_u32(FIRST + rest % COUNT));
        rest /= COUNT;
        if rest == 0 {
            return code;
        }
        rest -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Presence;

    fn dump(rate: &str, source: RateSource) -> String {
        let probe =
            |bit, name: &str| (Probe { bit, name: name.to_owned(), presence: Presence::Recorded }, name.to_owned());
        let mut out = Vec::new();
        let rate = SampleRate::parse(rate).unwrap();
        let mut vcd = VcdWriter::new(&mut out, &[probe(0, "FSIN"), probe(9, "a b$")], (&rate, source)).unwrap();
        for (at, state) in [(0, 1 << 9), (3, 1 | 1 << 9), (5, 0)] {
            vcd.change(SampleIndex::new(at), state).unwrap();
        }
        vcd.finish(SampleIndex::new(10)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn changes_stand_at_their_samples() {
        let text = dump("1 MHz", RateSource::File);
        let (head, body) = text.split_once("$enddefinitions $end\n").unwrap();
        assert!(head.contains("$comment Acquisition with 2/2 channels at 1 MHz $end"), "{head}");
        assert!(head.contains("$timescale 1 us $end") && head.contains("$var wire 1 \" a_b_ $end"), "{head}");
        assert_eq!(body, "#0\n$dumpvars\n0!\n1\"\n$end\n#3\n1!\n#5\n0!\n0\"\n#10\n");
    }

    #[test]
    fn a_period_of_no_whole_unit_is_rounded_to_the_femtosecond() {
        // 24 MHz: 41 666 666.67 fs a sample.
        let text = dump("24 MHz", RateSource::File);
        assert!(text.contains("$timescale 1 fs $end"));
        assert!(text.contains("\n#125000000\n1!\n") && text.contains("\n#208333333\n"), "{text}");
    }

    #[test]
    fn a_rate_is_stated_exactly_or_not_at_all() {
        let stated = |rate: &str, source| {
            let text = dump(rate, source);
            text.lines().find_map(|line| line.strip_prefix("$comment ")?.strip_suffix(" $end")).map(str::to_owned)
        };
        for (rate, written) in [("24 MHz", "24 MHz"), ("12.288MHz", "12.288 MHz"), ("500k", "500 kHz")] {
            let text = format!("Acquisition with 2/2 channels at {written}");
            assert_eq!(stated(rate, RateSource::Stated), Some(text));
            assert_eq!(stated(rate, RateSource::TimeUnit), None);
        }
        let third = SampleRate::from_hz(Rational::new(1, 3).unwrap()).unwrap();
        assert_eq!(rate_text(&third), None);
        let odd = SampleRate::from_hz(Rational::integer(123_456_789)).unwrap();
        assert_eq!(rate_text(&odd).map(|text| SampleRate::parse(&text).unwrap()), Some(odd));
    }

    #[test]
    fn what_is_lost_is_not_known() {
        let probe = (Probe { bit: 0, name: "A".to_owned(), presence: Presence::Recorded }, "A".to_owned());
        let mut out = Vec::new();
        let rate = SampleRate::parse("1 MHz").unwrap();
        let mut vcd = VcdWriter::new(&mut out, &[probe], (&rate, RateSource::File)).unwrap();
        let span = |from, to| LostSpan::new(SampleIndex::new(from), SampleIndex::new(to));
        vcd.change(SampleIndex::new(0), 1).unwrap();
        vcd.lost(span(3, 5));
        vcd.change(SampleIndex::new(7), 0).unwrap();
        vcd.lost(span(8, 8));
        vcd.lost(span(9, 10));
        vcd.finish(SampleIndex::new(10)).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.ends_with("#0\n$dumpvars\n1!\n$end\n#3\nx!\n#5\n1!\n#7\n0!\n#7\nx!\n#8\n0!\n#9\nx!\n#10\n"),
            "{text}"
        );
    }

    #[test]
    fn codes_are_different() {
        let codes: std::collections::BTreeSet<String> = (0..500).map(code).collect();
        assert_eq!(codes.len(), 500);
        assert!(codes.iter().all(|code| code.chars().all(|c| c.is_ascii_graphic())));
    }
}
