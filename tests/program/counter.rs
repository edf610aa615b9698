//! Clerks issue over HTTP, all at once, and the server is killed in between.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::issuing::{log, settled_office};
use crate::office::{Office, code, hotich, text};

const CLERKS: usize = 8;
const COPIES_EACH: usize = 12;
/// How long a clerk tries again while the server is away.
const PATIENCE: Duration = Duration::from_secs(60);

fn serve(office: &Office, listen: &str) -> (Child, String) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_hotich"))
        .args(["serve", "--listen", listen, "--store"])
        .arg(office.store())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let line = BufReader::new(server.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    (server, line.trim_start_matches("http://").to_owned())
}

/// Posts `body`; what came back, head and all. Nothing when the server is not there or dies meanwhile.
fn post(address: &str, path: &str, cookie: &str, body: &str) -> Option<String> {
    let kind =
        if path.starts_with("/api") { "application/json" } else { "application/x-www-form-urlencoded" };
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Sec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n{body}"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.contains("\r\n\r\n").then_some(answer)
}

fn sign_in(address: &str, name: &str) -> String {
    let answer = post(address, "/sign-in", "", &format!("name={name}&password=mot-mat-khau-dai")).unwrap();
    let (_, cookie) = answer.split_once("hotich-session=").unwrap_or_else(|| panic!("{answer}"));
    format!("hotich-session={}", cookie.split(';').next().unwrap())
}

/// One clerk's copies: every order is sent again until it is answered, and some of them once more after that.
fn issue_copies(address: &str, clerk: usize, entry: i64, answered: &AtomicUsize) -> BTreeSet<String> {
    let cookie = sign_in(address, &format!("clerk-{clerk}"));
    let mut numbers = BTreeSet::new();
    for copy in 0..COPIES_EACH {
        let order = json!({ "id": format!("order-{clerk}-{copy}"), "paper": "", "requester": "Lê Văn Bình",
            "relation": "con", "identity_paper": "", "copies": 1, "fee": 8000 });
        let send = || {
            let start = Instant::now();
            loop {
                let answer =
                    post(address, &format!("/api/records/{entry}/copies"), &cookie, &order.to_string());
                match answer.as_deref().and_then(|answer| answer.split_once("\r\n\r\n")) {
                    Some((head, body)) if head.starts_with("HTTP/1.1 200") => {
                        let body: Value = serde_json::from_str(body).unwrap();
                        return body["number"].as_str().unwrap().to_owned();
                    }
                    other => assert!(start.elapsed() < PATIENCE, "{other:?}"),
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        };
        let number = send();
        if copy % 3 == 0 {
            assert_eq!(send(), number, "the same order sent twice is one copy");
        }
        assert!(numbers.insert(number), "every order has a number of its own");
        answered.fetch_add(1, Ordering::Relaxed);
    }
    numbers
}

#[test]
fn eight_clerks_over_http_leave_no_gap_though_the_server_is_killed() {
    let office = settled_office();
    for clerk in 0..CLERKS {
        let name = format!("clerk-{clerk}");
        let mut add =
            hotich(&["user", "add", &name, "--full-name", "x", "--role", "clerk", "--password-stdin"]);
        let output =
            add.arg("--store").arg(office.store()).write_stdin("mot-mat-khau-dai\n").output().unwrap();
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    }
    let connection = rusqlite::Connection::open(office.store().join("hotich.sqlite")).unwrap();
    let entry: i64 = connection.query_row("SELECT min(id) FROM entries", [], |row| row.get(0)).unwrap();
    drop(connection);
    let (mut server, address) = serve(&office, "127.0.0.1:0");
    let answered = AtomicUsize::new(0);
    let numbers: Vec<BTreeSet<String>> = std::thread::scope(|scope| {
        let clerks: Vec<_> = (0..CLERKS)
            .map(|clerk| {
                let (address, answered) = (&address, &answered);
                scope.spawn(move || issue_copies(address, clerk, entry, answered))
            })
            .collect();
        while answered.load(Ordering::Relaxed) < CLERKS * COPIES_EACH / 3 {
            assert!(clerks.iter().any(|clerk| !clerk.is_finished()), "the clerks gave up");
            std::thread::sleep(Duration::from_millis(5));
        }
        server.kill().unwrap();
        server.wait().unwrap();
        server = serve(&office, &address).0;
        clerks.into_iter().map(|clerk| clerk.join().unwrap()).collect()
    });
    server.kill().unwrap();
    server.wait().unwrap();

    let all: BTreeSet<&String> = numbers.iter().flatten().collect();
    assert_eq!(all.len(), CLERKS * COPIES_EACH, "no two orders share a number");
    let logged: Vec<u64> = log(&office).iter().map(|copy| copy["number"].as_u64().unwrap()).collect();
    let wanted: Vec<u64> = (1..=(CLERKS * COPIES_EACH) as u64).collect();
    assert_eq!(logged, wanted, "consecutive, none missing, none too many");
}
