//! What a key of a spec takes, as far as a JSON Schema can say it.

/// The shape of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Any text.
    Text,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A time with its unit.
    Time,
    /// A time with its unit, or `"none"`.
    TimeOrNone,
    /// A share in ppm or %.
    Ratio,
    /// A whole number, this or more.
    Count(u64),
    /// A whole number, 1 or more, or `"none"`.
    CountOrNone,
    /// A probe, by name or bit.
    Probe,
    /// A probe, or several in turn.
    Strobe,
    /// A probe, several by name, or an analog channel.
    Flash,
    /// A time, or a table of times by role.
    TimeByRole,
    /// The same, where `"none"` is no time.
    TimeOrNoneByRole,
    /// Which flash lines are lit in which frame.
    Pattern,
    /// A table of texts by camera.
    Streams,
    /// Declarations and values of parameters.
    Params,
    /// Limits by the ids of quantities.
    Limits,
    /// Tables of cameras.
    Cameras,
    /// The keys that stand in it.
    Table,
}
