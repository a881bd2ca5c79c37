//! The servers that are up, and the budgets that they share.

use sea_orm_migration::{
    prelude::*,
    schema::{pk_uuid, string_len, timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("nodes")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(timestamp_with_time_zone("seen_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("throttles")
                    .col(string_len("key_sha256", 64).primary_key())
                    .col(uuid("organization_id"))
                    .col(timestamp_with_time_zone("empty_at"))
                    .to_owned(),
            )
            .await
    }
}
