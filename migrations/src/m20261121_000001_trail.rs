//! Bytes as received, list snapshots and the audit chain.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, pk_uuid, string_len, text, timestamp_with_time_zone, uuid},
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
                    .table("documents")
                    .col(uuid("organization_id"))
                    .col(string_len("sha256", 64))
                    .col(text("media_type"))
                    .col(big_integer("size"))
                    .col(blob("body"))
                    .col(timestamp_with_time_zone("kept_at"))
                    .primary_key(Index::create().col("organization_id").col("sha256"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("list_snapshots")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(text("source"))
                    .col(text("edition"))
                    .col(string_len("document_sha256", 64))
                    .col(text("head"))
                    .col(timestamp_with_time_zone("kept_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("list_snapshots", ("organization_id", "document_sha256"))
                            .to("documents", ("organization_id", "sha256")),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("list_snapshots_source_document")
                    .table("list_snapshots")
                    .col("source")
                    .col("document_sha256")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("audit_events")
                    .col(big_integer("number").primary_key())
                    .col(uuid("organization_id"))
                    .col(text("at"))
                    .col(text("kind"))
                    .col(text("subject"))
                    .col(text("body"))
                    .col(string_len("hash", 64))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_events_subject")
                    .table("audit_events")
                    .col("subject")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_events_organization")
                    .table("audit_events")
                    .col("organization_id")
                    .col("number")
                    .to_owned(),
            )
            .await
    }
}
