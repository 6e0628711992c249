//! Lines of a terminal: how wide a text is, where it may break, and columns that line up.

use unicode_width::UnicodeWidthStr;

use crate::explain::filled;

/// How many columns of a terminal the text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to this width, with an ellipsis where something is missing.
pub(super) fn clip(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept) + 1 > most {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// The text in lines of at most this width where its words allow: the first begins with `first`, the others with
/// `rest`. A number is not parted from its unit, nor a value from its tolerance.
pub(super) fn wrap(text: &str, first: &str, rest: &str, most: usize) -> Vec<String> {
    let pieces = pieces(text, most.saturating_sub(width(rest)));
    filled(pieces.iter().map(String::as_str), first, rest, most)
}

/// The words of a text, those that belong together in one piece, unless that is wider than a line.
fn pieces(text: &str, most: usize) -> Vec<String> {
    let words = text.split_whitespace().map(str::to_owned).collect();
    joined(joined(words, most, is_number_and_unit), most, is_value_and_tolerance)
}

/// Neighbouring pieces that belong together, as one where that is not wider than a line.
fn joined(pieces: Vec<String>, most: usize, belong_together: fn(&str, &str) -> bool) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match joined.last_mut() {
            Some(before) if belong_together(before, &piece) && width(before) + 1 + width(&piece) <= most => {
                before.push(' ');
                before.push_str(&piece);
            }
            Some(_) | None => joined.push(piece),
        }
    }
    joined
}

fn is_number_and_unit(before: &str, word: &str) -> bool {
    const UNITS: [&str; 12] = ["s", "ms", "µs", "us", "ns", "ps", "Hz", "kHz", "MHz", "GHz", "%", "ppm"];
    let bare = word.trim_end_matches([',', ';', '.', ':', ')', ']']);
    before.ends_with(|c: char| c.is_ascii_digit()) && UNITS.contains(&bare)
}

fn is_value_and_tolerance(before: &str, after: &str) -> bool {
    ["±", ".."].contains(&after) || ["±", "..", ">=", "<="].iter().any(|sign| before.ends_with(sign))
}

/// On which side the cells of a column line up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// The lines of each row, their columns lined up two spaces apart. Where that is wider than `most`, the columns of
/// `flexible` are wrapped, one after the other, each down to the width beside it.
pub(super) fn columns<const N: usize>(
    rows: &[[String; N]],
    aligns: [Align; N],
    flexible: &[(usize, usize)],
    most: usize,
) -> Vec<Vec<String>> {
    const GAP: usize = 2;
    let mut widths = [0; N];
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let mut excess = (widths.iter().sum::<usize>() + GAP * N.saturating_sub(1)).saturating_sub(most);
    for &(column, narrowest) in flexible {
        if let Some(column) = widths.get_mut(column) {
            let cut = excess.min(column.saturating_sub(narrowest));
            *column -= cut;
            excess -= cut;
        }
    }
    rows.iter().map(|row| row_lines(row, aligns, widths, " ".repeat(GAP).as_str())).collect()
}

/// A table as text: the lines of [`columns`].
pub(super) fn table<const N: usize>(
    rows: &[[String; N]],
    aligns: [Align; N],
    flexible: &[(usize, usize)],
    most: usize,
) -> String {
    columns(rows, aligns, flexible, most).into_iter().flatten().map(|line| line + "\n").collect()
}

/// A table with headings, as wide as it takes.
pub(super) fn headed<const N: usize>(
    headings: [&str; N],
    aligns: [Align; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let rows: Vec<[String; N]> = std::iter::once(headings.map(str::to_owned)).chain(rows).collect();
    table(&rows, aligns, &[], usize::MAX)
}

fn row_lines<const N: usize>(row: &[String; N], aligns: [Align; N], widths: [usize; N], gap: &str) -> Vec<String> {
    let lines_of = |(cell, width): (&String, usize)| -> Vec<String> {
        wrap(cell, "", "", width).iter().map(|line| clip(line, width)).collect()
    };
    let cells: Vec<Vec<String>> = row.iter().zip(widths).map(lines_of).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |number: usize| {
        let parts = cells.iter().zip(aligns).zip(widths).map(|((cell, align), column)| {
            let text = cell.get(number).map_or("", String::as_str);
            let blanks = " ".repeat(column.saturating_sub(width(text)));
            match align {
                Align::Left => format!("{text}{blanks}"),
                Align::Right => format!("{blanks}{text}"),
            }
        });
        parts.collect::<Vec<_>>().join(gap).trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_keep_their_units() {
        assert_eq!(
            wrap("worst: 250 µs ± 1 µs, 45 µs beyond the limit", "a: ", "  ", 21),
            ["a: worst:", "  250 µs ± 1 µs,", "  45 µs beyond the", "  limit"]
        );
        assert_eq!(wrap("[200 us ± 5 us, 100 us ± 5 us]", "", "", 16), ["[200 us ± 5 us,", "100 us ± 5 us]"]);
        assert_eq!(wrap("200 us ± 5 us", "", "", 9), ["200 us ±", "5 us"]);
        assert_eq!(wrap("", "- ", "  ", 9), ["- "]);
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(wrap("漢字 漢字", "", "", 8), ["漢字", "漢字"]);
        assert_eq!(clip("漢字漢字", 7), "漢字漢…");
        assert_eq!(clip("as it is", 8), "as it is");
        assert_eq!(clip("cut here", 5), "cut…");
    }

    #[test]
    fn columns_line_up_and_the_flexible_one_gives_way() {
        let rows = [["id", "20 ms ± 50 us", "1"], ["longer", "<= 1 ms", "300"]].map(|row| row.map(str::to_owned));
        let aligns = [Align::Left, Align::Left, Align::Right];
        assert_eq!(
            columns(&rows, aligns, &[(1, 8)], 80),
            [["id      20 ms ± 50 us    1"], ["longer  <= 1 ms        300"]]
        );
        assert_eq!(
            columns(&rows, aligns, &[(1, 8)], 25),
            [vec!["id      20 ms ±         1", "        50 us"], vec!["longer  <= 1 ms       300"]]
        );
        assert_eq!(
            columns(&rows, aligns, &[(1, 8), (0, 5)], 20),
            [vec!["id     20 ms ±     1", "       50 us"], vec!["long…  <= 1 ms   300"]]
        );
    }

    proptest! {
        #[test]
        fn no_line_is_longer_than_it_must_be(words in proptest::collection::vec("[a-z]{1,9}", 0..30), most in 10_usize..40) {
            let text = words.join(" ");
            let lines = wrap(&text, "", "", most);
            prop_assert!(lines.iter().all(|line| width(line) <= most));
            prop_assert_eq!(lines.join(" "), text);
        }
    }
}
