-- All figures are counted anew by the scheduler: kept dates and absent evidence join them, and a row's text has the party in its flags.
DELETE FROM `figures`;
--> statement-breakpoint
UPDATE `complaints` SET `standing` = NULL;
