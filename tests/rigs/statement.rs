//! What a spec says of a rig.

use std::fmt::Write as _;

use super::{Kind, Limit, Ps, Rig};

/// How the nominal frame time is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum FrameTime {
    /// `timing.frame_time`.
    Stated,
    /// As the nominal of `limits.frame.time`.
    ByLimit,
    #[default]
    Unstated,
}

/// The settings of a spec, as TOML values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Statement {
    pub(crate) timing: Vec<(&'static str, String)>,
    pub(crate) frame_time: FrameTime,
}

impl Statement {
    pub(crate) fn says(&self, key: &str) -> bool {
        self.timing.iter().any(|(said, _)| *said == key)
    }

    /// The number that it says.
    pub(crate) fn number(&self, key: &str) -> Option<i64> {
        self.timing.iter().find(|(said, _)| *said == key)?.1.parse().ok()
    }

    /// Says it, and no longer what was said before.
    pub(crate) fn say(&mut self, key: &'static str, value: &str) {
        self.timing.retain(|(said, _)| *said != key);
        self.timing.push((key, value.to_owned()));
    }
}

impl Rig {
    /// States the frame time beside the limits that did; where cameras differ, nothing does.
    pub(crate) fn state_frame_time(&mut self) {
        self.statement.frame_time = match self.statement.frame_time {
            FrameTime::ByLimit if self.kind != Kind::TwoRates => FrameTime::Stated,
            FrameTime::ByLimit | FrameTime::Unstated => FrameTime::Unstated,
            FrameTime::Stated => FrameTime::Stated,
        };
    }

    /// States the alignment, if it is not stated.
    pub(crate) fn state_alignment(&mut self) {
        let key = self.cameras[0].alignment.key();
        self.statement.say("alignment", &format!("\"{key}\""));
    }

    /// The spec with these limits.
    pub(crate) fn spec(&self, limits: &[Limit]) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_spec(&mut text, limits);
        text
    }

    fn write_spec(&self, out: &mut String, limits: &[Limit]) -> std::fmt::Result {
        writeln!(out, "[wiring]")?;
        self.write_wiring(out, 0)?;
        writeln!(out, "\n[timing]")?;
        for (key, value) in &self.statement.timing {
            writeln!(out, "{key} = {value}")?;
        }
        if let (FrameTime::Stated, Some(nominal)) = (self.statement.frame_time, &self.cameras[0].nominal) {
            writeln!(out, "frame_time = \"{}\"", nominal.text)?;
        }
        let analyzer = &self.analyzer;
        let tenths = |tenths: i64| format!("{}.{}", tenths / 10, tenths % 10);
        writeln!(out, "\n[analyzer]\nclock = \"{} ppm\"", tenths(analyzer.clock))?;
        let sign = if analyzer.correction < 0 { "-" } else { "" };
        writeln!(out, "correction = \"{sign}{} ppm\"", tenths(analyzer.correction.abs()))?;
        let positive = |time: &Ps| *time > 0;
        for (key, time) in [("edge", analyzer.edge), ("glitch", analyzer.glitch)].iter().filter(|it| positive(&it.1)) {
            writeln!(out, "{key} = \"{time} ps\"")?;
        }
        self.write_limits(out, limits, 0)?;
        for number in 1..self.cameras.len() {
            writeln!(out, "\n[camera.{}]", Rig::name_of(number))?;
            self.write_wiring(out, number)?;
            self.write_limits(out, limits, number)?;
        }
        Ok(())
    }

    fn write_wiring(&self, out: &mut String, camera: usize) -> std::fmt::Result {
        for line in self.lines.iter().filter(|line| line.camera == camera) {
            let key = line.role.key();
            let probe = format!("\"{}{}\"", if line.active_low { "!" } else { "" }, line.probe);
            match line.name {
                Some(name) => writeln!(out, "{key}.{name} = {probe}")?,
                None => writeln!(out, "{key} = {probe}")?,
            }
        }
        Ok(())
    }

    fn write_limits(&self, out: &mut String, limits: &[Limit], camera: usize) -> std::fmt::Result {
        let mut limits = limits.iter().filter(|limit| limit.camera == camera).peekable();
        if limits.peek().is_some() {
            let table =
                if camera == 0 { "limits".to_owned() } else { format!("camera.{}.limits", Rig::name_of(camera)) };
            writeln!(out, "\n[{table}]")?;
        }
        limits.try_for_each(|limit| writeln!(out, "{} = {}", limit.id, limit.text))
    }
}
