//! Whose turn it is to write rows of a list, while its next edition is on its
//! way into the history.

use sea_orm_migration::{
    prelude::*,
    schema::{text, timestamp_with_time_zone, uuid},
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
                    .table("list_writes")
                    .col(uuid("organization_id"))
                    .col(text("source"))
                    .col(uuid("lease"))
                    .col(timestamp_with_time_zone("lease_until"))
                    .primary_key(Index::create().col("organization_id").col("source"))
                    .to_owned(),
            )
            .await
    }
}
