CREATE TABLE `platform_rules` (
	`idx` integer PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`code` text NOT NULL,
	`version` integer NOT NULL,
	`document` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `platform_rules_digest` ON `platform_rules` (`digest`);--> statement-breakpoint
CREATE UNIQUE INDEX `platform_rules_version` ON `platform_rules` (`code`,`version`);