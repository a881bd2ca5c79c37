//! Attempts to bring a list up to date: what was asked, what came, what became
//! of it. Also the queue of the schedule.

use sea_orm_migration::{
    prelude::*,
    schema::{
        pk_uuid, string_len_null, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
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
                    .table("list_syncs")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(text("source"))
                    .col(text("state"))
                    .col(text("actor"))
                    .col(timestamp_with_time_zone("requested_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .col(uuid_null("lease"))
                    .col(timestamp_with_time_zone_null("lease_until"))
                    .col(text_null("problem"))
                    .col(text_null("advice"))
                    .col(string_len_null("document_sha256", 64))
                    .col(text_null("head"))
                    .col(text_null("retrieval"))
                    .col(uuid_null("snapshot_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("list_syncs_source")
                    .table("list_syncs")
                    .col("organization_id")
                    .col("source")
                    .col("requested_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("list_syncs_snapshot")
                    .table("list_syncs")
                    .col("snapshot_id")
                    .to_owned(),
            )
            .await
    }
}
