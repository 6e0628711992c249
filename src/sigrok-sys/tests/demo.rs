//! With libsigrok's demo driver: what a session delivers, how it is stopped, and that a panic comes home.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sigrok_sys::{Device, Error, Key, OpenDevice, OpenError, Packet, SampleRates, Sigrok, TriggerMatch, Value};

/// libsigrok is one per process, and the tests are threads of one.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn with_demo<T>(test: impl FnOnce(&Sigrok, &Device<'_>, &OpenDevice<'_, '_>) -> T) -> T {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let sigrok = Sigrok::open().unwrap();
    let driver = sigrok.drivers().into_iter().find(|driver| driver.name() == "demo").unwrap();
    let devices = driver.scan(&[]).unwrap();
    let open = devices[0].open().unwrap();
    open.enable_logic(|_| true).unwrap();
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
            Packet::Header | Packet::Trigger | Packet::Other => {}
        })
        .unwrap();
        assert_eq!((bytes, ended), (300_000, true));
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
