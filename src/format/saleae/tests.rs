use super::*;
use crate::capture::Capture;
use crate::format::{open, read_capture};

fn head(version: i32, kind: i32) -> Vec<u8> {
    let mut bytes = b"<SALEAE>".to_vec();
    bytes.extend(version.to_le_bytes());
    bytes.extend(kind.to_le_bytes());
    bytes
}

/// A record: its level, rate, begin, end and transitions.
fn record(bytes: &mut Vec<u8>, high: u32, rate: Option<f64>, span: (f64, f64), transitions: &[f64]) {
    bytes.extend(high.to_le_bytes());
    for number in rate.into_iter().chain([span.0, span.1]) {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend((transitions.len() as u64).to_le_bytes());
    transitions.iter().for_each(|time| bytes.extend(time.to_le_bytes()));
}

fn captured(bytes: &[u8], rate: Option<&str>) -> Result<Capture, String> {
    let rate = rate.map(|rate| SampleRate::parse(rate).unwrap());
    let reader = open(Box::new(bytes.to_vec())).map_err(|error| error.to_string())?;
    let request = Request { rate, ..Request::of(vec![0]) };
    read_capture(&*reader, &request).map_err(|error| error.to_string())
}

fn spans(capture: &Capture) -> Vec<(u64, u64)> {
    capture.lost.spans().iter().map(|span| (span.from.get(), span.to.get())).collect()
}

// Written out by hand from Saleae's description of the format: low, -1 ms to 3 ms, transitions at 0 and 1.5 ms.
const BY_HAND: [u8; 60] = [
    b'<', b'S', b'A', b'L', b'E', b'A', b'E', b'>', 0, 0, 0, 0, 0, 0, 0, 0, // identifier, version 0, digital
    0, 0, 0, 0, // low
    0xfc, 0xa9, 0xf1, 0xd2, 0x4d, 0x62, 0x50, 0xbf, // -0.001
    0xfa, 0x7e, 0x6a, 0xbc, 0x74, 0x93, 0x68, 0x3f, // 0.003
    2, 0, 0, 0, 0, 0, 0, 0, // two transitions
    0, 0, 0, 0, 0, 0, 0, 0, // 0
    0xfa, 0x7e, 0x6a, 0xbc, 0x74, 0x93, 0x58, 0x3f, // 0.0015
];

#[test]
fn a_file_of_version_0_states_times() {
    let capture = captured(&BY_HAND, None).unwrap();
    let line = &capture.lines[0];
    assert_eq!((line.probe.name.as_str(), line.waveform.initial().bit()), ("digital", 0));
    assert_eq!((line.waveform.changes().to_vec(), capture.length.get()), (vec![1_000_000, 2_500_000], 4_000_000));
    assert_eq!(capture.end, RecordEnd::Stated);
    assert_eq!((capture.header.rate.clone(), capture.rate), (None, SampleRate::parse("1 GHz").unwrap()));
    let sampled = captured(&BY_HAND, Some("12.5 MHz")).unwrap();
    assert_eq!((sampled.lines[0].waveform.changes().to_vec(), sampled.length.get()), (vec![12_500, 31_250], 50_000));
    assert!(captured(&BY_HAND, Some("1.7 kHz")).unwrap_err().contains("lies between two samples"));
}

#[test]
fn gaps_between_chunks_are_lost() {
    let mut bytes = head(1, 0);
    bytes.extend(3_u64.to_le_bytes());
    record(&mut bytes, 1, Some(1e6), (0.0, 100e-6), &[20e-6, 60e-6]);
    record(&mut bytes, 1, Some(1e6), (100e-6, 200e-6), &[150e-6]);
    record(&mut bytes, 1, Some(1e6), (300.4e-6, 400.4e-6), &[310.4e-6]);
    let capture = captured(&bytes, None).unwrap();
    assert_eq!(capture.header.rate, SampleRate::parse("1 MHz").ok());
    assert_eq!(capture.lines[0].waveform.changes(), [20, 60, 150, 301, 311]);
    assert_eq!((capture.length.get(), spans(&capture)), (401, vec![(200, 301)]));
    assert_eq!(capture.problems, ["samples 200 to 300 have no data and are lost"]);
    assert_eq!(capture.lines[0].waveform.edges(&capture.lost), 4);
}

#[test]
fn what_is_cut_off_is_lost() {
    let capture = captured(&BY_HAND[..55], None).unwrap();
    assert_eq!(capture.lines[0].waveform.changes(), [1_000_000]);
    assert_eq!(capture.problems, ["the file ends after 1 of the 2 transitions of chunk 1; what follows is lost"]);
    assert_eq!(spans(&capture), [(1_000_001, 1_000_001)]);
    let mut longer = BY_HAND.to_vec();
    longer.push(0);
    assert_eq!(captured(&longer, None).unwrap().problems.len(), 1);
    let mut disorder = BY_HAND.to_vec();
    disorder[51] = 0xbf;
    disorder[50] = 0xff;
    assert_eq!(captured(&disorder, None).unwrap().problems, ["transition 0 at byte 44 is out of order"]);
}

#[test]
fn other_exports_are_refused() {
    let refused = |bytes: &[u8], error: &str| assert_eq!(captured(bytes, None).unwrap_err(), error);
    refused(&head(2, 0), "a binary export of version 2; versions 0 and 1 can be read");
    refused(&head(0, 1), "an analog channel; export the digital channels");
    refused(&head(0, 7), "an export of type 7; type 0, digital, can be read");
    refused(&BY_HAND[..30], "byte 28: it ends within the head of its data");
    let chunked = |count: u64| [head(1, 0), count.to_le_bytes().to_vec()].concat();
    refused(&chunked(0), "it has no chunk of data");
    refused(&chunked(u64::MAX), "more than 1048576 chunks");
    let mut two = chunked(2);
    record(&mut two, 0, Some(1e6), (0.0, 1.0), &[]);
    record(&mut two, 0, Some(2e6), (1.0, 2.0), &[]);
    refused(&two, "chunk 2 was taken at another sample rate than the first; export the time span of one rate");
    let mut backwards = head(0, 0);
    record(&mut backwards, 0, None, (2.0, 1.0), &[]);
    refused(&backwards, "byte 16: it ends before it begins");
    let mut timeless = head(0, 0);
    record(&mut timeless, 0, None, (f64::NAN, 1.0), &[]);
    refused(&timeless, "byte 16: it ends before it begins");
    let mut endless = head(0, 0);
    record(&mut endless, 0, None, (0.0, f64::INFINITY), &[]);
    refused(&endless, "byte 16: its times are beyond what can be counted");
}

/// A folder as one source: the head of a folder, and its files.
fn folder(files: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = [&FOLDER[..], &(files.len() as u32).to_le_bytes()].concat();
    for (number, file) in files {
        bytes.extend(number.to_le_bytes());
        bytes.extend((file.len() as u64).to_le_bytes());
    }
    files.iter().for_each(|(_, file)| bytes.extend(file));
    bytes
}

fn of_chunks(rate: f64, chunks: &[(f64, f64, &[f64])]) -> Vec<u8> {
    let mut bytes = head(1, 0);
    bytes.extend((chunks.len() as u64).to_le_bytes());
    chunks.iter().for_each(|(begin, end, times)| record(&mut bytes, 0, Some(rate), (*begin, *end), times));
    bytes
}

#[test]
fn a_folder_is_one_capture() {
    let strobe = of_chunks(1e6, &[(0.0, 0.001, &[0.000_1, 0.000_3])]);
    let fsin = of_chunks(1e6, &[(0.0, 0.001, &[0.000_1, 0.000_2, 0.000_4])]);
    let bytes = folder(&[(0, strobe.clone()), (2, fsin.clone())]);
    let reader = open(Box::new(bytes)).unwrap();
    let capture = read_capture(&*reader, &Request::of(vec![0, 1])).unwrap();
    let line =
        |place: usize| (capture.lines[place].probe.name.as_str(), capture.lines[place].waveform.changes().to_vec());
    assert_eq!((line(0), line(1)), (("digital_0", vec![100, 300]), ("digital_2", vec![100, 200, 400])));
    assert_eq!(
        (capture.length.get(), capture.rate, capture.problems.len()),
        (1000, SampleRate::parse("1 MHz").unwrap(), 0)
    );
    // What is wrong with a file is said of it.
    let torn = fsin[..fsin.len() - 4].to_vec();
    let reader = open(Box::new(folder(&[(0, strobe.clone()), (2, torn)]))).unwrap();
    let capture = read_capture(&*reader, &Request::of(vec![0, 1])).unwrap();
    assert_eq!(
        capture.problems,
        ["digital_2.bin: the file ends after 2 of the 3 transitions of chunk 1; what follows is lost"]
    );
    assert_eq!(
        (capture.lines[0].waveform.changes().to_vec(), capture.lines[1].waveform.changes().to_vec()),
        (vec![100, 300], vec![100, 200])
    );
    let other = of_chunks(2e6, &[(0.0, 0.001, &[])]);
    let refused =
        |file: Vec<u8>| open(Box::new(folder(&[(0, strobe.clone()), (7, file)]))).map(|_| ()).unwrap_err().to_string();
    assert!(refused(other).starts_with("digital_7.bin was taken at another sample rate than the first"));
    assert_eq!(refused(head(1, 1)), "digital_7.bin: an analog channel; export the digital channels");
}

#[test]
fn a_channel_whose_record_is_shorter_is_not_known_from_there_on() {
    let long = of_chunks(1e6, &[(0.0, 0.001, &[0.000_9])]);
    let short = of_chunks(1e6, &[(0.0, 0.000_5, &[0.000_1]), (0.000_6, 0.000_7, &[])]);
    let reader = open(Box::new(folder(&[(0, long), (1, short)]))).unwrap();
    let capture = read_capture(&*reader, &Request::of(vec![0, 1])).unwrap();
    let unknown: Vec<(u64, u64)> =
        capture.lines[1].unknown.spans().iter().map(|span| (span.from.get(), span.to.get())).collect();
    assert_eq!((unknown, capture.lost.is_empty()), (vec![(500, 600), (700, 1000)], true));
    assert_eq!(capture.lines[0].waveform.changes(), [900]);
}
