//! Holds the table of imports: a stage imports `domain` and no other stage.

#![allow(clippy::unwrap_used)] // A test that cannot go on shall stop.

use std::fs;
use std::path::{Path, PathBuf};

/// Who may import what of the crate. `domain` imports nothing; a stage imports `domain`, and where
/// pictures are worked on also `engine`; only the last eight know several stages.
const TABLE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("engine", &["domain"]),
    ("handwriting", &["domain"]),
    ("ingest", &["domain"]),
    ("straighten", &["domain", "engine"]),
    ("locate", &["domain"]),
    ("read", &["domain", "engine"]),
    ("assemble", &["domain"]),
    ("trust", &["domain"]),
    ("certify", &["domain"]),
    ("link", &["domain"]),
    ("store", &["domain"]),
    ("issue", &["domain"]),
    ("export", &["domain"]),
    ("evaluate", &["domain"]),
    ("pipeline", &["domain", "engine", "ingest", "straighten", "locate", "read", "assemble", "trust"]),
    ("batch", &["domain", "pipeline"]),
    ("counter", &["domain", "store", "issue"]),
    ("reread", &["domain", "ingest", "locate", "handwriting", "pipeline"]),
    ("weighing", &["domain", "store", "trust", "pipeline"]),
    ("web", &["domain", "assemble", "trust", "store", "counter", "reread", "weighing"]),
    (
        "cli",
        &[
            "domain",
            "engine",
            "handwriting",
            "ingest",
            "straighten",
            "locate",
            "read",
            "assemble",
            "trust",
            "certify",
            "link",
            "store",
            "issue",
            "export",
            "evaluate",
            "counter",
            "reread",
            "weighing",
            "pipeline",
            "batch",
            "web",
        ],
    ),
];

#[test]
fn stages_import_only_what_the_table_allows() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (module, allowed) in TABLE {
        for file in files_of(&source, module) {
            let text = fs::read_to_string(&file).unwrap();
            for import in imports(&text) {
                if import != *module && !allowed.contains(&import.as_str()) {
                    wrong.push(format!("{} imports crate::{import}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "the table of imports is broken:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_stands_in_the_table() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let names = fs::read_dir(source).unwrap().map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.trim_end_matches(".rs").to_owned()
    });
    for name in names.filter(|name| name != "main" && name != "lib") {
        assert!(TABLE.iter().any(|(module, _)| *module == name), "src/{name} is missing from the table");
    }
}

#[test]
fn unsafe_code_stands_behind_the_one_door_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (module, _) in TABLE.iter().filter(|(module, _)| *module != "engine") {
        for file in files_of(&source, module) {
            let text = fs::read_to_string(&file).unwrap();
            assert!(!text.contains("allow(unsafe_code)"), "{} lets unsafe code in", file.display());
        }
    }
}

#[test]
fn the_reader_of_imports_sees_them() {
    let text = "use crate::domain::Kind;\nfn f() { crate::store::open() }\n// crate::web is only spoken of\n";
    assert_eq!(imports(text), ["domain", "store"]);
    assert_eq!(imports("use crate::{read, trust::{self, settle}};\n"), ["read", "trust", "settle"]);
}

fn files_of(source: &Path, module: &str) -> Vec<PathBuf> {
    let single = source.join(format!("{module}.rs"));
    let mut files = if single.exists() { vec![single] } else { Vec::new() };
    let mut folders = vec![source.join(module)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// The modules of the crate that a source text names, also those in one pair of braces.
fn imports(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let places = code.split("crate::").skip(1);
    places
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').map(name).collect(),
            None => vec![name(rest)],
        })
        .filter(|module| !module.is_empty())
        .collect()
}

fn name(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
