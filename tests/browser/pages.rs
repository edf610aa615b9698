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
        for path in ["/verify", "/groups", "/quality", "/accounts", &format!("/records/{entry}")] {
            browser.go(&office, path).await;
            browser.until("return document.readyState === 'complete'").await;
            for (width, height) in [(1280, 720), (640, 360)] {
                browser.client.set_window_size(width, height).await.unwrap();
                let overflow =
                    "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
                let overflow = browser.run(overflow).await.as_i64().unwrap();
                assert!(overflow <= 0, "{path} at {width}: {overflow} pixels too wide");
            }
            // Everything that can be worked has a name, and the page has a language.
            let nameless = "return [...document.querySelectorAll('button, input, select, a[href]')]
                .filter((one) => one.type !== 'hidden' && one.offsetParent !== null
                    && !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length))
                .map((one) => one.outerHTML)";
            assert_eq!(browser.run(nameless).await, json!([]), "{path}");
            assert_eq!(browser.run("return document.documentElement.lang").await, json!("vi"), "{path}");
        }
        browser.go(&office, "/language/en").await;
        browser.go(&office, "/verify").await;
        assert_eq!(browser.run("return document.documentElement.lang").await, json!("en"));
        browser.close().await;
    });
}
