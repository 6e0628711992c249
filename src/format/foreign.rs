//! What other programs' files are, so that a sentence can say it, and which way leads to a capture.

/// A file of another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// What it is.
    pub what: &'static str,
    /// What to do.
    pub way: &'static str,
}

/// How files begin, and what they are. Those that libsigrok reads are not among them.
const BEGINS: &[(&[u8], &str, &str)] = &[
    (b"\x7f\x01\x0a\x01\x0a", "a capture of Saleae Logic 1 (.logicdata)", "open it in Logic 1 and export CSV"),
    (b"GHDLwave", "a wave file of GHDL (.ghw)", "run the simulation with --vcd=FILE or --fst=FILE"),
    (b"\xff\xfe", "a text in UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "a text in UTF-16", "save it as UTF-8"),
    (b"\x1f\x8b", "packed with gzip", "unpack it: gunzip FILE"),
    (b"\xfd7zXZ\0", "packed with xz", "unpack it: unxz FILE"),
    (b"BZh", "packed with bzip2", "unpack it: bunzip2 FILE"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "unpack it: unzstd FILE"),
    (b"7z\xbc\xaf\x27\x1c", "an archive of 7-Zip", "unpack it and name the capture"),
    (b"Rar!\x1a\x07", "an archive of RAR", "unpack it and name the capture"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file, as oscilloscopes write it", "export the digital channels as CSV"),
    (b"MATLAB 5.0 MAT-file", "a file of MATLAB", "export the digital channels as CSV"),
    (b"TDSm", "a TDMS file of National Instruments", "export the digital channels as CSV"),
    (b":WFM#", "a waveform of a Tektronix oscilloscope", "export the digital channels as CSV"),
    (b"PAR1", "a table of Parquet", "export it as CSV; results of strobecheck are read by trend"),
    (b"%PDF-", "a PDF document", "name the capture"),
    (b"\x89PNG\r\n\x1a\n", "a picture", "a picture of waveforms cannot be measured; export the capture as CSV"),
];

/// What a file is that begins so, if it is none that is read here.
pub(super) fn recognise(head: &[u8]) -> Option<Foreign> {
    let known = BEGINS.iter().find(|(begin, ..)| head.starts_with(begin));
    if let Some((_, what, way)) = known {
        return Some(Foreign { what, way });
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    if text.starts_with('{') && has("Settings") && (has("Frequency") || has("Samples")) {
        let what = "a capture of the LogicAnalyzer software (.lac)";
        return Some(Foreign { what, way: "export it as CSV, or as a sigrok session" });
    }
    // LeCroy writes the length of the block before its name.
    let is_lecroy = head.get(..64).unwrap_or(head).windows(8).any(|name| name == b"WAVEDESC");
    is_lecroy.then_some(Foreign {
        what: "a waveform of a LeCroy oscilloscope (.trc)",
        way: "export the digital channels as CSV",
    })
}

/// What a ZIP archive is that is no session, by the names of its members.
pub(super) fn archive<'n>(names: impl Iterator<Item = &'n str>) -> Option<Foreign> {
    const KNOWN: &[(&str, &str, &str)] = &[
        // Those that do not begin as their programs write them.
        ("meta.json", "a capture of Saleae Logic 2 (.sal), packed anew", "say so: --input-format saleae-sal"),
        ("header", "a capture of DSView (.dsl), packed anew", "say so: --input-format dsview-dsl"),
        ("[Content_Types].xml", "an office document", "save the table as CSV"),
        ("content.xml", "an office document", "save the table as CSV"),
    ];
    let names: Vec<&str> = names.take(1000).map(|name| name.strip_prefix("./").unwrap_or(name)).collect();
    let known = KNOWN.iter().find(|(member, ..)| names.contains(member));
    if let Some((_, what, way)) = known {
        return Some(Foreign { what, way });
    }
    let has_sessions =
        names.iter().any(|name| name.ends_with(".sr") || name.ends_with(".csv") || name.ends_with(".vcd"));
    has_sessions.then_some(Foreign { what: "an archive with captures in it", way: "unpack it and name one of them" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_by_how_they_begin() {
        let what = |head: &[u8]| recognise(head).map_or("", |foreign| foreign.what);
        assert_eq!(what(b"\x7f\x01\x0a\x01\x0aData save2"), "a capture of Saleae Logic 1 (.logicdata)");
        assert_eq!(what(b"GHDLwave\n\x10"), "a wave file of GHDL (.ghw)");
        assert_eq!(what(b"\xff\xfet\0i\0m\0e\0"), "a text in UTF-16");
        assert_eq!(
            what(b"{\n  \"Settings\": {\n    \"Frequency\": 1000000,"),
            "a capture of the LogicAnalyzer software (.lac)"
        );
        assert_eq!(what(b"#9000012345WAVEDESC\0\0"), "a waveform of a LeCroy oscilloscope (.trc)");
        assert_eq!([what(b"{\"a\": 1}"), what(b"text"), what(b"")], ["", "", ""]);
    }

    #[test]
    fn archives_are_called_by_their_members() {
        let what = |names: &[&str]| archive(names.iter().copied()).map_or("", |foreign| foreign.what);
        assert_eq!(what(&["digital-0.bin", "meta.json"]), "a capture of Saleae Logic 2 (.sal), packed anew");
        assert_eq!(what(&["header", "decoders", "session", "L-0/0"]), "a capture of DSView (.dsl), packed anew");
        assert_eq!(what(&["[Content_Types].xml"]), "an office document");
        assert_eq!(what(&["day/a.sr"]), "an archive with captures in it");
        assert_eq!(what(&["a.txt"]), "");
    }
}
