import { writeFileSync } from 'node:fs';
import { runbookPage } from './runbook-page.js';

writeFileSync('docs/runbook.md', runbookPage());
