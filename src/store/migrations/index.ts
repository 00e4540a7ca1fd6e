import { journey } from './0001-journey.js';
import { record } from './0002-record.js';
import { stepUp } from './0003-step-up.js';
import { lookUps } from './0004-look-ups.js';
import { containment } from './0005-containment.js';
import { tasks } from './0006-tasks.js';
import { examinations } from './0007-examinations.js';
import { load } from './0008-load.js';
import { workers } from './0009-workers.js';
import { retiredAccounts } from './0010-retired-accounts.js';
import { selectiveFirst } from './0011-selective-first.js';
import { laterLooks } from './0012-later-looks.js';

/** Every migration in order. A landed one is never changed: add the next number. */
export const migrations = [
  journey,
  record,
  stepUp,
  lookUps,
  containment,
  tasks,
  examinations,
  load,
  workers,
  retiredAccounts,
  selectiveFirst,
  laterLooks,
] as const;
