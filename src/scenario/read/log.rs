//! How a camera's log is written: `timing.log`.

use super::camera::CameraReader;
use super::jitter::jitter;
use super::raw::RawLog;
use crate::log::Convention;
use crate::scenario::error::Problem;
use crate::scenario::log_plan::LogPlan;
use crate::scenario::node::Placed;
use crate::scenario::time::Femtos;
use crate::scenario::values::{clock_error, out_of_range, time};
use crate::units::Rational;

const MOST_MISSING: usize = 10_000;
const MOST_LAG: usize = 1000;

impl CameraReader<'_> {
    /// A log that nothing is said of is kept by a perfect clock, and has every image.
    pub(super) fn log(&self) -> Result<LogPlan, Problem> {
        let nothing = RawLog::default();
        let raw = self.stated.pick(|timing| timing.log.as_ref()).map_or(&nothing, Placed::get_ref);
        let offset = |text: &Option<_>, what| text.as_ref().map_or(Ok(Femtos::ZERO), |text| time(text, what));
        let rate = raw.rate.as_ref().map_or(Ok(Rational::ZERO), |rate| clock_error(rate, "timing.log.rate"))?;
        Ok(LogPlan {
            offset: offset(&raw.offset, "timing.log.offset")?,
            rate,
            host_offset: offset(&raw.host_offset, "timing.log.host_offset")?,
            device_jitter: jitter(raw.jitter.device.as_ref(), "timing.log.jitter.device")?,
            host_jitter: jitter(raw.jitter.host.as_ref(), "timing.log.jitter.host")?,
            convention: raw.convention.unwrap_or(Convention::End),
            first_sequence: raw.first_sequence,
            exposure_lag: exposure_lag(raw)?,
            missing: missing(raw)?,
        })
    }
}

fn exposure_lag(raw: &RawLog) -> Result<usize, Problem> {
    let Some(lag) = &raw.exposure_lag else { return Ok(0) };
    let frames = usize::try_from(*lag.get_ref()).ok().filter(|&frames| frames <= MOST_LAG);
    frames.ok_or_else(|| out_of_range(lag.span(), "timing.log.exposure_lag", "0 to 1000 images"))
}

fn missing(raw: &RawLog) -> Result<Vec<i64>, Problem> {
    let Some(frames) = &raw.missing else { return Ok(Vec::new()) };
    if frames.get_ref().len() > MOST_MISSING {
        return Err(out_of_range(frames.span(), "timing.log.missing", "at most 10000 frames"));
    }
    let mut frames: Vec<i64> = Placed::get_ref(frames).clone();
    frames.sort_unstable();
    Ok(frames)
}
