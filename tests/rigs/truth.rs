//! What is true of every quantity, from what truly happens: no pairing is needed, every pulse knows its frame.

use super::plan::Frame;
use super::{Alignment, Kind, Ps, Pulse, Rig, Role, S};

/// What a quantity is counted in here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Picoseconds.
    Time,
    /// 10⁻⁹ of this.
    Nano(&'static str),
}

/// A quantity that is known.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) id: &'static str,
    pub(crate) unit: Unit,
    /// Whether it has one value for each frame; else one for the record.
    pub(crate) by_frame: bool,
}

const fn time(id: &'static str) -> Known {
    Known { id, unit: Unit::Time, by_frame: true }
}

const fn spread(id: &'static str) -> Known {
    Known { id, unit: Unit::Time, by_frame: false }
}

const fn ratio(id: &'static str, unit: &'static str) -> Known {
    Known { id, unit: Unit::Nano(unit), by_frame: false }
}

/// Every quantity that is known, in the order of the design.
pub(crate) const KNOWN: [Known; 32] = [
    time("frame.time"),
    ratio("frame.rate", "Hz"),
    spread("frame.jitter"),
    spread("frame.cycle-jitter"),
    spread("frame.tie"),
    spread("frame.tie-nominal"),
    ratio("frame.drift", "ppm"),
    time("fsin.width"),
    time("trigger.latency"),
    time("exposure.time"),
    time("exposure.latency"),
    time("exposure.end"),
    time("exposure.middle"),
    spread("exposure.jitter"),
    time("exposure.gap"),
    time("flash.lead"),
    time("flash.lag"),
    time("flash.latency"),
    Known { id: "flash.coverage", unit: Unit::Nano("%"), by_frame: true },
    time("flash.leak"),
    time("flash.on-time"),
    ratio("flash.duty", "%"),
    spread("flash.hold"),
    time("rolling.window"),
    time("rolling.margin-start"),
    time("rolling.margin-end"),
    time("readout.start"),
    time("readout.time"),
    time("skew.start"),
    time("skew.end"),
    ratio("skew.drift", "ppm"),
    ratio("skew.rate", "ppm"),
];

/// A true value, in [`Unit`]s.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    /// What it is taken from lies within this.
    pub(crate) from: Ps,
    pub(crate) to: Ps,
    pub(crate) value: i128,
    /// How far the bounds of a measurement may be from it, its clock left out.
    pub(crate) blur: i128,
}

/// The least and the greatest of a quantity over a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Truth {
    /// Of what was surely recorded whole and is judged.
    pub(crate) sure: (i128, i128),
    /// Of all that may have been.
    pub(crate) all: (i128, i128),
    /// The greatest [`Value::blur`].
    pub(crate) blur: i128,
}

/// Two instants; the value is the time from the first to the second.
type Span = (Ps, Ps);

impl Rig {
    /// What is true of a quantity of some cameras; none where it has no value.
    pub(crate) fn truth(&self, cameras: &[usize], known: &Known) -> Option<Truth> {
        let of = |within: (Ps, Ps)| -> Option<(i128, i128, i128)> {
            let values = cameras.iter().flat_map(|&camera| self.values(camera, known, within));
            let of = |value: Value| (value.value, value.value, value.blur);
            values.map(of).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1), a.2.max(b.2)))
        };
        // What lies at the ends may be recorded, whatever the phase, or not.
        let rim = self.longest_interval();
        let (low, high, _) = of((rim, self.length - rim))?;
        let all = of((-rim, self.length + rim))?;
        Some(Truth { sure: (low, high), all: (all.0.min(low), all.1.max(high)), blur: all.2 })
    }

    /// The longest interval of frames in the record.
    pub(crate) fn longest_interval(&self) -> Ps {
        let frames = self.cameras.iter().flat_map(|camera| camera.frames.windows(2));
        frames.map(|two| two[1].beat - two[0].beat).max().unwrap_or(0)
    }

    /// The values of a quantity whose edges all lie within a stretch.
    fn values(&self, camera: usize, known: &Known, within: (Ps, Ps)) -> Vec<Value> {
        let lies = |value: &Value| within.0 <= value.from && value.to <= within.1;
        let window = match self.cameras[camera].alignment {
            Alignment::End | Alignment::Start => i128::from(self.analyzer.window()),
            // A middle that lies between two samples is known to both of them.
            Alignment::Middle => i128::from(self.analyzer.window()) * 3 / 2,
        };
        let spans = |id: &str| {
            let spans = self.spans(camera, id)?.into_iter().map(move |(a, b)| Value {
                from: a.min(b),
                to: a.max(b),
                value: i128::from(b - a),
                blur: 2 * window,
            });
            Some(spans.filter(lies).collect::<Vec<Value>>())
        };
        if let Some(values) = spans(known.id) {
            return values;
        }
        match known.id {
            "flash.coverage" => return self.coverage(camera).into_iter().filter(lies).collect(),
            "flash.leak" => return self.leak(camera).into_iter().filter(lies).collect(),
            _ => {}
        }
        let all = |id: &str| spans(id).unwrap_or_default().into_iter().map(|value| value.value);
        let own = match self.cameras[camera].alignment {
            Alignment::End => "end",
            Alignment::Start => "latency",
            Alignment::Middle => "middle",
        };
        let of_frames = |anchors: Vec<Ps>| {
            let anchors: Vec<Ps> = anchors.into_iter().filter(|at| (within.0..=within.1).contains(at)).collect();
            self.of_frames(camera, known.id, &anchors, window)
        };
        let whole: Vec<Option<(i128, i128)>> = match known.id {
            "exposure.jitter" => {
                vec![peak_to_peak(all(&format!("exposure.{own}"))).map(|value| (value, 4 * window))]
            }
            "flash.hold" => vec![all("flash.lead").max().map(|value| (value, 2 * window))],
            "flash.duty" => vec![self.duty(camera)],
            "skew.drift" | "skew.rate" => vec![self.skew_slope(camera, window, known.id == "skew.rate")],
            _ => self.anchors(camera).into_iter().map(of_frames).collect(),
        };
        let value = |(value, blur)| Value { from: within.0, to: within.1, value, blur };
        whole.into_iter().flatten().map(value).collect()
    }

    /// A quantity of the edges that frames are counted by.
    fn of_frames(&self, camera: usize, id: &str, anchors: &[Ps], window: i128) -> Option<(i128, i128)> {
        let nominal = self.cameras[camera].nominal.as_ref().map(|nominal| i128::from(nominal.time));
        let span = i128::from(anchors.last()? - anchors.first()?);
        let (frames, intervals) = (anchors.len() as i128 - 1, intervals(anchors));
        let slope = slope(anchors)?;
        let against = |time: i128| (0..).zip(anchors).map(move |(n, &at)| i128::from(at) * FINE - n * time);
        // What is left out at the ends bends a fit.
        let strays = peak_to_peak(against(slope))? / FINE;
        let blurred = |value: i128, of: i128| (value, 8 * of * (window + strays) / span + 10);
        match id {
            "frame.jitter" => Some((peak_to_peak(intervals)?, 4 * window)),
            "frame.cycle-jitter" => {
                let intervals: Vec<i128> = intervals.collect();
                Some((intervals.windows(2).map(|two| (two[1] - two[0]).abs()).max()?, 4 * window))
            }
            "frame.rate" => {
                let rate = frames * i128::from(S) * NANO / span;
                Some(blurred(rate, rate))
            }
            "frame.tie" => Some((strays, 5 * window + strays)),
            "frame.tie-nominal" => Some((peak_to_peak(against(nominal? * FINE))? / FINE, 2 * window)),
            "frame.drift" => Some(blurred((slope - nominal? * FINE) * (PPM / FINE) / nominal?, PPM)),
            other => panic!("no truth of {other} is known"),
        }
    }

    /// The frames of a camera that are judged.
    fn judged_frames(&self, camera: usize) -> impl Iterator<Item = &Frame> {
        self.cameras[camera].frames.iter().filter(|frame| !frame.transient)
    }

    /// The flash pulses that are for a camera, of all lines, in order.
    fn flashes(&self, camera: usize) -> Vec<Pulse> {
        let owner = self.line_of(camera, Role::Flash).map(|line| line.camera);
        let frames = owner.map(|owner| &self.cameras[owner].frames[..]).unwrap_or_default();
        let mut pulses: Vec<Pulse> = frames.iter().flat_map(|frame| frame.flashes.iter().flatten().copied()).collect();
        pulses.sort_by_key(|pulse| pulse.start);
        pulses
    }

    /// The edges that frames may be counted by: where neither FSIN nor the spec says which, both of STROBE's that could be.
    fn anchors(&self, camera: usize) -> Vec<Vec<Ps>> {
        let frames: Vec<&Frame> = self.judged_frames(camera).collect();
        if self.cameras[camera].alignment == Alignment::Middle {
            return vec![
                frames.iter().filter_map(|frame| frame.exposures.first().map(|exposure| exposure.middle())).collect(),
            ];
        }
        if self.line_of(camera, Role::Fsin).is_some() {
            return vec![frames.iter().map(|frame| frame.beat).collect()];
        }
        let ends: Vec<Ps> = frames.iter().filter_map(|frame| Some(frame.exposures.last()?.end)).collect();
        let starts: Vec<Ps> = frames.iter().filter_map(|frame| Some(frame.exposures.first()?.start)).collect();
        let own = self.cameras[camera].alignment;
        if self.statement.says("alignment") {
            return vec![if own == Alignment::End { ends } else { starts }];
        }
        let (of_ends, of_starts) = (peak_to_peak(intervals(&ends)), peak_to_peak(intervals(&starts)));
        let apart = (of_ends.unwrap_or(0) - of_starts.unwrap_or(0)).abs() / 8;
        match apart <= i128::from(self.analyzer.window()) {
            true => vec![ends, starts],
            false => vec![if of_ends < of_starts { ends } else { starts }],
        }
    }

    /// The values of a quantity that is a time between two edges.
    fn spans(&self, camera: usize, id: &str) -> Option<Vec<Span>> {
        let has = |role: Role| self.line_of(camera, role).is_some();
        let rows = self.cameras[camera].rows;
        let exposures = || self.judged_frames(camera).flat_map(|frame| &frame.exposures);
        let by_frame = |role: Role, of: &dyn Fn(&Frame) -> Option<Span>| -> Vec<Span> {
            self.judged_frames(camera).filter(|_| has(role)).filter_map(of).collect()
        };
        let by_exposure = |of: &dyn Fn(&Pulse, &[Pulse]) -> Option<Span>| -> Vec<Span> {
            let flashes = self.flashes(camera);
            exposures().filter_map(|exposure| of(exposure, touching(&flashes, exposure))).collect()
        };
        let width = |pulse: Pulse| (pulse.start, pulse.end);
        let spans = match id {
            "frame.time" => {
                let intervals =
                    |anchors: Vec<Ps>| anchors.windows(2).map(|two| (two[0], two[1])).collect::<Vec<Span>>();
                self.anchors(camera).into_iter().flat_map(intervals).collect()
            }
            "fsin.width" => by_frame(Role::Fsin, &|frame| frame.fsin.map(width)),
            "trigger.latency" => by_frame(Role::Trigger, &|frame| Some((frame.trigger?.start, frame.beat))),
            "exposure.time" => by_exposure(&|exposure, _| Some(width(*exposure))),
            "exposure.latency" if self.cameras[camera].alignment == Alignment::Start => {
                by_frame(Role::Fsin, &|frame| Some((frame.beat, frame.exposures.first()?.start)))
            }
            "exposure.end" if self.cameras[camera].alignment == Alignment::End => {
                by_frame(Role::Fsin, &|frame| Some((frame.beat, frame.exposures.last()?.end)))
            }
            "exposure.middle" if self.cameras[camera].alignment == Alignment::Middle => {
                by_frame(Role::Fsin, &|frame| Some((frame.beat, frame.exposures.first()?.middle())))
            }
            "exposure.latency" | "exposure.end" | "exposure.middle" => Vec::new(),
            "exposure.gap" => {
                exposures().collect::<Vec<&Pulse>>().windows(2).map(|two| (two[0].end, two[1].start)).collect()
            }
            "flash.lead" => by_exposure(&|exposure, lit| Some((lit.first()?.start, exposure.start))),
            "flash.lag" => by_exposure(&|exposure, lit| Some((exposure.end, last_end(lit)?))),
            // In an end-aligned frame FSIN is what follows.
            "flash.latency" if self.cameras[camera].alignment == Alignment::Start => {
                let flashes = self.flashes(camera);
                by_frame(Role::Fsin, &|frame| {
                    let exposures = frame.exposures.iter();
                    Some((frame.beat, exposures.filter_map(|it| Some(touching(&flashes, it).first()?.start)).min()?))
                })
            }
            "flash.latency" => Vec::new(),
            "flash.on-time" => self.flashes(camera).into_iter().map(width).collect(),
            "rolling.window" => by_exposure(&|exposure, _| Some((exposure.start + rows?, exposure.end))),
            "rolling.margin-start" => by_exposure(&|exposure, lit| Some((exposure.start + rows?, lit.first()?.start))),
            "rolling.margin-end" => by_exposure(&|exposure, lit| rows.and(Some((last_end(lit)?, exposure.end)))),
            "readout.start" | "readout.time" if !has(Role::Readout) => Vec::new(),
            "readout.start" => {
                let frames = self.judged_frames(camera);
                let pairs = frames.flat_map(|frame| frame.exposures.iter().zip(&frame.readouts));
                pairs.map(|(exposure, readout)| (exposure.end, readout.start)).collect()
            }
            "readout.time" => {
                self.judged_frames(camera).flat_map(|frame| &frame.readouts).map(|pulse| width(*pulse)).collect()
            }
            "skew.start" => self.skews(camera, &|frame| Some(frame.exposures.first()?.start)),
            "skew.end" => self.skews(camera, &|frame| Some(frame.exposures.last()?.end)),
            _ => return None,
        };
        Some(spans)
    }

    /// An instant of each frame of the first camera, and of the same frame of another; none where they are not in step.
    fn skews(&self, camera: usize, of: &dyn Fn(&Frame) -> Option<Ps>) -> Vec<Span> {
        if camera == 0 || self.kind == Kind::TwoRates {
            return Vec::new();
        }
        let pairs = self.cameras[0].frames.iter().zip(&self.cameras[camera].frames);
        pairs
            .filter(|(first, _)| !first.transient)
            .filter_map(|(first, other)| Some((of(first)?, of(other)?)))
            .collect()
    }

    /// How fast a camera leaves the first one, in ppm: nearly the ratio of their frame times, less 1. The ratio is of fits to the
    /// frames that each shows, of which one may show more: how they stray from their line is then in it.
    fn skew_slope(&self, camera: usize, window: i128, of_own_frames: bool) -> Option<(i128, i128)> {
        let own = if self.cameras[camera].alignment == Alignment::End { "skew.end" } else { "skew.start" };
        let (first, other): (Vec<Ps>, Vec<Ps>) = self.spans(camera, own)?.into_iter().unzip();
        let (theirs, ours) = (slope(&first)?, slope(&other)?);
        let strays = peak_to_peak(first.iter().zip(&other).map(|(first, other)| i128::from(other - first)))?;
        let line = |(number, at): (usize, &Ps)| {
            let (start, end) = (first[0], first[first.len() - 1]);
            i128::from(at - start) - i128::from(end - start) * number as i128 / (first.len() as i128 - 1)
        };
        let jitter = if of_own_frames { peak_to_peak(first.iter().enumerate().map(line))? } else { 0 };
        let strays = strays + jitter;
        let ppm = (ours - theirs) * PPM / theirs;
        Some((ppm, 8 * PPM * (window + strays) / i128::from(self.length) + ppm.abs() / 1000 + 10))
    }

    /// How much of each exposure, or of its all-rows window, is lit.
    fn coverage(&self, camera: usize) -> Vec<Value> {
        let (flashes, rows) = (merged(self.flashes(camera)), self.cameras[camera].rows.unwrap_or(0));
        let window = i128::from(self.analyzer.window());
        let exposures = self.judged_frames(camera).flat_map(|frame| &frame.exposures);
        let values = exposures.filter_map(|exposure| {
            let seen = Pulse { start: exposure.start + rows, ..*exposure };
            let lit = touching(&flashes, exposure);
            let covered: i128 = lit.iter().map(|flash| i128::from(flash.overlap(seen))).sum();
            let edges = 2 * lit.len() as i128 + 2;
            let percent = |part: i128| part * 100_000_000_000 / i128::from(seen.width());
            let value = Value {
                from: exposure.start.min(lit.first()?.start),
                to: exposure.end.max(last_end(lit)?),
                value: percent(covered),
                blur: percent(2 * edges * window) + 10,
            };
            Some(value)
        });
        values.collect()
    }

    /// The flash time of each frame that is outside every exposure of the cameras that share the line.
    fn leak(&self, camera: usize) -> Vec<Value> {
        let flashes = merged(self.flashes(camera));
        let sharing = self.cameras.iter().flat_map(|camera| &camera.frames).flat_map(|frame| &frame.exposures);
        let exposures = merged(sharing.copied().collect());
        let both = |a: &Pulse, b: &Pulse| Pulse { start: a.start.max(b.start), end: a.end.min(b.end), ..*a };
        let meant: Vec<Pulse> =
            flashes.iter().flat_map(|flash| touching(&exposures, flash).iter().map(|it| both(it, flash))).collect();
        let of = |two: &[Ps]| {
            let frame = Pulse { start: two[0], end: two[1], frame: 0 };
            let within = |pulses: &[Pulse]| touching(pulses, &frame).iter().map(|it| it.overlap(frame)).sum::<Ps>();
            let edges = 2 * (touching(&flashes, &frame).len() + touching(&exposures, &frame).len() + 1);
            let value = i128::from(within(&flashes) - within(&meant));
            let blur = edges as i128 * i128::from(self.analyzer.window());
            Value { from: frame.start, to: frame.end, value, blur }
        };
        let anchors = if flashes.is_empty() { Vec::new() } else { self.anchors(camera) };
        anchors.iter().flat_map(|anchors| anchors.windows(2).map(of)).collect()
    }

    /// The highest on-share of a flash line in a second; none of a shorter record.
    fn duty(&self, camera: usize) -> Option<(i128, i128)> {
        if self.length < S + S / 100 {
            return None;
        }
        let owner = self.line_of(camera, Role::Flash)?.camera;
        let lines = self.lines.iter().filter(|line| line.role == Role::Flash && line.camera == owner);
        let window = i128::from(self.analyzer.window());
        let of = |line: &[Pulse]| -> Option<(i128, i128)> {
            let mut before: Vec<Ps> = vec![0];
            line.iter().for_each(|pulse| before.push(before[before.len() - 1] + pulse.end - pulse.start));
            // How long it was on up to a time.
            let on = |to: Ps| -> Ps {
                let begun = line.partition_point(|pulse| pulse.start < to);
                before[begun] - line[..begun].last().map_or(0, |last| (last.end - to).max(0))
            };
            let starts = line.iter().flat_map(|pulse| [pulse.start, pulse.end - S]);
            let windows = starts.filter(|from| (0..=self.length - S).contains(from)).chain([0, self.length - S]);
            let most = windows.map(|from| on(from + S) - on(from)).max()?;
            let edges = line.windows(2).count() as i128 + 2;
            Some((i128::from(most) / 10, 2 * edges * window / 10))
        };
        lines.filter_map(|line| of(&line.pulses)).reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))
    }
}

const NANO: i128 = 1_000_000_000;
/// 1, in 10⁻⁹ ppm.
const PPM: i128 = 1_000_000 * NANO;
/// Slopes are known to this part of a picosecond.
const FINE: i128 = 1_000_000;

/// Of pulses in order, those that are active at some time of another.
fn touching<'a>(pulses: &'a [Pulse], other: &Pulse) -> &'a [Pulse] {
    let first = pulses.partition_point(|pulse| pulse.end <= other.start);
    let after = pulses.partition_point(|pulse| pulse.start < other.end);
    &pulses[first.min(after)..after]
}

fn last_end(pulses: &[Pulse]) -> Option<Ps> {
    pulses.iter().map(|pulse| pulse.end).max()
}

/// The times when any of these is active, apart from each other.
fn merged(mut pulses: Vec<Pulse>) -> Vec<Pulse> {
    pulses.sort_by_key(|pulse| pulse.start);
    let mut merged: Vec<Pulse> = Vec::new();
    for pulse in pulses {
        match merged.last_mut().filter(|last| pulse.start <= last.end) {
            Some(last) => last.end = last.end.max(pulse.end),
            None => merged.push(pulse),
        }
    }
    merged
}

fn intervals(anchors: &[Ps]) -> impl Iterator<Item = i128> {
    anchors.windows(2).map(|two| i128::from(two[1] - two[0]))
}

fn peak_to_peak(values: impl Iterator<Item = i128>) -> Option<i128> {
    let values: Vec<i128> = values.collect();
    Some(values.iter().max()? - values.iter().min()?)
}

/// The time from frame to frame, times `FINE`, by least squares.
fn slope(anchors: &[Ps]) -> Option<i128> {
    let (first, count) = (*anchors.first()?, anchors.len() as i128);
    // Twice the number of the frame, about the middle.
    let points = || (0..).zip(anchors).map(|(n, at)| (2 * n - (count - 1), i128::from(at - first)));
    let square: i128 = points().map(|(x, _)| x * x).sum();
    let product: i128 = points().map(|(x, t)| x * t).sum();
    (square > 0).then(|| 2 * FINE * product / square)
}
