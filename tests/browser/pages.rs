//! Signing in, accounts, and pages that fit the screen and the keyboard.

use serde_json::json;

use crate::office::{Browser, ENTER, Office, password, story};

#[test]
fn the_first_start_leads_to_an_administrator_who_makes_accounts() {
    let office = Office::new();
    story(async {
        let chief = Browser::open().await;
        chief.client.goto(office.welcome.as_ref().unwrap()).await.unwrap();
        chief.fill("input[name=password]", &password("admin")).await;
        chief.fill("input[name=again]", &password("admin")).await;
        chief.press(&[ENTER]).await;
        chief.until("return location.pathname === '/accounts'").await;
        chief.fill("form.boxed input[name=name]", "lan").await;
        chief.fill("form.boxed input[name=full_name]", "Trần Thị Lan").await;
        chief.click("form.boxed input[value=verifier]").await;
        chief.click("form.boxed button.main").await;
        let link = chief.until("return document.getElementById('link')?.textContent").await;

        let lan = Browser::open().await;
        lan.client.goto(link.as_str().unwrap()).await.unwrap();
        lan.fill("input[name=password]", &password("lan")).await;
        lan.fill("input[name=again]", &password("lan")).await;
        lan.press(&[ENTER]).await;
        lan.until("return location.pathname === '/verify'").await;
        lan.task().await;
        lan.client.goto(link.as_str().unwrap()).await.unwrap();
        lan.until("return document.querySelector('[role=alert]')").await;
        lan.go(&office, "/accounts").await;
        let refused = lan.until("return document.querySelector('[role=alert]')?.textContent").await;
        assert!(refused.as_str().unwrap().contains("không có quyền"));
        lan.close().await;
        chief.close().await;
    });
}

#[test]
fn pages_fit_a_small_screen_and_twice_the_size_and_name_what_they_show() {
    let office = Office::with_people(&["lan"]);
    story(async {
        let browser = Browser::signed_in(&office, "chief").await;
        let entry = office.number("SELECT min(id) FROM entries");
        let record = format!("/records/{entry}");
        browser.fits(&office, &["/verify", "/groups", "/quality", "/accounts", &record]).await;
        browser.go(&office, "/language/en").await;
        browser.go(&office, "/verify").await;
        assert_eq!(browser.run("return document.documentElement.lang").await, json!("en"));
        browser.close().await;
    });
}
