//! Verifiers at work: alone, two at once, against each other, and when things break.

use std::collections::BTreeSet;

use crate::office::{ALT, Browser, CONTROL, ENTER, Office, story};

/// Confirms what is there, or types something where there is nothing; the task that was answered.
pub async fn answer(browser: &Browser) -> String {
    let task = browser.task().await;
    if browser.run("return document.getElementById('value').value").await == "" {
        browser.press(&[ALT, 't']).await;
    } else {
        browser.press(&[ENTER]).await;
    }
    let left = format!("return document.getElementById('task').hidden
        || document.getElementById('where').textContent + '|' + document.getElementById('label').textContent !== {}
        || document.getElementById('notice').textContent !== ''", serde_json::json!(task));
    browser.until(&left).await;
    task
}

pub const SETTLED: &str = "SELECT count(*) FROM fields WHERE settled_by IS NOT NULL";

#[test]
fn ten_fields_are_verified_by_keyboard_and_one_is_taken_back() {
    let office = Office::with_people(&["lan"]);
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        let mut tasks = BTreeSet::new();
        while tasks.len() < 9 {
            // What cannot be understood as it was read is said to be so in the book.
            let task = answer(&lan).await;
            if lan.run("return document.getElementById('value').classList.contains('wrong')").await == true {
                lan.press(&[CONTROL, ENTER]).await;
                lan.until("return !document.getElementById('value').classList.contains('wrong')").await;
            }
            tasks.insert(task);
        }
        lan.task().await;
        // Typing replaces what is filled in.
        lan.type_keys("Lan 1").await;
        assert_eq!(lan.run("return document.getElementById('value').value").await, "Lan 1");
        lan.press(&[CONTROL, ENTER]).await;
        lan.until("return document.getElementById('value').value !== 'Lan 1'").await;
        assert_eq!(office.number(SETTLED), 10);
        let typed = "SELECT count(*) FROM answers WHERE value = 'Lan 1' AND action = 'typed'";
        assert_eq!(office.number(typed), 1);
        lan.press(&[ALT, 'z']).await;
        lan.until("return document.getElementById('value').value === 'Lan 1'").await;
        assert_eq!(office.number(SETTLED), 9);
        assert_eq!(office.number("SELECT count(*) FROM answers WHERE undoes IS NOT NULL"), 1);
        lan.close().await;
    });
}

#[test]
fn two_people_never_get_one_task_and_a_lease_runs_out() {
    let office = Office::with_people(&["lan", "minh"]);
    story(async {
        let (lan, minh) =
            (Browser::signed_in(&office, "lan").await, Browser::signed_in(&office, "minh").await);
        let (mut of_lan, mut of_minh) = (BTreeSet::new(), BTreeSet::new());
        for _ in 0..6 {
            of_lan.insert(answer(&lan).await);
            of_minh.insert(answer(&minh).await);
        }
        assert!(of_lan.is_disjoint(&of_minh));
        // Lan's computer falls asleep: what she holds goes to somebody else, and her late answer is refused.
        let held = lan.task().await;
        office.meddle(
            "UPDATE queue SET leased_until = 1 WHERE holder = (SELECT id FROM accounts WHERE name = 'lan');
            UPDATE queue SET worth = 1000 + worth WHERE leased_until = 1",
        );
        minh.client.refresh().await.unwrap();
        let mut seen = BTreeSet::new();
        while !seen.contains(&held) {
            assert!(seen.len() < 30, "minh never got what lan had held");
            seen.insert(answer(&minh).await);
        }
        lan.press(&[ALT, 'k']).await;
        let notice = lan.until("return document.getElementById('notice').textContent").await;
        assert!(notice.as_str().unwrap().contains("minh"), "{notice}");
        lan.close().await;
        minh.close().await;
    });
}

#[test]
fn a_group_is_confirmed_but_for_what_is_picked_out() {
    let office = Office::with_people(&["lan"]);
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        // The signers of all pages as those of one book, read alike.
        office.meddle("UPDATE fields SET value = 'Lê Văn Chính' WHERE name = 'signer.name';
            UPDATE queue SET likeness = 'Lê Văn Chính', book = 1, purpose = 'review' WHERE field = 'signer.name'");
        lan.go(&office, "/groups").await;
        lan.until(
            "return !document.getElementById('group').hidden
            && [...document.querySelectorAll('#members img')].every((image) => image.complete)",
        )
        .await;
        let members =
            lan.run("return document.querySelectorAll('#members button').length").await.as_i64().unwrap();
        assert!(members >= 4);
        lan.press(&[' ']).await; // The first has the focus.
        assert_eq!(lan.text("picked").await, "1 đã loại ra");
        lan.press(&[CONTROL, ENTER]).await;
        let done = "SELECT count(*) FROM answers WHERE action = 'grouped' AND outcome = 'settled'";
        office.wait_for(done).await;
        assert_eq!(office.number(done), members - 1);
        lan.close().await;
    });
}

/// Keys a value for the field that is shown.
async fn key(browser: &Browser, text: &str) {
    browser.task().await;
    assert_eq!(browser.run("return document.getElementById('value').value").await, "", "nothing is shown");
    browser.type_keys(text).await;
    browser.press(&[ENTER]).await;
    browser
        .until(
            "return document.getElementById('value').value === '' || document.getElementById('task').hidden",
        )
        .await;
}

#[test]
fn two_key_blind_and_a_third_settles_what_differs() {
    let office = Office::with_people(&["lan", "minh", "hoa"]);
    let field = "SELECT count(*) FROM queue WHERE field = 'child.name'";
    story(async {
        let chief = Browser::signed_in(&office, "chief").await;
        chief.go(&office, "/accounts").await;
        chief.click("input[name=double_keying]").await;
        chief.click("form[action='/policy'] button").await;
        office.wait_for("SELECT count(*) FROM account_events WHERE what = 'verification policy set'").await;
        assert!(office.number(field) > 0);
        // One name is enough.
        office.meddle(
            "DELETE FROM queue WHERE field = 'child.name' AND entry <>
            (SELECT min(entry) FROM queue WHERE field = 'child.name')",
        );
        let path = "/verify?field=child.name";
        // One after the other: whoever signs in is handed the first tasks, and holds them.
        let mut keyed = Vec::new();
        for (person, name) in [("lan", "Le An"), ("minh", "Le Am")] {
            let browser = Browser::signed_in(&office, person).await;
            browser.go(&office, path).await;
            key(&browser, name).await;
            browser.until("return document.getElementById('task').hidden").await;
            keyed.push(browser);
        }
        assert_eq!(office.number("SELECT count(*) FROM queue WHERE purpose = 'third'"), 1);
        let hoa = Browser::signed_in(&office, "hoa").await;
        hoa.go(&office, path).await;
        hoa.task().await;
        assert_eq!(
            hoa.run("return document.querySelectorAll('#offered li').length").await,
            0,
            "the ink first"
        );
        hoa.press(&[ALT, 'y']).await;
        assert_eq!(hoa.text("offered").await, "1 Le An 2 Le Am ");
        hoa.press(&['1']).await;
        hoa.until("return document.getElementById('task').hidden").await;
        let settled = "SELECT count(*) FROM fields WHERE name = 'child.name' AND value = 'Le An' AND settled_by = 'hoa'";
        assert_eq!(office.number(settled), 1);
        for browser in keyed.into_iter().chain([chief, hoa]) {
            browser.close().await;
        }
    });
}

#[test]
fn answers_given_while_the_server_is_away_are_sent_when_it_is_back_and_count_once() {
    let mut office = Office::with_people(&["lan"]);
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        answer(&lan).await;
        let settled = office.number(SETTLED);
        assert_eq!(settled, 1, "what the page said is done is on the disk");
        office.kill();
        assert_eq!(office.number(SETTLED), settled);
        lan.press(&[ALT, 'k']).await;
        let notice = lan.until("return document.getElementById('notice').textContent").await;
        assert!(notice.as_str().unwrap().contains("Mất kết nối"), "{notice}");
        office.serve_again();
        lan.until("return document.getElementById('notice').textContent === ''").await;
        assert_eq!(office.number(SETTLED), settled + 1);
        assert_eq!(office.number("SELECT count(*) FROM answers"), settled + 1);
        lan.close().await;
    });
}

#[test]
fn a_field_is_settled_where_the_whole_entry_is_shown() {
    let office = Office::with_people(&["lan"]);
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        let entry = office.number("SELECT min(entry) FROM queue");
        lan.go(&office, &format!("/records/{entry}")).await;
        lan.until("return document.querySelectorAll('#boxes rect').length").await;
        lan.click("#fields .shown").await;
        lan.until("return document.activeElement.tagName === 'INPUT'").await;
        lan.run("document.activeElement.value = '77'").await;
        lan.press(&[ENTER]).await;
        lan.until("return document.querySelector('#fields .status.verified')").await;
        let settled = "SELECT count(*) FROM answers WHERE action = 'on_record' AND outcome = 'settled'";
        assert_eq!(office.number(settled), 1);
        lan.close().await;
    });
}
