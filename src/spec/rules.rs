//! From stated limits, and from what they imply, to rules: what is judged of which camera and line.

use super::error::SpecError;
use super::layer::{CameraLayer, LimitEntry, LineKey, Wanted};
use super::limit::{Limit, Written};
use super::{Allow, Origin, Rule};
use crate::quantity::{Family, Measure, Needs, QUANTITIES, Quantity, Subject, with_windowed};
use crate::quantity::{exposure, flash, flash_count, frame_count, fsin, line, pattern, readout};
use crate::quantity::{rolling, rows, skew, timestamp, trigger, turn};
use crate::rig::{Camera, MAIN_CAMERA, Rig, Role, Shutter};
use crate::snippet::{SourceSpan, quoted};
use crate::units::Rational;

/// The limits that hold for the cameras of a rig: a camera's own go before those that all share.
pub(super) struct Scopes<'l> {
    /// `[limits]`.
    pub(super) shared: &'l CameraLayer,
    /// Of each camera of the rig, by its place.
    pub(super) own: Vec<&'l CameraLayer>,
}

impl<'l> Scopes<'l> {
    /// The limit that is stated on a quantity of a subject.
    fn stated(&self, rig: &Rig, quantity: &Quantity, subject: Subject) -> Option<&'l LimitEntry> {
        match subject {
            Subject::Camera(camera) => self.own[camera].limit(quantity).or_else(|| self.shared.limit(quantity)),
            Subject::Line(index) => {
                let wire = rig.wire(index);
                let owner = rig.cameras.iter().position(|camera| camera.name == wire.owner);
                let own = owner.and_then(|owner| self.own[owner].line_limit(quantity, wire));
                own.or_else(|| self.shared.line_limit(quantity, wire))
            }
        }
    }

    /// The quantities that there may be rules on: the catalogue, and those over windows that limits name.
    fn quantities(&self) -> Vec<&'static Quantity> {
        let layers = std::iter::once(self.shared).chain(self.own.iter().copied());
        with_windowed(layers.flat_map(|layer| &layer.limits).map(|entry| entry.quantity))
    }

    /// The limit that a quantity of a camera is judged by.
    pub(super) fn judged(&self, rig: &Rig, quantity: &Quantity, camera: usize) -> Option<&'l LimitEntry> {
        let stated = self.stated(rig, quantity, Subject::Camera(camera)).filter(|entry| entry.wanted.is_judged());
        stated.filter(|_| quantity.is_wired(rig, camera))
    }
}

/// What a quantity can be measured of.
fn subjects(quantity: &Quantity, rig: &Rig) -> Vec<Subject> {
    let mut subjects = quantity.subjects(rig);
    // Without a glitch filter a line has none.
    if *quantity == line::GLITCHES {
        subjects.retain(|subject| matches!(subject, Subject::Line(wire) if rig.wire(*wire).glitch.is_some()));
    }
    subjects
}

/// The rules, in the order of the catalogue, then of cameras or lines.
pub(super) fn rules(rig: &Rig, scopes: &Scopes<'_>) -> Result<Vec<Rule>, SpecError> {
    check_wired(rig, scopes)?;
    let mut rules = Vec::new();
    for quantity in scopes.quantities() {
        for subject in subjects(quantity, rig) {
            let rule = |limits, allow, origin| Rule { quantity, subject, limits, allow, origin };
            match scopes.stated(rig, quantity, subject).map(|entry| &entry.wanted) {
                Some(Wanted::Limits { limits, allow }) => {
                    let allow = allow.as_ref().map_or(Allow::Frames(0), |written| written.allow.clone());
                    rules.push(rule(limits.clone(), allow, Origin::Stated));
                }
                Some(Wanted::Nothing) => {}
                None => rules.extend(
                    implied(rig, scopes, quantity, subject)
                        .map(|limit| rule(vec![limit], Allow::Frames(0), Origin::Implied)),
                ),
            }
        }
    }
    Ok(rules)
}

/// What a reader may take for judged and is not, as sentences: what `none` removes, and cameras that no limit reaches.
pub(super) fn unjudged(rig: &Rig, scopes: &Scopes<'_>) -> Vec<String> {
    let several = rig.cameras.len() > 1;
    let mut removed = Vec::new();
    for &quantity in QUANTITIES {
        for subject in subjects(quantity, rig) {
            let is_none = |entry: &LimitEntry| !entry.wanted.is_judged();
            let is_removed = scopes.stated(rig, quantity, subject).is_some_and(is_none);
            if is_removed && implied(rig, scopes, quantity, subject).is_some() {
                removed.push(match subject {
                    Subject::Camera(camera) if several => format!("{} ({})", quantity.id, rig.cameras[camera].name),
                    Subject::Camera(_) => quantity.id.to_owned(),
                    Subject::Line(wire) => format!("{} ({})", quantity.id, rig.wire(wire).full_key()),
                });
            }
        }
    }
    let mut sentences = Vec::new();
    if !removed.is_empty() {
        sentences.push(format!("not judged, as the spec says \"none\": {}", removed.join(", ")));
    }
    let is_judged = |camera: &usize| camera_is_judged(rig, scopes, *camera);
    if (0..rig.cameras.len()).any(|camera| is_judged(&camera)) {
        let left: Vec<&str> = (0..rig.cameras.len())
            .filter(|camera| !is_judged(camera))
            .map(|camera| rig.cameras[camera].name.as_str())
            .collect();
        if !left.is_empty() {
            sentences.push(format!("not judged, as no limit reaches it: camera {}", left.join(", camera ")));
        }
    }
    sentences
}

/// What holds of a quantity on which no limit is stated.
fn implied(rig: &Rig, scopes: &Scopes<'_>, quantity: &Quantity, subject: Subject) -> Option<Limit> {
    let Subject::Camera(camera) = subject else {
        let alive = || Limit::at_least(Written { value: Rational::ONE, text: "1".to_owned() });
        return (*quantity == line::EDGES).then(alive);
    };
    let is_judged = || camera_is_judged(rig, scopes, camera);
    if *quantity == fsin::PULSES {
        return is_judged().then(|| Limit::exactly(rig.cameras[camera].fsin_per_frame.get().into()));
    }
    let is_one_judged = |wanted: &dyn Fn(&'static Quantity) -> bool| is_any_judged(rig, scopes, camera, wanted);
    let follows = if FOLLOW_ANY.contains(&quantity) {
        is_judged()
    } else if *quantity == frame_count::EXTRA {
        rig.cameras[camera].frame_time.is_some() && is_judged()
    } else if [&trigger::EXTRA, &skew::MISSING].contains(&quantity) {
        is_one_judged(&|other| other.family() == quantity.family())
    } else if *quantity == timestamp::MISSING {
        is_one_judged(&|quantity| quantity.needs_log())
    } else if *quantity == rolling::EMPTY {
        is_one_judged(&|quantity| NEED_A_WINDOW.contains(&quantity)) && every_exposure_owes_light(rig, scopes, camera)
    } else {
        *quantity == pattern::PATTERN
    };
    follows.then(|| Limit::exactly(0))
}

/// Whether no limit allows exposures without a flash, of which nothing says which they are.
fn every_exposure_owes_light(rig: &Rig, scopes: &Scopes<'_>, camera: usize) -> bool {
    match scopes.stated(rig, &flash_count::MISSING, Subject::Camera(camera)).map(|entry| &entry.wanted) {
        Some(Wanted::Limits { limits, .. }) => {
            limits.iter().all(|limit| limit.max().is_some_and(|max| !max.is_positive()))
        }
        Some(Wanted::Nothing) => false,
        None => true,
    }
}

/// What is judged as soon as anything of a camera is. Without a frame time no frame is counted, but a rhythm that breaks leaves it
/// open whether one is missing.
static FOLLOW_ANY: [&Quantity; 8] = [
    &frame_count::MISSING,
    &exposure::MISSING,
    &exposure::EXTRA,
    &turn::TURN,
    &flash_count::MISSING,
    &flash_count::EXTRA,
    &trigger::MISSING,
    &readout::MISSING,
];

/// The quantities of a rolling shutter that have no value where no time is common to all rows.
static NEED_A_WINDOW: [&Quantity; 4] =
    [&rolling::MARGIN_START, &rolling::MARGIN_END, &rows::EVENNESS, &flash::COVERAGE];

/// Whether any limit that is not of a line alone is judged of a camera; a skew is of the first camera too.
fn camera_is_judged(rig: &Rig, scopes: &Scopes<'_>, camera: usize) -> bool {
    let of_camera = |quantity: &Quantity| !matches!(quantity.measure, Measure::Line(_));
    let mut further = if camera == 0 { 1..rig.cameras.len() } else { 0..0 };
    (rig.flash_pattern.is_some() && rig.has_pattern_lines(camera))
        || is_any_judged(rig, scopes, camera, of_camera)
        || further.any(|other| is_any_judged(rig, scopes, other, |quantity| quantity.family() == Some(Family::Skew)))
}

fn is_any_judged(rig: &Rig, scopes: &Scopes<'_>, camera: usize, wanted: impl Fn(&'static Quantity) -> bool) -> bool {
    let mut wanted = scopes.quantities().into_iter().filter(|quantity| wanted(quantity));
    wanted.any(|quantity| scopes.judged(rig, quantity, camera).is_some())
}

/// Every limit is on something that is wired.
fn check_wired(rig: &Rig, scopes: &Scopes<'_>) -> Result<(), SpecError> {
    for entry in scopes.shared.limits.iter().filter(|entry| entry.wanted.is_judged()) {
        if !has_subject(rig, entry, |_| true) {
            return Err(unwired(rig, entry, &rig.cameras));
        }
    }
    for (own, (index, camera)) in scopes.own.iter().zip(rig.cameras.iter().enumerate()) {
        let is_own = |subject: &Subject| match subject {
            Subject::Camera(camera) => *camera == index,
            Subject::Line(wire) => rig.wire(*wire).owner == camera.name,
        };
        let limits = if camera.name == MAIN_CAMERA { &[] } else { own.limits.as_slice() };
        for entry in limits.iter().filter(|entry| entry.wanted.is_judged()) {
            if !has_subject(rig, entry, is_own) {
                return Err(unwired(rig, entry, std::slice::from_ref(camera)));
            }
        }
    }
    Ok(())
}

fn has_subject(rig: &Rig, entry: &LimitEntry, within: impl Fn(&Subject) -> bool) -> bool {
    subjects(entry.quantity, rig).iter().filter(|subject| within(subject)).any(|subject| match subject {
        Subject::Camera(_) => true,
        Subject::Line(wire) => entry.line.as_ref().is_none_or(|line| line.matches(rig.wire(*wire))),
    })
}

/// The error for a limit on what none of these cameras has, with the line to wire.
fn unwired(rig: &Rig, entry: &LimitEntry, cameras: &[Camera]) -> SpecError {
    let id = entry.quantity.id;
    let error = |message: String| SpecError::at(&entry.place, message);
    if matches!(entry.quantity.measure, Measure::Line(_)) {
        return unwired_line(rig, entry);
    }
    let (needed, together) = match entry.quantity.needs {
        Needs::AnyLine => return unwired_line(rig, entry),
        Needs::Pattern(_) if rig.flash_pattern.is_none() => {
            return error(format!("{id} is measured against a pattern, and there is none"))
                .help("state it in [timing], such as flash_pattern = \"AB\"");
        }
        Needs::Rolling(_) if !cameras.iter().any(is_rolling) => {
            return error(format!("{id} is measured of rolling shutters; no camera here has one"))
                .help("state shutter = \"rolling\" and its readout_time, such as \"16.54 ms\"");
        }
        Needs::Groups if cameras.iter().any(|camera| camera.has(Role::Fsin)) => {
            return error(format!("{id} is measured where a frame takes several pulses of FSIN"))
                .help("state how many: timing.fsin_per_frame = 3");
        }
        Needs::Further(roles) => {
            let on = labels(roles, " and ");
            return error(format!("{id} compares a further camera with the first; it is measured on {on} of both"))
                .help("add one: [camera.right] with strobe = \"PROBE\"");
        }
        Needs::InTurn(role) => {
            return error(format!("{id} is measured where {} comes on several pins", role.label()))
                .help(format!("wire them: {} = [\"A\", \"B\"]", role.key()));
        }
        Needs::All(roles) | Needs::Log(roles) | Needs::Pattern(roles) | Needs::Rolling(roles) => (roles, " and "),
        Needs::OneOf(roles) => (roles, " or "),
        Needs::Counted(role) => (counted_on(role), " and "),
        Needs::Groups => ([Role::Fsin].as_slice(), " and "),
    };
    let lacks = |camera: &Camera| -> Vec<Role> { needed.iter().copied().filter(|role| !camera.has(*role)).collect() };
    let nearest = cameras.iter().map(|camera| (camera, lacks(camera))).min_by_key(|(_, lacks)| lacks.len());
    let (camera, lacks) = nearest.map_or(("", Vec::new()), |(camera, lacks)| (camera.name.as_str(), lacks));
    let (needed, lacking) = (labels(needed, together), labels(&lacks, " and "));
    error(format!("{id} is measured on {needed}; camera '{camera}' lacks {lacking}"))
        .help(wire_help(lacks.first().copied().unwrap_or(Role::Strobe)))
}

/// What is missing on a line is best told on these lines.
fn counted_on(role: Role) -> &'static [Role] {
    match role {
        Role::Trigger => &[Role::Trigger, Role::Fsin],
        Role::Fsin => &[Role::Fsin],
        Role::Strobe => &[Role::Fsin, Role::Strobe],
        Role::Flash => &[Role::Strobe, Role::Flash],
        Role::Readout => &[Role::Readout, Role::Strobe],
        Role::Ready => &[Role::Ready, Role::Strobe],
    }
}

fn is_rolling(camera: &Camera) -> bool {
    matches!(camera.shutter, Shutter::Rolling { .. })
}

fn unwired_line(rig: &Rig, entry: &LimitEntry) -> SpecError {
    let id = entry.quantity.id;
    let at = |message: String| SpecError::at(&entry.place, message);
    let is_wired = |line: &LineKey| rig.wires().iter().any(|wire| line.matches(wire));
    match &entry.line {
        Some(line) if !is_wired(line) => {
            let name = line.name.as_ref().map(|name| format!(" {}", quoted(name))).unwrap_or_default();
            at(format!("{}{name} is not wired", line.role.label())).help(wire_help(line.role))
        }
        Some(_) | None if *entry.quantity == line::GLITCHES => {
            at(format!("{id} needs to know what a glitch is on the line"))
                .help("add it, such as glitch = { strobe = \"1 us\" } in [analyzer]")
        }
        Some(_) | None => at(format!("{id} is limited for a camera that has no such line of its own"))
            .help("limit lines that cameras share in [limits]"),
    }
}

fn labels(roles: &[Role], together: &str) -> String {
    roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(together)
}

fn wire_help(role: Role) -> String {
    let role = role.key();
    format!("wire it: {role} = \"PROBE\" in [wiring], or --wire {role}=PROBE; \"none\" takes the limit back")
}

/// Nothing can be judged without a line.
pub(super) fn check_any_wired(rig: &Rig, scopes: &Scopes<'_>, start: Option<&SourceSpan>) -> Result<(), SpecError> {
    if !rig.wires().is_empty() {
        return Ok(());
    }
    let place = scopes.shared.limits.first().map(|entry| &entry.place).or(start);
    let message = "no line is wired to a probe";
    let error = match place {
        Some(place) => SpecError::at(place, message),
        None => SpecError::unplaced(message),
    };
    Err(error.help("add strobe = \"PROBE\" in [wiring], or --wire strobe=PROBE"))
}
