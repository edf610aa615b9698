//! Who may come where, and what the pages never do.

use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Access, routes};
use crate::domain::Role;
use crate::reread::Rereader;
use crate::store::testing::{birth, moment, read, scan, store};
use crate::store::{Desk, Store};
use crate::web::pictures::Pictures;
use crate::web::readers::Readers;
use crate::web::secrets::{Secret, hash_password};
use crate::web::server::app;
use crate::web::state::Shared;
use crate::web::writer::Writer;

/// An office with two births to verify, whose page has a picture, and an account for every role, named after it.
struct Office {
    folder: tempfile::TempDir,
    app: Router,
}

impl Office {
    fn new() -> Self {
        let (folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        let records = vec![birth(&scan, 1, "Lê <b>An</b>"), birth(&scan, 2, "Lê Bình")];
        store.commit(&read(&scan, records), moment()).unwrap();
        drop(store);
        paint_page(folder.path());
        let mut desk = Store::open_desk(folder.path()).unwrap();
        add_accounts(&mut desk);
        let (writer, _thread) = Writer::start(desk);
        let readers = Readers::new(folder.path().to_owned());
        let rereader = Rereader::new(None, None).unwrap();
        let shared = Shared::new(readers, writer, Pictures::new(folder.path()), rereader, false);
        Self { folder, app: app(shared) }
    }

    /// A session of the account called `name`.
    fn session(&self, name: &str) -> String {
        let mut desk = Store::open_desk(self.folder.path()).unwrap();
        let account = desk.account(name).unwrap().unwrap();
        let secret = Secret::new().unwrap();
        let transaction = desk.begin(jiff::Timestamp::now()).unwrap();
        transaction.begin_session(account.id, &secret.hash).unwrap();
        transaction.commit().unwrap();
        format!("hotich-session={}", secret.text)
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, Vec<(String, String)>, String) {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 10_000_000).await.unwrap();
        let headers = parts.headers.iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()));
        (parts.status, headers.collect(), String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn post(&self, path: &str, session: &str, body: Value) -> (StatusCode, Value) {
        let request = request(Method::POST, path, Some(session), CONTENT_JSON, body.to_string());
        let (status, _, text) = self.ask(request).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

fn add_accounts(desk: &mut Desk) {
    let hash = hash_password("mật khẩu dài").unwrap();
    let transaction = desk.begin(moment()).unwrap();
    for role in Role::ALL {
        let id =
            transaction.add_account(role.as_str(), "<script>alert(1)</script>", &[role], "test").unwrap();
        transaction.set_password(id, &hash, "test").unwrap();
    }
    transaction.commit().unwrap();
}

/// Puts a real picture where the one of the page lies.
fn paint_page(folder: &Path) {
    let pages = std::fs::read_dir(folder.join("pages")).unwrap();
    for page in pages {
        image::RgbImage::from_pixel(60, 80, image::Rgb([250, 240, 200])).save(page.unwrap().path()).unwrap();
    }
}

const CONTENT_JSON: &str = "application/json";
const CONTENT_FORM: &str = "application/x-www-form-urlencoded";

fn request(
    method: Method,
    path: &str,
    session: Option<&str>,
    content: &str,
    body: impl Into<Body>,
) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "127.0.0.1:8158")
        .header(CONTENT_TYPE, content)
        .header("sec-fetch-site", "same-origin");
    if let Some(session) = session {
        request = request.header(COOKIE, session);
    }
    request.body(body.into()).unwrap()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work)
}

fn filled(path: &str) -> String {
    path.replace("{entry}", "4097")
        .replace("{field}", "child.name")
        .replace("{scan}", "1")
        .replace("{half}", "0")
        .replace("{name}", "hotich.css")
        .replace("{code}", "en")
        .replace("{link}", "1")
        .replace("{symbol}", "TLKS-BS")
        .replace("{year}", "2026")
        .replace("{number}", "1")
        .replace("{paper}", "birth-extract")
        .replace("{secret}", "0")
}

#[test]
fn nobody_reaches_what_the_role_does_not_allow() {
    let office = Office::new();
    run(async {
        for route in routes() {
            let path = filled(route.path);
            let content = if path.starts_with("/api/") { CONTENT_JSON } else { CONTENT_FORM };
            let ask = |session: Option<String>| {
                let asked = request(route.method.clone(), &path, session.as_deref(), content, "");
                office.ask(asked)
            };
            let (status, headers, _) = ask(None).await;
            let to_sign_in =
                headers.iter().any(|(name, value)| *name == LOCATION.as_str() && value == "/sign-in");
            let turned_away = status == StatusCode::UNAUTHORIZED || to_sign_in;
            assert_eq!(turned_away, route.access != Access::Anybody, "{} {path}: {status}", route.method);
            for role in Role::ALL {
                let (status, ..) = ask(Some(office.session(role.as_str()))).await;
                let allowed = match route.access {
                    Access::Anybody | Access::SignedIn => true,
                    Access::Roles(roles) => roles.contains(&role),
                };
                let refused = status == StatusCode::FORBIDDEN;
                assert_eq!(refused, !allowed, "{} {path} as {role}: {status}", route.method);
            }
        }
    });
}

#[test]
fn what_a_field_or_a_name_holds_is_shown_as_text() {
    let office = Office::new();
    run(async {
        let pages = [("/accounts", "administrator"), ("/verify", "verifier"), ("/quality", "supervisor")];
        for (path, role) in pages {
            let session = office.session(role);
            let (status, _, page) = office.ask(request(Method::GET, path, Some(&session), "", "")).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(page.contains("&#60;script&#62;alert(1)"), "{path}");
            assert!(!page.contains("<script>alert"), "{path}");
        }
    });
}

#[test]
fn other_sites_cannot_make_a_browser_answer() {
    let office = Office::new();
    run(async {
        let session = office.session("verifier");
        let mut forged =
            request(Method::POST, "/api/leases", Some(&session), CONTENT_JSON, "{\"lease\":\"a\"}");
        forged.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(office.ask(forged).await.0, StatusCode::FORBIDDEN);
        let (status, headers, _) = office.ask(request(Method::GET, "/sign-in", None, "", "")).await;
        assert_eq!(status, StatusCode::OK);
        for wanted in ["content-security-policy", "x-content-type-options", "x-frame-options"] {
            assert!(headers.iter().any(|(name, _)| name == wanted), "{wanted}");
        }
    });
}

#[test]
fn signing_in_takes_the_password_and_failing_often_takes_patience() {
    let office = Office::new();
    run(async {
        let attempt = |password: &str| {
            let body = format!("name=verifier&password={password}");
            office.ask(request(Method::POST, "/sign-in", None, CONTENT_FORM, body))
        };
        let right = "m%E1%BA%ADt+kh%E1%BA%A9u+d%C3%A0i";
        let (status, headers, _) = attempt(right).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let cookie = &headers.iter().find(|(name, _)| *name == SET_COOKIE.as_str()).unwrap().1;
        assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
        let session = cookie.split(';').next().unwrap().to_owned();
        let home = office.ask(request(Method::GET, "/verify", Some(&session), "", "")).await;
        assert_eq!(home.0, StatusCode::OK);
        office.ask(request(Method::POST, "/sign-out", Some(&session), CONTENT_FORM, "")).await;
        let home = office.ask(request(Method::GET, "/verify", Some(&session), "", "")).await;
        assert_eq!(home.0, StatusCode::SEE_OTHER, "the session is over");
        for _ in 0..5 {
            assert_eq!(attempt("wrong").await.0, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(attempt(right).await.0, StatusCode::TOO_MANY_REQUESTS);
    });
}

#[test]
fn a_task_is_handed_out_answered_once_and_refused_when_it_comes_too_late() {
    let office = Office::new();
    run(async {
        let session = office.session("verifier");
        let wanted = json!({ "lease": "window", "count": 8, "filter": { "field": "registration.date" } });
        let (status, body) = office.post("/api/tasks", &session, wanted.clone()).await;
        assert_eq!((status, body["tasks"].as_array().unwrap().len()), (StatusCode::OK, 2));
        let task = &body["tasks"][0];
        assert_eq!(task["best"]["shown"], "2/3/1975");
        let answer = |id: &str, lease: &str, text: &str| {
            json!({ "id": id, "lease": lease, "entry": task["entry"], "field": task["field"],
                "action": "typed", "verdict": "value", "text": text })
        };
        let (status, body) = office.post("/api/answers", &session, answer("1", "window", "31/2/1975")).await;
        assert_eq!(
            (status, body["error"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("not_understood"))
        );
        let (status, _) = office.post("/api/answers", &session, answer("2", "window", " ")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        for _ in 0..2 {
            let (status, body) =
                office.post("/api/answers", &session, answer("3", "window", "3.3.1975")).await;
            assert_eq!((status, body["outcome"].as_str()), (StatusCode::OK, Some("settled")));
        }
        let (status, body) = office.post("/api/answers", &session, answer("4", "window", "4/3/1975")).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(body["stale"]["settled"]["value"], "1975-03-03");
        let undo = json!({ "id": "5", "undoes": "3" });
        assert_eq!(office.post("/api/undo", &session, undo).await.0, StatusCode::OK);
        let (_, body) = office.post("/api/tasks", &session, wanted).await;
        assert_eq!(body["tasks"].as_array().unwrap().len(), 2, "it is a task again");
    });
}

#[test]
fn what_was_shown_on_the_record_must_still_stand_there() {
    let office = Office::new();
    run(async {
        let session = format!("{}; hotich-purpose=correct", office.session("clerk"));
        let (status, _, text) =
            office.ask(request(Method::GET, "/api/records/4097", Some(&session), "", "")).await;
        assert_eq!(status, StatusCode::OK);
        let record: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(record["fields"][2]["shown"], "Lê <b>An</b>");
        let settle = |id: &str, shown: &str| json!({ "id": id, "field": "child.name", "verdict": "value", "text": "Lê Ân", "shown": shown });
        let path = "/api/records/4097/fields";
        assert_eq!(office.post(path, &session, settle("1", "Lê An")).await.0, StatusCode::CONFLICT);
        assert_eq!(office.post(path, &session, settle("2", "Lê <b>An</b>")).await.0, StatusCode::OK);
    });
}

#[test]
fn pictures_go_by_number_and_never_by_path() {
    let office = Office::new();
    run(async {
        let session = office.session("verifier");
        let get = |path: &'static str| office.ask(request(Method::GET, path, Some(&session), "", ""));
        for path in [
            "/pictures/field/4097/child.name",
            "/pictures/field/4097/child.name?view=wide",
            "/pictures/page/1/0",
        ] {
            let (status, headers, _) = get(path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(headers.contains(&("cache-control".to_owned(), "no-store".to_owned())), "{path}");
        }
        for path in [
            "/pictures/page/9/0",
            "/pictures/field/4097/no.such",
            "/pictures/page/..%2f..%2fetc/0",
            "/assets/..%2f..%2fCargo.toml",
        ] {
            let (status, ..) = get(path).await;
            assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST), "{path}: {status}");
        }
    });
}

#[test]
fn what_a_spreadsheet_says_otherwise_is_offered_beside_the_reading() {
    let office = Office::new();
    let mut desk = Store::open_desk(office.folder.path()).unwrap();
    let transaction = desk.begin(moment()).unwrap();
    let record = "a-1/1.jpg:2".parse().unwrap();
    let name = crate::domain::FieldName::from("child.name");
    transaction.lay_beside(&record, &[(name.clone(), "Lê Bính".to_owned())], true).unwrap();
    transaction.send_back(&record, &[name], "tên <sai>").unwrap();
    transaction.commit().unwrap();
    run(async {
        let session = office.session("verifier");
        let wanted = json!({ "lease": "window", "count": 1, "filter": { "field": "child.name", "reason": "sent_back" } });
        let (_, body) = office.post("/api/tasks", &session, wanted).await;
        let task = &body["tasks"][0];
        assert_eq!((task["best"]["value"].as_str(), task["entry"].as_i64()), (Some("Lê Bình"), Some(4098)));
        assert_eq!(task["offered"][0]["value"], "Lê Bính");
        assert_eq!(task["offered"][0]["origin"], "bảng đã nhập");
        let reasons = task["reasons"].to_string();
        assert!(reasons.contains("tên <sai>") && reasons.contains("Bảng tính"), "{reasons}");
    });
}

#[test]
fn a_box_is_read_from_the_kept_picture_when_the_scan_is_gone() {
    let office = Office::new();
    run(async {
        let session = office.session("verifier");
        let path = "/api/records/4097/box";
        let moved = |id: &str, place: [i32; 4]| json!({ "id": id, "field": "child.name", "box": place });
        for place in [[5, 5, 5, 9], [-1, 5, 9, 9], [5, 5, 30_000, 9]] {
            let (status, body) = office.post(path, &session, moved("1", place)).await;
            assert_eq!((status, body["error"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("bad_box")));
        }
        assert_eq!(office.post(path, &session, moved("1", [10, 20, 50, 40])).await.0, StatusCode::OK);
        let no_field = json!({ "id": "2", "field": "wife.name", "box": [10, 20, 50, 40] });
        assert_eq!(office.post(path, &session, no_field).await.0, StatusCode::CONFLICT);
        let get = request(Method::GET, "/api/records/4097", Some(&session), "", "");
        let record: Value = serde_json::from_str(&office.ask(get).await.2).unwrap();
        let field = &record["fields"][2];
        assert_eq!(
            (field["place"].clone(), field["placed_by"].as_str()),
            (json!([10, 20, 50, 40]), Some("verifier"))
        );
        assert_eq!(field["value"], "", "there is no ink in the box");
        assert_eq!(record["events"][0]["what"], "box_moved");
    });
}

#[test]
fn a_clerk_opens_nothing_without_saying_what_for_and_signing_out_forgets_it() {
    let office = Office::new();
    run(async {
        let session = office.session("clerk");
        let open =
            |cookies: String| office.ask(request(Method::GET, "/records/4097", Some(&cookies), "", ""));
        let (status, headers, _) = open(session.clone()).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(
            headers.iter().any(|(name, value)| *name == LOCATION.as_str() && value == "/search?open=4097")
        );
        assert_eq!(open(format!("{session}; hotich-purpose=other")).await.0, StatusCode::SEE_OTHER);
        let store = Store::open_read(office.folder.path()).unwrap();
        let logged = || store.lookups(&crate::store::desk::LookupFilter::default(), 9).unwrap().len();
        assert_eq!(logged(), 0);
        let data = |entry: i64, cookies: String| {
            let path = format!("/api/records/{entry}");
            office.ask(request(Method::GET, &path, Some(&cookies), "", ""))
        };
        assert_eq!(data(4097, session.clone()).await.0, StatusCode::PRECONDITION_REQUIRED);
        let purposeful = format!("{session}; hotich-purpose=issue");
        assert_eq!(open(purposeful.clone()).await.0, StatusCode::OK);
        assert_eq!(data(4097, purposeful.clone()).await.0, StatusCode::OK);
        assert_eq!(logged(), 1, "the data of a page that was opened are no further look-up");
        assert_eq!(data(4098, purposeful).await.0, StatusCode::OK);
        assert_eq!(logged(), 2, "data past any page are");
        let (_, headers, _) =
            office.ask(request(Method::POST, "/sign-out", Some(&session), CONTENT_FORM, "")).await;
        let forgets = |(name, value): &(String, String)| {
            *name == SET_COOKIE.as_str() && value.starts_with("hotich-purpose=; Path=/; Max-Age=0")
        };
        assert!(headers.iter().any(forgets), "{headers:?}");
    });
}

#[test]
fn whoever_may_settle_fields_takes_back_boxes_and_no_more() {
    let office = Office::new();
    run(async {
        let (keeper, verifier) = (office.session("archive"), office.session("verifier"));
        let withdraw = |reason: &str| json!({ "id": "w", "reason": reason });
        let path = "/api/records/4097/withdraw";
        let (status, body) = office.post(path, &keeper, withdraw(" ")).await;
        assert_eq!(
            (status, body["error"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("empty_reason"))
        );
        assert_eq!(office.post(path, &keeper, withdraw("no entry")).await.0, StatusCode::OK);
        let get = request(Method::GET, "/api/records/4097", Some(&keeper), "", "");
        assert_eq!(office.ask(get).await.0, StatusCode::NOT_FOUND);
        let undo = json!({ "id": "u", "undoes": "w" });
        let path = "/api/records/4097/undo";
        assert_eq!(office.post(path, &verifier, undo.clone()).await.0, StatusCode::FORBIDDEN);
        assert_eq!(office.post(path, &keeper, undo).await.0, StatusCode::OK);
        let form = |form: &str| json!({ "id": "f", "form": form });
        let path = "/api/records/4097/form";
        assert_eq!(office.post(path, &keeper, form("no-such")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(office.post(path, &keeper, form("death-2006")).await.0, StatusCode::OK);
        let get = request(Method::GET, "/api/records/4097", Some(&keeper), "", "");
        let record: Value = serde_json::from_str(&office.ask(get).await.2).unwrap();
        assert_eq!((record["kind"].as_str(), record["form"].as_str()), (Some("Khai tử"), Some("death-2006")));
        let drawn = json!({ "id": "a", "form": "birth-2006", "box": [1, 1, 50, 30], "number": "x" });
        let path = "/api/pages/1/0/entries";
        assert_eq!(office.post(path, &keeper, drawn).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        let drawn = json!({ "id": "a", "form": "birth-2006", "box": [1, 1, 50, 30], "number": "7" });
        let (status, body) = office.post(path, &keeper, drawn).await;
        assert_eq!((status, body["entry"].as_i64()), (StatusCode::OK, Some(4099)));
        let get = request(Method::GET, "/api/pages/1/0", Some(&verifier), "", "");
        let page: Value = serde_json::from_str(&office.ask(get).await.2).unwrap();
        assert_eq!(page["entries"].as_array().unwrap().len(), 3);
    });
}
