//! Telex and VNI, as the page's own script types them.

use serde_json::json;

use crate::office::{Browser, Office, story};

/// What is typed, how, and what stands there then.
const TYPED: &[(&str, &str, &str)] = &[
    ("telex", "Nguyeenx", "Nguyễn"),
    ("telex", "Nguyeexn", "Nguyễn"),
    ("telex", "Thij", "Thị"),
    ("telex", "Ddoox", "Đỗ"),
    ("telex", "DDOOX", "ĐỖ"),
    ("telex", "Huwowng", "Hương"),
    ("telex", "Huongw", "Hương"),
    ("telex", "Hoaf", "Hòa"),
    ("telex", "Hoanf", "Hoàn"),
    ("telex", "Hoafn", "Hoàn"),
    ("telex", "Thuys", "Thúy"),
    ("telex", "quys", "quý"),
    ("telex", "giaf", "già"),
    ("telex", "nghieepj", "nghiệp"),
    ("telex", "truwowngf", "trường"),
    ("telex", "khuyur", "khuỷu"),
    ("telex", "Leee", "Lee"),
    ("telex", "ass", "as"),
    ("telex", "Phuwowcs", "Phước"),
    ("telex", "tw", "tư"),
    ("vni", "Nguye6n4", "Nguyễn"),
    ("vni", "Ho2a", "Hòa"),
    ("vni", "d9u7o7ng2", "đường"),
    ("vni", "Thi5", "Thị"),
    ("vni", "Na8m", "Năm"),
    ("vni", "12", "12"),
];

#[test]
fn telex_and_vni_make_the_letters_people_expect() {
    let office = Office::new();
    story(async {
        let browser = Browser::open().await;
        browser.go(&office, "/sign-in").await;
        let script = "const [typed, done] = [arguments[0], arguments[1]];
            import('/assets/typing.js').then(({ typed: key }) => done(typed.map(([method, keys]) => {
                let text = '';
                for (const one of keys) {
                    const word = text.match(/[\\p{L}\\p{M}]+$/u)?.[0] || '';
                    const plain = /[0-9]/.test(one) && !word;
                    text = text.slice(0, text.length - word.length) + (plain ? one : key(word, one, method));
                }
                return text.normalize('NFC');
            })))";
        let keys: Vec<_> = TYPED.iter().map(|(method, keys, _)| json!([method, keys])).collect();
        let made = browser.client.execute_async(script, vec![json!(keys)]).await.unwrap();
        for ((method, keys, wanted), made) in TYPED.iter().zip(made.as_array().unwrap()) {
            assert_eq!(made, wanted, "{keys} by {method}");
        }
        browser.close().await;
    });
}
