CREATE TABLE `party_keys` (
	`key` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`label` text NOT NULL,
	`created_at` integer NOT NULL
);
