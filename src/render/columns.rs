//! Plain tables for the terminal.

use unicode_width::UnicodeWidthStr;

/// Which side of a column its texts stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A table whose columns are as wide as their widest text.
#[derive(Debug)]
pub(super) struct Columns {
    align: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// A table with these headings.
    pub(super) fn new(headings: &[(&str, Align)]) -> Columns {
        Columns {
            align: headings.iter().map(|(_, align)| *align).collect(),
            rows: vec![headings.iter().map(|(heading, _)| (*heading).to_owned()).collect()],
        }
    }

    /// Adds a row; cells that are left out at its end are empty.
    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table, without blanks at the ends of lines.
    pub(super) fn text(&self) -> String {
        const GAP: &str = "  ";
        let width = |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        let widths: Vec<usize> = (0..self.align.len()).map(|column| width(column).unwrap_or(0)).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, align), width) in row.iter().zip(&self.align).zip(&widths) {
                let blanks = " ".repeat(width - cell.width());
                match align {
                    Align::Left => line.extend([cell.as_str(), blanks.as_str(), GAP]),
                    Align::Right => line.extend([blanks.as_str(), cell.as_str(), GAP]),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut columns = Columns::new(&[("a", Align::Left), ("value", Align::Right)]);
        columns.row(vec!["long µ".to_owned(), "1".to_owned()]);
        columns.row(vec!["x".to_owned()]);
        assert_eq!(columns.text(), "a       value\nlong µ      1\nx\n");
    }
}
