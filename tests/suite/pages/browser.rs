//! A browser without a window.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// In a copy of a page, draws at once what the page would draw at the next frame, and keeps its errors.
const BEFORE: &str = "<script>window.pageErrors = []; \
    addEventListener('error', (event) => pageErrors.push(String(event.message))); \
    window.requestAnimationFrame = (draw) => { draw(performance.now()); return 0; };</script>";

const HANDS: &str = include_str!("../support/page_harness.js");

/// The width of a desk's screen, and of a telephone's, in px.
pub(super) const WIDE: u32 = 1280;
pub(super) const NARROW: u32 = 390;

/// A window is no narrower than this, whatever is asked for.
const LEAST_WINDOW: u32 = 500;

/// The page as it stands when it is loaded on a screen of this width, and what the browser's console says.
pub(super) fn dom_of(page: &Path, width: u32) -> (String, Vec<String>) {
    let profile = tempfile::tempdir().unwrap();
    let output = (Command::new("chromium"))
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .arg(format!("--window-size={width},900"))
        .args(["--enable-logging=stderr", "--dump-dom", "--allow-file-access-from-files"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display().to_string().replace(' ', "%20")))
        .output()
        .unwrap_or_else(|error| {
            panic!("chromium cannot be run: {error}; these tests need it (apt-get install chromium)")
        });
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "chromium failed: {log}");
    let console = log.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
    (String::from_utf8(output.stdout).unwrap(), console)
}

/// What a copy of the page shows after each thing that a reader's hands do (`page_harness.js`).
pub(super) fn hands(page: &[u8]) -> Value {
    let seen = seen_by(HANDS, page, WIDE);
    assert_eq!(seen["failed"], Value::Null, "{seen}");
    assert_eq!((&seen["errors"], &seen["requests"]), (&serde_json::json!([]), &serde_json::json!([])));
    seen
}

/// What a script that runs behind a copy of the page writes into an element `seen`.
pub(super) fn seen_by(script: &str, page: &[u8], width: u32) -> Value {
    let page = std::str::from_utf8(page).unwrap();
    // The copy runs scripts that the page's own policy would refuse.
    let (head, rest) = page.split_once("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let copy = format!("{head}{rest}").replacen("<head>", &format!("<head>{BEFORE}"), 1);
    let (before, after) = copy.rsplit_once("</body>").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.html");
    std::fs::write(&path, format!("{before}<script>{script}</script></body>{after}")).unwrap();
    // No window is as narrow as a telephone: a frame in it is.
    let frame = format!(
        "<iframe src=\"copy.html\" style=\"border: 0; width: {width}px; height: 900px\" \
         onload=\"document.body.append(contentDocument.getElementById('seen'))\"></iframe>"
    );
    let framed = folder.path().join("framed.html");
    std::fs::write(&framed, frame).unwrap();
    let (dom, console) = dom_of(if width < LEAST_WINDOW { &framed } else { &path }, width);
    let seen = dom.split("<pre id=\"seen\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let seen = seen.unwrap_or_else(|| panic!("the page did not come to its end: {console:?}"));
    let seen = seen.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str(&seen).unwrap()
}
