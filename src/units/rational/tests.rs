use proptest::prelude::*;

use super::*;

fn ratio(num: i128, den: i128) -> Rational {
    Rational::new(num, den).unwrap()
}

#[test]
fn extremes_of_128_bits_neither_overflow_nor_round() {
    let least = Rational::integer(i128::MIN);
    assert_eq!((-&least).to_big(), BigRational::from_integer(-BigInt::from(i128::MIN)));
    assert_eq!(&(&least + &least) - &least, least);
    assert_eq!(ratio(1, i128::MIN).to_big(), BigRational::new(1.into(), i128::MIN.into()));
    assert_eq!(&least * &least.recip().unwrap(), Rational::ONE);
    assert_eq!(Rational::new(1, 0), None);
    assert_eq!(Rational::ZERO.recip(), None);
}

#[test]
fn decimals_round_the_way_they_are_told() {
    let value = ratio(-1, 3);
    assert_eq!(value.to_decimal(2, Rounding::Nearest), "-0.33");
    assert_eq!(value.to_decimal(2, Rounding::Down), "-0.34");
    assert_eq!(value.to_decimal(2, Rounding::Up), "-0.33");
    assert_eq!(value.to_decimal(0, Rounding::Up), "0");
    assert_eq!(ratio(5, 1000).to_decimal(2, Rounding::Nearest), "0.01");
    assert_eq!(Rational::decimal(25, -1).to_integer(Rounding::Nearest), Some(3));
    assert_eq!(Rational::decimal(25, 3), Rational::integer(25_000));
}

proptest! {
    #[test]
    fn agrees_with_big_rationals(a in any::<i128>(), b in 1..i128::MAX, c in any::<i128>(), d in 1..i128::MAX) {
        let (x, y) = (ratio(a, b), ratio(c, d));
        let (bx, by) = (BigRational::new(a.into(), b.into()), BigRational::new(c.into(), d.into()));
        prop_assert_eq!((&x + &y).to_big(), &bx + &by);
        prop_assert_eq!((&x - &y).to_big(), &bx - &by);
        prop_assert_eq!((&x * &y).to_big(), &bx * &by);
        prop_assert_eq!(x.cmp(&y), bx.cmp(&by));
        let whole = |number: u64| x.is_positive().then(|| (BigRational::from_integer(number.into()) / &bx).floor().to_i128());
        for number in [0, c.unsigned_abs() as u64, u64::MAX] {
            prop_assert_eq!(x.fits_in(number), whole(number).flatten());
        }
        prop_assert_eq!(x.half().to_big(), bx / BigInt::from(2));
    }

    #[test]
    fn a_whole_number_is_the_one_beside_it(num in prop_oneof![any::<i128>(), -99..99_i128], den in prop_oneof![1..i128::MAX, 1..9_i128]) {
        let value = ratio(num, den);
        for rounding in [Rounding::Nearest, Rounding::Down, Rounding::Up] {
            let expected = round_big(&BigRational::new(num.into(), den.into()), rounding).to_i128();
            prop_assert_eq!(value.to_integer(rounding), expected);
        }
    }

    #[test]
    fn sums_and_products_of_64_bits_and_a_little_more(a in any::<i64>(), b in 1..i64::MAX, c in -5..5_i64, d in 1..5_i64) {
        let (x, y) = (ratio(a.into(), b.into()), ratio(c.into(), d.into()));
        let (bx, by) = (BigRational::new(a.into(), b.into()), BigRational::new(c.into(), d.into()));
        prop_assert_eq!((&x + &y).to_big(), &bx + &by);
        prop_assert_eq!((&x * &y).to_big(), &bx * &by);
        prop_assert_eq!((-&x).to_big(), -&bx);
        prop_assert_eq!(x.half().to_big(), &bx / BigInt::from(2));
        prop_assert_eq!(x.cmp(&y), bx.cmp(&by));
    }

    #[test]
    fn a_multiple_is_the_nearest_double(num in 1..100_000_i128, den in 1..10_000_000_000_i128, digits in 0..20_u32, count in -i128::from(u64::MAX)..=u64::MAX.into()) {
        let count = count % 10_i128.pow(digits);
        let expected = BigRational::new(BigInt::from(num) * count, den.into()).to_f64().unwrap();
        prop_assert_eq!(ratio(num, den).times_f64(count).to_bits(), expected.to_bits());
    }

    #[test]
    fn doubles_are_the_nearest(mantissa in any::<i64>(), exponent in -30..30_i32) {
        let expected: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
        prop_assert_eq!(Rational::decimal(mantissa.into(), exponent).to_f64().to_bits(), expected.to_bits());
    }
}
