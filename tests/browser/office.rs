//! An office with a served store, and browsers that look at it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_hotich");
/// How long anything may take to appear on the loaded machine of a test run.
const PATIENCE: Duration = Duration::from_secs(30);

/// Begins to read books of the samples into a store.
fn digitize(books: &[&str], store: &Path) -> Child {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    Command::new(PROGRAM)
        .arg("digitize")
        .args(books.iter().map(|book| samples.join(book)))
        .arg("--store")
        .arg(store)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Three pages of the samples, read once for all tests.
fn read_samples() -> &'static Path {
    static READ: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    &READ
        .get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let store = folder.path().join("store");
            let status = digitize(&["ks-1978", "kh-1988", "kt-1991-may"], &store).wait().unwrap();
            assert!(status.success());
            (folder, store)
        })
        .1
}

/// A store of its own that is being served.
pub struct Office {
    folder: tempfile::TempDir,
    server: Option<Child>,
    pub address: String,
    /// The one-time link of the first administrator.
    pub welcome: Option<String>,
    weigh_after: String,
}

impl Office {
    /// A served copy of the samples.
    pub fn new() -> Self {
        Self::that_weighs_after(86_400)
    }

    /// The same, whose server weighs a book again when nobody has answered in it for so many seconds.
    pub fn that_weighs_after(seconds: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(read_samples(), &folder.path().join("store"));
        let (address, welcome) = (String::new(), None);
        let mut office = Self { folder, server: None, address, welcome, weigh_after: seconds.to_string() };
        office.serve("127.0.0.1:0");
        office
    }

    /// The same, with accounts for verifiers of these names and the administrator `chief`.
    pub fn with_people(names: &[&str]) -> Self {
        let office = Self::new();
        for name in names {
            office.add(name, &["verifier"]);
        }
        office.add("chief", &["administrator", "supervisor"]);
        office
    }

    /// Begins to read more books into the store.
    pub fn digitize(&self, books: &[&str]) -> Child {
        digitize(books, &self.store())
    }

    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    fn serve(&mut self, listen: &str) {
        let mut server = Command::new(PROGRAM)
            .args(["serve", "--weigh-after", &self.weigh_after, "--listen", listen, "--store"])
            .arg(self.store())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        self.address = lines.next().unwrap().unwrap();
        if self.welcome.is_none() && !self.has_accounts() {
            let line = lines.next().unwrap().unwrap();
            self.welcome = line.split_whitespace().last().map(str::to_owned);
        }
        self.server = Some(server);
    }

    fn has_accounts(&self) -> bool {
        let list =
            Command::new(PROGRAM).args(["user", "list", "--store"]).arg(self.store()).output().unwrap();
        !list.stdout.is_empty() && !String::from_utf8_lossy(&list.stdout).contains("no password yet")
    }

    /// Kills the server as a power cut would.
    pub fn kill(&mut self) {
        let mut server = self.server.take().unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
    }

    /// Serves again where it was.
    pub fn serve_again(&mut self) {
        let listen = self.address.trim_start_matches("http://").to_owned();
        self.serve(&listen);
    }

    /// Adds an account; its password is [`password`].
    pub fn add(&self, name: &str, roles: &[&str]) {
        let mut command = Command::new(PROGRAM);
        command
            .args(["user", "add", name, "--full-name", name, "--password-stdin", "--store"])
            .arg(self.store());
        for role in roles {
            command.args(["--role", role]);
        }
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{}", password(name)).unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Asks the store.
    pub fn number(&self, sql: &str) -> i64 {
        let connection = rusqlite::Connection::open(self.store().join("hotich.sqlite")).unwrap();
        connection.busy_timeout(PATIENCE).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Asks the store for a text.
    pub fn word(&self, sql: &str) -> String {
        let connection = rusqlite::Connection::open(self.store().join("hotich.sqlite")).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Runs the program on the store.
    pub fn program(&self, arguments: &[&str]) {
        let mut command = Command::new(PROGRAM);
        let status = command.args(arguments).arg("--store").arg(self.store()).stdout(Stdio::null()).status();
        assert!(status.unwrap().success(), "{arguments:?}");
    }

    /// Waits until the answer is no longer 0.
    pub async fn wait_for(&self, sql: &str) {
        let start = Instant::now();
        while self.number(sql) == 0 {
            assert!(start.elapsed() < PATIENCE, "waited in vain for: {sql}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Does something to the store behind the server's back.
    pub fn meddle(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.store().join("hotich.sqlite")).unwrap();
        connection.busy_timeout(PATIENCE).unwrap();
        connection.execute_batch(sql).unwrap();
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

pub fn password(name: &str) -> String {
    format!("mật khẩu của {name}")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Whether the stories shall be told in Firefox rather than in Chromium.
fn is_firefox() -> bool {
    std::env::var("HOTICH_BROWSER").is_ok_and(|browser| browser == "firefox")
}

/// The program that drives browsers.
struct Driver {
    process: Child,
    address: String,
}

impl Driver {
    fn start() -> Self {
        let (program, said) = match is_firefox() {
            false => ("chromedriver", "started successfully on port "),
            true => ("geckodriver", "Listening on 127.0.0.1:"),
        };
        let mut process =
            Command::new(program).arg("--port=0").stdout(Stdio::piped()).spawn().unwrap_or_else(|error| {
                panic!("{program} ({error}): scripts/test installs that of Chromium")
            });
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once(said)?;
            Some(port.trim_end_matches('.').to_owned())
        });
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address: format!("http://127.0.0.1:{}", port.unwrap()) }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One browser with a profile of its own.
pub struct Browser {
    pub client: Client,
    _driver: Driver,
}

/// A key with what is held down beside it.
pub const ENTER: char = '\u{e007}';
pub const CONTROL: char = '\u{e009}';
pub const ALT: char = '\u{e00a}';
pub const SHIFT: char = '\u{e008}';
pub const TAB: char = '\u{e004}';
pub const UP: char = '\u{e013}';
pub const RIGHT: char = '\u{e014}';

impl Browser {
    pub async fn open() -> Self {
        let driver = Driver::start();
        let options = match is_firefox() {
            false => json!({ "goog:chromeOptions": { "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,720"
            ] } }),
            true => {
                json!({ "moz:firefoxOptions": { "args": ["-headless", "--width=1280", "--height=720"] } })
            }
        };
        let Value::Object(capabilities) = options else { unreachable!() };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.address)
            .await
            .unwrap();
        Self { client, _driver: driver }
    }

    /// Opens and signs in.
    pub async fn signed_in(office: &Office, name: &str) -> Self {
        let browser = Self::open().await;
        browser.go(office, "/sign-in").await;
        browser.fill("input[name=name]", name).await;
        browser.fill("input[name=password]", &password(name)).await;
        browser.press(&[ENTER]).await;
        browser.until("return location.pathname !== '/sign-in'").await;
        browser
    }

    pub async fn go(&self, office: &Office, path: &str) {
        self.client.goto(&format!("{}{path}", office.address)).await.unwrap();
    }

    pub async fn fill(&self, css: &str, text: &str) {
        self.client.find(Locator::Css(css)).await.unwrap().send_keys(text).await.unwrap();
    }

    pub async fn click(&self, css: &str) {
        self.client.find(Locator::Css(css)).await.unwrap().click().await.unwrap();
    }

    /// Presses keys together, the last while the others are held down.
    pub async fn press(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for key in keys {
            actions = actions.then(KeyAction::Down { value: *key });
        }
        for key in keys.iter().rev() {
            actions = actions.then(KeyAction::Up { value: *key });
        }
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Draws with the mouse from one point of the window to another.
    pub async fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        let go = |(x, y)| PointerAction::MoveTo { duration: None, x, y };
        let actions = MouseActions::new("mouse".to_owned())
            .then(go(from))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(go(((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0)))
            .then(go(to))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Types where the focus is.
    pub async fn type_keys(&self, text: &str) {
        for key in text.chars() {
            self.press(&[key]).await;
        }
    }

    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until the script returns something true; what it returned.
    pub async fn until(&self, script: &str) -> Value {
        let start = Instant::now();
        loop {
            // A page that is being left has no answer yet.
            if let Ok(value) = self.client.execute(script, Vec::new()).await
                && !matches!(value, Value::Null | Value::Bool(false))
                && value != json!("")
                && value != json!(0)
            {
                return value;
            }
            if start.elapsed() > PATIENCE {
                let page = self.run("return document.body.innerText").await;
                panic!("waited in vain for: {script}\n{page}");
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// The task on the page as `entry field`, once its picture is there.
    pub async fn task(&self) -> String {
        let script = "const image = document.getElementById('picture');
            return !document.getElementById('task').hidden && image.complete && image.naturalWidth > 0
                && image.src.startsWith('blob:')
                && document.getElementById('where').textContent + '|' + document.getElementById('label').textContent";
        self.until(script).await.as_str().unwrap().to_owned()
    }

    /// The text of an element.
    pub async fn text(&self, id: &str) -> String {
        let script = format!("return document.getElementById('{id}').textContent");
        self.run(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Sees that these pages fit a small screen and twice the size, and that everything on them has a name.
    pub async fn fits(&self, office: &Office, paths: &[&str]) {
        for path in paths {
            self.go(office, path).await;
            self.until("return document.readyState === 'complete'").await;
            for (width, height) in [(1280, 720), (640, 360)] {
                self.client.set_window_size(width, height).await.unwrap();
                let overflow =
                    "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
                let overflow = self.run(overflow).await.as_i64().unwrap();
                assert!(overflow <= 0, "{path} at {width}: {overflow} pixels too wide");
            }
            // Everything that can be worked has a name, and the page has a language.
            let nameless = "return [...document.querySelectorAll('button, input, select, a[href]')]
                .filter((one) => one.type !== 'hidden' && one.offsetParent !== null
                    && !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length))
                .map((one) => one.outerHTML)";
            assert_eq!(self.run(nameless).await, json!([]), "{path}");
            assert_eq!(self.run("return document.documentElement.lang").await, json!("vi"), "{path}");
        }
    }

    pub async fn close(self) {
        let _ = self.client.close().await;
    }
}

/// Runs a story to its end.
pub fn story(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story);
}
