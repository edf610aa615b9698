//! Starts and stops the server.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use super::pictures::Pictures;
use super::readers::Readers;
use super::routes;
use super::secrets::first_administrator;
use super::state::Shared;
use super::weighing::weigh_as_people_work;
use super::writer::Writer;
use crate::reread::{FormSetError, Rereader};
use crate::store::{Store, StoreError};

/// The largest request anybody may send.
const LARGEST_REQUEST: usize = 256 * 1024;
/// How long requests in hand may take when the server is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// A certificate for TLS, as PEM files.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate with what signs it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What to serve, and how.
#[derive(Debug)]
pub struct Serving {
    /// The folder of the store.
    pub store: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The certificate; none serves without TLS.
    pub certificate: Option<Certificate>,
    /// Forms beside those of the program.
    pub forms: Option<PathBuf>,
    /// How long nobody must have answered in a book before it is weighed again.
    pub weigh_after: Duration,
    /// Weights of the handwriting reader in place of the program's own.
    pub weights: Option<PathBuf>,
}

/// Why there is nothing to serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The place to listen at, or the network.
    #[error("cannot listen at {address}: {source}")]
    Listen {
        /// The place.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The certificate.
    #[error("the certificate cannot be used ({}): {source}", .path.display())]
    Certificate {
        /// The file of the certificate.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// The forms.
    #[error(transparent)]
    Forms(#[from] FormSetError),
    /// The machine.
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
}

/// What is told once the server listens.
#[derive(Debug)]
pub struct Listening {
    /// The address people type.
    pub address: String,
    /// The one-time link of the first administrator, when there is none with a password yet.
    pub welcome: Option<String>,
}

/// Serves until the program is told to stop; then what is in hand is finished.
///
/// `tell` is called once, when the server listens.
///
/// # Errors
/// When there is nothing to serve or nowhere to listen.
pub fn serve(serving: Serving, tell: impl FnOnce(&Listening) + Send) -> Result<(), ServeError> {
    let mut desk = Store::open_desk(&serving.store)?;
    let welcome = first_administrator(&mut desk)?;
    let (writer, thread) = Writer::start(desk);
    let readers = Readers::new(serving.store.clone());
    let pictures = Pictures::new(&serving.store);
    let rereader = Rereader::new(serving.forms.as_deref(), serving.weights)?;
    let secure = serving.certificate.is_some();
    let shared = Shared::new(readers, writer, pictures, rereader, secure);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let weighing = weigh_as_people_work(shared.readers.clone(), shared.writer.clone(), serving.weigh_after);
    let weighing = runtime.spawn(weighing);
    let result = runtime.block_on(listen(shared, serving.listen, serving.certificate, welcome, tell));
    weighing.abort();
    drop(runtime);
    let _ = thread.join();
    result
}

async fn listen(
    shared: Shared,
    address: SocketAddr,
    certificate: Option<Certificate>,
    welcome: Option<String>,
    tell: impl FnOnce(&Listening) + Send,
) -> Result<(), ServeError> {
    let failed = |source| ServeError::Listen { address, source };
    let listener = std::net::TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let local = listener.local_addr().map_err(failed)?;
    let handle = Handle::new();
    tokio::spawn(stop_when_told(handle.clone()));
    let service = app(shared).into_make_service();
    let scheme = if certificate.is_some() { "https" } else { "http" };
    let base = format!("{scheme}://{local}");
    let told = Listening { welcome: welcome.map(|path| format!("{base}{path}")), address: base };
    match certificate {
        None => {
            let server = axum_server::from_tcp(listener).map_err(failed)?;
            tell(&told);
            server.handle(handle).serve(service).await.map_err(failed)
        }
        Some(files) => {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let config = RustlsConfig::from_pem_file(&files.certificate, &files.key).await;
            let config = config
                .map_err(|source| ServeError::Certificate { path: files.certificate.clone(), source })?;
            let server = axum_server::from_tcp_rustls(listener, config).map_err(failed)?;
            tell(&told);
            server.handle(handle).serve(service).await.map_err(failed)
        }
    }
}

/// The routes behind what every request passes.
pub(super) fn app(shared: Shared) -> Router {
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let content = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; \
                   frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
    routes::router(shared)
        .layer(CsrfLayer::new())
        .layer(RequestBodyLimitLayer::new(LARGEST_REQUEST))
        .layer(header(CONTENT_SECURITY_POLICY, content))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(X_FRAME_OPTIONS, "DENY"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(header(CACHE_CONTROL, "no-store"))
}

/// Lets requests in hand finish when the program is told to stop.
async fn stop_when_told(handle: Handle<SocketAddr>) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        } else {
            let _ = interrupted.await;
        }
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
    handle.graceful_shutdown(Some(LAST_REQUESTS));
}
