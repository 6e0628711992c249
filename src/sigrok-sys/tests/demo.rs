//! With libsigrok's demo driver: what a session delivers, how it is stopped, and that a panic comes home.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sigrok_sys::{
    ChannelKind, Device, Error, Imported, Key, OpenDevice, OpenError, Packet, SampleRates, Sigrok, TriggerMatch, Value,
    ValueKind,
};

/// libsigrok is one per process, and the tests are threads of one.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn with_demo<T>(test: impl FnOnce(&Sigrok, &Device<'_>, &OpenDevice<'_, '_>) -> T) -> T {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let sigrok = Sigrok::open().unwrap();
    let driver = sigrok.drivers().into_iter().find(|driver| driver.name() == "demo").unwrap();
    let devices = driver.scan(&[]).unwrap();
    let open = devices[0].open().unwrap();
    open.enable(|kind, _| kind == ChannelKind::Logic).unwrap();
    open.set(None, Key::SAMPLE_RATE, &Value::Unsigned(1_000_000)).unwrap();
    test(&sigrok, &devices[0], &open)
}

#[test]
fn the_device_says_what_it_is() {
    with_demo(|sigrok, device, open| {
        assert!(sigrok.version().starts_with("0."), "{}", sigrok.version());
        assert_eq!(device.model().as_deref(), Some("Demo device"));
        assert_eq!(device.channels().iter().filter(|channel| channel.name.starts_with('D')).count(), 8);
        assert_eq!(open.sample_rates().unwrap(), SampleRates::Steps(1, 1_000_000_000, 1));
        assert!(open.triggers().unwrap().contains(&TriggerMatch::Rising));
        assert!(open.options(None).contains(&Key::CONTINUOUS));
        let pattern = sigrok.key_named("pattern").unwrap().key;
        let groups = open.logic_groups();
        assert!(open.choices(groups.first(), pattern).unwrap().contains(&Value::Text("graycode".to_owned())));
    });
}

#[test]
fn as_many_samples_arrive_as_were_asked_for() {
    with_demo(|_, _, open| {
        open.set(None, Key::LIMIT_SAMPLES, &Value::Unsigned(300_000)).unwrap();
        let (mut bytes, mut ended) = (0, false);
        open.run(&[], |_| {}, &mut |packet| match packet {
            Packet::Logic { unit, samples } => bytes += samples.len() / usize::from(unit),
            Packet::End => ended = true,
            Packet::Header | Packet::Trigger | Packet::SampleRate(_) | Packet::Analog { .. } | Packet::Other => {}
        })
        .unwrap();
        assert_eq!((bytes, ended), (300_000, true));
    });
}

/// The first analog channel of the demo device is a square wave of ten samples, between −10 and 10 V.
#[test]
fn analog_samples_arrive_beside_the_logic_ones() {
    with_demo(|_, device, open| {
        let first = device.channels().into_iter().find(|channel| channel.kind == ChannelKind::Analog).unwrap();
        open.enable(|kind, index| kind == ChannelKind::Logic || index == first.index).unwrap();
        open.set(None, Key::LIMIT_SAMPLES, &Value::Unsigned(10_000)).unwrap();
        let (mut logic, mut analog) = (0, Vec::new());
        open.run(&[], |_| {}, &mut |packet| match packet {
            Packet::Logic { unit, samples } => logic += samples.len() / usize::from(unit),
            Packet::Analog { channels, samples } => {
                assert_eq!(channels, [first.index]);
                analog.extend_from_slice(samples);
            }
            Packet::Header | Packet::Trigger | Packet::SampleRate(_) | Packet::End | Packet::Other => {}
        })
        .unwrap();
        assert_eq!((logic, analog.len()), (10_000, 10_000));
        let wave: Vec<f32> = (0..10_000).map(|at| if at % 10 < 5 { -10.0 } else { 10.0 }).collect();
        assert_eq!(analog, wave);
    });
}

#[test]
fn a_session_is_stopped_from_another_thread_and_from_its_own_callback() {
    with_demo(|_, _, open| {
        let began = Instant::now();
        let started = |stopper: sigrok_sys::Stopper| {
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(300));
                stopper.stop();
                stopper.stop();
            });
        };
        open.run(&[], started, &mut |_| {}).unwrap();
        assert!(began.elapsed() < Duration::from_secs(5));

        let own: Mutex<Option<sigrok_sys::Stopper>> = Mutex::new(None);
        let mut packets = 0;
        open.run(&[], |stopper| *own.lock().unwrap() = Some(stopper), &mut |packet| {
            packets += u32::from(matches!(packet, Packet::Logic { .. }));
            if packets == 1 {
                own.lock().unwrap().as_ref().unwrap().stop();
            }
        })
        .unwrap();
        // Long after its session, and without one: nothing happens.
        own.lock().unwrap().as_ref().unwrap().stop();
        assert!(packets >= 1);
    });
}

#[test]
fn a_panic_in_a_callback_ends_the_session_and_goes_on_where_it_was_started() {
    with_demo(|_, _, open| {
        let run = || open.run(&[], |_| {}, &mut |_| panic!("in the callback"));
        let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"in the callback"));
        let run = || open.run(&[], |_| panic!("when it started"), &mut |_| {});
        let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"when it started"));
        // The device is as good as before.
        open.set(None, Key::LIMIT_SAMPLES, &Value::Unsigned(10)).unwrap();
        open.run(&[], |_| {}, &mut |_| {}).unwrap();
    });
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    with_demo(|sigrok, device, open| {
        let error = open.set(None, Key::CONNECTION, &Value::Text("1.2".to_owned())).unwrap_err();
        assert!(matches!(error, Error::Refused { .. }) && !open.can_set(None, Key::CONNECTION), "{error}");
        let error = open.set(None, Key::SAMPLE_RATE, &Value::Text("fast".to_owned())).unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{error}");
        assert!(open.run(&[(77, TriggerMatch::Rising)], |_| {}, &mut |_| {}).is_err());
        assert!(matches!(Sigrok::open(), Err(OpenError::InUse)));
        let driver = sigrok.drivers().into_iter().find(|driver| driver.name() == "demo").unwrap();
        assert_eq!(driver.scan(&[]).unwrap_err(), Error::ScannedTwice("demo".to_owned()));
        assert_eq!(device.connection(), None);
    });
}

/// What a module makes of these bytes, taken until `enough`.
fn imported(options: &[(String, Value)], bytes: &[u8], enough: usize) -> (usize, Option<u64>, Vec<u8>) {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let sigrok = Sigrok::open().unwrap();
    let module = sigrok.input_modules().into_iter().find(|module| module.id() == "binary").unwrap();
    let (mut rest, mut channels, mut rate, mut samples) = (bytes, 0, None, Vec::new());
    let mut next = |piece: &mut [u8]| -> Result<usize, Error> {
        // In pieces that end in the middle of a sample.
        let length = rest.len().min(piece.len()).min(3);
        piece[..length].copy_from_slice(&rest[..length]);
        rest = &rest[length..];
        Ok(length)
    };
    let read = module.open(options).unwrap().read(&mut next, &mut |part| {
        match part {
            Imported::Channels(found) => channels = found.len(),
            Imported::Packet(Packet::SampleRate(hz)) => rate = Some(hz),
            Imported::Packet(Packet::Logic { samples: more, .. }) => samples.extend_from_slice(more),
            Imported::Packet(
                Packet::Header | Packet::Trigger | Packet::End | Packet::Analog { .. } | Packet::Other,
            ) => {}
        }
        assert!(samples.len() < 1000, "too much");
        if samples.len() < enough { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    read.unwrap();
    assert!(sigrok.messages().is_empty());
    (channels, rate, samples)
}

fn option(name: &str, value: Value) -> (String, Value) {
    (name.to_owned(), value)
}

#[test]
fn an_input_module_gives_the_channels_the_rate_and_all_samples() {
    let options = [option("numchannels", Value::Integer(10)), option("samplerate", Value::Unsigned(1_000_000))];
    let bytes: Vec<u8> = (0..200).collect();
    assert_eq!(imported(&options, &bytes, usize::MAX), (10, Some(1_000_000), bytes.clone()));
    // Without a rate nothing is said of one, and who has enough gets no more.
    let (channels, rate, samples) = imported(&options[..1], &bytes, 2);
    assert!((channels, rate) == (10, None) && samples.len() < 10, "{samples:?}");
}

#[test]
fn an_input_module_refuses_what_it_does_not_take_and_a_panic_comes_home() {
    {
        let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let sigrok = Sigrok::open().unwrap();
        let module = sigrok.input_modules().into_iter().find(|module| module.id() == "binary").unwrap();
        let kinds: Vec<_> = module.options().into_iter().map(|option| (option.id, option.kind)).collect();
        assert!(kinds.contains(&("samplerate".to_owned(), ValueKind::Unsigned)), "{kinds:?}");
        assert!(module.open(&[option("no-such-option", Value::Integer(1))]).is_err());
        assert!(module.open(&[option("numchannels", Value::Text("x".to_owned()))]).is_err());
        assert!(sigrok.recognise(std::path::Path::new("/no/such/file")).unwrap().is_none());
    }
    let panic = catch_unwind(|| imported(&[], &[0; 4000], usize::MAX)).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"too much"));
}
