//! From everything that is stated, files, profiles and arguments, to a spec that makes sense.

use std::io;
use std::sync::Arc;

use super::arguments::{ColumnOverride, LimitOverride, WireOverride};
use super::beside::{ReadBeside, SpecFile};
use super::chain::{Chain, SpecSource, load, start_of};
use super::effective::effective;
use super::error::SpecError;
use super::layer::Layer;
use super::params::{ParamOverride, Parameters};
use super::{Analyzer, SequencePhase, Spec, assemble, read, rules};

/// What a spec is made of: a file or profile, and what the command line states over it.
///
/// ```
/// use strobecheck::spec::SpecRequest;
/// let request = SpecRequest {
///     wires: vec!["strobe=D2".parse()?],
///     limits: vec!["exposure.time=20 ms ± 50 us".parse()?],
///     ..SpecRequest::default()
/// };
/// let spec = request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into()))?;
/// let implied: Vec<&str> = spec.rules.iter().skip(1).map(|rule| rule.quantity.id).collect();
/// assert_eq!((spec.rules[0].quantity.id, implied), ("line.edges", vec!["frame.missing", "exposure.time"]));
/// # Ok::<(), strobecheck::spec::SpecError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct SpecRequest {
    /// The file or profile at the bottom; none: the overrides are all there is.
    pub source: Option<SpecSource>,
    /// Values of parameters, each once.
    pub params: Vec<ParamOverride>,
    /// Lines that are wired otherwise, each once.
    pub wires: Vec<WireOverride>,
    /// Limits that are other, each once.
    pub limits: Vec<LimitOverride>,
    /// Columns of the camera's log that are other, each key once.
    pub columns: Vec<ColumnOverride>,
}

impl SpecRequest {
    /// Lays the layers over each other and checks what they say.
    ///
    /// `read_beside` reads the file that a spec names in `extends`: it gets the name of the spec that does, and the
    /// text there.
    ///
    /// # Errors
    /// [`SpecError`] that points at the place in the file or argument that makes no sense.
    pub fn build(&self, read_beside: ReadBeside<'_>) -> Result<Spec, SpecError> {
        ParamOverride::refuse_twice(&self.params)?;
        WireOverride::refuse_twice(&self.wires)?;
        LimitOverride::refuse_twice(&self.limits)?;
        ColumnOverride::refuse_twice(&self.columns)?;
        let (mut layer, profile) = self.files(read_beside)?;
        self.wires.iter().for_each(|wire| wire.apply(&mut layer));
        self.columns.iter().for_each(|column| column.apply(&mut layer));
        self.limits.iter().try_for_each(|limit| limit.apply(&mut layer))?;
        let start = self.source.as_ref().and_then(start_of);
        Ok(Spec { profile, ..conclude(&layer, start.as_ref())? })
    }

    /// The layers of the file or profile and of what it extends, and the profile among them that extends the others.
    fn files(&self, read_beside: ReadBeside<'_>) -> Result<(Layer, Option<String>), SpecError> {
        let Chain { mut roots, profile } = match &self.source {
            Some(source) => load(source, read_beside)?,
            None => Chain::default(),
        };
        let parameters = Parameters::collect(&roots, &self.params)?;
        let mut layer = Layer::default();
        for root in &mut roots {
            parameters.fill(root)?;
            layer.overlay(read::layer(root)?);
        }
        Ok((layer, profile))
    }
}

impl Spec {
    /// Reads a spec that extends no other file; `name` is what messages call it.
    ///
    /// # Errors
    /// [`SpecError`] as [`SpecRequest::build`].
    pub fn parse(name: &str, text: &str) -> Result<Spec, SpecError> {
        let file = SpecFile { name: name.to_owned(), text: text.to_owned() };
        let request = SpecRequest { source: Some(SpecSource::File(file)), ..SpecRequest::default() };
        request.build(&|_, _| Err(io::Error::new(io::ErrorKind::NotFound, "no file can be read from here")))
    }
}

fn conclude(layer: &Layer, start: Option<&crate::snippet::SourceSpan>) -> Result<Spec, SpecError> {
    let (mut rig, scopes, wired_at) = assemble::rig(layer)?;
    rules::check_any_wired(&rig, &scopes, start)?;
    for index in 0..rig.cameras.len() {
        let frame_time = assemble::frame_time(layer, scopes.own[index]);
        rig.cameras[index].frame_time = frame_time.map(|written| written.value.clone());
        rig.cameras[index].rhythm = assemble::rhythm(layer, scopes.own[index])?;
        rig.cameras[index].alignment = assemble::alignment(layer, &scopes, &rig, index)?;
        rig.cameras[index].middle = assemble::middle(&scopes, &rig, index);
        rig.cameras[index].latest = assemble::latest(&scopes, &rig, index);
        rig.cameras[index].skew = assemble::skew(&scopes, &rig, index);
    }
    let rules = rules::rules(&rig, &scopes)?;
    let effective = Arc::new(effective(layer, &rig, &rules));
    Ok(Spec {
        analyzer: Analyzer { clock: layer.clock().value, correction: layer.correction().value },
        judges: layer.judges.unwrap_or_default(),
        min_frames: layer.min_frames.map_or(1, |least| least.count),
        sequence: layer.sequence.unwrap_or(SequencePhase::Fit),
        timestamps: layer.timestamps.clone(),
        profile: None,
        unjudged: rules::unjudged(&rig, &scopes),
        wired_at,
        rig,
        rules,
        effective,
    })
}
