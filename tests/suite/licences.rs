//! Every dependency may be part of this project: its licence is one that `.deny.toml` allows, and none of those that it
//! bans is there.

use std::process::Command;

/// A licence expression: names, `AND`, `OR` (also `/`), `WITH` and brackets.
struct Expression<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Expression<'a> {
    fn new(text: &'a str) -> Expression<'a> {
        let mut words = Vec::new();
        for word in text.split([' ', '/']).filter(|word| !word.is_empty()) {
            let mut rest = word;
            while let Some(inner) = rest.strip_prefix('(') {
                words.push("(");
                rest = inner;
            }
            let name = rest.trim_end_matches(')');
            words.push(name);
            words.extend(std::iter::repeat_n(")", rest.len() - name.len()));
        }
        // `MIT/Apache-2.0` is the old spelling of `MIT OR Apache-2.0`.
        let mut spelt: Vec<&str> = Vec::new();
        for word in words {
            let is_name = |word: &str| !["AND", "OR", "WITH", "(", ")"].contains(&word);
            if is_name(word) && spelt.last().is_some_and(|last| is_name(last)) {
                spelt.push("OR");
            }
            spelt.push(word);
        }
        Expression { words: spelt, at: 0 }
    }

    fn next(&mut self, word: &str) -> bool {
        let is_next = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is_next);
        is_next
    }

    /// Whether the allowed licences satisfy it.
    fn is_satisfied(&mut self, allowed: &[&str]) -> bool {
        let mut any = self.all(allowed);
        while self.next("OR") {
            any |= self.all(allowed);
        }
        any
    }

    fn all(&mut self, allowed: &[&str]) -> bool {
        let mut all = self.one(allowed);
        while self.next("AND") {
            all &= self.one(allowed);
        }
        all
    }

    fn one(&mut self, allowed: &[&str]) -> bool {
        if self.next("(") {
            let inner = self.is_satisfied(allowed);
            assert!(self.next(")"), "{:?}", self.words);
            return inner;
        }
        let mut name = self.words[self.at].to_owned();
        self.at += 1;
        if self.next("WITH") {
            name = format!("{name} WITH {}", self.words[self.at]);
            self.at += 1;
        }
        allowed.contains(&name.as_str())
    }
}

fn strings<'a>(table: &'a toml::Value, section: &str, key: &str) -> Vec<&'a str> {
    let entries = table[section][key].as_array().unwrap();
    entries.iter().map(|entry| entry.as_str().unwrap_or_else(|| entry["name"].as_str().unwrap())).collect()
}

#[test]
fn dependencies_have_licences_that_are_allowed() {
    let root = env!("CARGO_MANIFEST_DIR");
    let rules: toml::Value = toml::from_str(&std::fs::read_to_string(format!("{root}/.deny.toml")).unwrap()).unwrap();
    let (allowed, banned) = (strings(&rules, "licenses", "allow"), strings(&rules, "bans", "deny"));
    let output = (Command::new(env!("CARGO")).current_dir(root))
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50);
    let mut refused = Vec::new();
    for package in packages {
        let (name, licence) = (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or("none"));
        if banned.contains(&name) || !Expression::new(licence).is_satisfied(&allowed) {
            refused.push(format!("{name}: {licence}"));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn expressions_mean_what_they_say() {
    let allowed = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"];
    for (expression, satisfied) in [
        ("MIT", true),
        ("GPL-2.0-only", false),
        ("GPL-2.0-only OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("MIT AND Apache-2.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
        ("(MIT OR Apache-2.0) AND Zlib", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", false),
        ("Unicode-3.0 AND Zlib OR MIT", true),
        ("none", false),
    ] {
        assert_eq!(Expression::new(expression).is_satisfied(&allowed), satisfied, "{expression}");
    }
}
