//! Sums and products: of small numbers inline, of others as wide as it takes.

use std::ops::{Add, Mul, Neg, Sub};

use super::{Rational, Repr};

impl Add for &Rational {
    type Output = Rational;

    #[inline]
    fn add(self, other: &Rational) -> Rational {
        match self.alike(other) {
            Some((a, c, den)) if let Some(num) = a.checked_add(c) => Rational(Repr::Small { num, den }),
            Some(_) | None => self.sum(other),
        }
    }
}

impl Sub for &Rational {
    type Output = Rational;

    #[inline]
    fn sub(self, other: &Rational) -> Rational {
        match self.alike(other) {
            Some((a, c, den)) if let Some(num) = a.checked_sub(c) => Rational(Repr::Small { num, den }),
            Some(_) | None => self.sum(&-other),
        }
    }
}

impl Rational {
    fn sum(&self, other: &Rational) -> Rational {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0) {
            let [a, b, c, d] = [a, b, c, d].map(|&part| i128::from(part));
            // Of 64 bits each, neither products nor their sum leave 128.
            return if b == d { Rational::small(a + c, b) } else { Rational::small(a * d + c * b, b * d) };
        }
        if let (Some((a, b)), Some((c, d))) = (self.parts(), other.parts()) {
            let sum = if b == d {
                a.checked_add(c).map(|num| (num, b))
            } else {
                cross(a, d, c, b, i128::checked_add).zip(b.checked_mul(d))
            };
            if let Some((num, den)) = sum {
                return Rational::small(num, den);
            }
        }
        Rational::big(self.to_big() + other.to_big())
    }
}

impl Mul for &Rational {
    type Output = Rational;

    #[inline]
    fn mul(self, other: &Rational) -> Rational {
        if let (Some((a, b)), Some((c, d))) = (self.small_parts(), other.small_parts())
            && let (Some(num), Some(den)) = (a.checked_mul(c), b.checked_mul(d))
        {
            return Rational(Repr::Small { num, den });
        }
        self.product(other)
    }
}

impl Rational {
    fn product(&self, other: &Rational) -> Rational {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0) {
            let [a, b, c, d] = [a, b, c, d].map(|&part| i128::from(part));
            return Rational::small(a * c, b * d);
        }
        if let (Some((a, b)), Some((c, d))) = (self.parts(), other.parts())
            && let (Some(num), Some(den)) = (a.checked_mul(c), b.checked_mul(d))
        {
            return Rational::small(num, den);
        }
        Rational::big(self.to_big() * other.to_big())
    }
}

impl Neg for &Rational {
    type Output = Rational;

    #[inline]
    fn neg(self) -> Rational {
        if let Some((num, den)) = self.small_parts()
            && let Some(num) = num.checked_neg()
        {
            return Rational(Repr::Small { num, den });
        }
        match self.parts() {
            Some((num, den)) => match num.checked_neg() {
                Some(num) => Rational::small(num, den),
                None => Rational::big(-self.to_big()),
            },
            None => Rational::big(-self.to_big()),
        }
    }
}

macro_rules! by_value {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Rational {
            type Output = Rational;
            #[inline]
            fn $method(self, other: Rational) -> Rational {
                (&self).$method(&other)
            }
        }
        impl $trait<&Rational> for Rational {
            type Output = Rational;
            #[inline]
            fn $method(self, other: &Rational) -> Rational {
                (&self).$method(other)
            }
        }
    )*};
}
by_value!(Add add, Sub sub, Mul mul);

impl Neg for Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        -&self
    }
}

/// `a·d ∘ c·b`, or `None` on overflow.
fn cross(a: i128, d: i128, c: i128, b: i128, op: fn(i128, i128) -> Option<i128>) -> Option<i128> {
    op(a.checked_mul(d)?, c.checked_mul(b)?)
}
