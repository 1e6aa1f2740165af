CREATE TABLE `api_keys` (
	`hash` text PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`merchant` text,
	`name` text NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE TABLE `checkpoints` (
	`id` integer PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`at` integer NOT NULL,
	`note` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `complaints` (
	`first` integer PRIMARY KEY NOT NULL,
	`id` integer NOT NULL,
	`tag` text NOT NULL,
	`status` text NOT NULL,
	`due` integer,
	`stuck` integer NOT NULL,
	`closed_at` integer,
	`merchant` text NOT NULL,
	`item` text NOT NULL,
	`policy` text NOT NULL,
	`head` text NOT NULL,
	`chain` blob NOT NULL,
	`folded` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `complaints_id` ON `complaints` (`id`);--> statement-breakpoint
CREATE INDEX `complaints_item` ON `complaints` (`item`);--> statement-breakpoint
CREATE INDEX `complaints_due` ON `complaints` (`due`,`id`,`stuck`) WHERE due is not null;--> statement-breakpoint
CREATE INDEX `complaints_merchant_due` ON `complaints` (`merchant`,`due`,`id`) WHERE due is not null;--> statement-breakpoint
CREATE INDEX `complaints_closed` ON `complaints` (`closed_at`,`id`) WHERE closed_at is not null;--> statement-breakpoint
CREATE INDEX `complaints_merchant_closed` ON `complaints` (`merchant`,`closed_at`,`id`) WHERE closed_at is not null;--> statement-breakpoint
CREATE TABLE `cosignatures` (
	`id` integer PRIMARY KEY NOT NULL,
	`checkpoint` integer NOT NULL,
	`line` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `disclosures` (
	`idx` integer PRIMARY KEY NOT NULL,
	`texts` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`day` integer NOT NULL,
	`key` text NOT NULL,
	`body` text NOT NULL,
	`complaint` integer NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`day`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `leaves` (
	`idx` integer PRIMARY KEY NOT NULL,
	`bytes` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `log_chain` (
	`seq` integer PRIMARY KEY NOT NULL,
	`idx` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`complaint` integer NOT NULL,
	`seq` integer NOT NULL,
	`stay` integer NOT NULL,
	`template` text NOT NULL,
	`next_at` integer,
	`attempts` integer NOT NULL,
	`outcome` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `outbox_next` ON `outbox` (`next_at`) WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX `outbox_failed` ON `outbox` (`complaint`,`stay`) WHERE outcome = 'undelivered';--> statement-breakpoint
CREATE TABLE `policies` (
	`hash` text PRIMARY KEY NOT NULL,
	`document` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tiles` (
	`level` integer NOT NULL,
	`n` integer NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`level`, `n`)
);
