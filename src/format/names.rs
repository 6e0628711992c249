//! What the variables of a dump are called, and which bits they are: the same for VCD and FST.
//!
//! A variable may have several names. The bits of a vector are called by its declared range: of `bus [0:3]`, the first digit
//! of a value is `bus[0]`. A name that stands for several variables is told with its scope.

use std::collections::{BTreeMap, BTreeSet};

use crate::capture::{Presence, Probe};

/// A state has room for so many probes.
const MOST_PROBES: u32 = 64;
/// More names than these are not told apart.
const MOST_NAMES: usize = 1 << 16;

/// The names of the variables of a dump, as they are declared.
#[derive(Debug, Default)]
pub(super) struct Names {
    declared: Vec<Declared>,
    /// The bits of each variable.
    widths: Vec<u32>,
}

/// A name.
#[derive(Debug)]
struct Declared {
    scope: String,
    stem: String,
    /// The numbers of the first and the last digit of a value.
    range: Option<(i64, i64)>,
    variable: usize,
}

/// The probes that variables are.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) probes: Vec<Probe>,
    /// By the variable, the lowest bits of the probes that show it: for each of its names that is needed.
    pub(super) firsts: Vec<Box<[u32]>>,
    /// What is odd, as sentences.
    pub(super) warnings: Vec<String>,
}

impl Names {
    /// A variable of so many bits: its number.
    pub(super) fn variable(&mut self, width: u32) -> usize {
        self.widths.push(width);
        self.widths.len() - 1
    }

    /// The bits of a variable.
    pub(super) fn width(&self, variable: usize) -> Option<u32> {
        self.widths.get(variable).copied()
    }

    /// A variable is called so, as `bus [3:0]`, in these scopes.
    pub(super) fn name(&mut self, scopes: &[String], name: &str, variable: usize) {
        if self.declared.len() < MOST_NAMES
            && let Some(width) = self.width(variable)
        {
            let (stem, range) = split(name, width);
            self.declared.push(Declared { scope: scopes.join("."), stem, range, variable });
        }
    }

    /// The probes: of each variable the first name, as far as there is room, then the others.
    pub(super) fn finish(self) -> Named {
        let Names { declared, widths } = self;
        let mut by_stem: BTreeMap<(&str, bool), BTreeSet<usize>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let (mut order, mut others) = (Vec::new(), Vec::new());
        for name in &declared {
            by_stem.entry(name.stem(&widths)).or_default().insert(name.variable);
            if seen.insert(name.variable) { &mut order } else { &mut others }.push(name);
        }
        let of_firsts = order.len();
        order.append(&mut others);
        let mut known = BTreeSet::new();
        let mut firsts = vec![Vec::new(); widths.len()];
        let mut probes = Vec::new();
        let mut left_out = [0_u32; 2];
        for (place, declared) in order.into_iter().enumerate() {
            // A name that stands for several variables is told with its scope.
            let by_scope = by_stem.get(&declared.stem(&widths)).is_some_and(|variables| variables.len() > 1);
            let scope = Some(declared.scope.as_str()).filter(|scope| by_scope && !scope.is_empty());
            let (width, next) = (widths[declared.variable], probes.len() as u32);
            let names: Vec<String> = (0..width.min(MOST_PROBES)).map(|bit| declared.bit(scope, width, bit)).collect();
            if width == 0 || !known.insert((declared.variable, names.first().cloned())) {
                continue;
            }
            if width > MOST_PROBES - next {
                left_out[usize::from(place >= of_firsts)] += 1;
                continue;
            }
            firsts[declared.variable].push(next);
            probes.extend((next..).zip(names).map(|(bit, name)| Probe { bit, name, presence: Presence::Recorded }));
        }
        let said = left_out.into_iter().zip(["variable", "other name"]).filter(|(count, _)| *count > 0);
        let sentence = |(count, what): (u32, &str)| {
            let are = if count == 1 { " is" } else { "s are" };
            format!("{count} {what}{are} beyond the {MOST_PROBES} bits that can be read")
        };
        let warnings = said.map(sentence).collect();
        Named { probes, firsts: firsts.into_iter().map(Vec::into_boxed_slice).collect(), warnings }
    }
}

impl Declared {
    /// Its name, and whether it stands alone: `bus` is none of `bus[0]`.
    fn stem(&self, widths: &[u32]) -> (&str, bool) {
        (&self.stem, self.range.is_none() && widths.get(self.variable) == Some(&1))
    }

    /// The name of a bit, the lowest of which is the last digit of a value.
    fn bit(&self, scope: Option<&str>, width: u32, bit: u32) -> String {
        let stem = scope.map_or_else(|| self.stem.clone(), |scope| format!("{scope}.{}", self.stem));
        let bit = i64::from(bit);
        match self.range {
            Some((first, last)) if first < last => format!("{stem}[{}]", last.saturating_sub(bit)),
            Some((_, last)) => format!("{stem}[{}]", last.saturating_add(bit)),
            None if width == 1 => stem,
            None => format!("{stem}[{bit}]"),
        }
    }
}

/// Parts a name and its range: `bus [0:3]`, `bus[3:0]`, `d [3]`. What is no range of so many bits is part of the name.
fn split(name: &str, width: u32) -> (String, Option<(i64, i64)>) {
    let range = || -> Option<(String, (i64, i64))> {
        let (stem, inside) = name.trim_end().strip_suffix(']')?.rsplit_once('[')?;
        let (first, last) = inside.split_once(':').unwrap_or((inside, inside));
        let range: (i64, i64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        let bits = range.0.abs_diff(range.1).checked_add(1)?;
        let stem = stem.trim_end();
        (bits == u64::from(width) && !stem.is_empty()).then(|| (stem.to_owned(), range))
    };
    range().map_or((name.to_owned(), None), |(stem, range)| (stem, Some(range)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the probes, and the lowest bits of each variable.
    fn named(names: &[(&str, &str, usize)], widths: &[u32]) -> (Vec<String>, Vec<Vec<u32>>, Vec<String>) {
        let mut list = Names::default();
        widths.iter().for_each(|width| {
            list.variable(*width);
        });
        for (scope, name, variable) in names {
            let scopes: Vec<String> = scope.split('.').filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
            list.name(&scopes, name, *variable);
        }
        let named = list.finish();
        let firsts = named.firsts.iter().map(|firsts| firsts.to_vec()).collect();
        (named.probes.into_iter().map(|probe| probe.name).collect(), firsts, named.warnings)
    }

    #[test]
    fn bits_have_the_numbers_of_their_range() {
        let names = |name: &str, width| named(&[("", name, 0)], &[width]).0;
        assert_eq!(names("bus [0:3]", 4), ["bus[3]", "bus[2]", "bus[1]", "bus[0]"]);
        assert_eq!(names("hi [11:10]", 2), ["hi[10]", "hi[11]"]);
        assert_eq!(names("nospace[3:0]", 4), ["nospace[0]", "nospace[1]", "nospace[2]", "nospace[3]"]);
        assert_eq!(names("n [-1:-2]", 2), ["n[-2]", "n[-1]"]);
        assert_eq!(names("d [3]", 1), ["d[3]"]);
        assert_eq!(names("d [0:0]", 1), ["d[0]"]);
        assert_eq!(names("v", 2), ["v[0]", "v[1]"]);
        assert_eq!(names("v", 1), ["v"]);
        // An element of an array, and a range of another width.
        assert_eq!(names("mem[5]", 2), ["mem[5][0]", "mem[5][1]"]);
        assert_eq!(names("mem[5][1:0]", 2), ["mem[5][0]", "mem[5][1]"]);
        assert_eq!(names("x[3:0]", 1), ["x[3:0]"]);
        assert_eq!(names("[1:0]", 2), ["[1:0][0]", "[1:0][1]"]);
        assert_eq!(
            names("far [9223372036854775807:-9223372036854775808]", 1),
            ["far [9223372036854775807:-9223372036854775808]"]
        );
    }

    #[test]
    fn a_variable_has_all_its_names() {
        // The same name in another scope is the same probe, as long as no other variable has it.
        let (names, firsts, _) =
            named(&[("tb", "clk", 0), ("tb", "d", 1), ("tb.dut", "clk", 0), ("tb.dut", "q", 0)], &[1, 1]);
        assert_eq!((names, firsts), (vec!["clk".into(), "d".into(), "q".into()], vec![vec![0, 2], vec![1]]));
        let (names, firsts, _) = named(&[("a", "clk", 0), ("b", "clk", 0), ("c", "clk", 1), ("c", "clk", 1)], &[1, 1]);
        assert_eq!((names, firsts), (vec!["a.clk".into(), "c.clk".into(), "b.clk".into()], vec![vec![0, 2], vec![1]]));
    }

    #[test]
    fn what_has_no_room_is_said() {
        let (names, firsts, warnings) = named(&[("", "a", 0), ("", "b", 1), ("", "c", 2), ("", "d", 0)], &[60, 5, 4]);
        assert_eq!((names.len(), names[60].as_str(), firsts), (64, "c[0]", vec![vec![0], vec![], vec![60]]));
        let beyond = "beyond the 64 bits that can be read";
        assert_eq!(warnings, [format!("1 variable is {beyond}"), format!("1 other name is {beyond}")]);
    }
}
