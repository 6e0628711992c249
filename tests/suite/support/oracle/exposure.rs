//! The true values of exposure.*.

use strobecheck::rig::Alignment;

use super::{Oracle, TrueValue, peak_to_peak};

impl Oracle<'_> {
    pub(super) fn exposure_times(&self) -> Vec<TrueValue> {
        // Where FSIN is wired, an exposure whose FSIN edge was not recorded belongs to no frame.
        let paired: Vec<i64> = self.fsin().into_iter().map(|(number, _)| number).collect();
        let belongs = |number: &i64| !self.fsin_is_wired() || paired.contains(number);
        let exposures = self.exposures().into_iter();
        let time = exposures
            .filter_map(|(number, _, pulse)| self.time(Some(number), pulse.start(), pulse.end(), belongs(&number)));
        time.collect()
    }

    pub(super) fn latencies(&self) -> Option<Vec<TrueValue>> {
        if self.camera.alignment != Alignment::Start || !self.fsin_is_wired() {
            return None;
        }
        let frames = self.camera.frames.iter();
        let latency = frames.filter_map(|frame| {
            let (fsin, first) = (frame.fsin?, frame.exposures.first()?);
            self.time(Some(frame.number), fsin.start(), first.start(), self.is_whole(first))
        });
        Some(latency.collect())
    }

    pub(super) fn ends(&self) -> Option<Vec<TrueValue>> {
        if self.camera.alignment != Alignment::End || !self.fsin_is_wired() {
            return None;
        }
        let frames = self.camera.frames.iter();
        let end = frames.filter_map(|frame| {
            let (fsin, exposure) = (frame.fsin?, frame.exposures.first()?);
            self.time(Some(frame.number), fsin.start(), exposure.end(), self.is_whole(exposure))
        });
        Some(end.collect())
    }

    pub(super) fn exposure_jitter(&self) -> Option<Vec<TrueValue>> {
        let offsets = self.latencies().or_else(|| self.ends())?;
        let offsets: Vec<_> = offsets.into_iter().map(|value| value.value).collect();
        Some(vec![self.of_capture(peak_to_peak(&offsets)?)])
    }

    pub(super) fn gaps(&self) -> Vec<TrueValue> {
        let exposures = self.exposures();
        let gap = exposures.windows(2).filter_map(|pair| {
            let [(before_number, _, before), (after_number, _, after)] = pair else { return None };
            let number = match self.camera.alignment {
                Alignment::End => *after_number,
                Alignment::Start => *before_number,
            };
            let whole = self.is_whole(before) && self.is_whole(after);
            self.time(Some(number), before.end(), after.start(), whole)
        });
        gap.collect()
    }
}
