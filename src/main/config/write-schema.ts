import { writeFileSync } from 'node:fs';
import { fileJsonSchema } from './file-schema.js';

/** Writes `notme.schema.json` in the working directory: run `npx tsx src/main/config/write-schema.ts` after a change. */
writeFileSync('notme.schema.json', `${JSON.stringify(fileJsonSchema(), null, 2)}\n`);
