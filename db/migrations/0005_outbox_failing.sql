ALTER TABLE `outbox` ADD `failing_since` integer;--> statement-breakpoint
CREATE INDEX `outbox_failing` ON `outbox` (`failing_since`,`next_at`) WHERE failing_since is not null;