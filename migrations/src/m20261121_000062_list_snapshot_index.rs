//! The same bytes may come into force again after others, and two
//! organizations may bring the same list.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("list_snapshots_source_document")
                    .table("list_snapshots")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("list_snapshots_source")
                    .table("list_snapshots")
                    .col("organization_id")
                    .col("source")
                    .col("kept_at")
                    .to_owned(),
            )
            .await
    }
}
