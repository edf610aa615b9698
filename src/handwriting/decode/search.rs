//! Prefix beam search: the likeliest texts of a line by its ink and by what may stand there
//! (Graves 2006, connectionist temporal classification; Hannun et al. 2014, first-pass decoding).

use super::language::{Language, NEVER, State, sum_of_logs};
use crate::handwriting::network::Likelihoods;

/// Texts kept at each step.
const BEAM: usize = 24;
/// Characters less likely than this at a step (as a logarithm) are not tried there.
const UNSEEN: f32 = -7.5;
/// What counts as "surely no character here".
const SURELY_NONE: f32 = -0.000_5;
/// How much the language weighs against the ink; chosen on the values of register pages.
const LANGUAGE_WEIGHT: f32 = 0.7;
/// What each character earns, so that the language does not favour short texts.
const PER_CHARACTER: f32 = 0.9;

/// One text a line may hold.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Its classes.
    pub classes: Vec<u16>,
    /// For each of them the step at which the ink speaks for it most.
    pub steps: Vec<usize>,
    /// Logarithm of the likelihood by the ink alone.
    pub ink: f32,
    /// Ink and language together, to compare candidates by.
    pub score: f32,
}

/// The beginning of a text, one class longer than its parent.
struct Prefix {
    parent: usize,
    class: u16,
    length: usize,
    state: State,
    weighed: f32,
    step: usize,
    strongest: f32,
    children: Vec<(u16, Option<usize>)>,
}

/// A prefix at one step: likelihoods of its paths that end without and with its last character.
#[derive(Clone, Copy)]
struct Path {
    prefix: usize,
    none: f32,
    last: f32,
}

impl Path {
    fn ink(&self) -> f32 {
        sum_of_logs(self.none, self.last)
    }
}

struct Search<'a> {
    language: &'a Language,
    characters: &'a [char],
    prefixes: Vec<Prefix>,
    paths: Vec<Path>,
    /// Where each prefix stands in the paths of the next step.
    places: Vec<usize>,
}

const NOWHERE: usize = usize::MAX;

/// The likeliest texts, best first, at most [`BEAM`].
/// `characters` are those of classes 1, 2, ...
pub(super) fn search(seen: &Likelihoods, characters: &[char], language: &Language) -> Vec<Candidate> {
    let state = language.beginning();
    let root = Prefix {
        parent: 0,
        class: 0,
        length: 0,
        state,
        weighed: 0.0,
        step: 0,
        strongest: 0.0,
        children: Vec::new(),
    };
    let mut search = Search {
        language,
        characters,
        prefixes: vec![root],
        paths: vec![Path { prefix: 0, none: 0.0, last: NEVER }],
        places: vec![NOWHERE],
    };
    for (number, step) in seen.steps().enumerate() {
        search.advance(number, step);
    }
    search.candidates()
}

impl Search<'_> {
    fn advance(&mut self, number: usize, step: &[f32]) {
        let tried: Vec<u16> = if step[0] > SURELY_NONE {
            Vec::new()
        } else {
            let classes = (1..step.len()).filter(|class| step[*class] > UNSEEN);
            classes.map(|class| class as u16).collect()
        };
        let paths = std::mem::take(&mut self.paths);
        for path in &paths {
            let (whole, class) = (path.ink(), self.prefixes[path.prefix].class);
            self.add(path.prefix, whole + step[0], NEVER);
            if class > 0 {
                self.add(path.prefix, NEVER, path.last + step[class as usize]);
                self.strengthen(path.prefix, number, step[class as usize]);
            }
            for next in &tried {
                let from = if *next == class { path.none } else { whole };
                let Some(child) = self.child(path.prefix, *next) else { continue };
                self.add(child, NEVER, from + step[*next as usize]);
                self.strengthen(child, number, step[*next as usize]);
            }
        }
        self.prune();
    }

    /// The prefix one class longer; none when the language cannot go on so.
    fn child(&mut self, parent: usize, class: u16) -> Option<usize> {
        if let Some((_, child)) = self.prefixes[parent].children.iter().find(|(c, _)| *c == class) {
            return *child;
        }
        let character = self.characters[class as usize - 1];
        let state = self.language.after(&self.prefixes[parent].state, character);
        let child = state.map(|state| {
            let length = self.prefixes[parent].length + 1;
            let weighed = LANGUAGE_WEIGHT * self.language.likelihood(&state) + PER_CHARACTER * length as f32;
            let children = Vec::new();
            self.prefixes.push(Prefix {
                parent,
                class,
                length,
                state,
                weighed,
                step: 0,
                strongest: NEVER,
                children,
            });
            self.places.push(NOWHERE);
            self.prefixes.len() - 1
        });
        self.prefixes[parent].children.push((class, child));
        child
    }

    fn add(&mut self, prefix: usize, none: f32, last: f32) {
        if self.places[prefix] == NOWHERE {
            self.places[prefix] = self.paths.len();
            self.paths.push(Path { prefix, none: NEVER, last: NEVER });
        }
        let path = &mut self.paths[self.places[prefix]];
        path.none = sum_of_logs(path.none, none);
        path.last = sum_of_logs(path.last, last);
    }

    fn strengthen(&mut self, prefix: usize, step: usize, likelihood: f32) {
        let prefix = &mut self.prefixes[prefix];
        if likelihood > prefix.strongest {
            (prefix.step, prefix.strongest) = (step, likelihood);
        }
    }

    fn prune(&mut self) {
        self.paths.iter().for_each(|path| self.places[path.prefix] = NOWHERE);
        let score = |path: &Path| path.ink() + self.prefixes[path.prefix].weighed;
        let mut scored: Vec<(f32, Path)> = self.paths.iter().map(|path| (score(path), *path)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.prefix.cmp(&b.1.prefix)));
        scored.truncate(BEAM);
        self.paths = scored.into_iter().map(|(_, path)| path).collect();
    }

    fn candidates(&self) -> Vec<Candidate> {
        let mut all: Vec<Candidate> = self.paths.iter().map(|path| self.candidate(path)).collect();
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.classes.cmp(&b.classes)));
        all
    }

    fn candidate(&self, path: &Path) -> Candidate {
        let (mut classes, mut steps, mut at) = (Vec::new(), Vec::new(), path.prefix);
        while at != 0 {
            let prefix = &self.prefixes[at];
            classes.push(prefix.class);
            steps.push(prefix.step);
            at = prefix.parent;
        }
        classes.reverse();
        steps.reverse();
        let whole =
            if classes.is_empty() { 0.0 } else { self.language.whole(&self.prefixes[path.prefix].state) };
        let ink = path.ink();
        let score = ink + LANGUAGE_WEIGHT * whole.max(NEVER) + PER_CHARACTER * classes.len() as f32;
        Candidate { classes, steps, ink, score }
    }
}
