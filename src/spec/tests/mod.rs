//! Tests of specs as a whole: what they mean, what is refused and where, and that nothing is lost on the way.

mod arguments;
mod errors;
mod files;
mod hostile;
mod meaning;
mod round_trip;
mod timestamps;

use super::Spec;
use crate::quantity::Subject;

/// The spec of a text that makes sense.
fn spec(text: &str) -> Spec {
    Spec::parse("spec.toml", text).unwrap_or_else(|error| panic!("{}", error.render()))
}

/// The rules as texts: id, of which camera or line, the limits, and whether they are implied.
fn rules(spec: &Spec) -> Vec<String> {
    let rule = |rule: &super::Rule| {
        let subject = match rule.subject {
            Subject::Camera(camera) => spec.rig.cameras[camera].name.clone(),
            Subject::Line(wire) => spec.rig.wire(wire).key(),
        };
        let limits: Vec<&str> = rule.limits.iter().map(super::Limit::text).collect();
        let origin = match rule.origin {
            super::Origin::Stated => "",
            super::Origin::Implied => " (implied)",
        };
        format!("{} of {subject}: {}{origin}", rule.quantity.id, limits.join(", "))
    };
    spec.rules.iter().map(rule).collect()
}
