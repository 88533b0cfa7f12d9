//! Between the columns of the schema and the types of the protocol.

use crate::StoreError;
use atrium_protocol::{ContentHash, InviteId, Micros, PersonId, Role, RoomId};
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// SQLite's integers have 63 bits and a sign.
pub(crate) fn integer(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Rejected(format!("{value} is too large a number")))
}

pub(crate) fn time(at: Micros) -> Result<i64, StoreError> {
    integer(at.0)
}

pub(crate) fn read_unsigned(row: &Row<'_>, column: usize) -> Result<u64, StoreError> {
    unsigned(row.get(column)?)
}

pub(crate) fn unsigned(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_| StoreError::Corrupt(format!("{stored} stands where no negative number may")))
}

pub(crate) fn read_time(row: &Row<'_>, column: usize) -> Result<Micros, StoreError> {
    read_unsigned(row, column).map(Micros)
}

pub(crate) fn read_optional_time(row: &Row<'_>, column: usize) -> Result<Option<Micros>, StoreError> {
    row.get::<_, Option<i64>>(column)?.map(|stored| unsigned(stored).map(Micros)).transpose()
}

/// A person as a BLOB of 32 bytes.
pub(crate) struct PersonColumn(pub(crate) PersonId);

impl ToSql for PersonColumn {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.0.0)))
    }
}

impl FromSql for PersonColumn {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(PersonId(<[u8; 32]>::column_result(value)?)))
    }
}

pub(crate) fn read_person(row: &Row<'_>, column: usize) -> Result<PersonId, StoreError> {
    Ok(row.get::<_, PersonColumn>(column)?.0)
}

/// A content hash as a BLOB of 32 bytes.
pub(crate) struct HashColumn(pub(crate) ContentHash);

impl ToSql for HashColumn {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.0.0)))
    }
}

impl FromSql for HashColumn {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(ContentHash(<[u8; 32]>::column_result(value)?)))
    }
}

/// A nonce as a BLOB of 8 bytes, big-endian.
pub(crate) struct NonceColumn(pub(crate) u64);

impl ToSql for NonceColumn {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.to_be_bytes().to_vec()))
    }
}

impl FromSql for NonceColumn {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(u64::from_be_bytes(<[u8; 8]>::column_result(value)?)))
    }
}

/// A role as the word that the wire uses.
pub(crate) struct RoleColumn(pub(crate) Role);

impl ToSql for RoleColumn {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self.0 {
            Role::Guest => "guest",
            Role::Member => "member",
            Role::Moderator => "moderator",
            Role::Owner => "owner",
        }))
    }
}

impl FromSql for RoleColumn {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(match value.as_str()? {
            "guest" => Role::Guest,
            "member" => Role::Member,
            "moderator" => Role::Moderator,
            "owner" => Role::Owner,
            _ => return Err(FromSqlError::InvalidType),
        }))
    }
}

pub(crate) fn read_room(row: &Row<'_>, column: usize) -> Result<RoomId, StoreError> {
    RoomId::parse(&row.get::<_, String>(column)?).map_err(StoreError::Corrupt)
}

pub(crate) fn read_invite(row: &Row<'_>, column: usize) -> Result<InviteId, StoreError> {
    InviteId::parse(&row.get::<_, String>(column)?).map_err(StoreError::Corrupt)
}

/// For texts that were checked before they were stored.
pub(crate) fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
