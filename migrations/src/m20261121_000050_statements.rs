//! Statements of companies and their readings.

use sea_orm_migration::{
    prelude::*,
    schema::{
        blob, boolean, date, pk_uuid, string_len, string_len_null, text, text_null,
        timestamp_with_time_zone, uuid,
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
                    .table("statements")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(text("company"))
                    .col(text("law"))
                    .col(text_null("address"))
                    .col(boolean("ours"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("statements_organization")
                    .table("statements")
                    .col("organization_id")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("statement_readings")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("statement_id"))
                    .col(string_len_null("document_sha256", 64))
                    .col(date("as_of"))
                    .col(text("actor"))
                    .col(text("overall"))
                    .col(text_null("problem"))
                    .col(string_len("rules_sha256", 64))
                    .col(blob("detail"))
                    .col(string_len("detail_sha256", 64))
                    .col(timestamp_with_time_zone("read_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("statement_readings", "statement_id")
                            .to("statements", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("statement_readings_statement")
                    .table("statement_readings")
                    .col("statement_id")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
