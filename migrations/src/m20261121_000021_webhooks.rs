//! Where organizations want to be told of what happens, and what they were told.

use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, integer, integer_null, pk_uuid, text, text_null, timestamp_with_time_zone,
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
                    .table("webhook_endpoints")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(text("url"))
                    .col(text("events"))
                    .col(text("secret"))
                    .col(text_null("previous_secret"))
                    .col(timestamp_with_time_zone_null("previous_until"))
                    .col(boolean("active"))
                    .col(timestamp_with_time_zone_null("failing_since"))
                    .col(text_null("disabled_because"))
                    .col(text("created_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("removed_at"))
                    .col(integer("version"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("webhook_endpoints", "organization_id")
                            .to("organizations", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("webhook_endpoints_organization")
                    .table("webhook_endpoints")
                    .col("organization_id")
                    .col("active")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("webhook_messages")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(text("kind"))
                    .col(text("body"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("webhook_deliveries")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("endpoint_id"))
                    .col(uuid("message_id"))
                    .col(text("state"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("next_at"))
                    .col(uuid_null("lease"))
                    .col(timestamp_with_time_zone_null("lease_until"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("webhook_deliveries", "endpoint_id")
                            .to("webhook_endpoints", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("webhook_deliveries", "message_id")
                            .to("webhook_messages", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        for (name, column) in [
            ("webhook_deliveries_due", ["state", "next_at"]),
            ("webhook_deliveries_endpoint", ["endpoint_id", "id"]),
        ] {
            let mut index = Index::create();
            index.name(name).table("webhook_deliveries");
            for column in column {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("webhook_attempts")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("delivery_id"))
                    .col(timestamp_with_time_zone("at"))
                    .col(integer_null("status"))
                    .col(integer("duration_ms"))
                    .col(text("outcome"))
                    .col(text_null("excerpt"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("webhook_attempts", "delivery_id")
                            .to("webhook_deliveries", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("webhook_attempts_delivery")
                    .table("webhook_attempts")
                    .col("delivery_id")
                    .col("id")
                    .to_owned(),
            )
            .await
    }
}
