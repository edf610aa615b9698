//! Signing in, accounts, and pages that fit the screen and the keyboard.

use serde_json::json;

use crate::clerks::settle_all;
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

/// What is written fainter than WCAG 2.1 AA allows on what it stands on; what cannot be worked is left out, as there.
const FAINT: &str = "
    const parts = (colour) => { const found = colour.match(/[\\d.]+/g).map(Number); return [...found.slice(0, 3), found[3] ?? 1]; };
    const over = ([r, g, b, a], [s, h, c]) => [r * a + s * (1 - a), g * a + h * (1 - a), b * a + c * (1 - a)];
    const ground = (one) => {
        const colour = one ? parts(getComputedStyle(one).backgroundColor) : [255, 255, 255, 1];
        return colour[3] === 1 ? colour.slice(0, 3) : over(colour, ground(one.parentElement));
    };
    const light = (colour) => {
        const [r, g, b] = colour.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const own = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) || one.value;
    return [...document.body.querySelectorAll('*')]
        .filter((one) => own(one) && one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !one.disabled
            && !['SCRIPT', 'OPTION', 'OPTGROUP'].includes(one.tagName) && !['checkbox', 'radio', 'hidden'].includes(one.type))
        .flatMap((one) => {
            const [under, style] = [ground(one), getComputedStyle(one)];
            const [a, b] = [light(over(parts(style.color), under)), light(under)];
            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
            return contrast >= (large ? 3 : 4.5) ? [] : [contrast.toFixed(2) + ': ' + one.outerHTML.slice(0, 200)];
        })";

impl Browser {
    /// Sees that the page can be heard, read, and worked by keyboard.
    async fn is_for_everybody(&self, path: &str) {
        assert_eq!(self.run(AMISS).await, json!([]), "{path}");
        assert_eq!(self.run(FAINT).await, json!([]), "{path}");
        for _ in 0..25 {
            self.press(&[TAB]).await;
            let hidden = self.run(FOCUS).await;
            assert!(hidden.is_null() || hidden == "", "{path}: {hidden}");
        }
    }
}

/// An office with something on each of its pages: a copy, a spoiled one, an account for all, and something said of an
/// entry that shall be seen.
fn busy_office() -> (Office, i64) {
    let office = Office::with_people(&["lan"]);
    office.add("all", &["administrator", "archive", "verifier", "clerk", "supervisor", "auditor"]);
    office.program(&["office", "--name", "Ủy ban nhân dân xã Vĩnh Lộc", "--signer", "Lê Ẩn"]);
    let (entry, other) =
        (office.number("SELECT min(id) FROM entries"), office.number("SELECT max(id) FROM entries"));
    office.meddle(&format!(
        "INSERT INTO links (kind, first, first_role, second, second_role, score, reasons, found_at) VALUES
        ('same_person', {entry}, 'husband', {other}, 'deceased', 0.93, '[]', '2026-11-22T08:00:00Z');"
    ));
    (office, entry)
}

#[test]
fn every_page_can_be_heard_and_read_and_shows_where_the_keyboard_is() {
    let (office, entry) = busy_office();
    let record = format!("/records/{entry}");
    let issue = format!("/records/{entry}/issue");
    let page = format!("/pages/{}/0", entry / 4096);
    story(async {
        let browser = Browser::open().await;
        for path in ["/sign-in", "/welcome/0"] {
            browser.go(&office, path).await;
            browser.is_for_everybody(path).await;
        }
        browser.close().await;
        let browser = Browser::signed_in(&office, "all").await;
        browser.run("document.cookie = 'hotich-purpose=issue; Path=/'").await;
        // What the scripts put on a page once it is there.
        let filled = [
            ("/verify", "!document.getElementById('task').hidden"),
            ("/groups", "document.querySelector('#members button, #notice:not(:empty)')"),
            (&record, "document.querySelector('#fields .ink-of')"),
            (&issue, "document.querySelector('#settling img')"),
            (&page, "document.querySelector('#entries li')"),
            ("/no-such-page", "document.querySelector('[role=alert]')"),
            ("/quality", "true"),
            ("/copies", "true"),
            ("/lookups", "document.querySelector('tbody td')"),
            ("/office", "document.querySelector('tbody td')"),
            ("/accounts", "true"),
        ];
        for (path, is_filled) in filled {
            browser.go(&office, path).await;
            browser.until("return document.readyState === 'complete'").await;
            browser.until(&format!("return {is_filled}")).await;
            browser.is_for_everybody(path).await;
        }
        browser.go(&office, "/search").await;
        browser.until("return document.activeElement.id === 'text'").await;
        browser.type_keys("nguyen").await;
        browser.until("return document.querySelector('.hit')").await;
        browser.is_for_everybody("/search").await;
        let last = office
            .word(&format!("SELECT name FROM fields WHERE entry = {entry} ORDER BY position DESC LIMIT 1"));
        browser.go(&office, &format!("{record}#{last}")).await;
        let opened = "const more = document.querySelector('#fields li.lit .more')?.getBoundingClientRect();
            return more && more.top > 0 && more.top < innerHeight && document.querySelector('#fields li.lit').dataset.field";
        assert_eq!(browser.until(opened).await, json!(last), "the field that was asked for is open");
        browser.go(&office, &record).await;
        browser.until("return document.querySelector('[data-part=links] .number').textContent === '1'").await;
        browser
            .run(
                "document.querySelectorAll('.related summary, #fields .shown').forEach((one) => one.click())",
            )
            .await;
        browser.until("return document.querySelector('#fields .more')").await;
        browser.is_for_everybody("a record with all that is known of it").await;
        browser.run("document.querySelector('[data-part=links]').open = true").await;
        browser.is_for_everybody("a record with what may belong to it").await;
        issue_and_void(&browser, &office, &issue).await;
        browser.close().await;
    });
}

/// Settles and issues a copy, and voids it: the pages look otherwise then.
async fn issue_and_void(browser: &Browser, office: &Office, issue: &str) {
    browser.go(office, issue).await;
    settle_all(browser).await;
    browser.is_for_everybody("what is settled").await;
    browser.fill("#requester", "Lê Bình").await;
    browser.press(&[ENTER]).await;
    browser.until("return !document.getElementById('issued').hidden").await;
    let windows = browser.client.windows().await.unwrap();
    browser.client.switch_to_window(windows[0].clone()).await.unwrap();
    browser.is_for_everybody("a copy that is issued").await;
    browser.go(office, "/copies").await;
    browser.run("document.querySelector('.log-of-copies details').open = true").await;
    browser.is_for_everybody("/copies").await;
    browser.fill(".log-of-copies input[name=reason]", "kẹt giấy").await;
    browser.press(&[ENTER]).await;
    browser.until("return document.querySelector('tr.voided')").await;
    browser.is_for_everybody("a copy that is voided").await;
    browser.fits(office, &["/copies", "/quality"]).await;
}
