//! What rigs there are in the field.

use super::{Alignment, Role};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a rig is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            pub(crate) const ALL: &[Kind] = &[$(Kind::$name),*];
        }
    };
}

kinds! {
    /// STROBE alone.
    FreeRunning,
    /// STROBE alone, its exposures wandering.
    AutoExposure,
    FsinOut,
    HardwareFlash,
    /// The frame clock comes from outside, and is followed continuously.
    FsinIn,
    /// One exposure for each pulse of a generator.
    ExternalTrigger,
    /// A host triggers, some milliseconds late at most.
    SoftwareTrigger,
    /// A host triggers on whole milliseconds of its clock.
    WholeMilliseconds,
    /// Something passes by, at any time.
    Events,
    EventsOnMilliseconds,
    TimeLapse,
    /// The frame time follows the light.
    VariableRate,
    /// Exposures that repeat.
    Sequence,
    Burst,
    /// Locks in to a network's time.
    Ptp,
    Rolling,
    Readout,
    Stereo,
    /// Two cameras half a frame apart, on purpose.
    OppositePhases,
    TwoRates,
    FlashPattern,
    PulsedLight,
    /// The first frames are irregular and left out.
    StartTransient,
    /// The record begins before the stream.
    StartsLate,
    /// The stream ends before the record, as it should.
    Stops,
    CameraLog,
    /// Exposures lie about a time after FSIN, however long they are.
    Centred,
}

impl Kind {
    /// Whether its frames have no time of their own.
    pub(crate) fn is_irregular(self) -> bool {
        matches!(self, Kind::Events | Kind::EventsOnMilliseconds | Kind::VariableRate)
    }

    pub(super) fn wiring(self) -> Wiring {
        use Role::{Flash, Fsin, Readout, Trigger};
        let (alignment, always, maybe): (_, &[Role], &[Role]) = match self {
            Kind::FreeRunning | Kind::AutoExposure => (Some(Alignment::End), &[], &[]),
            Kind::FsinOut => (Some(Alignment::End), &[Fsin], &[Flash, Readout]),
            Kind::VariableRate | Kind::Ptp => (Some(Alignment::End), &[], &[Fsin, Flash, Readout]),
            Kind::HardwareFlash | Kind::Rolling => (Some(Alignment::End), &[Flash], &[Fsin, Readout]),
            Kind::ExternalTrigger
            | Kind::SoftwareTrigger
            | Kind::WholeMilliseconds
            | Kind::Events
            | Kind::EventsOnMilliseconds => (Some(Alignment::Start), &[Fsin], &[Trigger, Flash, Readout]),
            Kind::Burst => (Some(Alignment::Start), &[Fsin], &[Trigger, Flash]),
            Kind::Centred => (Some(Alignment::Middle), &[Fsin], &[Flash]),
            Kind::FsinIn => (None, &[Fsin], &[Flash, Readout]),
            Kind::Readout => (None, &[Readout], &[Fsin, Flash]),
            Kind::FlashPattern | Kind::PulsedLight => (None, &[Flash], &[Fsin]),
            Kind::TwoRates | Kind::CameraLog => (None, &[], &[Fsin]),
            Kind::OppositePhases => (None, &[], &[]),
            Kind::TimeLapse | Kind::Sequence | Kind::Stereo | Kind::StartTransient | Kind::StartsLate | Kind::Stops => {
                (None, &[], &[Fsin, Flash, Readout])
            }
        };
        Wiring { alignment, always, maybe }
    }
}

/// How a kind is synchronised and wired.
pub(super) struct Wiring {
    /// None: either.
    pub(super) alignment: Option<Alignment>,
    /// What is always wired beside STROBE.
    pub(super) always: &'static [Role],
    /// What every other rig has.
    pub(super) maybe: &'static [Role],
}
