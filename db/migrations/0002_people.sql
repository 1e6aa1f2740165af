CREATE TABLE `alerts` (
	`id` integer PRIMARY KEY NOT NULL,
	`complaint` integer NOT NULL,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`settled_by` text,
	`settled_at` integer
);
--> statement-breakpoint
CREATE INDEX `alerts_open` ON `alerts` (`at`) WHERE settled_at is null;--> statement-breakpoint
CREATE TABLE `contacts` (
	`party` text PRIMARY KEY NOT NULL,
	`phone` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `hook_deliveries` (
	`id` integer PRIMARY KEY NOT NULL,
	`hook` text NOT NULL,
	`complaint` integer NOT NULL,
	`seq` integer NOT NULL,
	`next_at` integer,
	`attempts` integer NOT NULL,
	`outcome` text,
	`answer` text,
	`created_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `hook_deliveries_next` ON `hook_deliveries` (`next_at`) WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX `hook_deliveries_hook` ON `hook_deliveries` (`hook`,`id`);--> statement-breakpoint
CREATE TABLE `hooks` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant` text NOT NULL,
	`url` text NOT NULL,
	`generation` integer NOT NULL,
	`rotated_at` integer,
	`created_at` integer NOT NULL,
	`disabled_at` integer,
	`disabled_why` text
);
--> statement-breakpoint
CREATE INDEX `hooks_merchant` ON `hooks` (`merchant`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`subject` text NOT NULL,
	`role` text NOT NULL,
	`merchant` text,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sessions_subject` ON `sessions` (`subject`);--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `tries` (
	`what` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `api_keys` ADD `created_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `party` text DEFAULT 'buyer' NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `reason` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `reference` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `reader` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `accepted_at` integer;--> statement-breakpoint
CREATE INDEX `outbox_reader` ON `outbox` (`reader`,`accepted_at`) WHERE accepted_at is not null;--> statement-breakpoint
CREATE INDEX `outbox_reference` ON `outbox` (`reference`) WHERE reference is not null;--> statement-breakpoint
CREATE INDEX `outbox_troubled` ON `outbox` (`created_at`) WHERE reason is not null;