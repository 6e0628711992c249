//! Lines of comma-separated values (RFC 4180), and where each field stands.

/// A field, and the character of its line at which it begins, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) column: usize,
}

/// The quote that opens at this character, from 1, is not closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenQuote(pub(super) usize);

/// What stands between the fields of a table: the one of these that its header has most of.
pub(super) fn separator(header: &str) -> char {
    let count = |separator: &char| header.matches(*separator).count();
    // The last of several equal ones is taken: a comma, where there is none of any.
    ['\t', ';', ','].into_iter().max_by_key(count).unwrap_or(',')
}

/// The fields of a line, without blanks around them. A quoted field may hold separators and doubled quotes.
pub(super) fn cells(line: &str, separator: char) -> Result<Vec<Cell>, OpenQuote> {
    let mut cells = Vec::new();
    let mut characters = line.chars().enumerate().peekable();
    loop {
        while characters.next_if(|(_, c)| c.is_whitespace() && *c != separator).is_some() {}
        let column = characters.peek().map_or_else(|| line.chars().count(), |(at, _)| *at) + 1;
        let mut text = String::new();
        if characters.next_if(|(_, c)| *c == '"').is_some() {
            loop {
                match characters.next() {
                    None => return Err(OpenQuote(column)),
                    Some((_, '"')) if characters.next_if(|(_, c)| *c == '"').is_some() => text.push('"'),
                    Some((_, '"')) => break,
                    Some((_, c)) => text.push(c),
                }
            }
        }
        while let Some((_, c)) = characters.next_if(|(_, c)| *c != separator) {
            text.push(c);
        }
        cells.push(Cell { text: text.trim_end().to_owned(), column });
        if characters.next().is_none() {
            return Ok(cells);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        cells(line, separator(line)).unwrap().into_iter().map(|cell| cell.text).collect()
    }

    #[test]
    fn fields_are_parted_quoted_and_placed() {
        assert_eq!(texts("a, b ,c"), ["a", "b", "c"]);
        assert_eq!(texts("\"a,\"\"b\"\"\",,\"\""), ["a,\"b\"", "", ""]);
        assert_eq!(texts("1;2.5;3"), ["1", "2.5", "3"]);
        assert_eq!(texts("1\t 2\t3"), ["1", "2", "3"]);
        assert_eq!(texts("alone"), ["alone"]);
        let columns: Vec<usize> = cells("ä, bc,,d", ',').unwrap().iter().map(|cell| cell.column).collect();
        assert_eq!(columns, [1, 4, 7, 8]);
        assert_eq!(cells("a,\"b,c", ','), Err(OpenQuote(3)));
    }
}
