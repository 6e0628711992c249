//! The bar that shows how a recording is going.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::output::say;
use crate::live::{Armed, Progress};
use crate::render::text::Detail;
use crate::units::{Rounding, SampleIndex, SampleRate, Unit, value_text};

/// On a terminal it moves; elsewhere it is not there.
pub(super) struct Bar {
    bar: ProgressBar,
    rate: SampleRate,
    frames: Option<u64>,
    drawn: Option<Instant>,
}

impl Bar {
    pub(super) fn new(armed: &Armed, frames: Option<u64>, detail: Detail) -> Bar {
        let quiet = matches!(detail, Detail::Brief);
        let bar = match (quiet, frames.or(armed.asked)) {
            (true, _) => ProgressBar::hidden(),
            (false, Some(length)) => ProgressBar::new(length),
            (false, None) => ProgressBar::new_spinner(),
        };
        let template = if bar.length().is_some() { "{wide_bar} {percent:>3} %  {msg}" } else { "{spinner} {msg}" };
        // The template is a text of this program, and a right one; were it not, the bar would be a plain one.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Bar { bar, rate: armed.rate.clone(), frames, drawn: None }
    }

    /// Shows where it is, some times a second.
    pub(super) fn show(&mut self, progress: &Progress, edges: u64) {
        const OFTEN: Duration = Duration::from_millis(100);
        if self.drawn.is_some_and(|drawn| drawn.elapsed() < OFTEN) {
            return;
        }
        self.drawn = Some(Instant::now());
        if progress.waiting {
            self.bar.set_message("waiting for the trigger");
            self.bar.tick();
            return;
        }
        let seconds = self.rate.seconds(SampleIndex::new(progress.samples) - SampleIndex::default());
        let time = value_text(&seconds, Unit::Second, Rounding::Nearest);
        match self.frames {
            Some(_) => {
                self.bar.set_position(edges.saturating_sub(1));
                self.bar.set_message(format!("{time}, {} frames", edges.saturating_sub(1)));
            }
            None => {
                self.bar.set_position(progress.samples);
                self.bar.set_message(time);
            }
        }
        self.bar.tick();
    }

    /// Says something beside the bar.
    pub(super) fn say(&self, text: &str) {
        self.bar.suspend(|| say(text));
    }

    pub(super) fn finish(self) {
        self.bar.finish_and_clear();
    }
}
