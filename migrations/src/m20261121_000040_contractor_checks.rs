//! Checks of contractors' files.

use sea_orm_migration::{
    prelude::*,
    schema::{date, pk_uuid, string_len, text, timestamp_with_time_zone, uuid, uuid_null},
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
                    .table("contractor_checks")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(date("as_of"))
                    .col(text("files"))
                    .col(text("summary"))
                    .col(string_len("result_sha256", 64))
                    .col(uuid_null("follows"))
                    .col(timestamp_with_time_zone("checked_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("contractor_checks", ("organization_id", "result_sha256"))
                            .to("documents", ("organization_id", "sha256")),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("contractor_checks_organization")
                    .table("contractor_checks")
                    .col("organization_id")
                    .col("id")
                    .to_owned(),
            )
            .await
    }
}
