//! Files of other programs, through libsigrok's input modules.
//!
//! A module says the channels, then the sample rate, then gives samples as a device does; they become changes as a
//! device's do. Modules know no damage: what they complain of ends the reading, what they pass over is not known.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;

use sigrok_sys::{Channel, ChannelKind, Error, Imported, Input, OpenError, Packet, Sigrok};

use super::changes::Changes;
use super::error::texts;
use super::settings::value_of;
use super::stream::is_grave;
use crate::capture::{Presence, Probe, Sink, SinkError};
use crate::units::{Rational, SampleIndex, SampleRate};

/// An input module, and what it is told, written `chronovu-la8` or `binary:numchannels=4:samplerate=1MHz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModuleChoice {
    /// Its name.
    pub id: String,
    options: Vec<(String, String)>,
}

impl ModuleChoice {
    /// Reads it from a command line.
    ///
    /// # Errors
    /// [`ImportError::Syntax`] where an option has no value.
    pub(crate) fn parse(text: &str) -> Result<ModuleChoice, ImportError> {
        let mut parts = text.split(':');
        let id = parts.next().unwrap_or_default().to_owned();
        let option = |part: &str| {
            let (name, value) = part.split_once('=').ok_or_else(|| ImportError::Syntax(part.to_owned()))?;
            Ok((name.to_owned(), value.to_owned()))
        };
        Ok(ModuleChoice { id, options: parts.map(option).collect::<Result<_, ImportError>>()? })
    }
}

/// Why a file cannot be read by an input module.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    /// libsigrok cannot be used.
    #[error("{0}")]
    Library(#[from] OpenError),
    /// An option of a module without a value.
    #[error("'{0}' is no option of an input module; write its name and its value, as in numchannels=8")]
    Syntax(String),
    /// No module recognises it.
    #[error(
        "none of libsigrok's input modules recognises it; if you know which one reads it, name it, as in \
         --input-format sigrok:binary:numchannels=8:samplerate=24MHz; there are {known}"
    )]
    Unrecognised {
        /// The modules that there are.
        known: String,
    },
    /// A module recognises it whose format the caller reads itself: it takes a unit of time for a sample rate, and passes over
    /// what is broken.
    #[error("libsigrok takes it for {0}, which strobecheck reads with more care; to have it read: --input-format {0}")]
    TakenForOwn(String),
    /// There is no module of this name.
    #[error("libsigrok has no input module '{wanted}'; there are {known}")]
    NoModule {
        /// The name.
        wanted: String,
        /// The modules that there are.
        known: String,
    },
    /// A module does not have this option, or does not take its value.
    #[error("libsigrok's input module {module}, option {option}: {reason}")]
    Option {
        /// The module.
        module: String,
        /// The option as written.
        option: String,
        /// Why not, and what would be valid.
        reason: String,
    },
    /// The module finds the file unreadable, or complains about it.
    #[error("libsigrok's input module {module} cannot read it: {}", .reasons.join("; "))]
    Unreadable {
        /// The module.
        module: String,
        /// What libsigrok says.
        reasons: Vec<String>,
    },
    /// It has no logic channels.
    #[error(
        "libsigrok's input module {module} finds {analog} analog channels and no logic channel; \
         'sigrok-cli -I {module} -i FILE -o FILE.sr' makes a capture whose analog channels can be wired by a threshold"
    )]
    NoLogic {
        /// The module.
        module: String,
        /// How many analog channels it has.
        analog: usize,
    },
    /// There are no samples.
    #[error("libsigrok's input module {module} finds no samples in it")]
    NoSamples {
        /// The module.
        module: String,
    },
    /// The file does not say its sample rate, and none was stated.
    #[error("the capture does not say its sample rate; state it, for example with --samplerate 24MHz")]
    NoRate,
    /// It has more samples than may be read.
    #[error("more than {0} samples; raise --max-samples")]
    TooManySamples(u64),
    /// What takes its changes takes no more.
    #[error("{0}")]
    Sink(#[from] SinkError),
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A call failed.
    #[error("{0}")]
    Call(#[from] Error),
}

/// What a file is imported by.
#[derive(Debug, Clone)]
pub(crate) struct ImportOrder {
    /// The module; none: the one that recognises the file.
    pub module: Option<ModuleChoice>,
    /// The sample rate where the file states none.
    pub rate: Option<SampleRate>,
    /// The most samples that it may have.
    pub most_samples: u64,
    /// The modules that are neither offered nor taken by themselves, since the caller reads such files.
    pub not_offered: Vec<&'static str>,
}

/// What was imported.
#[derive(Debug)]
pub(crate) struct ImportedFile<S> {
    /// Where its changes went.
    pub sink: S,
    /// How many samples it has.
    pub length: SampleIndex,
    /// The module that read it.
    pub module: String,
    /// What the module said without complaining.
    pub said: Vec<String>,
}

/// Reads a file by an input module into the sink that `begin` makes once the rate and the probes are known. Modules are
/// chosen by what stands at the path too, not only by content.
///
/// # Errors
/// [`ImportError`], also where `begin` has one.
pub(crate) fn import<S: Sink, E: From<ImportError>>(
    path: &Path,
    file: &mut dyn Read,
    order: &ImportOrder,
    begin: impl FnOnce(&SampleRate, &[Probe]) -> Result<S, E>,
) -> Result<ImportedFile<S>, E> {
    let sigrok = Sigrok::open().map_err(ImportError::from)?;
    let input = choose(&sigrok, path, order)?;
    let module = input.module().map(|module| module.id()).unwrap_or_default();
    let mut taking = Taking { order, module: &module, begin: Some(begin), channels: None, rate: None, samples: None };
    let mut failed = None;
    let read = input.read::<ImportError>(&mut |piece| Ok(read_some(file, piece)?), &mut |imported| match taking
        .take(imported)
    {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    });
    let messages = sigrok.messages();
    if let Some(error) = failed {
        return Err(error);
    }
    let unreadable = |reasons| E::from(ImportError::Unreadable { module: module.clone(), reasons });
    match read {
        Ok(()) => {}
        Err(ImportError::Call(error)) if messages.is_empty() => return Err(unreadable(vec![error.to_string()])),
        Err(ImportError::Call(_)) => return Err(unreadable(texts(&messages))),
        Err(other) => return Err(other.into()),
    }
    // A module goes on after what it cannot read, and leaves bytes over that it did not understand.
    let is_complaint = |text: &str, severity| is_grave(severity, text) || text.contains("unprocessed");
    if messages.iter().any(|message| is_complaint(&message.text, message.severity)) {
        return Err(unreadable(texts(&messages)));
    }
    let analog = taking.channels.as_ref().map_or(0, Vec::len);
    match taking.samples {
        Some((changes, sink)) => {
            let length = SampleIndex::new(changes.samples());
            Ok(ImportedFile { sink, length, module, said: texts(&messages) })
        }
        None if taking.logic().is_empty() && analog > 0 => Err(ImportError::NoLogic { module, analog }.into()),
        None => Err(ImportError::NoSamples { module }.into()),
    }
}

fn choose<'s>(sigrok: &'s Sigrok, path: &Path, order: &ImportOrder) -> Result<Input<'s>, ImportError> {
    let known = || {
        let modules = sigrok.input_modules().into_iter().map(|module| module.id());
        modules.filter(|id| !order.not_offered.contains(&id.as_str())).collect::<Vec<_>>().join(", ")
    };
    let Some(ModuleChoice { id, options }) = &order.module else {
        let input = sigrok.recognise(path)?.ok_or_else(|| ImportError::Unrecognised { known: known() })?;
        return match input.module().map(|module| module.id()) {
            Some(id) if order.not_offered.contains(&id.as_str()) => Err(ImportError::TakenForOwn(id)),
            Some(_) | None => Ok(input),
        };
    };
    let module = sigrok.input_modules().into_iter().find(|module| module.id() == *id);
    let module = module.ok_or_else(|| ImportError::NoModule { wanted: id.clone(), known: known() })?;
    let there_are = module.options();
    let value = |(name, text): &(String, String)| {
        let error = |reason| ImportError::Option { module: id.clone(), option: format!("{name}={text}"), reason };
        let option = there_are.iter().find(|option| option.id == *name).ok_or_else(|| {
            let names: Vec<&str> = there_are.iter().map(|option| option.id.as_str()).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            error(format!("there is no such option; there are {names}"))
        })?;
        // The modules take a time that grows with the square of this.
        if name == "numchannels" && text.parse().is_ok_and(|count: u64| count > u64::BITS.into()) {
            return Err(error(format!("at most {} channels are read", u64::BITS)));
        }
        Ok((name.clone(), value_of(option.kind, name, text).map_err(error)?))
    };
    let values = options.iter().map(value).collect::<Result<Vec<_>, ImportError>>()?;
    module.open(&values).map_err(|error| match texts(&sigrok.messages()) {
        reasons if reasons.is_empty() => error.into(),
        reasons => ImportError::Unreadable { module: id.clone(), reasons },
    })
}

/// Fills a piece as far as the file reaches.
fn read_some(file: &mut dyn Read, piece: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// What is known of a file while it is read.
struct Taking<'a, S, B> {
    order: &'a ImportOrder,
    module: &'a str,
    begin: Option<B>,
    channels: Option<Vec<Channel>>,
    rate: Option<SampleRate>,
    samples: Option<(Changes, S)>,
}

impl<S: Sink, B> Taking<'_, S, B> {
    fn take<E: From<ImportError>>(&mut self, imported: Imported<'_>) -> Result<(), E>
    where
        B: FnOnce(&SampleRate, &[Probe]) -> Result<S, E>,
    {
        match imported {
            Imported::Channels(channels) => self.channels = Some(channels),
            Imported::Packet(Packet::SampleRate(hz)) => self.rate = SampleRate::from_hz(Rational::from(hz)),
            Imported::Packet(Packet::Logic { unit, samples }) => return self.logic_samples(usize::from(unit), samples),
            Imported::Packet(
                Packet::Header | Packet::Trigger | Packet::End | Packet::Analog { .. } | Packet::Other,
            ) => {}
        }
        Ok(())
    }

    fn logic_samples<E: From<ImportError>>(&mut self, unit: usize, bytes: &[u8]) -> Result<(), E>
    where
        B: FnOnce(&SampleRate, &[Probe]) -> Result<S, E>,
    {
        if unit == 0 || !bytes.len().is_multiple_of(unit) {
            let reason = format!("it gives {} bytes as samples of {unit}", bytes.len());
            return Err(ImportError::Unreadable { module: self.module.to_owned(), reasons: vec![reason] }.into());
        }
        let most = self.order.most_samples;
        if let Some(begin) = self.begin.take() {
            let rate = self.order.rate.as_ref().or(self.rate.as_ref()).ok_or(ImportError::NoRate)?;
            let probes = self.logic();
            let mask = probes.iter().fold(0, |mask, probe| mask | 1_u64 << probe.bit);
            self.samples = Some((Changes::new(unit, mask), begin(rate, &probes)?));
        }
        if let Some((changes, sink)) = &mut self.samples {
            changes.feed(bytes, sink).map_err(ImportError::from)?;
            if changes.samples() > most {
                return Err(ImportError::TooManySamples(most).into());
            }
        }
        Ok(())
    }

    /// Its logic channels, as probes.
    fn logic(&self) -> Vec<Probe> {
        let channels = self.channels.iter().flatten();
        let logic = channels.filter(|channel| channel.kind == ChannelKind::Logic && channel.index < u64::BITS);
        logic
            .map(|Channel { index, name, .. }| Probe { bit: *index, name: name.clone(), presence: Presence::Recorded })
            .collect()
    }
}
