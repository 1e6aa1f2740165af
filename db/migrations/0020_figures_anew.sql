-- All figures are counted anew by the scheduler: what a complaint's row keeps of them is written in another way.
DELETE FROM `figures`;
--> statement-breakpoint
UPDATE `complaints` SET `standing` = NULL;
