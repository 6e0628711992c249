//! The screen: the verdict large, then the wires, the checks and the findings, as far as there is room.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Cell, Paragraph, Row, Table, Wrap};

use super::board::{Board, CheckRow, LineRow, word};
use super::letters;
use crate::signal::Level;
use crate::verdict::Verdict;

const KEYS: &str = "q quit   s save the window   r forget the worst";

fn style(verdict: Option<Verdict>) -> Style {
    let colour = match verdict {
        Some(Verdict::Pass) => Color::Green,
        Some(Verdict::Fail) => Color::Red,
        Some(Verdict::Inconclusive) => Color::Yellow,
        None => return Style::new(),
    };
    Style::new().fg(colour).add_modifier(Modifier::BOLD)
}

/// Draws the board.
pub(super) fn draw(frame: &mut Frame<'_>, board: &Board) {
    let area = frame.area();
    let banner = banner(board, area);
    let rows = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    let lines = rows(board.lines.len() + 1);
    // Two columns stand in front, and a word more may be wrapped.
    let lines_of = |text: &String| (Span::raw(text.as_str()).width() + 2).div_ceil(usize::from(area.width.max(1)));
    let findings = rows(board.findings.iter().map(lines_of).sum()).min(area.height / 5);
    let reason = u16::from(!board.reason.is_empty());
    let [head, large, why, clocks, wires, checks, found, _, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(rows(banner.lines.len())),
        Constraint::Length(reason),
        Constraint::Length(rows(board.clocks.len())),
        Constraint::Length(lines.min(area.height / 3)),
        Constraint::Max(rows(board.checks.len() + 1)),
        Constraint::Length(findings),
        Constraint::Fill(1),
        Constraint::Length(1),
    ])
    .areas(area);
    let title = Line::from(vec![
        Span::styled(format!("watch {}", board.title), Modifier::BOLD),
        Span::raw(format!("  {}", board.facts)),
    ]);
    frame.render_widget(title, head);
    frame.render_widget(banner, large);
    frame.render_widget(Line::raw(board.reason.as_str()), why);
    frame.render_widget(Text::from_iter(board.clocks.iter().map(String::as_str)), clocks);
    frame.render_widget(wire_table(&board.lines, wires.width), wires);
    frame.render_widget(check_table(board, checks), checks);
    let text = Text::from_iter(board.findings.iter().map(|finding| match finding.starts_with("do: ") {
        true => format!("  {finding}"),
        false => format!("! {finding}"),
    }));
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: false }), found);
    let note = board.note.as_ref().map_or_else(|| KEYS.to_owned(), |note| format!("{KEYS}   {note}"));
    frame.render_widget(Line::styled(note, Modifier::DIM), foot);
}

/// The verdict, as large as there is room for it.
fn banner(board: &Board, area: Rect) -> Text<'static> {
    /// So high a screen is, for letters of this scale.
    const HEIGHTS: [(usize, u16); 2] = [(2, 40), (1, 20)];
    let word = word(board.verdict);
    let fits = |(scale, height): &&(usize, u16)| {
        area.height >= *height && letters::width(word, *scale) <= usize::from(area.width)
    };
    let lines = match HEIGHTS.iter().find(fits) {
        Some((scale, _)) => letters::large(word, *scale),
        None => vec![word.to_owned()],
    };
    Text::from_iter(lines).style(style(board.verdict))
}

/// Between two columns.
const SPACING: u16 = 2;

fn wire_table(lines: &[LineRow], width: u16) -> Table<'static> {
    let head = ["wire", "level", "rate", "width", "glitches/s", "worst/s"].map(str::to_owned);
    let rows = lines.iter().map(|line| {
        let level = match line.level {
            Level::High => "▔ high",
            Level::Low => "▁ low",
        };
        let (now, worst) = line
            .glitches
            .map_or_else(|| ("-".to_owned(), "-".to_owned()), |(now, worst)| (now.to_string(), worst.to_string()));
        [line.name.clone(), level.to_owned(), line.rate.clone(), line.width.clone(), now, worst]
    });
    let rows: Vec<[String; 6]> = rows.collect();
    let widths = columns(&head, &rows, width);
    let head = Row::new(head).style(Modifier::DIM);
    Table::new(rows.into_iter().map(Row::new), widths).header(head).column_spacing(SPACING)
}

/// The checks, the failing ones first; those that find no room are counted.
fn check_table(board: &Board, area: Rect) -> Table<'_> {
    let head = ["", "check", "limit", "now", "worst"].map(str::to_owned);
    let room = usize::from(area.height.saturating_sub(1));
    let shown = if board.checks.len() > room { room.saturating_sub(1) } else { room };
    let rest = board.checks.len().saturating_sub(shown);
    let texts = board.checks.iter().map(|check| {
        let CheckRow { name, rule, now, worst, .. } = check;
        [mark(check.verdict).to_owned(), name.clone(), rule.clone(), now.clone(), worst.clone()]
    });
    let texts: Vec<[String; 5]> = texts.collect();
    let widths = columns(&head, &texts, area.width);
    let rows = board.checks.iter().take(shown).map(check_row);
    let more = (rest > 0).then(|| Row::new([String::new(), format!("and {rest} more")]));
    let head = Row::new(head).style(Modifier::DIM);
    Table::new(rows.chain(more), widths).header(head).column_spacing(SPACING)
}

/// How wide columns are: as their texts, and where that is too wide, the widest give way.
fn columns<const N: usize>(head: &[String; N], rows: &[[String; N]], room: u16) -> [Constraint; N] {
    let widest = |column: usize| {
        let texts = std::iter::once(head).chain(rows).map(|row| Span::raw(row[column].as_str()).width());
        texts.max().unwrap_or(0)
    };
    let mut widths: [usize; N] = std::array::from_fn(widest);
    let room = usize::from(room).saturating_sub(usize::from(SPACING) * N.saturating_sub(1));
    while widths.iter().sum::<usize>() > room.max(N) {
        let Some(widest) = widths.iter_mut().max() else { break };
        *widest = widest.saturating_sub(1);
    }
    widths.map(|width| Constraint::Length(u16::try_from(width).unwrap_or(u16::MAX)))
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "FAIL",
        Verdict::Inconclusive => "?",
    }
}

fn check_row(check: &CheckRow) -> Row<'_> {
    Row::new([
        Cell::from(mark(check.verdict)).style(style(Some(check.verdict))),
        Cell::from(check.name.as_str()),
        Cell::from(check.rule.as_str()),
        Cell::from(check.now.as_str()),
        Cell::from(check.worst.as_str()).style(style(Some(check.ever))),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn board(checks: usize) -> Board {
        let line = |name: &str| LineRow {
            name: name.to_owned(),
            level: Level::Low,
            rate: "30.00 Hz".to_owned(),
            width: "20.00 ms".to_owned(),
            glitches: Some((2, 17)),
        };
        let check = |number: usize| CheckRow {
            verdict: if number == 0 { Verdict::Fail } else { Verdict::Pass },
            name: format!("exposure.time-{number}"),
            rule: "20 ms ± 50 us".to_owned(),
            now: "20.100 ms ± 1.0 µs".to_owned(),
            worst: "20.200 ms ± 1.0 µs".to_owned(),
            ever: Verdict::Fail,
        };
        Board {
            title: "demo (Demo device)".to_owned(),
            facts: "1 MHz, last 10 s; board7.spec.toml".to_owned(),
            verdict: Some(Verdict::Fail),
            is_full: true,
            reason: "1 check of 3 failed".to_owned(),
            clocks: vec!["frame 33.33 ms (30.00 Hz) by FSIN, 299 in the window".to_owned()],
            lines: vec![line("strobe (D0)"), line("fsin (D1)")],
            checks: (0..checks).map(check).collect(),
            findings: vec!["STROBE loses pulses in bursts".to_owned()],
            note: Some("wrote watch.sr".to_owned()),
        }
    }

    fn drawn(width: u16, height: u16, board: &Board) -> Vec<String> {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, board)).unwrap();
        let buffer = terminal.backend().buffer();
        let row = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..height).map(row).collect()
    }

    #[test]
    fn everything_is_on_a_small_screen() {
        let rows = drawn(80, 24, &board(3));
        let text = rows.join("\n");
        assert!(rows[0].starts_with("watch demo (Demo device)  1 MHz, last 10 s; board7.spec.toml"), "{text}");
        assert!(rows[1].starts_with("█████  ███  █████ █"), "{text}");
        for part in [
            "1 check of 3 failed",
            "frame 33.33 ms (30.00 Hz) by FSIN",
            "strobe (D0)",
            "▁ low",
            "30.00 Hz",
            "FAIL  exposure.time-0",
            "pass  exposure.time-2",
            "20.200 ms ± 1.0 µs",
            "! STROBE loses pulses in bursts",
        ] {
            assert!(text.contains(part), "{part}:\n{text}");
        }
        assert!(rows[23].starts_with("q quit") && rows[23].ends_with("wrote watch.sr"), "{text}");
    }

    #[test]
    fn what_finds_no_room_is_counted_and_what_fails_is_kept() {
        let text = drawn(80, 24, &board(40)).join("\n");
        assert!(text.contains("FAIL  exposure.time-0") && text.contains("more"), "{text}");
        let small = drawn(30, 8, &board(40));
        assert_eq!(small[1], "FAIL");
    }

    #[test]
    fn a_large_screen_has_larger_letters_and_any_size_can_be_drawn() {
        let rows = drawn(200, 60, &board(3));
        assert!(rows[1].starts_with("██████████") && rows[2] == rows[1], "{}", rows.join("\n"));
        for (width, height) in [(1, 1), (3, 2), (10, 5), (80, 3), (300, 4)] {
            drawn(width, height, &board(5));
            drawn(width, height, &Board::empty("demo"));
        }
    }
}
