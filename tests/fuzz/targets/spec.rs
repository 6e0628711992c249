//! Any text as a spec: refused at a place within it, or the same spec when its effective settings are read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strobecheck::spec::Spec;

fn all_of(spec: &Spec) -> String {
    format!("{:?}", (&spec.rig, &spec.analyzer, spec.min_frames, spec.sequence, &spec.rules, &spec.effective))
}

fuzz_target!(|text: &str| {
    match Spec::parse("fuzz.spec.toml", text) {
        Ok(spec) => {
            let again = Spec::parse("again.spec.toml", &spec.to_toml());
            assert_eq!(all_of(&spec), all_of(&again.unwrap()), "{}", spec.to_toml());
        }
        Err(error) => assert!(!error.render().is_empty()),
    }
});
