//! Names from a file, in sentences.

/// The first of these names, quoted, and how many more there are: `'a', 'b', 'c' and 5 more`.
pub(super) fn quoted<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    const SHOWN: usize = 3;
    const LONGEST: usize = 60;
    let mut names = names.into_iter();
    let quote = |name: &String| {
        let shown: String = name.chars().take(LONGEST).collect();
        let cut = if shown.len() < name.len() { "…" } else { "" };
        format!("'{}{cut}'", shown.escape_debug())
    };
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
