//! Every route on one screen, with who may use it.

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use super::error::WebError;
use super::guard::{Access, Guard, guard};
use super::state::Shared;
use super::{
    accounts, assets, copies, groups, issue, language, lookups, office, page, pictures, quality, record,
    related, search, shaping, sign_in, verification,
};
use crate::domain::Role::{self, Administrator, Archive, Auditor, Clerk, Supervisor, Verifier};

/// Whoever looks at the ink and says what is written.
const VERIFIERS: Access = Access::Roles(&[Verifier, Supervisor]);
/// Whoever may see records.
const READERS: Access = Access::Roles(&[Verifier, Supervisor, Archive, Clerk, Auditor]);
/// Whoever may correct entries and pages as a whole.
pub(super) const KEEPERS: Access = Access::Roles(&[Supervisor, Archive]);
/// Whoever sees how far and how good the work is.
const OVERSEERS: Access = Access::Roles(&[Supervisor, Archive, Auditor]);
/// Whoever issues copies.
const ISSUERS: Access = Access::Roles(&[Clerk]);
/// Whoever reads the log of copies and prints them again.
const LOG_READERS: Access = Access::Roles(&[Clerk, Supervisor, Auditor]);
/// Whoever voids spoiled prints.
const VOIDERS: Access = Access::Roles(&[Clerk, Supervisor]);
/// Whoever reads who looked up whom.
const AUDITORS: Access = Access::Roles(&[Auditor]);
/// Whoever makes accounts.
const ADMINISTRATORS: Access = Access::Roles(&[Administrator]);
/// Whoever may settle a field where the whole entry is shown.
pub(super) const SETTLERS: Access = Access::Roles(&[Verifier, Supervisor, Archive, Clerk]);

/// One way in.
pub(super) struct Route {
    /// The method; what walks all routes needs to know it.
    #[cfg_attr(not(test), expect(dead_code, reason = "the handler knows it too"))]
    pub method: Method,
    /// The path, parameters in braces.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// What answers.
    pub handler: MethodRouter<Shared>,
}

fn read(path: &'static str, access: Access, handler: MethodRouter<Shared>) -> Route {
    Route { method: Method::GET, path, access, handler }
}

fn write(path: &'static str, access: Access, handler: MethodRouter<Shared>) -> Route {
    Route { method: Method::POST, path, access, handler }
}

/// Every route.
pub(super) fn routes() -> Vec<Route> {
    use Access::{Anybody, SignedIn};
    vec![
        read("/sign-in", Anybody, get(sign_in::page)),
        write("/sign-in", Anybody, post(sign_in::sign_in)),
        write("/sign-out", SignedIn, post(sign_in::sign_out)),
        read("/welcome/{secret}", Anybody, get(sign_in::welcome)),
        write("/welcome/{secret}", Anybody, post(sign_in::set_password)),
        read("/language/{code}", Anybody, get(language::choose)),
        read("/assets/{name}", Anybody, get(assets::asset)),
        read("/", SignedIn, get(sign_in::home)),
        read("/verify", VERIFIERS, get(verification::page)),
        write("/api/tasks", VERIFIERS, post(verification::tasks)),
        write("/api/answers", VERIFIERS, post(verification::answer)),
        write("/api/undo", VERIFIERS, post(verification::undo)),
        write("/api/leases", VERIFIERS, post(verification::renew)),
        write("/api/release", VERIFIERS, post(verification::release)),
        read("/groups", VERIFIERS, get(groups::page)),
        write("/api/group", VERIFIERS, post(groups::next)),
        write("/api/group-answers", VERIFIERS, post(groups::answer)),
        read("/records/{entry}", READERS, get(record::page)),
        read("/api/records/{entry}", READERS, get(record::record)),
        write("/api/records/{entry}/fields", SETTLERS, post(record::settle)),
        read("/api/records/{entry}/related", READERS, get(related::related)),
        write("/api/links/{link}", SETTLERS, post(related::settle)),
        read("/records/{entry}/issue", ISSUERS, get(issue::page)),
        read("/records/{entry}/preview", ISSUERS, get(issue::preview)),
        read("/api/records/{entry}/issue", ISSUERS, get(issue::missing)),
        write("/api/records/{entry}/copies", ISSUERS, post(issue::issue)),
        read("/copies", LOG_READERS, get(copies::page)),
        read("/copies/log.pdf", LOG_READERS, get(copies::printed)),
        read("/copies/log.xlsx", LOG_READERS, get(copies::sheet)),
        read("/copies/{symbol}/{year}/{number}/document", LOG_READERS, get(copies::document)),
        write("/copies/{symbol}/{year}/{number}/void", VOIDERS, post(copies::void)),
        read("/office", ADMINISTRATORS, get(office::page)),
        write("/office", ADMINISTRATORS, post(office::set)),
        write("/office/numbers", ADMINISTRATORS, post(office::set_first_number)),
        read("/office/papers/{paper}", ADMINISTRATORS, get(office::specimen)),
        read("/search", READERS, get(search::page)),
        write("/api/search", READERS, post(search::find)),
        read("/lookups", AUDITORS, get(lookups::page)),
        read("/lookups.csv", AUDITORS, get(lookups::csv)),
        write("/api/records/{entry}/box", SETTLERS, post(shaping::move_box)),
        write("/api/records/{entry}/undo", SETTLERS, post(shaping::undo)),
        write("/api/records/{entry}/form", KEEPERS, post(shaping::correct_form)),
        write("/api/records/{entry}/withdraw", KEEPERS, post(shaping::withdraw)),
        write("/api/records/{entry}/bring-back", KEEPERS, post(shaping::bring_back)),
        read("/pictures/field/{entry}/{field}", READERS, get(pictures::field)),
        read("/pictures/page/{scan}/{half}", READERS, get(pictures::page)),
        read("/pages/{scan}/{half}", READERS, get(page::page)),
        write("/pages/{scan}/{half}", KEEPERS, post(page::done)),
        read("/api/pages/{scan}/{half}", READERS, get(page::entries)),
        write("/api/pages/{scan}/{half}/entries", KEEPERS, post(shaping::add)),
        read("/quality", OVERSEERS, get(quality::page)),
        read("/accounts", ADMINISTRATORS, get(accounts::page)),
        write("/accounts", ADMINISTRATORS, post(accounts::add)),
        write("/accounts/{name}", ADMINISTRATORS, post(accounts::change)),
        write("/policy", ADMINISTRATORS, post(accounts::set_policy)),
    ]
}

/// The routes with their guards.
pub(super) fn router(shared: Shared) -> Router {
    let mut router = Router::new();
    for Route { path, access, handler, .. } in routes() {
        let state = Guard { shared: shared.clone(), access };
        router = router.route(path, handler.route_layer(from_fn_with_state(state, guard)));
    }
    router.fallback(async || WebError::NotFound).with_state(shared)
}

/// The page somebody with these roles begins with.
pub(super) fn first_page(roles: &[Role]) -> &'static str {
    let pages = [
        (Verifier, "/verify"),
        (Supervisor, "/quality"),
        (Archive, "/quality"),
        (Auditor, "/quality"),
        (Administrator, "/accounts"),
        (Clerk, "/search"),
    ];
    pages.into_iter().find(|(role, _)| roles.contains(role)).map_or("/account", |(_, page)| page)
}

/// The pages somebody with these roles is led to, with the key of their name.
pub(super) fn places(roles: &[Role]) -> Vec<(&'static str, Place)> {
    let all = [
        ("/search", Place::Search, READERS),
        ("/verify", Place::Verify, VERIFIERS),
        ("/groups", Place::Groups, VERIFIERS),
        ("/quality", Place::Quality, OVERSEERS),
        ("/copies", Place::Copies, LOG_READERS),
        ("/lookups", Place::Lookups, AUDITORS),
        ("/office", Place::Office, ADMINISTRATORS),
        ("/accounts", Place::Accounts, ADMINISTRATORS),
    ];
    let may = |access: &Access| matches!(access, Access::Roles(allowed) if allowed.iter().any(|role| roles.contains(role)));
    all.into_iter().filter(|(_, _, access)| may(access)).map(|(path, place, _)| (path, place)).collect()
}

/// A page that stands in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The clerk's search.
    Search,
    /// The log of issued copies.
    Copies,
    /// What the office is called on its papers.
    Office,
    /// Who opened which record.
    Lookups,
    /// Field after field.
    Verify,
    /// What was read alike.
    Groups,
    /// How far and how good the work is.
    Quality,
    /// Accounts and settings.
    Accounts,
}

#[cfg(test)]
mod tests;
