//! The floors hold: imports go down only, and what belongs in one place stays there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Every module and its floor; a file imports from lower floors and from its own module only.
const FLOORS: [(&str, u32); 27] = [
    ("units", 0),
    ("escape", 0),
    ("guide", 0),
    ("workers", 0),
    ("csv", 0),
    ("signal", 1),
    ("rig", 1),
    ("snippet", 1),
    ("capture", 2),
    ("format", 3),
    ("live", 3),
    ("scenario", 3),
    ("line", 2),
    ("log", 2),
    ("frame", 3),
    ("quantity", 4),
    ("spec", 5),
    ("verdict", 6),
    ("diagnosis", 7),
    ("report", 8),
    ("verify", 9),
    ("study", 9),
    ("explain", 10),
    ("table", 10),
    ("render", 11),
    ("cli", 12),
    ("lib", 13),
];

/// Where floats may stand: where samples of an analog channel, names or times of a file are compared, what is read and no part
/// of a verdict, and whatever is drawn or said.
const FLOATS: &[&str] = &[
    "units/rational.rs",
    "units/rational/",
    "signal/analog.rs",
    "format/saleae/",
    "format/srzip/",
    "live/",
    "report/testing.rs",
    "snippet.rs",
    "verdict/",
    "diagnosis/",
    "study/",
    "explain/",
    "table/",
    "render/",
    "cli/",
    "sigrok-sys/",
];

/// Texts that may stand only below these paths.
const ONLY_IN: [(&str, &[&str]); 11] = [
    ("f64", FLOATS),
    ("f32", FLOATS),
    ("polars", &["table/"]),
    ("plotters", &["render/plot/"]),
    ("unsafe ", &["sigrok-sys/"]),
    ("libloading", &["sigrok-sys/"]),
    ("sigrok_sys", &["live/", "sigrok-sys/"]),
    ("ratatui", &["cli/watch/"]),
    ("println!", &[]),
    ("stdout()", &["cli/"]),
    ("std::fs", &["cli/", "format/source.rs", "live/usb.rs"]),
];

/// Longer files are two things in one: their code, and all of it with its tests.
const LONGEST_CODE: usize = 400;
const LONGEST_FILE: usize = 500;

/// How files begin that a program made.
const GENERATED: &str = "// Made by ../bindings.sh";

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found under {}", root.display());
    found.sort();
    found
}

/// The code of a file without comments and without its tests, which stand at its end.
fn code(text: &str) -> String {
    let tests = text.match_indices("\n#[cfg(test)]\nmod ").find(|(at, _)| {
        let module = text[at + 1..].lines().nth(1).unwrap_or_default();
        module.ends_with('{')
    });
    let code = tests.map_or(text, |(at, _)| &text[..at]);
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn module_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap()
}

fn floor_of(module: &str) -> Option<u32> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

#[test]
fn imports_go_down_only() {
    let mut broken = Vec::new();
    for (file, text) in sources() {
        let module = module_of(&file);
        if module == "main" || module == "sigrok-sys" {
            continue;
        }
        let floor = floor_of(module).unwrap_or_else(|| panic!("{file}: the module {module} has no floor"));
        for imported in code(&text).split("crate::").skip(1) {
            let name: String = imported.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let below = floor_of(&name).is_some_and(|other| other < floor);
            if name != module && !below {
                broken.push(format!("{file} (floor {floor}) imports crate::{name}"));
            }
        }
    }
    assert!(broken.is_empty(), "imports that do not go down:\n{}", broken.join("\n"));
}

/// A module by the names that lead to it: `format`, `srzip`, `chunks`.
type Module = Vec<String>;

fn module_path(file: &str) -> Module {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// The paths that a tree of imports names: `a::{b, c::{d, e}}` names three.
fn leaves(tree: &str) -> Vec<String> {
    let Some((head, rest)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let (mut depth, mut parts) = (0, vec![String::new()]);
    // Closing braces at the end may be those of a part: one that lacks them is read all the same.
    for letter in rest.trim_end().trim_end_matches('}').chars() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        match (letter, depth) {
            (',', 0) => parts.push(String::new()),
            _ => parts.last_mut().unwrap().push(letter),
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| leaves(part)).map(|leaf| format!("{}{leaf}", head.trim())).collect()
}

/// The paths that a file names, in its imports and elsewhere.
fn named_paths(code: &str) -> Vec<String> {
    let (mut paths, mut others) = (Vec::new(), String::new());
    for statement in code.split_inclusive(';') {
        match statement.rsplit_once("use ").filter(|(before, _)| before.is_empty() || before.ends_with(['\n', ' '])) {
            Some((before, tree)) => {
                others.push_str(before);
                paths.extend(leaves(tree.trim_end_matches(';')));
            }
            None => others.push_str(statement),
        }
    }
    let is_of_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    paths.extend(others.split(|letter| !is_of_path(letter)).filter(|word| word.contains("::")).map(str::to_owned));
    paths
}

/// The module of our own that a path names in this one, as far as it goes.
fn imported(path: &str, from: &Module, modules: &BTreeSet<Module>) -> Option<Module> {
    let names: Vec<&str> = path.split("::").map(|name| name.split_whitespace().next().unwrap_or_default()).collect();
    let ups = names.iter().take_while(|name| **name == "super").count();
    let (mut at, rest) = match *names.first()? {
        "crate" => (Vec::new(), &names[1..]),
        "self" => (from.clone(), &names[1..]),
        _ if ups > 0 => (from[..from.len().checked_sub(ups)?].to_vec(), &names[ups..]),
        _ => (from.clone(), &names[..]),
    };
    for name in rest {
        let further = [at.as_slice(), &[(*name).to_owned()]].concat();
        if !modules.contains(&further) {
            break;
        }
        at = further;
    }
    (at != *from && modules.contains(&at)).then_some(at)
}

/// Imports, and how far they were followed.
struct Imports {
    of: BTreeMap<Module, BTreeSet<Module>>,
    /// No circle goes through these.
    done: BTreeSet<Module>,
}

impl Imports {
    /// A circle that is met from the last module of the way on, if one is.
    fn circle(&mut self, way: &mut Vec<Module>) -> Option<Vec<Module>> {
        let at = way.last()?.clone();
        for next in self.of.get(&at).cloned().unwrap_or_default() {
            if let Some(begin) = way.iter().position(|module| *module == next) {
                return Some(way[begin..].to_vec());
            }
            if !self.done.contains(&next) {
                way.push(next);
                if let Some(found) = self.circle(way) {
                    return Some(found);
                }
                way.pop();
            }
        }
        self.done.insert(at);
        None
    }
}

/// A module and its own parts name each other, as they must; no two others do, directly or over more of them.
#[test]
fn no_two_files_need_each_other() {
    let files: Vec<(Module, String)> = (sources().iter())
        .filter(|(file, _)| !["main", "lib"].contains(&module_of(file)) && !file.contains("/tests/"))
        .map(|(file, text)| (module_path(file), code(text)))
        .collect();
    let modules: BTreeSet<Module> = files.iter().map(|(module, _)| module.clone()).collect();
    let mut imports = Imports { of: BTreeMap::new(), done: BTreeSet::new() };
    for (module, code) in &files {
        let named = named_paths(code).into_iter().filter_map(|path| imported(&path, module, &modules));
        let others = named.filter(|other| !other.starts_with(module) && !module.starts_with(other));
        imports.of.insert(module.clone(), others.collect());
    }
    let count: usize = imports.of.values().map(BTreeSet::len).sum();
    assert!(count > 500, "only {count} imports were found");
    for module in modules {
        if let Some(circle) = imports.circle(&mut vec![module]) {
            let names: Vec<String> = circle.iter().map(|module| module.join("/")).collect();
            panic!("imports in a circle: {}", names.join(" -> "));
        }
    }
}

#[test]
fn trees_of_imports_are_read_whole() {
    assert_eq!(leaves("a::{b, c::{d, e}}"), ["a::b", "a::c::d", "a::c::e"]);
    assert_eq!(leaves("a::{c::{d, e}, b}"), ["a::c::d", "a::c::e", "a::b"]);
    let paths = named_paths("use a::{b};\npub(super) use c;\nfn f() { super::g::h(d::E) }");
    assert_eq!(paths, ["a::b", "c", "super::g::h", "d::E"]);
    let module = |path: &str| module_path(path);
    let modules = BTreeSet::from([module("a/mod.rs"), module("a/b.rs"), module("a/c.rs"), module("d.rs")]);
    for (path, found) in
        [("super::c::X", Some("a/c")), ("crate::d::Y", Some("d")), ("super::Z", Some("a")), ("std::fs", None)]
    {
        assert_eq!(imported(path, &module("a/b.rs"), &modules), found.map(module), "{path}");
    }
}

#[test]
fn every_module_is_on_a_floor_and_every_floor_is_used() {
    let files = sources();
    for (file, _) in &files {
        let module = module_of(file);
        assert!(["main", "sigrok-sys"].contains(&module) || floor_of(module).is_some(), "{file} has no floor");
    }
}

/// The modules of a floor, as a line or row names them: `units`, `escape`.
fn named(line: &str) -> Vec<String> {
    let names = line.split('`').skip(1).step_by(2);
    names.map(|name| name.trim_start_matches("mod@").to_owned()).filter(|name| floor_of(name).is_some()).collect()
}

/// The floors with their modules, as the lines say that begin with `mark`, the floor and `rest`.
fn floors_in(text: &str, mark: &str, rest: &str) -> Vec<(u32, Vec<String>)> {
    let row = |line: &str| {
        let (floor, modules) = line.strip_prefix(mark)?.split_once(rest)?;
        Some((floor.trim().parse().ok()?, named(modules.split(" | ").next()?)))
    };
    text.lines().filter_map(row).collect()
}

#[test]
fn the_docs_name_every_module_on_its_floor() {
    let read = |file: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let mut expected: Vec<(String, u32)> =
        FLOORS.iter().filter(|(name, _)| *name != "lib").map(|(name, floor)| ((*name).to_owned(), *floor)).collect();
    expected.sort();
    for (file, mark, rest) in [("src/lib.rs", "//! - ", ": "), ("src/guide/architecture.md", "| ", " | ")] {
        let listed = floors_in(&read(file), mark, rest).into_iter();
        let mut listed: Vec<(String, u32)> =
            listed.flat_map(|(floor, names)| names.into_iter().map(move |name| (name, floor))).collect();
        listed.sort();
        assert_eq!(listed, expected, "the floors as {file} lists them");
    }
}

/// What the checks of this file are for is the whole program: a file whose tests are elsewhere is read to its end.
#[test]
fn the_code_is_read_to_its_end() {
    assert_eq!(
        code("a;\n#[cfg(test)]\nmod tests;\nb; // c\n#[cfg(test)]\nmod tests {\n}\n"),
        "a;\n#[cfg(test)]\nmod tests;\nb; "
    );
    let lines = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    let (mut read, mut code_lines) = (0, 0);
    for (_, text) in sources().iter().filter(|(file, text)| !file.contains("/tests") && !text.starts_with(GENERATED)) {
        read += lines(&code(text));
        code_lines += text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//")).count();
    }
    assert!(read > 40_000 && read * 10 > code_lines * 7, "{read} of {code_lines} lines were read");
}

#[test]
fn what_belongs_in_one_place_stays_there() {
    let mut broken = Vec::new();
    for (file, text) in sources() {
        let code = code(&text);
        for (word, places) in ONLY_IN {
            if code.contains(word) && !places.iter().any(|place| file.starts_with(place)) {
                broken.push(format!("{file} names {word:?}, which belongs in {places:?}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn no_file_is_two_things() {
    for (file, text) in sources() {
        if text.starts_with(GENERATED) {
            continue;
        }
        let is_test = file.contains("/tests/");
        let of_code = || code(&text).lines().filter(|line| !line.trim().is_empty()).count();
        let (lines, code_lines) = (text.lines().count(), if is_test { 0 } else { of_code() });
        assert!(code_lines <= LONGEST_CODE, "{file} has {code_lines} lines of code, more than {LONGEST_CODE}");
        assert!(lines <= LONGEST_FILE, "{file} has {lines} lines, more than {LONGEST_FILE}");
    }
}
