CREATE TABLE `closed_counts` (
	`merchant` text NOT NULL,
	`status` text NOT NULL,
	`category` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`merchant`, `status`, `category`)
) WITHOUT ROWID;
--> statement-breakpoint
DROP INDEX `complaints_due`;--> statement-breakpoint
DROP INDEX `complaints_desk_due`;--> statement-breakpoint
DROP INDEX `complaints_officer_due`;--> statement-breakpoint
DROP INDEX `complaints_holder_due`;--> statement-breakpoint
DROP INDEX `complaints_merchant_holder_due`;--> statement-breakpoint
DROP INDEX `complaints_closed`;--> statement-breakpoint
DROP INDEX `complaints_merchant_closed`;--> statement-breakpoint
DROP INDEX `complaints_updated`;--> statement-breakpoint
DROP INDEX `complaints_merchant_updated`;--> statement-breakpoint
ALTER TABLE `complaints` ADD `holder` text;--> statement-breakpoint
ALTER TABLE `complaints` ADD `category` text;--> statement-breakpoint
ALTER TABLE `complaints` ADD `desk` text;--> statement-breakpoint
ALTER TABLE `complaints` ADD `offered` text;--> statement-breakpoint
ALTER TABLE `complaints` ADD `opened` integer;--> statement-breakpoint
-- An appeal had left the name of the officer who ruled.
DELETE FROM team_assignees WHERE team = 'desk' AND complaint IN (SELECT id FROM complaints WHERE officer IS NOT NULL AND folded ->> '$.officer' IS NULL);
--> statement-breakpoint
UPDATE complaints SET holder = folded ->> '$.holder', category = folded ->> '$.category', desk = folded ->> '$.desk', offered = folded ->> '$.handoff.desk', opened = folded ->> '$.openedAt';
--> statement-breakpoint
CREATE INDEX `complaints_desk_due` ON `complaints` (`desk`,`holder`,`due`,`id`) WHERE due is not null and desk is not null;--> statement-breakpoint
CREATE INDEX `complaints_officer_due` ON `complaints` (`officer`,`holder`,`due`,`id`) WHERE due is not null and officer is not null;--> statement-breakpoint
CREATE INDEX `complaints_holder_due` ON `complaints` (`holder`,`due`,`id`,`stuck`,`status`,`category`,`opened`,`desk`,`offered`,`officer`) WHERE due is not null;--> statement-breakpoint
CREATE INDEX `complaints_merchant_holder_due` ON `complaints` (`merchant`,`holder`,`due`,`id`,`status`,`category`,`opened`,`desk`,`offered`,`officer`) WHERE due is not null;--> statement-breakpoint
CREATE INDEX `complaints_closed` ON `complaints` (`closed_at`,`id`,`status`,`category`,`opened`,`desk`,`offered`,`officer`) WHERE closed_at is not null;--> statement-breakpoint
CREATE INDEX `complaints_merchant_closed` ON `complaints` (`merchant`,`closed_at`,`id`,`status`,`category`,`opened`,`desk`,`offered`,`officer`) WHERE closed_at is not null;--> statement-breakpoint
CREATE INDEX `complaints_updated` ON `complaints` (substr(chain, -6),`status`,`due`);--> statement-breakpoint
CREATE INDEX `complaints_merchant_updated` ON `complaints` (`merchant`,substr(chain, -6),`status`,`due`);
--> statement-breakpoint
INSERT INTO closed_counts SELECT merchant, status, coalesce(category, ''), count(*) FROM complaints WHERE closed_at IS NOT NULL GROUP BY 1, 2, 3;
--> statement-breakpoint
INSERT INTO closed_counts SELECT '', status, category, sum(n) FROM closed_counts GROUP BY 2, 3;
