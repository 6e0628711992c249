use super::*;
use proptest::prelude::*;

fn ns(value: i128) -> Rational {
    Rational::decimal(value, -9)
}

#[test]
fn every_form_has_its_ends() {
    for (text, min, max, nominal, tidy) in [
        ("20 ms ± 50 us", Some(19_950_000), Some(20_050_000), Some(20_000_000), "20 ms ± 50 us"),
        ("-1ms-1ms++2ms", Some(-2_000_000), Some(1_000_000), Some(-1_000_000), "-1 ms +2 ms -1 ms"),
        ("20ms+-50us", Some(19_950_000), Some(20_050_000), Some(20_000_000), "20 ms ± 50 us"),
        (" 20 ms  +/-  50 µs ", Some(19_950_000), Some(20_050_000), Some(20_000_000), "20 ms ± 50 µs"),
        ("20 ms ± 0.1 %", Some(19_980_000), Some(20_020_000), Some(20_000_000), "20 ms ± 0.1 %"),
        ("20 ms ± 100ppm", Some(19_998_000), Some(20_002_000), Some(20_000_000), "20 ms ± 100 ppm"),
        ("-20 ms ± 0.1 %", Some(-20_020_000), Some(-19_980_000), Some(-20_000_000), "-20 ms ± 0.1 %"),
        ("20 ms ± 0 us", Some(20_000_000), Some(20_000_000), Some(20_000_000), "20 ms ± 0 us"),
        ("0 us ± 20 us", Some(-20_000), Some(20_000), Some(0), "0 us ± 20 us"),
        ("20 ms +50 us -20 us", Some(19_980_000), Some(20_050_000), Some(20_000_000), "20 ms +50 us -20 us"),
        ("20 ms -20 us +50 us", Some(19_980_000), Some(20_050_000), Some(20_000_000), "20 ms +50 us -20 us"),
        ("-1 ms+1%-50us", Some(-1_050_000), Some(-990_000), Some(-1_000_000), "-1 ms +1 % -50 us"),
        ("+20 ms + 50 us - 20 us", Some(19_980_000), Some(20_050_000), Some(20_000_000), "+20 ms +50 us -20 us"),
        ("-50 us .. 200 us", Some(-50_000), Some(200_000), None, "-50 us .. 200 us"),
        ("1.5ms..1.5ms", Some(1_500_000), Some(1_500_000), None, "1.5 ms .. 1.5 ms"),
        (">= 5 us", Some(5_000), None, None, ">= 5 us"),
        ("≥5us", Some(5_000), None, None, ">= 5 us"),
        ("<=1/4 ms", None, Some(250_000), None, "<= 1/4 ms"),
        ("≤ -1 ms", None, Some(-1_000_000), None, "<= -1 ms"),
    ] {
        let limit = Limit::parse(text, Unit::Second).unwrap();
        assert_eq!(limit.min(), min.map(ns).as_ref(), "{text}");
        assert_eq!(limit.max(), max.map(ns).as_ref(), "{text}");
        assert_eq!(limit.nominal(), nominal.map(ns).as_ref(), "{text}");
        assert_eq!(limit.text(), tidy, "{text}");
    }
}

#[test]
fn a_share_of_the_nominal_is_exact() {
    let limit = Limit::parse("1/30 s ± 0.1 %", Unit::Second).unwrap();
    assert_eq!(limit.min(), Rational::new(999, 30_000).as_ref());
    assert_eq!(limit.max(), Rational::new(1001, 30_000).as_ref());
}

#[test]
fn counts_rates_and_shares() {
    for (text, unit, min, max) in [
        ("0", Unit::Count, Some((0, 0)), Some((0, 0))),
        (" 3 ", Unit::Count, Some((3, 0)), Some((3, 0))),
        (">= 1", Unit::Count, Some((1, 0)), None),
        ("1 .. 3", Unit::Count, Some((1, 0)), Some((3, 0))),
        ("100 ± 10 %", Unit::Count, Some((90, 0)), Some((110, 0))),
        ("30 Hz ± 0.1 %", Unit::Hertz, Some((2997, -2)), Some((3003, -2))),
        (">= 99 %", Unit::Percent, Some((99, 0)), None),
        ("99 % ± 0.5 %", Unit::Percent, Some((985, -1)), Some((995, -1))),
        ("50 % ± 1000 ppm", Unit::Percent, Some((4995, -2)), Some((5005, -2))),
        ("0 ppm ± 370 ppm", Unit::Ppm, Some((-370, 0)), Some((370, 0))),
        ("100 ppm ± 10 %", Unit::Ppm, Some((90, 0)), Some((110, 0))),
    ] {
        let limit = Limit::parse(text, unit).unwrap();
        let value = |end: Option<(i128, i32)>| end.map(|(mantissa, exponent)| Rational::decimal(mantissa, exponent));
        assert_eq!(limit.min(), value(min).as_ref(), "{text}");
        assert_eq!(limit.max(), value(max).as_ref(), "{text}");
    }
}

#[test]
fn errors_point_at_the_part_that_is_wrong() {
    for (text, at, message) in [
        ("", 0..0, "the limit is empty"),
        ("   ", 0..3, "the limit is empty"),
        ("20", 0..2, "a unit is missing: add s, ms, us (µs), ns, ps or min"),
        ("20 ± 50 us", 0..2, "a unit is missing: add s, ms, us (µs), ns, ps or min"),
        ("20 ms ± 50", 9..11, "a unit is missing: add s, ms, us (µs), ns, ps or min, or % or ppm of the nominal"),
        ("0 .. 1 ms", 0..1, "a unit is missing: add s, ms, us (µs), ns, ps or min"),
        ("0 us .. 1", 8..9, "a unit is missing: add s, ms, us (µs), ns, ps or min"),
        (" >= 5", 4..5, "a unit is missing: add s, ms, us (µs), ns, ps or min"),
        (
            "20 ms ± 5 Hz",
            11..13,
            "'Hz' cannot be the unit here: use s, ms, us (µs), ns, ps or min, or % or ppm of the nominal",
        ),
        ("<= 5 sec", 5..8, "unknown unit 'sec': write 5 s"),
        ("20 ms ± -50 us", 9..15, "a tolerance below zero"),
        ("20 ms ± -1 %", 9..13, "a tolerance below zero"),
        ("0 us ± 1 %", 8..11, "a share of a nominal of 0 is 0: write the tolerance in s, ms, us (µs), ns, ps or min"),
        (
            "20 ms +50 us",
            6..12,
            "a tolerance on one side only: write both, such as 20 ms +50 us -20 us, or use .. , >= or <=",
        ),
        ("20 ms +50 us +20 us", 6..19, "two tolerances of the same sign: one is +, the other -"),
        (" 1 ms .. 0 ms", 1..13, "the lower end is above the upper one"),
        ("< 1 ms", 0..1, "limits are inclusive: write >= or <="),
        ("= 1 ms", 0..1, "limits are inclusive: write >= or <="),
        ("ms", 0..2, "expected a number such as 20, 33.3 or 1/30"),
        (".. 5 ms", 0..0, "expected a number such as 20, 33.3 or 1/30"),
        ("1/0 s ± 1 %", 2..3, "division by zero"),
    ] {
        let error = Limit::parse(text, Unit::Second).unwrap_err();
        assert_eq!((error.at.clone(), error.to_string().as_str()), (at, message), "{text}");
    }
}

#[test]
fn a_single_value_limits_only_counts() {
    let error = Limit::parse("20 ms", Unit::Second).unwrap_err();
    assert_eq!((error.at, error.kind), (0..5, LimitErrorKind::NoTolerance(Limit::examples(Unit::Second))));
    let error = Limit::parse("<= 2.5", Unit::Count).unwrap_err();
    assert_eq!((error.at, error.kind), (3..6, LimitErrorKind::NotWhole));
    assert_eq!(Limit::parse("3 ms", Unit::Count).unwrap_err().at, 2..4);
}

#[test]
fn a_hostile_text_is_refused_unread() {
    let error = Limit::parse(&"9".repeat(1 << 20), Unit::Count).unwrap_err();
    assert_eq!(error.kind, LimitErrorKind::TooLong);
}

#[test]
fn the_examples_of_each_unit_are_limits() {
    for unit in [Unit::Second, Unit::Hertz, Unit::Percent, Unit::Ppm, Unit::Count] {
        for example in Limit::examples(unit).split('"').skip(1).step_by(2) {
            assert!(Limit::parse(example, unit).is_ok(), "{example}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_gives_a_limit_or_a_place_in_the_text(text in "[-+±0-9/.<>=≥ µumsHz%pno]{0,24}|\\PC{0,24}", unit in 0..5_usize) {
        let unit = [Unit::Second, Unit::Hertz, Unit::Percent, Unit::Ppm, Unit::Count][unit];
        match Limit::parse(&text, unit) {
            Ok(limit) => {
                prop_assert!(limit.min().is_some() || limit.max().is_some());
                prop_assert!(limit.min().zip(limit.max()).is_none_or(|(min, max)| min <= max));
                prop_assert_eq!(Limit::parse(limit.text(), unit).unwrap(), limit);
            }
            Err(error) => prop_assert!(text.get(error.at.clone()).is_some(), "{:?} in {:?}", error.at, text),
        }
    }
}
