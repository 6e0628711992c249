//! Which judgements of a folder of results count: equal keys are one judgement, however often, where and when it was
//! written.
//!
//! They are sorted as they are: to sort 1.25 million in a frame of polars and compare neighbours took 0.42 s and 174 MB, instead
//! of 0.15 s and 83 MB, and its rows name neither parts nor folders.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use sha2::{Digest, Sha256};

use super::results::TimeSource;
use super::texts::Texts;
use crate::report::{Overall, SubjectNotes};
use crate::units::calendar_seconds;
use crate::verdict::RULES;

/// What is known of a judgement before it is known whether it counts; texts are those of the part that is being read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgementView<'a> {
    /// SHA-256 of the capture; none of one that could not be read.
    pub sha256: Option<&'a str>,
    /// SHA-256 of the effective spec, with window, rate and log.
    pub spec_sha256: Option<&'a str>,
    /// The number of the rules; 0 of those that were before they had one.
    pub rules: u64,
    /// The capture's path, as given.
    pub capture: &'a str,
    /// Its verdict.
    pub verdict: Option<&'a str>,
    /// The device under test.
    pub dut: Option<&'a str>,
    /// When the capture was taken.
    pub taken_at: Option<&'a str>,
    /// What says so.
    pub time_source: Option<&'a str>,
    /// The name of the part that it came in, where it was compacted into another.
    pub part: Option<&'a str>,
}

/// What a file of results is called and where it lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartName<'a> {
    /// `part-0123456789abcdef.parquet`.
    pub name: &'a str,
    /// Its folder.
    pub folder: &'a str,
    /// The station of that folder.
    pub station: Option<&'a str>,
}

/// A key: of a judged capture its bytes, and what judged it; of one that could not be read all that was said of it.
type Key = [u8; 16];

/// A judgement that was read.
#[derive(Debug, Clone, Copy)]
struct Seen {
    key: Key,
    rules: u64,
    /// None is later than all: a time that is known is better than one that is not.
    time: Option<(TimeSource, i64)>,
    /// The text of the name that it came under.
    part: u32,
    /// The file that it was read from.
    file: u32,
    /// Its place in that file.
    place: u32,
    /// What tells station and unit from others.
    subject: u64,
}

/// The judgements of a folder, as they are read.
#[derive(Debug, Default)]
pub struct Judgements {
    seen: Vec<Seen>,
    /// The beginnings of their keys.
    keys: HashSet<u64>,
    texts: Texts,
    /// The folder of each file, as a text.
    folders: Vec<u32>,
    read: u32,
}

/// How often judgements were there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Repeats {
    /// Judgements that were there already, by the same rules or older ones: they do not count.
    pub repeated: u64,
    /// Judgements that count, and were written for more than one station or unit.
    pub contradicting: u64,
    /// Judgements that count, and were written before there was a number of the rules.
    pub older: u64,
}

/// Which judgements count, by file and place in it.
#[derive(Debug, Default)]
pub struct Counting {
    /// How often judgements were there.
    pub repeats: Repeats,
    judgements: u64,
    /// Of each file the places of those that do not count, in their order: of most files there are none.
    others: Vec<Vec<u32>>,
}

impl Judgements {
    /// Whether each surely counts so far: no key begins as another.
    #[must_use]
    pub fn all_count(&self) -> bool {
        self.keys.len() == self.seen.len()
    }

    /// Begins another file; files are numbered in this order, from 0.
    pub fn file(&mut self, name: PartName<'_>) -> FileJudgements<'_> {
        let folder = self.texts.number(name.folder);
        self.folders.push(folder);
        self.read = 0;
        let own = self.texts.number(name.name);
        FileJudgements { station: name.station.map(str::to_owned), own, all: self }
    }

    /// Of each key the judgement that counts: by the highest rules' number; of these the one whose time is said by the
    /// best source, and earliest, since a file that is copied or touched looks younger than it is; of these the one of
    /// the part whose name sorts last.
    #[must_use]
    pub fn counting(mut self) -> Counting {
        let Judgements { seen, texts, folders, .. } = &mut self;
        let standing = |seen: &Seen| {
            let folder = folders.get(seen.file as usize).map_or("", |folder| texts.text(*folder));
            let time = seen.time.map_or((true, None), |time| (false, Some(time)));
            (seen.rules, Reverse(time), texts.text(seen.part), folder, seen.file, seen.place)
        };
        seen.sort_unstable_by(|a, b| a.key.cmp(&b.key).then_with(|| standing(a).cmp(&standing(b))));
        let mut counting = Counting { others: vec![Vec::new(); self.folders.len()], ..Counting::default() };
        for equal in self.seen.chunk_by(|a, b| a.key == b.key) {
            let Some((last, others)) = equal.split_last() else { continue };
            counting.repeats.repeated += others.len() as u64;
            counting.repeats.contradicting += u64::from(equal.iter().any(|seen| seen.subject != last.subject));
            counting.repeats.older += u64::from(last.rules == 0);
            counting.judgements += 1;
            for other in others {
                if let Some(of_file) = counting.others.get_mut(other.file as usize) {
                    of_file.push(other.place);
                }
            }
        }
        counting.others.iter_mut().for_each(|places| places.sort_unstable());
        counting
    }

    /// What is kept when files are made one, of all that lie under one station and day: of judgements that are equal in
    /// key and unit, the one that would count.
    #[must_use]
    pub fn kept(mut self) -> Counting {
        for seen in &mut self.seen {
            let mut hash = Sha256::new();
            hash.update(seen.key);
            hash.update(seen.subject.to_be_bytes());
            seen.key = first_half(hash);
        }
        self.counting()
    }
}

/// The judgements of a file, as they are read.
#[derive(Debug)]
pub struct FileJudgements<'j> {
    all: &'j mut Judgements,
    station: Option<String>,
    own: u32,
}

impl FileJudgements<'_> {
    /// Takes the next judgement.
    pub fn take(&mut self, view: &JudgementView<'_>) {
        let all = &mut *self.all;
        let subject = format!("{:?} {:?}", self.station, view.dut);
        let mut hash = Sha256::new();
        match view.sha256 {
            Some(sha256) => {
                hash.update(sha256);
                hash.update(b" ");
                hash.update(view.spec_sha256.unwrap_or_default());
            }
            None => hash.update(format!("{subject} {:?}", view.capture)),
        }
        let source = view.time_source.and_then(TimeSource::from_key);
        let part = match view.part {
            Some(name) => all.texts.number(name),
            None => self.own,
        };
        let key = first_half(hash);
        all.keys.insert(beginning(key));
        all.seen.push(Seen {
            key,
            rules: view.rules,
            time: source.zip(view.taken_at.and_then(calendar_seconds)),
            part,
            file: u32::try_from(all.folders.len().saturating_sub(1)).unwrap_or(u32::MAX),
            place: all.read,
            subject: beginning(first_half(Sha256::new_with_prefix(subject))),
        });
        all.read = all.read.saturating_add(1);
    }
}

/// The verdicts that are there by today's rules, as a run asks for them before it judges.
#[derive(Debug, Default)]
pub struct KnownJudgements(HashMap<Key, Overall>);

impl KnownJudgements {
    /// Takes a judgement of this station.
    pub fn take(&mut self, station: Option<&str>, view: &JudgementView<'_>) {
        let all = [Overall::Pass, Overall::Fail, Overall::Inconclusive, Overall::Error];
        let verdict = all.into_iter().find(|overall| Some(overall.key()) == view.verdict);
        if let (Some(sha256), Some(judged_by), Some(verdict)) = (view.sha256, view.spec_sha256, verdict)
            && view.rules == RULES
        {
            self.0.insert(known_key(station, view.dut, sha256, judged_by), verdict);
        }
    }

    /// The verdict of this capture, by what it is judged by and of this unit at this station.
    #[must_use]
    pub fn verdict(&self, subject: &SubjectNotes, sha256: &str, judged_by: &str) -> Option<Overall> {
        let key = known_key(subject.station.as_deref(), subject.dut.as_deref(), sha256, judged_by);
        self.0.get(&key).copied()
    }
}

fn known_key(station: Option<&str>, dut: Option<&str>, sha256: &str, judged_by: &str) -> Key {
    let mut hash = Sha256::new();
    hash.update(format!("{station:?} {dut:?} {sha256:?} {judged_by:?}"));
    first_half(hash)
}

fn beginning(key: Key) -> u64 {
    (u128::from_be_bytes(key) >> 64) as u64
}

fn first_half(hash: Sha256) -> Key {
    let mut key = Key::default();
    let digest = hash.finalize();
    key.copy_from_slice(&digest[..16]);
    key
}

impl Counting {
    /// Whether a judgement that was taken counts.
    #[must_use]
    pub fn counts(&self, file: usize, place: u32) -> bool {
        self.others.get(file).is_some_and(|places| places.binary_search(&place).is_err())
    }

    /// Whether a file holds judgements that do not count.
    #[must_use]
    pub fn others(&self, file: usize) -> bool {
        self.others.get(file).is_some_and(|places| !places.is_empty())
    }

    /// How many judgements count.
    #[must_use]
    pub fn judgements(&self) -> u64 {
        self.judgements
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: JudgementView<'_> = JudgementView {
        sha256: Some("aa"),
        spec_sha256: Some("bb"),
        rules: 1,
        capture: "a.sr",
        verdict: Some("pass"),
        dut: Some("7"),
        taken_at: Some("2026-11-20T00:00:00"),
        time_source: Some("file"),
        part: None,
    };

    /// Each file with its one judgement: which of them counts, and how often there were others.
    fn counting(files: &[(&str, Option<&str>, JudgementView<'_>)]) -> (Vec<usize>, Repeats) {
        let mut judgements = Judgements::default();
        for (name, station, view) in files {
            let folder = format!("station={}", station.unwrap_or("unstated"));
            judgements.file(PartName { name, folder: &folder, station: *station }).take(view);
        }
        let counting = judgements.counting();
        let counted: Vec<usize> = (0..files.len()).filter(|file| counting.counts(*file, 0)).collect();
        assert_eq!(counting.judgements(), counted.len() as u64);
        (counted, counting.repeats)
    }

    #[test]
    fn equal_keys_are_one_judgement_and_the_newest_rules_count() {
        let older = JudgementView { rules: 0, ..VIEW };
        let other = JudgementView { spec_sha256: Some("cc"), ..VIEW };
        let (counted, repeats) = counting(&[
            ("part-3", None, older),
            ("part-1", None, VIEW),
            ("part-2", None, other),
            ("part-9", None, older),
        ]);
        assert_eq!(counted, [1, 2]);
        assert_eq!(repeats, Repeats { repeated: 2, contradicting: 0, older: 0 });
        assert_eq!(counting(&[("part-1", None, older)]).1.older, 1);
    }

    #[test]
    fn a_copy_that_looks_younger_is_no_other_capture() {
        let later = JudgementView { taken_at: Some("2026-11-21T00:00:00"), ..VIEW };
        let stated = JudgementView { time_source: Some("sidecar"), ..later };
        let untold = JudgementView { taken_at: None, time_source: None, ..VIEW };
        let files = [("part-9", None, later), ("part-1", None, VIEW), ("part-8", None, untold)];
        assert_eq!(counting(&files).0, [1]);
        assert_eq!(counting(&[files[0], files[1], ("part-2", None, stated)]).0, [2]);
    }

    #[test]
    fn of_other_stations_and_units_the_part_counts_whose_name_sorts_last() {
        let unit = JudgementView { dut: Some("8"), ..VIEW };
        let files = [("part-2", Some("A"), VIEW), ("part-3", Some("A"), unit), ("part-1", Some("B"), VIEW)];
        let (counted, repeats) = counting(&files);
        assert_eq!((counted, repeats), (vec![1], Repeats { repeated: 2, contradicting: 1, older: 0 }));
        // The name stays with what was compacted.
        let compacted = JudgementView { part: Some("part-3"), ..unit };
        assert_eq!(counting(&[("part-2", Some("A"), VIEW), ("compact-1", Some("A"), compacted)]).0, [1]);
    }

    #[test]
    fn what_could_not_be_read_is_known_by_all_that_was_said_of_it() {
        let unread = JudgementView { sha256: None, spec_sha256: None, ..VIEW };
        let touched = JudgementView { taken_at: Some("2026-11-21T00:00:00"), ..unread };
        let elsewhere = JudgementView { capture: "b.sr", ..unread };
        let files = [("part-1", None, unread), ("part-2", None, touched), ("part-3", None, elsewhere)];
        assert_eq!(counting(&files).0, [0, 2]);
        assert_eq!(counting(&[files[0], ("part-4", Some("B"), unread)]).0, [0, 1]);
    }

    #[test]
    fn compacting_keeps_what_each_unit_was_told() {
        let mut judgements = Judgements::default();
        let other = JudgementView { dut: Some("8"), ..VIEW };
        let older = JudgementView { rules: 0, ..VIEW };
        // By the newest rules, though those are a capture's that looks younger.
        let later = JudgementView { rules: 2, taken_at: Some("2026-11-21T00:00:00"), ..VIEW };
        for (name, views) in [("part-1", vec![later, VIEW, other, older]), ("part-2", vec![other])] {
            let mut file = judgements.file(PartName { name, folder: "station=A", station: Some("A") });
            views.iter().for_each(|view| file.take(view));
        }
        let kept = judgements.kept();
        assert_eq!((0..4).filter(|place| kept.counts(0, *place)).collect::<Vec<u32>>(), [0]);
        assert!(kept.counts(1, 0) && kept.others(0) && !kept.others(1));
    }
}
