ALTER TABLE `complaints` ADD `officer` text;--> statement-breakpoint
CREATE INDEX `complaints_officer_due` ON `complaints` (`officer`,folded ->> '$.holder',`due`,`id`) WHERE due is not null and officer is not null;
--> statement-breakpoint
CREATE TRIGGER desk_officer_added AFTER INSERT ON team_assignees WHEN new.team = 'desk' BEGIN UPDATE complaints SET officer = new.person WHERE id = new.complaint; END;
--> statement-breakpoint
CREATE TRIGGER desk_officer_changed AFTER UPDATE OF person ON team_assignees WHEN new.team = 'desk' BEGIN UPDATE complaints SET officer = new.person WHERE id = new.complaint; END;
--> statement-breakpoint
CREATE TRIGGER desk_officer_removed AFTER DELETE ON team_assignees WHEN old.team = 'desk' BEGIN UPDATE complaints SET officer = NULL WHERE id = old.complaint; END;
--> statement-breakpoint
UPDATE complaints SET officer = (SELECT person FROM team_assignees WHERE complaint = complaints.id AND team = 'desk');
--> statement-breakpoint
-- Taken before names were kept here: the scheduler reads the name from the step that disclosed it.
INSERT INTO team_assignees (complaint, team, person) SELECT id, 'desk', '' FROM complaints WHERE officer IS NULL AND folded ->> '$.officer' IS NOT NULL;
