//! Names from a file, in sentences.

const LONGEST: usize = 60;

/// A name from a file, cut where it is longer than a sentence bears.
pub(super) fn shortened(name: &str) -> String {
    let shown: String = name.chars().take(LONGEST).collect();
    if shown.len() < name.len() { format!("{shown}…") } else { shown }
}

/// The first of these names, quoted, and how many more there are: `'a', 'b', 'c' and 5 more`.
pub(super) fn quoted<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    const SHOWN: usize = 3;
    let mut names = names.into_iter();
    let quote = |name: &String| format!("'{}'", shortened(name).escape_debug());
    let shown: Vec<String> = names.by_ref().take(SHOWN).map(quote).collect();
    let more = names.count();
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_and_odd_names_stay_short() {
        assert_eq!(quoted(&["a".to_owned()]), "'a'");
        assert_eq!(quoted(&["a", "b\n", "c", "d", "e"].map(str::to_owned)), "'a', 'b\\n', 'c' and 2 more");
        assert_eq!(quoted(&["x".repeat(100)]), format!("'{}…'", "x".repeat(60)));
    }
}
