CREATE TABLE `incidents` (
	`id` integer PRIMARY KEY NOT NULL,
	`incident` text NOT NULL,
	`at` integer NOT NULL,
	`body` text NOT NULL
);
