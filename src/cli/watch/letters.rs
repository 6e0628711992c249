//! Letters as large as five lines, to be read from the soldering iron.

/// The rows of a letter.
pub(super) const ROWS: usize = 5;
/// Its columns, and one that is empty behind it.
const COLUMNS: usize = 5;

/// The letters of the verdicts; `#` is filled.
const LETTERS: [(char, [&str; ROWS]); 14] = [
    ('A', [" ### ", "#   #", "#####", "#   #", "#   #"]),
    ('C', [" ####", "#    ", "#    ", "#    ", " ####"]),
    ('E', ["#####", "#    ", "#### ", "#    ", "#####"]),
    ('F', ["#####", "#    ", "#### ", "#    ", "#    "]),
    ('G', [" ####", "#    ", "#  ##", "#   #", " ####"]),
    ('I', ["#####", "  #  ", "  #  ", "  #  ", "#####"]),
    ('L', ["#    ", "#    ", "#    ", "#    ", "#####"]),
    ('N', ["#   #", "##  #", "# # #", "#  ##", "#   #"]),
    ('O', [" ### ", "#   #", "#   #", "#   #", " ### "]),
    ('P', ["#### ", "#   #", "#### ", "#    ", "#    "]),
    ('S', [" ####", "#    ", " ### ", "    #", "#### "]),
    ('T', ["#####", "  #  ", "  #  ", "  #  ", "  #  "]),
    ('U', ["#   #", "#   #", "#   #", "#   #", " ### "]),
    ('V', ["#   #", "#   #", "#   #", " # # ", "  #  "]),
];

/// The lines of a word in large letters, each dot so many columns wide and lines high.
pub(super) fn large(word: &str, scale: usize) -> Vec<String> {
    let letters: Vec<&[&str; ROWS]> = word
        .chars()
        .filter_map(|letter| LETTERS.iter().find(|(known, _)| *known == letter).map(|(_, rows)| rows))
        .collect();
    let line = |row: usize| -> String {
        let dots = letters.iter().flat_map(|rows| rows[row].chars().chain([' ']));
        dots.flat_map(|dot| std::iter::repeat_n(if dot == '#' { '█' } else { ' ' }, scale)).collect()
    };
    (0..ROWS).flat_map(|row| std::iter::repeat_n(line(row), scale)).collect()
}

/// How many columns a word takes.
pub(super) fn width(word: &str, scale: usize) -> usize {
    word.chars().count() * (COLUMNS + 1) * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_can_be_written() {
        for word in ["PASS", "FAIL", "INCONCLUSIVE", "FILLING"] {
            for scale in [1, 2] {
                let lines = large(word, scale);
                assert_eq!(lines.len(), ROWS * scale);
                let missing = lines.iter().any(|line| line.chars().count() != width(word, scale));
                assert!(!missing, "{word}");
            }
        }
        assert_eq!(large("L", 1), ["█     ", "█     ", "█     ", "█     ", "█████ "]);
    }
}
