//! How evenly, and in which rows, a rolling shutter is lit.
//!
//! A row is exposed as row 0 is, by up to the readout time later: τ, of which every row has its own. What is asked of all rows is
//! asked of every τ between 0 and the readout time, as if there were rows without end.

use super::exposure::{readout_samples, strobe_line};
use super::flash_count::was_recorded;
use super::light::{Corner, Exact, Span, bounded_share, merged};
use super::overlap::{Overlap, Spans, exposed, row_0, window};
use super::{
    Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen, WhyLeftOut,
};
use crate::frame::{CameraView, Exposure};
use crate::rig::Role;
use crate::units::{Rational, SampleIndex, Unit};

const NEEDS: Needs = Needs::Rolling(&[Role::Strobe, Role::Flash]);

/// Light of the darkest row over that of the brightest.
pub(crate) static EVENNESS: Quantity = Quantity {
    id: "rolling.evenness",
    unit: Unit::Percent,
    label: "evenness of the rows",
    definition: "least light of a row over the most light of a row, over all rows of an exposure: a row is exposed as row 0, later by 0 to readout_time, and its light is how long any flash line is lit in it, whatever frame that was for; none where no row is lit",
    formula: "min L(τ) / max L(τ), 0 ≤ τ ≤ readout_time, L(τ) = lit time within [row 0's start + τ, row 0's end + τ]",
    source: "flash and rolling shutter: brightness steps between rows (Basler, Luxonis)",
    raised_by: "a longer exposure, a flash within the all-rows window; stripes and half-lit frames lower it",
    needs: NEEDS,
    clock: ClockShare::Cancels,
    unseen: Unseen::Move(On::Own(&[Role::Strobe, Role::Flash])),
    measure: Measure::Frames(evenness),
};

/// The share of the rows that the flash lights whole.
pub(crate) static LIT_ROWS: Quantity = Quantity {
    id: "rolling.lit-rows",
    unit: Unit::Percent,
    label: "rows lit whole",
    definition: "share of the rows whose exposure contains, or lies within, each flash pulse that touches the all-rows window (where none does: row 0's exposure); none where no pulse does",
    formula: "share of τ in [0, readout_time] with each pulse ⊆ or ⊇ [row 0's start + τ, row 0's end + τ]",
    source: "flash and rolling shutter: rows that see all of the flash",
    raised_by: "a longer exposure, a flash within the all-rows window; a flash beside it leaves rows with a part of it",
    needs: NEEDS,
    clock: ClockShare::Cancels,
    unseen: Unseen::Move(On::Own(&[Role::Strobe, Role::Flash])),
    measure: Measure::Frames(lit_rows),
};

/// The delay of the last row in sample periods, as a clock that may be off counts it.
struct Readout {
    least: Rational,
    usual: Rational,
    most: Rational,
}

impl Readout {
    fn of(camera: CameraView<'_>) -> Result<Readout, Absent> {
        let global = || Absent::TooLittle("the camera has a global shutter".to_owned());
        let usual = readout_samples(camera).ok_or_else(global)?;
        let error = &usual * &camera.observation.clock;
        Ok(Readout { least: &usual - &error, most: &usual + &error, usual })
    }
}

/// A reading of each exposure that was seen whole with all its rows; none where no row is lit.
fn per_exposure(
    camera: CameraView<'_>,
    reading: impl Fn(&Readout, &Exposure, &[Span]) -> Option<Reading>,
) -> Result<Track, Absent> {
    strobe_line(camera)?;
    let readout = Readout::of(camera)?;
    let light = Spans::of_light(camera);
    let recorded = camera.observation.recorded_on(camera.wiring.wires(Role::Flash).iter().copied());
    let (mut points, mut unlit, mut cut_off) = (Points::default(), 0, 0);
    for exposure in camera.frames.exposures.iter().filter(|exposure| exposure.pulse.is_whole()) {
        let Some(rows) = exposed(camera, &exposure) else { continue };
        if !was_recorded(recorded, &rows) {
            cut_off += 1;
            continue;
        }
        let (from, to) = (exposure.pulse.from(), exposure.pulse.to());
        match reading(&readout, &exposure, &light.around(&rows)) {
            Some(reading) => points.push(Point { frame: exposure.frame, from, to, reading, seen: Seen::Whole }),
            None => unlit += 1,
        }
    }
    if points.is_empty() {
        return Err(Absent::TooLittle("no exposure was seen whole with a flash in any of its rows".to_owned()));
    }
    Ok(Track { scale: Rational::integer(100), ..Track::plain(points) }
        .leaving_out(WhyLeftOut::Unlit, unlit)
        .leaving_out(WhyLeftOut::CutOff, cut_off))
}

fn evenness(camera: CameraView<'_>) -> Result<Track, Absent> {
    per_exposure(camera, |readout, exposure, lit| {
        let row = row_0(camera, exposure)?;
        let at = |corner: Corner, readout: &Rational| extremes(&merged(lit, corner), &row.at(corner), readout);
        let ratio = |(least, _): &Light, (_, most): &Light| least.checked_div(most).unwrap_or(Rational::ONE);
        let seen = at(Corner::Seen, &readout.usual);
        if seen.1.is_zero() {
            return None;
        }
        let value = ratio(&seen, &seen);
        let (common, all) = (window(camera, exposure)?, exposed(camera, exposure)?);
        let is_lit = |(from, to): &Exact| *from <= row.start.after && &row.end.until + &readout.most <= *to;
        let is_seen_by_all = |pulse: &Span| {
            common.start.until <= pulse.start.after && pulse.end.until <= common.end.after
                || pulse.overlap(&all) == Overlap::None
        };
        if lit.iter().all(is_seen_by_all) || merged(lit, Corner::Shortest).iter().any(is_lit) {
            return Some(Reading::exact(Rational::ONE));
        }
        // The shorter row sees no more light, and more rows have a darker and a brighter one among them.
        let low = ratio(&at(Corner::Shortest, &readout.most), &at(Corner::Longest, &readout.most));
        let high = ratio(&at(Corner::Longest, &readout.least), &at(Corner::Shortest, &readout.least));
        Some(bounded_share(low, value, high.min(Rational::ONE)))
    })
}

/// The least and the most light of a row.
type Light = (Rational, Rational);

fn extremes(lit: &[Exact], row: &Exact, readout: &Rational) -> Light {
    let mut light = by_row(lit, row, readout).into_iter().map(|(_, light)| light);
    let first = light.next().unwrap_or(Rational::ZERO);
    light.fold((first.clone(), first), |(least, most), light| (least.min(light.clone()), most.max(light)))
}

/// How long rows are lit that are exposed as this one, later by up to `readout`: by how much later, and the light. Between these rows
/// it is a straight line: it bends only where an end of a row meets an end of a flash.
fn by_row(lit: &[Exact], (from, to): &Exact, readout: &Rational) -> Vec<(Rational, Rational)> {
    if from >= to {
        return Vec::new();
    }
    let mut before = Vec::with_capacity(lit.len());
    let mut sum = Rational::ZERO;
    for (start, end) in lit {
        before.push(sum.clone());
        sum = &sum + &(end - start);
    }
    // How long the light was on up to an instant.
    let lit_until = |at: &Rational| {
        let Some(place) = lit.partition_point(|(start, _)| start <= at).checked_sub(1) else { return Rational::ZERO };
        let (start, end) = &lit[place];
        &before[place] + &(at.min(end) - start)
    };
    let bends = lit.iter().flat_map(|(start, end)| [start - from, start - to, end - from, end - to]);
    let bends = bends.filter(|later| later.is_positive() && later < readout);
    let mut rows: Vec<Rational> = bends.chain([Rational::ZERO, readout.clone()]).collect();
    rows.sort();
    rows.dedup();
    let light = |later: &Rational| lit_until(&(to + later)) - lit_until(&(from + later));
    rows.into_iter().map(|later| (later.clone(), light(&later))).collect()
}

/// The light of each row of the exposure that starts at this sample, as the samples show it: by how much later than row 0 a row is
/// exposed, and how long it is lit, both in sample periods.
pub(crate) fn light(camera: CameraView<'_>, at: SampleIndex) -> Option<Vec<(Rational, Rational)>> {
    let exposures = &camera.frames.exposures;
    let exposure = exposures.iter().find(|exposure| exposure.pulse.from() == at)?;
    let rows = exposed(camera, &exposure)?;
    let lit = merged(&Spans::of_light(camera).around(&rows), Corner::Seen);
    let row = row_0(camera, &exposure)?.at(Corner::Seen);
    Some(by_row(&lit, &row, &readout_samples(camera)?)).filter(|light| !light.is_empty())
}

fn lit_rows(camera: CameraView<'_>) -> Result<Track, Absent> {
    per_exposure(camera, |readout, exposure, lit| {
        let (row, common) = (row_0(camera, exposure)?, window(camera, exposure)?);
        let touching = |of: &Span, at_least: Overlap| -> Vec<&Span> {
            let is_span = of.start.after < of.end.until;
            lit.iter().filter(|pulse| is_span && of.overlap(pulse) >= at_least).collect()
        };
        let (sure, possible) = match (touching(&common, Overlap::Sure), touching(&common, Overlap::Open)) {
            (_, possible) if possible.is_empty() => (touching(&row, Overlap::Sure), touching(&row, Overlap::Open)),
            (sure, possible) if sure.is_empty() => (sure, [possible, touching(&row, Overlap::Open)].concat()),
            (sure, possible) => (sure, possible),
        };
        let seen = |of: &Span| -> Vec<&Span> {
            let both = |pulse: &&Span| (&pulse.start.at).max(&of.start.at) < (&pulse.end.at).min(&of.end.at);
            lit.iter().filter(both).collect()
        };
        let shown = Some(seen(&common)).filter(|pulses| !pulses.is_empty()).unwrap_or_else(|| seen(&row));
        if shown.is_empty() {
            return None;
        }
        let (start, end) = (&row.start, &row.end);
        let as_seen = |pulse: &Span| (&pulse.start.at - &start.at, &pulse.end.at - &end.at);
        let earliest = |pulse: &Span| (&pulse.start.after - &start.until, &pulse.end.after - &end.until);
        let latest = |pulse: &Span| (&pulse.start.until - &start.after, &pulse.end.until - &end.after);
        let value = share(first(&shown, &as_seen), last(&shown, &as_seen), &readout.usual);
        let either = [&readout.least, &readout.most];
        let (from, to) = (first(&possible, &latest), last(&possible, &earliest));
        let low = either.map(|readout| share(from.clone(), to.clone(), readout)).into_iter().reduce(Rational::min);
        let (from, to) = (first(&sure, &earliest), last(&sure, &latest));
        // Most rows are lit where the last one is the last that is lit.
        let longest = to
            .clone()
            .map_or_else(|| readout.most.clone(), |to| to.max(readout.least.clone()).min(readout.most.clone()));
        let either = [&readout.least, &readout.most, &longest];
        let high = either.map(|readout| share(from.clone(), to.clone(), readout)).into_iter().reduce(Rational::max);
        Some(bounded_share(low.unwrap_or(Rational::ZERO), value, high.unwrap_or(Rational::ONE)))
    })
}

/// Where the start and the end of a pulse lie from those of row 0's exposure. The rows later by what lies between the two contain it,
/// or lie within it.
type Ends = (Rational, Rational);

/// The first row that does so with each of these pulses.
fn first(pulses: &[&Span], ends: &impl Fn(&Span) -> Ends) -> Option<Rational> {
    pulses.iter().map(|pulse| ends(pulse)).map(|(start, end)| start.min(end)).reduce(Rational::max)
}

/// The last row that does so.
fn last(pulses: &[&Span], ends: &impl Fn(&Span) -> Ends) -> Option<Rational> {
    pulses.iter().map(|pulse| ends(pulse)).map(|(start, end)| start.max(end)).reduce(Rational::min)
}

/// The share of the rows from one to another; all, where nothing says from and to which.
fn share(from: Option<Rational>, to: Option<Rational>, readout: &Rational) -> Rational {
    let from = from.unwrap_or(Rational::ZERO).max(Rational::ZERO);
    let to = to.unwrap_or_else(|| readout.clone()).min(readout.clone());
    (to - from).max(Rational::ZERO).checked_div(readout).unwrap_or(Rational::ZERO)
}
