//! Every syllable that Vietnamese spelling allows, whether a word of that sound exists or not.

const BEGINNINGS: &str = " b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x";
const RHYMES: &str = "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
    o oa oac oach oai oam oan oang oanh oao oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm \
    uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu \
    y yêm yên yêng yêt yêu";
const MARKED: &str = "ăâêôơư";
const VOWELS: &str = "aăâeêioôơuưy";
/// Rhymes that end in these take the tones sắc and nặng only.
const STOPS: [&str; 4] = ["c", "ch", "p", "t"];
const TONES: [char; 5] = ['\u{301}', '\u{300}', '\u{309}', '\u{303}', '\u{323}'];

/// All syllables, lower case, NFC; where the tone has two customary places (hoà, hòa) both.
pub(super) fn syllables() -> Vec<String> {
    let mut all = Vec::new();
    for rhyme in RHYMES.split(' ').filter(|rhyme| !rhyme.is_empty()) {
        let toned = toned(rhyme);
        for beginning in BEGINNINGS.split(' ') {
            all.extend(toned.iter().map(|rhyme| format!("{beginning}{rhyme}")));
        }
    }
    all
}

/// A rhyme with every tone it can have.
fn toned(rhyme: &str) -> Vec<String> {
    let stopped = STOPS.iter().any(|stop| rhyme.ends_with(stop));
    let mut all = if stopped { Vec::new() } else { vec![rhyme.to_owned()] };
    let tones = TONES.iter().filter(|tone| !stopped || matches!(tone, '\u{301}' | '\u{323}'));
    for tone in tones {
        for place in tone_places(rhyme) {
            all.push(with_tone(rhyme, place, *tone));
        }
    }
    all
}

/// The letters of `rhyme` that may carry its tone.
fn tone_places(rhyme: &str) -> Vec<usize> {
    let letters: Vec<char> = rhyme.chars().collect();
    let vowels: Vec<usize> = (0..letters.len()).filter(|i| VOWELS.contains(letters[*i])).collect();
    let marked = vowels.iter().rev().find(|i| MARKED.contains(letters[**i]));
    match (marked, vowels.as_slice()) {
        (Some(place), _) => vec![*place],
        (None, [only]) => vec![*only],
        (None, [_, middle, _]) => vec![*middle],
        (None, [_, second]) if *second < letters.len() - 1 => vec![*second],
        (None, [first, second]) if matches!(rhyme, "oa" | "oe" | "uy") => vec![*first, *second],
        (None, vowels) => vowels.first().map(|first| vec![*first]).unwrap_or_default(),
    }
}

fn with_tone(rhyme: &str, place: usize, tone: char) -> String {
    let letters = rhyme.chars().enumerate();
    let spelled: String =
        letters.flat_map(|(i, letter)| std::iter::once(letter).chain((i == place).then_some(tone))).collect();
    unicode_normalization::UnicodeNormalization::nfc(spelled.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::syllables;

    #[test]
    fn every_customary_spelling_is_there_and_no_other() {
        let all = syllables();
        for spelled in ["nguyễn", "thị", "hoà", "hòa", "thuỷ", "thủy", "đường", "khuya", "ấp", "yến", "quý"]
        {
            assert!(all.iter().any(|syllable| syllable == spelled), "{spelled}");
        }
        for misspelled in ["ngưyễn", "bàt", "hồa", "zan"] {
            assert!(!all.iter().any(|syllable| syllable == misspelled), "{misspelled}");
        }
    }
}
