//! The summary on a terminal, which a person reads in five seconds: the verdict, what is wrong and what to do about it,
//! the checks, and for each that is no pass one sentence.
//!
//! It is styled with ANSI escapes, which the caller strips where they are not wanted; nothing is said by colour alone.

mod capture;
mod checks;
mod expected;
mod look;
mod overview;
mod paper;

pub use look::look_text;

use crate::report::Report;
use paper::Paper;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// A line per capture that is no pass, and the verdict.
    Brief,
    /// What a person needs; of several captures a line each.
    Normal,
    /// All there is, of every capture.
    Full,
}

/// As what findings are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// As what breaks a limit.
    Judged,
    /// As what stands apart.
    LookedAt,
}

/// The summary of a report, in lines of at most `width` columns unless a single word is wider; without a width, as a log
/// wants it, each as long as what it says.
#[must_use]
pub fn summary(report: &Report, detail: Detail, width: Option<usize>) -> String {
    let mut paper = Paper::new(width);
    match (report.captures.as_slice(), detail) {
        (captures, _) if captures.iter().any(|capture| capture.expected.is_some()) => {
            if detail == Detail::Full {
                captures.iter().for_each(|capture| capture::add(&mut paper, capture, detail));
                paper.push(String::new());
            }
            expected::add(&mut paper, captures, detail);
        }
        ([capture], Detail::Normal | Detail::Full) => capture::add(&mut paper, capture, detail),
        (captures, Detail::Full) => {
            for capture in captures {
                capture::add(&mut paper, capture, detail);
                paper.push(String::new());
            }
            overview::add(&mut paper, captures, detail);
        }
        (captures, Detail::Brief | Detail::Normal) => overview::add(&mut paper, captures, detail),
    }
    paper.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::layout::width;
    use crate::report::{CaptureReport, testing};

    const WIDTH: usize = 80;

    /// The summary as it is seen where there is no colour.
    fn plain(captures: Vec<CaptureReport>, detail: Detail) -> String {
        anstream::adapter::strip_str(&summary(&Report { captures }, detail, Some(WIDTH))).to_string()
    }

    #[test]
    fn a_pass_is_quiet() {
        assert_eq!(
            plain(vec![testing::passing()], Detail::Normal),
            "\
PASS  good.sr
  1 MHz, 5 ms, 3 frames; judged by board7.spec.toml
  1 MHz and 100 ppm: ± 1.1 µs on 1 ms

  check       limit       worst value       fail  marg  of
PASS
  frame.time  1 ms ± 1 %  1.0000 ms ± 1 µs     0     0   3
  and 2 implied checks: line.edges (fsin), frame.missing
"
        );
    }

    #[test]
    fn a_fail_says_what_is_wrong_first() {
        let name = r#"=\u{1b}[31m<b>|&"'\u{202e}\n"#;
        let text = plain(vec![testing::failing()], Detail::Normal);
        assert!(text.starts_with(&format!("FAIL  in/{name}.sr\n  1 check of 2 failed\n")), "{text}");
        let finding = text.find("fail: late-exposure-change").unwrap();
        assert!(finding < text.find("limit ").unwrap(), "{text}");
        assert!(text.contains("  likely: the setting takes effect two frames later\n"), "{text}");
        assert!(!text.contains("perhaps: auto exposure is on"), "{text}");
        assert!(
            text.contains(": 1 of 3 values are outside the\n  limit; worst: 150.0 µs ± 1 µs, 45 µs beyond its limit 100 us ± 5 us, in frame"),
            "{text}"
        );
        assert!(plain(vec![testing::failing()], Detail::Full).contains("perhaps: auto exposure is on"));
    }

    #[test]
    fn what_is_undecided_says_what_would_settle_it() {
        let text = plain(vec![testing::inconclusive()], Detail::Normal);
        let end = "\
frame.time: 1 value straddles the limit within the uncertainty; worst:
  1.0000 ms ± 1 µs, on the limit, in frame 1 at 2 ms (samples 2000 to 3000); to
  settle it: the value lies on the limit: no instrument decides

exposure.time: nothing was measured: strobe shows no pulse
";
        assert!(text.ends_with(end), "{text}");
        assert!(text.contains("\nINCONCLUSIVE\n  frame.time "), "{text}");
    }

    #[test]
    fn a_window_and_damage_are_said() {
        let text = plain(vec![testing::damaged()], Detail::Normal);
        assert!(text.contains("1 MHz (as stated), 5 ms, 3 frames"), "{text}");
        assert!(text.contains("window 1.5 s .. 1.505 s of the file;"), "{text}");
        assert!(text.contains("sample\n    1500000") || text.contains("sample 1500000"), "{text}");
        assert!(text.contains("  logic-1-2: bad CRC-32, samples 4500 to 4600 are lost\n"), "{text}");
    }

    #[test]
    fn several_captures_have_a_line_each_an_error_is_whole_and_one_verdict() {
        let captures =
            [testing::passing(), testing::inconclusive(), testing::damaged(), testing::unreadable()].to_vec();
        let text = plain(captures, Detail::Normal);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 7, "{text}");
        assert!(lines[0].starts_with("PASS          good.sr"), "{text}");
        assert!(lines[0].ends_with("  3 checks, 3 frames"), "{text}");
        assert!(lines[1].ends_with("  2 checks of 2 could not be decid…"), "{text}");
        assert!(lines[3].starts_with("ERROR         =\\u{1b}[31m"), "{text}");
        assert!(lines[3].ends_with(".sr  not a sigrok session: no"), "{text}");
        assert_eq!(lines[4], format!("{}'version' in", " ".repeat(47)));
        assert_eq!(lines[6], "ERROR  4 captures: 1 pass, 2 inconclusive, 1 error");
    }

    #[test]
    fn in_brief_a_capture_is_a_line() {
        let text = plain(vec![testing::inconclusive()], Detail::Brief);
        assert_eq!(text, "INCONCLUSIVE  close.sr  2 checks of 2 could not be decided: frame.time, exposur…\n");
        let text = plain(vec![testing::failing_with("B")], Detail::Brief);
        assert_eq!(text, "FAIL  in/B.sr  late-exposure-change: 1 of 2: exposure.time (B)\n");
    }

    #[test]
    fn in_brief_of_several_only_what_is_no_pass_is_told_and_a_log_has_whole_lines() {
        let captures = vec![testing::passing(), testing::inconclusive(), testing::passing()];
        let text = summary(&Report { captures }, Detail::Brief, None);
        assert_eq!(
            anstream::adapter::strip_str(&text).to_string(),
            "INCONCLUSIVE  close.sr  2 checks of 2 could not be decided: frame.time, exposure.time\n\n\
             INCONCLUSIVE  3 captures: 2 pass, 1 inconclusive\n"
        );
        let passing = Report { captures: vec![testing::passing(), testing::passing()] };
        let text = summary(&passing, Detail::Brief, None);
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), "PASS  2 captures: 2 pass\n");
    }

    #[test]
    fn lines_fit_and_hold_no_control_characters() {
        for detail in [Detail::Brief, Detail::Normal, Detail::Full] {
            for capture in [testing::passing(), testing::inconclusive(), testing::damaged(), testing::failing()] {
                let text = plain(vec![capture], detail);
                assert!(text.lines().all(|line| !line.contains(char::is_control)), "{text:?}");
                assert!(text.lines().all(|line| width(line) <= WIDTH), "{text}");
            }
        }
    }

    #[test]
    fn the_full_summary_has_statistics_in_one_unit() {
        let text = plain(vec![testing::failing()], Detail::Full);
        assert!(
            text.contains("frame.time (main): min 1.0000 ms, mean 1.0000 ms, max 1.0000 ms, sd 0.0000 ms\n"),
            "{text}"
        );
        assert!(text.contains(": min 150.0 µs, mean 185.0 µs, max\n  205.0 µs, sd 30.4 µs\n"), "{text}");
    }
}
