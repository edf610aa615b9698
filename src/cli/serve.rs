//! `hotich serve`: the web pages.

use std::io::{self, Write};
use std::time::Duration;

use super::arguments::Serve;
use super::exit::{Failure, Outcome};
use super::opening::existing_store;
use crate::web::{self, Certificate, Serving};

/// Serves until it is told to stop.
pub fn serve(arguments: &Serve) -> Result<Outcome, Failure> {
    let store = existing_store(&arguments.store.store)?;
    let certificate = match (&arguments.tls_cert, &arguments.tls_key) {
        (Some(certificate), Some(key)) => {
            Some(Certificate { certificate: certificate.clone(), key: key.clone() })
        }
        _ => None,
    };
    if certificate.is_none() && !arguments.listen.ip().is_loopback() && !arguments.without_tls {
        let message = format!(
            "{} can be reached from other computers, and without TLS anybody on the network can read along: \
             give --tls-cert and --tls-key, listen at 127.0.0.1, or say --without-tls",
            arguments.listen
        );
        return Err(Failure::Usage(message));
    }
    let serving = Serving {
        store: store.to_owned(),
        listen: arguments.listen,
        certificate,
        weigh_after: Duration::from_secs(arguments.weigh_after),
        forms: arguments.forms.clone(),
        weights: arguments.weights.folder.clone(),
    };
    web::serve(serving, |listening| {
        let mut output = io::stdout().lock();
        let _ = writeln!(output, "{}", listening.address);
        if let Some(welcome) = &listening.welcome {
            let _ = writeln!(output, "no administrator has a password yet; set one here, once: {welcome}");
        }
        let _ = output.flush();
    })
    .map_err(Failure::nothing)?;
    Ok(Outcome::Done)
}
