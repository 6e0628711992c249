//! Any text as a limit, a value or a sample rate: what is read is read again the same from the text that is kept of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strobecheck::spec::Limit;
use strobecheck::units::{Rational, SampleRate, Unit, parse_value};

const UNITS: [Unit; 5] = [Unit::Second, Unit::Hertz, Unit::Percent, Unit::Ppm, Unit::Count];

fuzz_target!(|text: &str| {
    for unit in UNITS {
        match Limit::parse(text, unit) {
            Ok(limit) => {
                assert!(limit.min().or(limit.max()).is_some());
                assert!(limit.min().zip(limit.max()).is_none_or(|(min, max)| min <= max));
                let again = Limit::parse(limit.text(), unit).unwrap();
                assert_eq!((limit.min(), limit.max(), limit.text()), (again.min(), again.max(), again.text()));
            }
            Err(error) => {
                assert!(text.get(error.at.clone()).is_some(), "{error} at {:?}", error.at);
                assert!(!error.to_string().is_empty());
            }
        }
    }
    let _ = parse_value(text);
    if let Ok(rate) = SampleRate::parse(text) {
        assert!(*rate.hz() > Rational::ZERO);
    }
});
