//! Decisions about contradictions and official records of contractors.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, pk_uuid, string_len, text, text_null, timestamp_with_time_zone, uuid},
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
                    .table("contractor_decisions")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("check_id"))
                    .col(string_len("contradiction", 16))
                    .col(boolean("confirmed"))
                    .col(text("reviewer"))
                    .col(text("rationale"))
                    .col(text_null("contractor_response"))
                    .col(timestamp_with_time_zone("decided_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("contractor_decisions", "check_id")
                            .to("contractor_checks", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("contractor_decisions_organization")
                    .table("contractor_decisions")
                    .col("organization_id")
                    .col("id")
                    .to_owned(),
            )
            .await
    }
}
