ALTER TABLE `cosignatures` ADD `witness` text GENERATED ALWAYS AS (substr(line, 3, instr(substr(line, 3), ' ') + 6)) VIRTUAL;--> statement-breakpoint
CREATE INDEX `cosignatures_checkpoint` ON `cosignatures` (`checkpoint`);--> statement-breakpoint
CREATE INDEX `cosignatures_witness` ON `cosignatures` (`witness`,`checkpoint`);--> statement-breakpoint
-- Retention, by hand from here. Hours and ten minutes are in ms of `checkpoints.at`; the newest row is never superseded.
-- Ten minutes: a witness may still be answering about a younger one, and its quorum still stands.
CREATE VIEW superseded_checkpoints AS
SELECT c.id FROM checkpoints c
WHERE c.at < (SELECT at FROM checkpoints ORDER BY id DESC LIMIT 1) - 600000
  AND c.at / 3600000 = (SELECT n.at / 3600000 FROM checkpoints n WHERE n.id > c.id ORDER BY n.id LIMIT 1)
  AND NOT EXISTS (SELECT 1 FROM cosignatures s WHERE s.checkpoint = c.id);--> statement-breakpoint
-- The lines under one checkpoint go together, once each witness that signed it signed another in the same hour: a quorum stays whole.
CREATE VIEW superseded_cosignatures AS
SELECT s.id FROM cosignatures s JOIN checkpoints c ON c.id = s.checkpoint
WHERE c.at < (SELECT at FROM checkpoints ORDER BY id DESC LIMIT 1) - 600000
  AND NOT EXISTS (
    SELECT 1 FROM cosignatures o
    WHERE o.checkpoint = s.checkpoint
      AND c.at / 3600000 IS NOT (
        SELECT n.at / 3600000 FROM cosignatures l JOIN checkpoints n ON n.id = l.checkpoint
        WHERE l.witness = o.witness AND l.checkpoint > o.checkpoint ORDER BY l.checkpoint LIMIT 1
      )
  );--> statement-breakpoint
DROP TRIGGER checkpoints_no_delete;--> statement-breakpoint
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
WHEN NOT EXISTS (SELECT 1 FROM superseded_checkpoints WHERE id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only until they are superseded'); END;--> statement-breakpoint
DROP TRIGGER cosignatures_no_delete;--> statement-breakpoint
CREATE TRIGGER cosignatures_no_delete BEFORE DELETE ON cosignatures
WHEN NOT EXISTS (SELECT 1 FROM superseded_cosignatures WHERE id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'cosignatures are append-only until they are superseded'); END;
