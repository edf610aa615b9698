//! Every row of a question to the store, made into something.

use rusqlite::{Connection, Params, Row};

use super::StoreError;

/// What `make` makes of every row that `sql` finds for `values`.
pub(super) fn rows<T, C: FromIterator<T>>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    make: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<C, StoreError> {
    let mut query = connection.prepare_cached(sql)?;
    let rows = query.query_map(values, make)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
