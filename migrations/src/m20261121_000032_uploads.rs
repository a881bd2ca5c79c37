//! Uploads that can be taken up again: the parts received so far.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, string_len, timestamp_with_time_zone, uuid},
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
                    .table("uploads")
                    .col(uuid("organization_id"))
                    .col(string_len("sha256", 64))
                    .col(big_integer("size"))
                    .col(big_integer("received"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .primary_key(Index::create().col("organization_id").col("sha256"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("uploads_expiry")
                    .table("uploads")
                    .col("expires_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("upload_parts")
                    .col(uuid("organization_id"))
                    .col(string_len("sha256", 64))
                    .col(big_integer("start"))
                    .col(blob("body"))
                    .primary_key(
                        Index::create()
                            .col("organization_id")
                            .col("sha256")
                            .col("start"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("upload_parts", ("organization_id", "sha256"))
                            .to("uploads", ("organization_id", "sha256"))
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }
}
