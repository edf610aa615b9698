//! Clerks at work: a citizen asks, the entry is found, settled, issued; prints are voided and printed again.

use serde_json::json;

use crate::office::{Browser, ENTER, Office, story};

/// An office with a clerk, an auditor, and a name for its papers.
fn counter() -> Office {
    let office = Office::new();
    for (name, role) in [("lan", "clerk"), ("hoa", "auditor"), ("chief", "administrator")] {
        office.add(name, &[role]);
    }
    office.program(&["office", "--name", "Ủy ban nhân dân xã Vĩnh Lộc", "--place", "Vĩnh Lộc"]);
    office.program(&["office", "--signer", "Lê Ẩn", "--signer-title", "Chủ tịch", "--fee", "8000"]);
    office
}

/// Whether the entry of this name stands first among what was found: others may be one letter away.
fn first_hit(name: &str) -> String {
    format!(
        "const hit = document.querySelector('.hit'); return hit !== null && hit.innerText.includes({name:?})"
    )
}

/// Finds the only child of this name and opens the record to issue a copy; by keyboard alone.
async fn find_and_open(browser: &Browser, name: &str) {
    browser.until("return document.activeElement.id === 'text'").await;
    browser.type_keys(name).await;
    browser.until(&first_hit(name)).await;
    browser.press(&[ENTER]).await;
    browser.until("return document.activeElement.name === 'purpose'").await;
    browser.press(&[' ']).await;
    browser.press(&[ENTER]).await;
    browser.until("return location.pathname.startsWith('/records/')").await;
}

/// Confirms what is there until nothing is left to settle.
pub async fn settle_all(browser: &Browser) {
    let left = "const left = document.querySelectorAll('#settling li').length;
        return document.getElementById('left').textContent === '–' ? null : left + 1";
    let mut before = browser.until(left).await.as_i64().unwrap() - 1;
    while before > 0 {
        browser.until("return document.activeElement.closest('#settling')").await;
        browser.press(&[ENTER]).await;
        let less = format!("return document.querySelectorAll('#settling li').length < {before}");
        browser.until(&less).await;
        before -= 1;
    }
    browser.until("return document.activeElement.id === 'requester'").await;
}

const CHILD: &str =
    "SELECT value FROM fields WHERE name = 'child.name' AND value <> '' ORDER BY entry LIMIT 1";
const COPIES: &str = "SELECT count(*) FROM issued_copies";

#[test]
fn a_copy_is_found_settled_issued_once_voided_and_printed_again() {
    let office = counter();
    let child = office.word(CHILD);
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        find_and_open(&lan, &child).await;
        assert_eq!(office.number("SELECT count(*) FROM lookups WHERE who = 'lan' AND purpose = 'issue'"), 1);
        lan.click("a.button[href$='/issue']").await;
        settle_all(&lan).await;
        lan.type_keys("<b>Lê</b> \"Bình\"").await;
        lan.run("document.getElementById('proof').click()").await;
        lan.until("return !document.getElementById('issue').disabled").await;
        // Sent twice before the first answer is there.
        let twice = "const form = document.getElementById('request');
            form.dispatchEvent(new Event('submit', { cancelable: true }));
            document.getElementById('issue').disabled = false;
            form.dispatchEvent(new Event('submit', { cancelable: true }));";
        lan.run(twice).await;
        lan.until("return !document.getElementById('issued').hidden").await;
        let number = lan.text("number").await;
        assert!(number.starts_with("01/") && number.ends_with("/TLKS-BS"), "{number}");
        let windows = lan.client.windows().await.unwrap();
        lan.client.switch_to_window(windows[0].clone()).await.unwrap();
        lan.client.refresh().await.unwrap();
        lan.until("return !document.getElementById('issued').hidden").await;
        assert_eq!(lan.text("number").await, number, "a reload issues nothing");
        assert_eq!(office.number(COPIES), 1);

        let document = "return fetch(document.getElementById('document').href)
            .then((answer) => answer.arrayBuffer())
            .then((bytes) => new TextDecoder('latin1').decode(bytes))";
        let first = lan.run(document).await;
        assert!(first.as_str().unwrap().starts_with("%PDF"));
        lan.go(&office, "/copies").await;
        let cells = "return document.querySelectorAll('.log-of-copies tbody td')[2].textContent";
        assert!(lan.run(cells).await.as_str().unwrap().starts_with("<b>Lê</b> \"Bình\""));
        assert_eq!(lan.run("return document.querySelectorAll('.log-of-copies b').length").await, 0);
        lan.run("document.querySelector('.log-of-copies details').open = true").await;
        lan.fill(".log-of-copies input[name=reason]", "kẹt giấy").await;
        lan.press(&[ENTER]).await;
        lan.until("return document.querySelector('tr.voided')?.textContent.includes('kẹt giấy')").await;
        assert_eq!(office.number("SELECT count(*) FROM voided_copies WHERE who = 'lan'"), 1);
        let again = "return fetch(document.querySelector('tr.voided a').href)
            .then((answer) => answer.arrayBuffer())
            .then((bytes) => new TextDecoder('latin1').decode(bytes))";
        assert_eq!(lan.run(again).await, first, "a reprint is the same bytes");
        for (address, begins) in [("/copies/log.pdf", "%PDF"), ("/copies/log.xlsx", "PK")] {
            let kept = format!("return fetch('{address}').then((answer) => answer.text())");
            assert!(lan.run(&kept).await.as_str().unwrap().starts_with(begins), "{address}");
        }
        lan.close().await;
    });
}

#[test]
fn every_opening_of_a_record_stands_in_the_log_of_look_ups() {
    let office = counter();
    let child = office.word(CHILD);
    let entry = office.number("SELECT min(id) FROM entries");
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        lan.go(&office, &format!("/records/{entry}")).await;
        lan.until("return location.pathname === '/search'").await;
        assert_eq!(office.number("SELECT count(*) FROM lookups"), 0, "no purpose, no record");
        lan.until("return document.activeElement.name === 'purpose'").await;
        lan.click("input[value=other]").await;
        lan.fill("#remark", "thừa kế <i>đất</i>").await;
        lan.press(&[ENTER]).await;
        lan.until("return location.pathname.startsWith('/records/')").await;
        lan.go(&office, "/search").await;
        lan.until("return document.activeElement.id === 'text'").await;
        lan.type_keys(&child).await;
        lan.until(&first_hit(&child)).await;
        lan.press(&[ENTER]).await;
        lan.until("return location.pathname.startsWith('/records/')").await;
        lan.go(&office, "/search").await;
        lan.click("#next").await;
        assert_eq!(lan.run("return document.cookie.includes('hotich-purpose')").await, false);
        lan.go(&office, "/lookups").await;
        lan.until("return document.querySelector('[role=alert]')").await;

        let hoa = Browser::signed_in(&office, "hoa").await;
        hoa.go(&office, "/lookups?who=lan").await;
        let lines =
            "return [...document.querySelectorAll('tbody tr')].map((one) => one.cells[3].textContent)";
        let purpose = "Việc khác: thừa kế <i>đất</i>";
        assert_eq!(hoa.run(lines).await, json!([purpose, purpose]));
        hoa.go(&office, "/lookups?who=minh").await;
        assert_eq!(hoa.run(lines).await, json!([]));
        let csv = hoa.run("return fetch('/lookups.csv').then((answer) => answer.text())").await;
        assert_eq!(csv.as_str().unwrap().lines().count(), 3, "{csv}");
        for browser in [lan, hoa] {
            browser.close().await;
        }
    });
}

#[test]
fn the_administrator_names_the_office_and_its_first_number() {
    let office = Office::new();
    for (name, role) in [("lan", "clerk"), ("chief", "administrator")] {
        office.add(name, &[role]);
    }
    let entry = office.number("SELECT min(entry) FROM fields WHERE name = 'child.name'");
    story(async {
        let chief = Browser::signed_in(&office, "chief").await;
        let lan = Browser::signed_in(&office, "lan").await;
        lan.run("document.cookie = 'hotich-purpose=issue; Path=/'").await;
        lan.go(&office, &format!("/records/{entry}/issue")).await;
        lan.until("return document.getElementById('no-office')").await;
        chief.go(&office, "/office").await;
        chief.fill("input[name=name]", "Ủy ban nhân dân xã Vĩnh Lộc").await;
        chief.fill("input[name=signer]", "Lê Ẩn").await;
        chief.press(&[ENTER]).await;
        chief.until("return document.querySelector('[role=status]')").await;
        let number = "document.querySelector('input[name=symbol][value=TLKS-BS]').form";
        chief.run(&format!("{number}.elements.first.value = 57; {number}.requestSubmit()")).await;
        office.wait_for("SELECT count(*) FROM first_numbers WHERE first = 57").await;
        lan.client.refresh().await.unwrap();
        settle_all(&lan).await;
        lan.type_keys("Lê Bình").await;
        lan.press(&[ENTER]).await;
        lan.until("return !document.getElementById('issued').hidden").await;
        assert!(lan.text("number").await.starts_with("57/"));
        chief.go(&office, "/office").await;
        assert_eq!(chief.run("return document.querySelectorAll('input[value=TLKS-BS]').length").await, 0);
        for browser in [lan, chief] {
            browser.close().await;
        }
    });
}

#[test]
fn what_may_belong_together_is_confirmed_by_a_person() {
    let office = counter();
    let (first, second) =
        (office.number("SELECT min(id) FROM entries"), office.number("SELECT max(id) FROM entries"));
    office.meddle(&format!(
        "INSERT INTO links (kind, first, first_role, second, second_role, score, reasons, found_at) VALUES
        ('same_person', {first}, 'husband', {second}, 'deceased', 0.93,
        '[{{\"field\":\"name\",\"agreement\":\"one_letter\",\"weight\":9.5}}]', '2026-11-22T08:00:00Z')"
    ));
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        lan.run("document.cookie = 'hotich-purpose=correct; Path=/'").await;
        lan.go(&office, &format!("/records/{second}")).await;
        lan.until("return document.querySelector('[data-part=links] .number').textContent === '1'").await;
        lan.run("document.querySelector('[data-part=links] summary').focus()").await;
        lan.press(&[ENTER]).await;
        let told = lan.until("return document.querySelector('.links li')?.textContent").await;
        let told = told.as_str().unwrap();
        assert!(told.contains("93 %") && told.contains("tên: lệch một chữ (+9.5)"), "{told}");
        lan.click(".links button").await;
        lan.until("return document.querySelector('.links li.confirmed')").await;
        assert_eq!(office.number("SELECT count(*) FROM link_events WHERE who = 'lan'"), 1);
        lan.click(".links a").await;
        lan.until(&format!("return location.pathname === '/records/{first}'")).await;
        lan.close().await;
    });
}

#[test]
fn the_clerks_pages_fit_and_name_what_they_show() {
    let office = Office::new();
    office.add("chief", &["administrator", "supervisor", "clerk", "auditor"]);
    let entry = office.number("SELECT min(id) FROM entries");
    story(async {
        let chief = Browser::signed_in(&office, "chief").await;
        chief.run("document.cookie = 'hotich-purpose=issue; Path=/'").await;
        let record = format!("/records/{entry}");
        let issue = format!("/records/{entry}/issue");
        chief.fits(&office, &["/search", "/copies", "/lookups", "/office", &record, &issue]).await;
        chief.close().await;
    });
}
