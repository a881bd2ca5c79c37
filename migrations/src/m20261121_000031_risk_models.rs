//! An organization's own risk models, and which of them is in use since when.

use sea_orm_migration::{
    prelude::*,
    schema::{pk_uuid, string_len, text, timestamp_with_time_zone, uuid, uuid_null},
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
                    .table("risk_models")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(string_len("document_sha256", 64))
                    .col(text("name"))
                    .col(text("version"))
                    .col(text("drafted_by"))
                    .col(timestamp_with_time_zone("drafted_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("risk_models", ("organization_id", "document_sha256"))
                            .to("documents", ("organization_id", "sha256")),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("risk_models_document")
                    .table("risk_models")
                    .col("organization_id")
                    .col("document_sha256")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("risk_model_activations")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    // Null: the model that ships with the program.
                    .col(uuid_null("risk_model_id"))
                    .col(text("rationale"))
                    .col(text("activated_by"))
                    .col(timestamp_with_time_zone("activated_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("risk_model_activations", "risk_model_id")
                            .to("risk_models", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("risk_model_activations_organization")
                    .table("risk_model_activations")
                    .col("organization_id")
                    .col("id")
                    .to_owned(),
            )
            .await
    }
}
