//! Signing in, accounts, and pages that fit the screen and the keyboard.

use serde_json::json;

use crate::office::{Browser, ENTER, Office, TAB, password, story};

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
fn pages_fit_a_small_screen_and_twice_the_size() {
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

/// What is wrong with a page for whoever cannot see it, or has no mouse.
const AMISS: &str = "
    const seen = (one) => one.type !== 'hidden' && one.offsetParent !== null;
    const name = (one) => one.getAttribute('aria-label') || one.getAttribute('title')
        || [...(one.labels || [])].map((label) => label.textContent.trim()).join('') || one.textContent.trim()
        || [...one.querySelectorAll?.('img') || []].map((image) => image.alt).join('');
    const all = (css) => [...document.querySelectorAll(css)];
    const labelled = (one) => (one.matches('select, input')
        ? one.getAttribute('aria-label') || [...(one.labels || [])].some((label) => label.textContent.trim()) : name(one));
    return [
        ...all('button, input, select, textarea, a[href], [role=group], dialog, section').filter(seen)
            .filter((one) => !labelled(one)).map((one) => 'no name: ' + one.outerHTML.slice(0, 200)),
        ...all('img').filter((one) => !one.alt).map((one) => 'no alt: ' + one.outerHTML),
        ...(all('h1').filter(seen).length === 1 ? [] : ['headings: ' + all('h1').length]),
        ...all('[tabindex]').filter((one) => one.tabIndex > 0).map((one) => 'tab order: ' + one.outerHTML),
        ...(document.documentElement.lang === 'vi' ? [] : ['language: ' + document.documentElement.lang]),
        ...(document.title.trim() ? [] : ['no title']),
    ]";

/// Whether what has the focus shows it; none when nothing has it.
const FOCUS: &str = "
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one);
    const shows = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return shows ? '' : one.outerHTML.slice(0, 200)";

#[test]
fn every_page_can_be_heard_and_shows_where_the_keyboard_is() {
    let office = Office::with_people(&["lan"]);
    office.add("all", &["administrator", "archive", "verifier", "clerk", "supervisor", "auditor"]);
    let entry = office.number("SELECT min(id) FROM entries");
    let record = format!("/records/{entry}");
    let page = format!("/pages/{}/0", entry / 4096);
    story(async {
        let browser = Browser::open().await;
        for path in ["/sign-in", "/welcome/0"] {
            browser.go(&office, path).await;
            assert_eq!(browser.run(AMISS).await, json!([]), "{path}");
        }
        browser.close().await;
        let browser = Browser::signed_in(&office, "all").await;
        for path in ["/verify", "/groups", "/quality", "/accounts", &record, &page] {
            browser.go(&office, path).await;
            browser.until("return document.readyState === 'complete'").await;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await; // The scripts fill it.
            assert_eq!(browser.run(AMISS).await, json!([]), "{path}");
            for _ in 0..25 {
                browser.press(&[TAB]).await;
                let hidden = browser.run(FOCUS).await;
                assert!(hidden.is_null() || hidden == "", "{path}: {hidden}");
            }
        }
        browser.close().await;
    });
}
