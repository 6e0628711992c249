//! A camera's log on the exposures that STROBE shows.

use std::sync::Arc;

use super::Observation;
use crate::log::{CameraLog, Digits, LogColumns, Matched, Shot, match_stream};
use crate::rig::Role;

/// What a camera's log says of its exposures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logged {
    /// There is no log.
    NotGiven,
    /// There is one, and it says nothing of this camera: the reason.
    Unmatched(String),
    /// Where it lies.
    Matched(Arc<Matched>),
}

impl Logged {
    /// The log on the exposures, where it was laid on them.
    #[must_use]
    pub fn matched(&self) -> Option<&Matched> {
        if let Logged::Matched(matched) = self { Some(matched) } else { None }
    }
}

impl Observation {
    /// The same with a log laid on the exposures of each camera that has a STROBE line.
    #[must_use]
    pub fn with_log(mut self, log: &CameraLog, columns: &LogColumns) -> Observation {
        for place in 0..self.cameras.len() {
            self.cameras[place].logged = self.logged(place, log, columns);
        }
        self
    }

    fn logged(&self, place: usize, log: &CameraLog, columns: &LogColumns) -> Logged {
        let camera = &self.rig.cameras[place];
        let Some(strobe) = camera.wire(Role::Strobe) else {
            return Logged::Unmatched("STROBE is not wired".to_owned());
        };
        let stream = match log.stream_of(&camera.name, columns, self.rig.cameras.len()) {
            Ok(stream) => stream,
            Err(none) => return Logged::Unmatched(none.to_string()),
        };
        let shots = self.shots(place);
        let ground = (&self.rate, &self.lines[strobe.get()].slack, &self.lost);
        let digits = Digits { time: log.resolution, exposure: log.exposure_digit, lag: columns.exposure_lag };
        match match_stream(&shots, stream, digits, ground) {
            Ok(matched) => Logged::Matched(Arc::new(Matched { claims: log.claims, ..matched })),
            Err(unmatched) => Logged::Unmatched(unmatched.to_string()),
        }
    }

    /// The exposures that belong to frames and were seen to end: where the record has several parts of time, those of the
    /// part that has most, since the log's clock goes on between them as it will.
    fn shots(&self, place: usize) -> Vec<Shot> {
        let shots: Vec<Shot> = (self.cameras[place].exposures.iter().enumerate())
            .filter_map(|(place, exposure)| {
                let (start, end) = (exposure.pulse.start.edge(), exposure.pulse.end.edge()?);
                exposure.frame.map(|_| Shot { place, start, end })
            })
            .collect();
        let restarts = self.restarts();
        let part = |shot: &Shot| restarts.partition_point(|restart| *restart <= shot.end.at());
        let parts = shots.chunk_by(|a, b| part(a) == part(b));
        parts.rev().max_by_key(|part| part.len()).map_or_else(Vec::new, <[Shot]>::to_vec)
    }
}
